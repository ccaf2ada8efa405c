"""The worked example of a printout: every line is right by itself, and says where it comes from."""

# ruff: noqa: RUF001 the characters are those of printouts

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import numpy as np
import pytest
from example_networks import NETWORKS, derivation_of
from printout.reader import worked_out
from random_networks import make
from sympy import MatrixSymbol, Symbol, log, symbols

from symprop import Network, activation, derive, half_squared_error, sigmoid
from symprop.errors import DeclarationError, PointError, UnsupportedError
from symprop.example import Example, overridden
from symprop.printout import make_document, render
from symprop.printout.model import Block, Document, Equations, Part
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.unicode import unicode_of

WITH_NUMBERS = [name for name, network in NETWORKS.items() if network.worked_example]


def document(name: str, decimals: int | None = None) -> Document:
    base = NETWORKS[name].worked_example
    example = overridden(base, {}, decimals=decimals)
    return make_document(derivation_of(name), ["example"], example=example)


def chains(found: Document) -> Iterator[tuple[str, list[str]]]:
    """The lines of the example: what stands left, and what is said to be equal to it."""
    formulas = Formulas(found.names, found.ordinary)
    pending: list[Block] = list(found.sections[0].blocks)
    left, equal = "", list[str]()
    while pending:
        block = pending.pop(0)
        if isinstance(block, Part):
            pending[:0] = block.blocks
        for line in block.lines if isinstance(block, Equations) else ():
            if line.left is not None:
                yield left, equal
                left, equal = unicode_of(formulas.of(line.left)), []
            equal += unicode_of(formulas.of(line.right)).split(" = ")
    yield left, equal


def is_formula_of_numbers(text: str) -> bool:
    bare = re.sub(r"σ|softmax|tanh|log|max|min|prelu′?|e\^|e(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])", "", text)
    return not re.search(r"[A-Za-zα-ωΑ-Ω∂∑₀-₉ₐ-ₜ̂]", bare)


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_an_outside_reader_gets_the_value_of_every_line(name: str) -> None:
    """Of each chain of equal things, all that are made of numbers have one value."""
    read = 0
    for left, equal in chains(document(name, 12)):
        numbers = [worked_out(text) for text in equal if is_formula_of_numbers(text)]
        for number in numbers[1:]:
            np.testing.assert_allclose(number, numbers[0], rtol=1e-8, atol=1e-10, err_msg=left)
        read += len(numbers) > 1
    weights = len(NETWORKS[name].weights)
    assert read >= (0 if name.endswith("_gate") else weights)


def test_the_lines_of_the_primer() -> None:
    text = render(document("linear_regression"), "text")
    for line in (
        "h = w x + b = 0.1 · 1 + 1 = 1.1",
        "L = 1/2 · (y − h)² = 1/2 · (3 − 1.1)² = 1.80",
        "∂L/∂h = −(y − h) = −(3 − 1.1) = −1.9",
        "∂L/∂w = ∂L/∂h · ∂h/∂w = −1.9 · 1 = −1.9    (upstream times local)",
        "w ← w − η · ∂L/∂w = 0.1 − 0.2 · (−1.9) = 0.48",
        "b ← b − η · ∂L/∂b = 1 − 0.2 · (−1.9) = 1.38",
    ):
        assert f"    {line}" in text
    assert "shown with 2 decimals" in text


def test_the_circuit_of_ece_884_by_the_two_decimals_of_its_slides() -> None:
    text = render(document("sigmoid_circuit"), "text")
    for line in (
        "E  = eⁿ = e⁻¹ = 0.37",
        "D  = E + 1 = 0.37 + 1 = 1.37",
        "f  = 1/D = 1/1.37 = 0.73",
        "∂f/∂D   = −1/D² = −1/1.37² = −0.53",
        "∂f/∂n   = ∂f/∂E · ∂E/∂n = −0.53 · 0.37 = −0.20",
        "∂f/∂w₀  = ∂f/∂m₀ · ∂m₀/∂w₀ = 0.20 · (−1) = −0.20",
        "∂f/∂x₀  = ∂f/∂m₀ · ∂m₀/∂x₀ = 0.20 · 2 = 0.39",
        "∂f/∂w₁  = ∂f/∂m₁ · ∂m₁/∂w₁ = 0.20 · (−2) = −0.39",
        "∂f/∂x₁  = ∂f/∂m₁ · ∂m₁/∂x₁ = 0.20 · (−3) = −0.59",
    ):
        assert f"    {line}" in text


