"""Any text at all: a reading or one clear line, never a crash, never a hang."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import os
import sys

import pytest
from example_networks import NETWORKS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from least_time import least_seconds
from lecture_lines import LINES

from symprop.errors import SympropError
from symprop.verification.reading import Symbols, UnreadableError, read, read_document

EXAMPLES = int(os.environ.get("SYMPROP_FUZZ_EXAMPLES", "100"))
SYMBOLS = Symbols.of(NETWORKS["multilayer_perceptron"])
MATRICES = Symbols.of(NETWORKS["two_layer_network"])

HOSTILE = {
    "brackets": "(" * 10_000,
    "matched brackets": "(" * 9_999 + "x" + ")" * 9_999,
    "braces": "{" * 9_999 + "x" + "}" * 9_999,
    "fractions": r"\frac{" * 3_000 + "x",
    "nested fractions": r"\frac{1}{" * 1_500 + "x" + "}" * 1_500,
    "roots": r"\sqrt" * 3_000 + "x",
    "accents": r"\hat" * 4_000 + "x",
    "tower": "9^{9^{9^{9}}}",
    "plain tower": "9**9**9**9",
    "large exponent": "2^{100000000}",
    "digits": "9" * 10_000,
    "input": r"\input{/etc/passwd}",
    "write": r"\immediate\write18{rm -rf /}",
    "csname": r"\csname input\endcsname",
    "definition": r"\def\x{\x\x}\x",
    "import": "__import__('os')",
    "attribute": "x.__class__.__mro__",
    "lambda": "(lambda: 0)()",
    "too long": "x + " * 6_000,
    "sums": r"\sum_i" * 3_000 + "x",
    "derivatives": r"\frac{d}{dx}" * 1_500 + "x",
    "logarithms": r"\log" * 5_000 + "x",
    "nablas": r"\nabla" * 3_000 + "x",
    "superscripts": "x^" * 8_000 + "x",
    "bars": "|" * 10_001,
    "environments": r"\begin{bmatrix}" * 1_000,
    "control characters": "\x00\x01\x1b[2J x = \x07",
    "line ends": "\r\n\u2028\u2029\x0b\x0c",
    "surrogates": "x\ud800 = 1",
    "right to left": "x \u202e= y",
}
LONG = {
    "sum": "x" + " + x" * 5_000,
    "product": "x" + " y" * 9_000,
    "factors in brackets": "(x)" * 6_000,
    "calls": r"\hat{y}(1 - \hat{y})" * 900,
    "steps in brackets": "f_1(a_1)" * 2_000,
    "nested steps": "f_1(" * 90 + "a_1" + ")" * 90,
    "nested unknown": "q(1 - " * 90 + "q" + ")" * 90,
    "links": "x" + " = x" * 4_000,
    "rows": r"x = y \\" * 1_900,
    "definitions": r"\\".join(f"q_{{{i}}}=1" for i in range(1_400)),
    "small characters": "x" + "₁" * 9_000,
    "primes": "x" + "'" * 9_000,
    "derivatives in brackets": r"\frac{d}{dx}(x)" * 1_200,
    "rates": r"\frac{dL}{dx}" * 1_400,
    "divisors": "x d d" * 3_000,
    "entry by entry": r"x y \odot" * 1_900 + "x",
    "commas": "x_{" + "1," * 4_000 + "1}",
    "list": "(" + "x," * 9_000 + "x)",
    "index": "x_{" + "i" * 9_000 + "}",
    "functions": r"\tanh(" * 90 + "x" + ")" * 90,
}


@pytest.mark.parametrize(
    "name, form",
    [
        *((name, form) for name in HOSTILE for form in ("latex", "plain")),
        ("import", None),
        ("brackets", None),
    ],
)
def test_hostile_text_is_refused_at_once(name: str, form: object) -> None:
    def refused() -> UnreadableError:
        with pytest.raises(UnreadableError) as caught:
            read(HOSTILE[name], SYMBOLS, form=form)  # type: ignore[arg-type]
        return caught.value

    assert least_seconds(refused, 1.0) < 1.0
    error = refused()
    assert len(error.message) < 300 and "\n" not in error.message
    assert len(error.shown) < 700
    assert error.column >= 1


@pytest.mark.parametrize(
    "name, form",
    [
        *((name, "latex") for name in LONG),
        *((name, "plain") for name in LONG if "\\" not in LONG[name]),
    ],
)
def test_long_text_takes_no_long_time(name: str, form: object) -> None:
    def reading_or_refusal() -> None:
        try:
            reading = read(LONG[name], SYMBOLS, form=form)  # type: ignore[arg-type]
            assert str(reading)
        except UnreadableError as error:
            assert len(error.shown) < 700

    assert least_seconds(reading_or_refusal, 2.0) < 2.0


def test_the_limit_of_recursion_is_put_back() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(UnreadableError):
        read("(" * 10_000, SYMBOLS)
    assert sys.getrecursionlimit() == before


PIECES = [
    *r"\frac \partial \sum \hat \log \tanh \sigma \delta \cdot \odot \left \right \nabla".split(),
    *r"\begin{aligned} \end{aligned} \begin{bmatrix} \end{bmatrix} \begin{cases} \text{if}".split(),
    *r"\\ & \quad \sqrt \mathbf \boxed \dots \top \in \leftarrow \max \arg \min".split(),
    *"w_1 f_3 y x L 1 2 0.5 { } ( ) [ ] ^ _ ' | + - * / = , ; : . d e T i w a f".split(),
    *"₁ ² ᵀ ∂ ŷ · ⊙ − ∑ ← \n # \t".split(" "),
]


def survives(text: str, symbols: Symbols, form: object = None) -> None:
    def reading_or_refusal() -> None:
        try:
            reading = read(text, symbols, form=form)  # type: ignore[arg-type]
            str(reading)
            list(reading.alternatives)
        except SympropError as error:
            assert str(error)

    assert least_seconds(reading_or_refusal, 2.0) < 2.0


SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 100,  # a long run draws others each time
    suppress_health_check=[HealthCheck.too_slow],
)


@SETTINGS
@given(st.text(max_size=200), st.sampled_from(["latex", "plain", None]))
def test_random_text_is_read_or_refused(text: str, form: object) -> None:
    survives(text, SYMBOLS, form)


@SETTINGS
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["latex", "plain", None]))
def test_random_mathematics_is_read_or_refused(pieces: list[str], form: object) -> None:
    survives(" ".join(pieces), SYMBOLS, form)
    survives("".join(pieces), MATRICES, form)


@st.composite
def mutated_lines(draw: st.DrawFn) -> str:
    """A line of the lectures with a few edits."""
    text = draw(st.sampled_from(LINES))[2]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 8)))
        kind = draw(st.sampled_from(["delete", "insert", "repeat", "swap"]))
        if kind == "delete":
            text = text[:start] + text[end:]
        elif kind == "insert":
            text = text[:start] + draw(st.sampled_from(PIECES)) + text[start:]
        elif kind == "repeat":
            text = text[:end] + text[start:end] + text[end:]
        else:
            text = text[:start] + text[start:end][::-1] + text[end:]
    return text


@SETTINGS
@given(mutated_lines(), st.sampled_from(["latex", None]))
def test_mutated_lines_are_read_or_refused(text: str, form: object) -> None:
    survives(text, SYMBOLS, form)


@SETTINGS
@given(st.lists(mutated_lines(), max_size=4), st.sampled_from(["latex", "markdown", "plain", None]))
def test_mutated_documents_are_read_or_refused(lines: list[str], kind: object) -> None:
    around = [("$$", "$$"), (r"\[", r"\]"), (r"\begin{align*}", r"\end{align*}"), ("", "")]
    text = "\n".join(a + line + b for line, (a, b) in zip(lines, around[: len(lines)], strict=True))
    try:
        read_document(text, SYMBOLS, kind=kind)  # type: ignore[arg-type]
    except SympropError as error:
        assert str(error)
