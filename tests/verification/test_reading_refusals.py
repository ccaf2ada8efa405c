"""What is not certain is refused: the column, the reason, and a way out."""

from __future__ import annotations

import pickle

import pytest
from example_networks import NETWORKS

from symprop.verification.reading import AmbiguousError, Entry, Symbols, UnreadableError, read

SCALARS = Symbols.of(NETWORKS["multilayer_perceptron"])
MATRICES = Symbols.of(NETWORKS["two_layer_network"])

REFUSED = [
    # brackets, braces and rows
    ("(x", 1, "( is not closed"),
    ("x)", 2, ") closes nothing"),
    ("[x)", 3, ") where ] is needed to close ["),
    (r"\frac{x", 6, "{ is not closed"),
    (r"\frac{1}", 1, r"\frac lacks an argument"),
    ("x_", 2, "_ lacks an argument"),
    ("x^2^3", 4, "a second ^ at the same base"),
    ("x_1_2", 4, "a second _ at the same base"),
    ("{x + y}^2", 1, "scripts at braces around more than a name"),
    (r"\begin{bmatrix} x & y \\ x \end{bmatrix}", 1, "a matrix with rows of 2, 1 entries"),
    (r"\begin{bmatrix} x", 1, r"\begin{bmatrix} is not closed"),
    (r"\begin{tikzpicture} x \end{tikzpicture}", 1, "the environment tikzpicture is not read"),
    ("()", 1, "nothing is in these brackets"),
    ("|x", 1, "this bar is not closed"),
    # commands
    (r"x + \foo", 5, r"the command \foo is not read"),
    (r"\tanhh(x)", 1, r"the command \tanhh is not read"),
    (r"\input{x}", 1, r"the command \input is not read"),
    (r"\write18{ls}", 1, r"the command \write is not read"),
    ("x $ y", 3, "the character '$' is not read here"),
    (r"\int x", 1, "integrals are not read"),
    (r"\prod_i x", 1, "products over an index are not read"),
    (r"x \pm y", 3, "plus or minus is two formulas"),
    (r"\sqrt[3]{x}", 1, "roots other than square roots are not read"),
    # numbers and signs
    ("3 4", 3, "two numbers side by side"),
    ("w1", 2, "the number 1 directly behind a factor"),
    ("(x)2", 4, "the number 2 directly behind a factor"),
    ("x + - y", 5, "two signs in a row"),
    ("x = ", 3, "nothing stands behind this sign"),
    ("= x", 1, "= stands behind nothing"),
    ("x +", 3, "a factor is missing"),
    ("x / y / x", 7, "two slashes in a row"),
    ("x = 1, 2", 8, "a formula without a relation behind another one"),
    # exponents and marks
    ("2^{9999}", 4, "this exponent is too large"),
    ("9^{9^{9^{9}}}", 7, "this exponent is too large"),
    ("x^{now}", 4, "this may be a power or a mark: a name in it is not declared"),
    (r"\tanh^{-1}(x)", 1, "a negative power at a function may be its inverse"),
    # derivatives
    (r"\frac{\partial^2 L}{\partial x^2}", 7, "second derivatives are not read"),
    (r"\frac{\partial L}{\partial x \partial y}", 30, "second derivatives are not read"),
    (r"\frac{\partial L}{x}", 19, r"\partial above, and none below"),
    (r"\frac{dL}{d}", 11, "nothing to derive by"),
    (r"\frac{dL}{dwx}", 12, "one name is needed behind the lower d"),
    (r"w_1 - dw_1", 7, "d outside of a derivative"),
    (r"\frac{d}{dx}", 1, "a derivative of nothing"),
    (r"\nabla", 1, r"\nabla of nothing"),
    # functions
    (r"\sigma + 1", 1, r"\sigma is a function, and has no argument here"),
    (r"\log x y", 1, "how far the argument of this function goes is not certain"),
    (r"\log", 1, "log has no argument here"),
    (r"exp(x) \cdot 2", 1, "the letters exp are no name of a function"),
    (r"y \, max(0, x)", 6, "the letters max are no name of a function"),
    (r"w_1(x, y)", 4, "w1 is a weight, no function"),
    # boxes
    (r"\underbrace{x + y}_{z} f_2", 1, "a sum at a brace, beside other factors"),
    (r"x \underbrace{-(y - f_3)}_{z}", 3, "a sum at a brace, beside other factors"),
    # sums
    (r"\sum x", 1, "a sum without an index"),
    (r"\sum_{i<3} x", 7, "this index of a sum is not read"),
    (r"\sum_i w_i x + w_i", 1, "its index is used behind this sum as well"),
]


