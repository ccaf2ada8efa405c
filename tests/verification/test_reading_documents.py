r"""Whole files: which formulas are found, where, and what is passed over."""

from __future__ import annotations

import time

import pytest
from example_networks import NETWORKS

from symprop.verification.reading import Symbols, UnreadableError, outline, read_document
from symprop.verification.reading.document import Document

NAMES = Symbols.of(NETWORKS["multilayer_perceptron"])

LATEX = r"""\documentclass{article} % \[ x = 0 \]
% symprop: network=nets.py:mlp, learning-rate=0.5
\newcommand{\Loss}{\mathcal{L}}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\DeclareMathOperator{\act}{sigmoid}
\begin{document}
The loss $\Loss$ of one sample; it costs \$5 and \$6.
\begin{align*}
  \pd{\Loss}{w_3} &= \pd{\Loss}{\hat{y}} \pd{\hat{y}}{a_3} f_2 \\
  &= -(y - \hat{y}) \hat{y} (1 - \hat{y}) f_2.
\end{align*}
\begin{verbatim}
\[ x = 1 \]
\end{verbatim}
\[
  \hat{y} = \act(a_3)
\]
\begin{alignat}{2}
a_1 &= w_1 x + b_1 &&\quad\text{first}
\end{alignat}
\input{more}
$$ \delta = \hat{y} - y $$
\begin{equation} f_2 = \foo \end{equation}
\begin{gather}
  a_2 = w_2 f_1 \\
  f_2 = 3 4
\end{gather}
\begin{equation*}
  \delta (1 - \delta) = 0
\end{equation*}
\end{document}
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(LATEX, NAMES)


def test_displayed_formulas_are_found_in_order(document: Document) -> None:
    assert [formula.kind for formula in document.formulas] == [
        *("align*", r"\[", "alignat", "$$", "equation", "gather", "equation*"),
    ]


def test_macros_are_put_in(document: Document) -> None:
    reading = document.formulas[0].reading
    assert reading is not None
    assert [outline(side) for side in reading.statements[0].sides] == [
        "(∂ L w3)",
        "(* (∂ L f3) (∂ f3 a3) f2)",
        "(* (+ y (- f3)) f3 (+ 1 (- f3)) f2)".join(("(- ", ")")),
    ]
    reading = document.formulas[1].reading
    assert reading is not None
    assert outline(reading.statements[0].sides[1]) == "(sigmoid a3)"


def test_what_is_not_read_is_listed_with_its_line(document: Document) -> None:
    assert [(skipped.line, skipped.why) for skipped in document.skipped] == [
        (7, "a formula within a line of text"),
        (12, "verbatim is not looked into"),
        (21, "another file is not read"),
    ]


def test_errors_keep_their_place_in_the_file(document: Document) -> None:
    found = [
        (document.place(formula, error.span), error.reason)
        for formula in document.formulas
        for error in (formula.reading.errors if formula.reading else [])
    ]
    assert found == [
        ((23, 24), r"the command \foo is not read"),
        ((26, 11), "two numbers side by side"),
    ]


def test_what_one_formula_defines_the_next_one_knows(document: Document) -> None:
    reading = document.formulas[-1].reading
    assert reading is not None
    assert outline(reading.statements[0].sides[0]) == r"(* \delta (+ 1 (- \delta)))"


def test_options_stand_in_a_comment(document: Document) -> None:
    assert document.options == {"network": "nets.py:mlp", "learning-rate": "0.5"}


MARKDOWN = r"""# Homework

<!-- symprop: network="net.py" -->
The weight $w_3$ costs `$5$`:

$$
\frac{\partial L}{\partial w_3} = \delta_{a_3} f_2
$$

```python
x = 3  # $$ no formula $$
```

```math
a_1 = w_1 x + b_1
```

\begin{align}
f_1 &= \sigma(a_1)
\end{align}
"""


def test_markdown_is_read() -> None:
    document = read_document(MARKDOWN, NAMES)
    assert [formula.line for formula in document.formulas] == [6, 15, 18]
    assert all(f.reading and not f.reading.errors for f in document.formulas)
    assert [(s.text, s.line) for s in document.skipped] == [("$w_3$", 4)]
    assert document.options == {"network": "net.py"}


PLAIN = """\
The gradient of w3

    dL/dw3 = -(y - f3)*f3*(1 - f3)*f2    (chain rule)
           = delta_a3
             * f2
This is = no formula at all.

a1 = w1*x + b1
"""


def test_plain_text_is_read_line_by_line() -> None:
    document = read_document(PLAIN, NAMES)
    assert [formula.line for formula in document.formulas] == [3, 8]
    (reading,) = [formula.reading for formula in document.formulas[:1]]
    assert reading is not None and not reading.errors
    assert outline(reading.statements[0].sides[2]) == "(* delta_a3 f2)"
    assert [skipped.why for skipped in document.skipped] == ["a sentence or a table"]


MALFORMED = [
    (r"\[ x = 1", r"\[ is not closed"),
    ("$$ x = 1", "$$ is not closed"),
    (r"\begin{align} x = 1", r"\begin{align} is not closed"),
    (r"\newcommand{\x}[2][3]{y} \[ x = 1 \]", "only macros without default arguments are read"),
]


@pytest.mark.parametrize("text, why", MALFORMED)
def test_what_cannot_be_found_is_listed(text: str, why: str) -> None:
    assert why in [skipped.why for skipped in read_document(text, NAMES, kind="latex").skipped]


def test_a_macro_without_end_is_refused() -> None:
    text = r"\newcommand{\x}{\x\x} \[ \x = 1 \] \[ y = 1 \]"
    document = read_document(text, NAMES, kind="latex")
    first, second = document.formulas
    assert first.error is not None and first.error.reason == r"\x makes the formula endless"
    assert second.reading is not None


def test_a_file_that_is_too_long_is_refused() -> None:
    with pytest.raises(UnreadableError):
        read_document("x" * 3_000_000, NAMES)


def test_a_long_file_takes_no_long_time() -> None:
    block = "\n".join([r"\[ a_1 = w_1 x + b_1 \]", "Some $x$ prose.", "$$ f_1 = \\sigma(a_1) $$"])
    document = read_document("\n".join([block] * 100), NAMES)
    assert len(document.formulas) == 200 and len(document.skipped) == 100


HOSTILE = {
    "dollars": "$" * 200_001,
    "inline": r"\(" * 200_000,
    "display": r"\[ x" * 100_000,
    "environments": r"\begin{align}" * 30_000,
    "other environments": r"\begin{proof}" * 30_000,
    "ticks": "`" * 400_000,
    "blocks": "```math\n" * 50_000,
    "remarks": "<!--" * 100_000,
    "macros": r"\newcommand{\x}{" * 25_000,
    "options": "% symprop: " + "a" * 400_000,
    "spaces": "% symprop:" + " " * 400_000 + "x",
    "spaces in a line": "x =" + " " * 400_000 + "(",
    "many formulas": "$$x$$" * 80_000,
    "lines": "x = 1\n\n" * 60_000,
    "verbs": r"\verb|" * 60_000,
    "words": "aa " * 150_000 + "= 1",
}


@pytest.mark.parametrize("kind", ["latex", "markdown", "plain"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_long_time(name: str, kind: object) -> None:
    before = time.process_time()
    read_document(HOSTILE[name], NAMES, kind=kind)  # type: ignore[arg-type]
    assert time.process_time() - before < 4.0
