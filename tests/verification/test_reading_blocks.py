r"""Blocks of rows: what equals what, what goes on, what is only said."""

from __future__ import annotations

import pytest
from example_networks import NETWORKS

from symprop.verification.reading import (
    Statement,
    Symbols,
    UnreadableError,
    indices_captured,
    outline,
    read,
)

NAMES = Symbols.of(NETWORKS["multilayer_perceptron"])
FAMILIES = Symbols.of(NETWORKS["second_smallest_perceptron"])


def statements(text: str, names: Symbols = NAMES) -> list[list[str]]:
    """The outlines of the sides, the relations between them."""
    return [_shown(statement) for statement in read(text, names, form="latex").statements]


def _shown(statement: Statement) -> list[str]:
    found = [outline(statement.sides[0])]
    for relation, side in zip(statement.relations, statement.sides[1:], strict=True):
        found += [relation.sign, outline(side)]
    return found


SAME_BLOCK = [
    r"x &= y \\ &= a_1",
    r"x = y \\ = a_1",
    r"x = y = a_1",
    r"\begin{align*} x &= y \\ &= a_1 \end{align*}",
    r"\begin{aligned} x &= y \\ &= a_1 \end{aligned}",
    r"\begin{equation}\begin{split} x &= y \\[4pt] &= a_1 \nonumber\end{split}\end{equation}",
    r"\begin{alignat*}{2} x &= y &&\quad \text{so} \\* &= a_1 \end{alignat*}",
    "$$ x = y = a_1 $$",
    r"\[ x = y \\ {}= a_1. \]",
    "x &= % a comment with = signs\n y \\\\ &= a_1 \\label{one} \\tag{2}",
    r"\begin{multline} x = y \\ = a_1 \end{multline}",
    r"x &{}= y \\ & = a_1 \\ \\",
    r"\begin{eqnarray} x &=& y \\ &=& a_1 \end{eqnarray}",
    r"& x \\ =\ & y \\ =\ & a_1",
]


@pytest.mark.parametrize("text", SAME_BLOCK)
def test_a_row_that_begins_with_a_relation_goes_on(text: str) -> None:
    assert statements(text) == [["x", "=", "y", "=", "a1"]]