def test_what_is_used_twice_has_a_term_for_each_use() -> None:
    text = render(document("two_outputs", 3), "text")
    assert re.search(
        r"∂L/∂q   = ∂L/∂o₂ · ∂o₂/∂q \+ ∂L/∂o₁ · ∂o₁/∂q = 0\.224 · \(−1\) \+ \(−0\.224\) · 1", text
    )


def test_matrices_stand_in_brackets_and_their_sums_are_written_out() -> None:
    latex = render(document("affine_layer"), "latex")
    assert (
        r"\begin{pmatrix}1 & 0.5 \\ -1 & 1\end{pmatrix} \begin{pmatrix}1 \\ 2\end{pmatrix}" in latex
    )
    assert r"\frac{1}{2} \cdot ((1 - 2)^2 + (0 - 1.5)^2) = 1.625" in latex


def test_a_large_matrix_is_told_by_its_range() -> None:
    x, w = MatrixSymbol("x", 3, 1), MatrixSymbol("w", 3, 3)
    network = Network("large", inputs=[x], weights=[w])
    a = network.step("a", w * x)
    network.loss((a.T * a)[0, 0])
    network.example({x: [1, 1, 1], w: np.arange(9).reshape(3, 3)}, learning_rate=0.1, steps=2)
    text = render(make_document(derive(network), ["example"]), "text")
    assert "w ∈ 𝐑^{3 × 3}: 9 entries from 0 to 8" in text
    assert "15 more numbers of each update are left out." in " ".join(text.split())


# -- the table ------------------------------------------------------------------------------------

PRIMER = [
    ["1", "1.1", "1.80", "-1.9", "-1.9", "-1.9", "0.48", "1.38"],
    ["2", "1.86", "0.65", "-1.14", "-1.14", "-1.14", "0.71", "1.61"],
    ["3", "2.32", "0.23", "-0.68", "-0.68", "-0.68", "0.84", "1.74"],
]


def rows_of(text: str, target: str) -> list[list[str]]:
    """The rows of the last table of a printout, signs as a keyboard has them."""
    if target == "html":
        table = text.rpartition("<tbody>")[2].partition("</tbody>")[0]
        rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("</tr>")]
        plain = [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in rows if row]
    elif target == "latex":
        table = text.rpartition(r"\begin{tabular}")[2].partition(r"\end{tabular}")[0]
        lines = [line.removesuffix(r" \\") for line in table.splitlines() if " & " in line]
        plain = [[cell.strip("$ ") for cell in line.split("&")] for line in lines[1:]]
    else:
        table = text.rpartition("update ")[2]
        plain = [line.split() for line in table.splitlines()[1:] if re.match(r"\s+\d+  ", line)]
    return [[cell.replace("−", "-") for cell in row] for row in plain]


@pytest.mark.parametrize("target", ["text", "latex", "html"])
def test_the_table_of_the_primer_to_two_decimals(target: str) -> None:
    """1.805 is 1.80, and the 1.75 of the slide is 1.7448: 1.74."""
    assert rows_of(render(document("linear_regression"), target), target)[:3] == PRIMER


def test_of_many_updates_the_first_and_the_last_are_shown() -> None:
    example = overridden(NETWORKS["linear_regression"].worked_example, {}, steps=100)
    shown = make_document(derivation_of("linear_regression"), ["example"], example=example)
    numbers = [row[0] for row in rows_of(render(shown, "html"), "html")]
    assert numbers == [*map(str, range(1, 11)), "…", "98", "99", "100"]


def test_a_wide_table_is_divided_and_repeats_its_first_column() -> None:
    latex = render(document("wider_network_by_elements"), "latex")
    heads = re.findall(r"^update & .*$", latex, re.M)
    assert len(heads) == 2
    assert sum(head.count(" & ") for head in heads) == 11


def test_a_descent_that_fails_is_shown_up_to_there() -> None:
    x, w = symbols("x w", real=True)
    network = Network("logarithm", inputs=[x], weights=[w])
    network.loss(log(w * x) + 2 * w)
    network.example({x: 1, w: 0.5}, learning_rate=0.1, steps=9)
    text = render(make_document(derive(network), ["example"]), "text")
    assert "The descent ends here: update 3: loss 'L' has no finite real value" in " ".join(
        text.split()
    )
    assert [row[0] for row in rows_of(text.replace("The weights", "\nThe weights"), "text")] == [
        "1",
        "2",
    ]