@pytest.mark.parametrize("text, column, reason", REFUSED)
def test_a_refusal_names_column_and_reason(text: str, column: int, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text, SCALARS, form="latex")
    assert (caught.value.column, caught.value.reason) == (column, reason)
    assert caught.value.message == f"column {column}: {reason}"
    assert caught.value.hint


AMBIGUOUS = [
    (r"q(x + y)", ("q(x + y)", "q*(x + y)")),
    (r"1/x y", ("1/x*y", "1/(x*y)")),
    (r"a_1 = w_1/x f_1", ("w1/x*f1", "w1/(x*f1)")),
]


@pytest.mark.parametrize("text, readings", AMBIGUOUS)
def test_of_two_meanings_both_are_shown(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(AmbiguousError) as caught:
        read(text, SCALARS, form="latex")
    assert caught.value.readings == readings
    assert all(reading in caught.value.message for reading in readings)


def test_text_that_says_two_things_in_two_forms_is_refused() -> None:
    with pytest.raises(AmbiguousError) as caught:
        read("y = kx", SCALARS)
    assert "y = k*x" in caught.value.readings
    assert str(read("y = kx", SCALARS, form="latex")) == "y = k*x"


def test_the_carets_stand_below_the_place() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(r"a_1 = w_1 x + \beta\foo b_1", SCALARS)
    line, carets = caught.value.pointer.split("\n")
    assert line[carets.index("^") : carets.index("^") + carets.count("^")] == r"\foo"


def test_the_carets_count_cells_not_characters() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("y\u0302 + y\u0302 * )", SCALARS, form="plain")
    line, carets = caught.value.pointer.split("\n")
    assert carets == " " * 8 + "^"
    assert line.startswith("y\u0302")


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("x + " * 200 + r"\foo" + " + x" * 200, SCALARS)
    line, carets = caught.value.pointer.split("\n")
    assert len(line) < 90 and line.startswith("...") and line.endswith("...")
    assert line[carets.index("^") : carets.index("^") + 4] == r"\foo"


def test_the_line_of_a_block_is_named() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("a_1 &= w_1 x \\\\\n &= x + \\foo", SCALARS)
    assert (caught.value.line, caught.value.column) == (2, 9)
    assert caught.value.message.startswith("line 2, column 9: ")


def test_a_near_command_is_offered() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(r"\partal L", SCALARS)
    assert caught.value.hint == r"did you mean \partial?"


def test_two_declared_things_of_one_spelling_are_refused() -> None:
    both = SCALARS.declaring(Entry("u", "weight", "u", ()), Entry("u2", "input", "u", ()))
    with pytest.raises(UnreadableError) as caught:
        read("2 u", both, form="latex")
    assert caught.value.reason == "u may be the weight u or the input u2"


def test_a_refusal_goes_from_one_process_to_another() -> None:
    for text in ("1/x y", "x )"):
        with pytest.raises(UnreadableError) as caught:
            read(text, SCALARS, form="latex")
        copy = pickle.loads(pickle.dumps(caught.value))
        assert type(copy) is type(caught.value)
        assert (str(copy), copy.shown, copy.span) == (
            str(caught.value),
            caught.value.shown,
            caught.value.span,
        )