BROKEN = [
    r"x &= y \\ &\quad {} + a_1",
    r"x &= y \\ & + a_1 \\",
    r"x &= y + \\ & a_1",
    r"x &= \bigl( y \\ &\quad + a_1 \bigr)",
    r"x &= \left( y \right. \\ &\quad \left. + a_1 \right)",
    r"x &= y &&\qquad \text{\small as $x > 0$} \\ &\quad {} + a_1",
    r"\begin{multline} x = y \\ + a_1 \end{multline}",
    r"x = \\ y + a_1",
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_row_that_begins_or_ends_with_an_operator_is_part_of_the_formula(text: str) -> None:
    assert statements(text) == [["x", "=", "(+ y a1)"]]


SEVERAL = [
    r"x = 1, \quad y = 2",
    r"x = 1; \; y = 2.",
    r"x &= 1 & y &= 2",
    r"x = 1 \text{ and } y = 2",
    r"x = 1 \Rightarrow y = 2",
    r"x = 1 \quad\text{so}\quad y = 2",
    r"\begin{gather} x = 1 \\ y = 2 \end{gather}",
    r"\text{Thus } x = 1, \text{ where } y = 2",
    r"x = 1 \quad (3) \\ y = 2 \quad \text{(by hand, as above)}",
    r"x = 1 \\ \text{and so, as everybody knows,} \\ y = 2",
    r"\begin{align} x &= 1 \intertext{and so} y &= 2 \end{align}",
    r"x = 1 \text{ by the chain rule } y = 2",
]


@pytest.mark.parametrize("text", SEVERAL)
def test_several_statements_are_told_apart(text: str) -> None:
    assert statements(text) == [["x", "=", "1"], ["y", "=", "2"]]


REMARKS = [
    (r"x = 1 \quad \text{just shorthand}", ["just shorthand"]),
    (r"x &= 1 &&\qquad \text{\small as $y = 3$}", [r"\small as $y = 3$"]),
    (r"x = 1 \text{ if } y = 2, y = 3", ["if y = 2 , y = 3"]),
    (r"x_i = 1, \quad i = 1, \dots, n", [r"i = 1 , \dots , n"]),
    (r"x = 1 \quad \forall i", [r"\forall i"]),
    (r"x = 1 \parbox[t]{14em}{\small a reason}", [r"\small a reason"]),
]


@pytest.mark.parametrize("text, remarks", REMARKS)
def test_words_behind_a_formula_are_kept_as_a_remark(text: str, remarks: list[str]) -> None:
    (statement,) = read(text, NAMES, form="latex").statements
    assert [remark.words for remark in statement.remarks] == remarks
    assert len(statement.links) == 1


PROSE = [
    r"\text{add gate} = \text{gradient distributor}",
    r"(y - \hat{y}) x = \text{the gradient of the loss}",
    r"\text{for all } i",
    r"\#\text{parameters} = 4",
]


@pytest.mark.parametrize("text", PROSE)
def test_what_is_said_of_words_is_prose(text: str) -> None:
    reading = read(text, NAMES, form="latex")
    assert not reading.statements and len(reading.words) == 1


UPDATES = [
    (r"w_1 \leftarrow w_1 - \eta \frac{dL}{dw_1}", True),
    (r"w_1 = w_1 - \eta \nabla w_1", True),
    (r"w_1 = \eta \frac{\partial L}{\partial w_1}", True),
    (r"w_{t+1} = w_t - \eta x", True),
    (r"\theta = \theta - \eta \nabla \theta", True),
    (r"\frac{dL}{dw_1} = x w_1", False),
    (r"w_1 = 0.48", False),
    (r"a_1 = w_1 x + b_1", False),
]


@pytest.mark.parametrize("text, update", UPDATES)
def test_an_update_is_told_from_an_equation(text: str, update: bool) -> None:
    names = Symbols.of(
        NETWORKS["smallest_perceptron" if "w_t" in text else "multilayer_perceptron"]
    )
    (link,) = read(text, names, form="latex").statements[0].links
    assert link.is_update == update


def test_a_link_knows_the_side_that_its_chain_begins_with() -> None:
    (statement,) = read(r"x = y \approx a_1 = 2", NAMES, form="latex").statements
    assert [(outline(k.left), k.relation.sign, outline(k.right)) for k in statement.links] == [
        ("x", "=", "y"),
        ("y", r"\approx", "a1"),
        ("a1", "=", "2"),
    ]
    assert {outline(link.first) for link in statement.links} == {"x"}


def test_every_side_knows_where_it_stands() -> None:
    text = "a_1 &= w_1 x \\\\\n &= \\frac{dL}{dw_1} (y - 1)"
    (statement,) = read(text, NAMES, form="latex").statements
    stretches = [text[side.span.start : side.span.end] for side in statement.sides]
    assert stretches == ["a_1", "w_1 x", r"\frac{dL}{dw_1} (y - 1)"]


def test_an_index_that_is_summed_and_free_is_reported() -> None:
    captured = r"\frac{d\hat{y}}{dw_k} = \sum_{k=1}^N \frac{\partial\hat{y}}{\partial x_k} x_k"
    (link,) = read(captured, FAMILIES, form="latex").statements[0].links
    ((index, span),) = indices_captured(link)
    assert index == "k"
    assert captured[span.start : span.end].startswith(r"\sum_{k=1}^N")
    fresh = captured.replace("dw_k", "dw_j")
    (link,) = read(fresh, FAMILIES, form="latex").statements[0].links
    assert not indices_captured(link)


def test_reading_goes_on_behind_an_error() -> None:
    text = r"x &= y \\ &= \foo a_1 \\ &= 3 4 \\ y &= 2 \\ a_1 &= (x \\ b_1 &= 1"
    reading = read(text, NAMES, form="latex", tolerant=True)
    assert [error.reason for error in reading.errors] == [
        r"the command \foo is not read",
        "two numbers side by side",
        "( is not closed",
    ]
    shown = [_shown(statement) for statement in reading.statements]
    assert ["y", "=", "2"] in shown and ["b1", "=", "1"] in shown
    with pytest.raises(UnreadableError):
        read(text, NAMES, form="latex")