# -- when there is one ----------------------------------------------------------------------------


def test_without_numbers_there_is_no_section() -> None:
    x, w = symbols("x w", real=True)
    network = Network("bare", inputs=[x], weights=[w])
    network.loss((w * x) ** 2)
    assert "A worked example" not in render(make_document(derive(network)), "html")
    with pytest.raises(DeclarationError, match="no worked example"):
        make_document(derive(network), ["example"])


def test_without_a_learning_rate_there_is_no_update() -> None:
    text = render(document("sum_times_z"), "text")
    assert "update" not in text.lower()
    assert "∂f/∂y = ∂f/∂q · ∂q/∂y = −4 · 1 = −4" in text


def test_numbers_that_do_not_fit_are_refused() -> None:
    derivation = derivation_of("linear_regression")
    for values, said in (
        ({"x": 1, "y": 3, "w": 0.1}, "no value is given for weight b"),
        ({"x": 1, "y": 3, "w": [1, 2], "b": 1}, "w is declared a scalar"),
        ({"x": 1, "y": 3, "w": 1, "b": 1, "c": 1}, "'c' is not a declared symbol"),
    ):
        with pytest.raises(PointError, match=said):
            make_document(derivation, ["example"], example=Example(values))


def test_an_unspecified_function_has_no_numbers() -> None:
    x, w, y = symbols("x w y", real=True)
    network = Network("any f", inputs=[x], targets=[y], weights=[w])
    network.loss(half_squared_error(y, activation("f")(w * x)))
    network.example({x: 1, w: 2, y: 3})
    with pytest.raises(UnsupportedError, match="f is unspecified"):
        make_document(derive(network))


def test_names_of_all_kinds_stand_beside_numbers() -> None:
    h, w = Symbol(r"\input{x}", real=True), Symbol("<b>%", real=True)
    network = Network("hostile", inputs=[h], weights=[w])
    network.loss(sigmoid(h * w))
    network.example({h: 1, w: 2}, learning_rate=0.1, steps=2)
    assert "<b>" not in render(make_document(derive(network), ["example"]), "html")
    assert r"\input" not in render(make_document(derive(network), ["example"]), "latex")


# -- examples as they are given -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"values": [1, 2]}, "needs values by their symbols"),
        ({"values": {}, "learning_rate": -1}, "-1 is no learning rate"),
        ({"values": {}, "learning_rate": 0.1, "steps": -1}, "-1 is no number of steps"),
        ({"values": {}, "learning_rate": 0.1, "steps": 10**7}, "10,000,000 steps are too many"),
        ({"values": {}, "steps": 3}, "3 steps need a learning rate"),
        ({"values": {}, "decimals": 99}, "99 is no number of decimals"),
    ],
)
def test_an_example_that_makes_no_sense_is_refused(arguments: dict[str, object], said: str) -> None:
    network = Network("bare", weights=[Symbol("w", real=True)])
    with pytest.raises(DeclarationError, match=said):
        network.example(**arguments)  # type: ignore[arg-type]


def test_options_override_the_example_one_by_one() -> None:
    w = Symbol("w", real=True)
    base = Example({w: 1, "x": 2}, 0.1, 3, 2)
    assert overridden(base, {"w": 5}) == Example({"w": 5, "x": 2}, 0.1, 3, 2)
    assert overridden(base, {}, steps=7).steps == 7
    assert overridden(base, {}, learning_rate=0.3).learning_rate == 0.3
    assert overridden(base, {}, steps=0) == Example({"w": 1, "x": 2}, None, 0, 2)
    assert overridden(None, {"w": 1}, learning_rate=0.3).steps == 1


@pytest.mark.parametrize("seed", range(12))
def test_an_outside_reader_gets_the_values_of_random_networks(seed: int) -> None:
    maker = make(random.Random(seed), matrices=False)
    values = {key: v for key, v in maker.values.items() if str(key) in maker.network.declared}
    shown = make_document(derive(maker.network), ["example"], example=Example(values, 0.01, 2, 12))
    for left, equal in chains(shown):
        numbers = [worked_out(text) for text in equal if is_formula_of_numbers(text)]
        for number in numbers[1:]:
            np.testing.assert_allclose(number, numbers[0], rtol=1e-6, atol=1e-8, err_msg=left)
