"""A name means itself on every road, or is refused where it is declared."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hostile_networks import TEXTS
from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, check_gradients, derive, emit, load, sigmoid, tanh, verify
from symprop.cli import main
from symprop.derivation.text import describe
from symprop.errors import DeclarationError
from symprop.printout import make_document, render
from symprop.printout.graph.drawn import drawn
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import Names
from symprop.verification import verify_document

x, y, v = symbols("x_0 y_0 v_0", real=True)

WORDS = (
    *("lambda", "class", "None", "match", "print", "sum", "type"),
    *("S", "E", "I", "N", "Q", "O", "beta", "gamma", "zeta", "pi", "oo", "nan"),
    *("np", "params", "x", "t", "loss", "main", "train", "rng", "self", "n", "i", "d", "L"),
    *("w_1", "w1", "W_out", "λ", "μ", "ω_1", "ℓ", "delta", "exp", "e"),
)
"""Names that are words: everything that is printed with them is read back."""

LIKE_FORMULAS = ("w+1", "-w", "0.5", "2", "w*v_0", "v_0 x_0", "w = 1", "a,b", "%")
SECTIONS = ("forward", "chain-rule")


def with_weight(name: str) -> Network:
    """A neuron whose weight has a name."""
    weight = Symbol(name, real=True)
    net = Network("named", inputs=[x], targets=[y], weights=[weight, v])
    h = net.step("h_0", sigmoid(weight * x))
    net.loss((y - v * h) ** 2, name="loss_0")
    return net


def with_step(name: str) -> Network:
    """A neuron whose step has a name."""
    net = Network("named", inputs=[x], targets=[y], weights=[v])
    h = net.step(name, sigmoid(v * x))
    net.loss((y - h) ** 2, name="loss_0")
    return net


def verdicts(net: Network) -> set[str]:
    """What is said of the lines of a network's own printouts, in LaTeX and as text."""
    printed = make_document(derive(net), SECTIONS)
    pages = (("latex", "latex"), ("text", "plain"))
    reports = [verify_document(net, render(printed, page), kind=kind) for page, kind in pages]  # type: ignore[arg-type]
    assert all(report.lines for report in reports)
    return {str(line.verdict) for report in reports for line in report.lines}


@cache
def all_verdicts(name: str) -> set[str]:
    """Of both of the networks with that name."""
    return verdicts(with_weight(name)) | verdicts(with_step(name))


@pytest.mark.parametrize("name", WORDS)
def test_what_is_printed_with_a_name_is_read_back_and_true(name: str) -> None:
    assert all_verdicts(name) <= all_verdicts("r_9")
    assert all_verdicts("r_9") <= {"true", "true-given", "skipped", "undecidable"}


@pytest.mark.parametrize("name", [*LIKE_FORMULAS, "_", "w_hat", "é", *TEXTS[::6]])
def test_no_name_makes_a_right_line_wrong(name: str) -> None:
    """It may be that it cannot be read, and then this is said."""
    assert "false" not in all_verdicts(name)


@pytest.mark.parametrize("name", [*WORDS[::8], *LIKE_FORMULAS, *TEXTS[1::8]])
def test_every_road_takes_a_name(name: str) -> None:
    net = with_weight(name)
    derivation = derive(net)
    assert str(derivation.partial(name)) == str(derivation.partial(Symbol(name, real=True)))
    assert describe(derivation)
    for target in ("svg", "tikz", "dot", "text"):
        assert drawn(derivation, target, None)
    for page in ("latex", "html", "text"):
        assert render(make_document(derivation), page)
    trace = derivation.trace({x: 1, y: 0.25, name: 0.5, v: 2})
    h = 1 / (1 + math.exp(-0.5))
    loss = (0.25 - 2 * h) ** 2
    assert float(next(row for row in trace.rows if row.name == "loss_0").value) == pytest.approx(
        loss
    )
    for code in ("numpy", "python"):
        module: Any = load(derivation, code)
        params = {name: 0.5, "v_0": 2.0}
        assert module.loss(params, [1.0], [0.25]) == pytest.approx(loss)
        module.check_gradients(params, [1.0], [0.25])


def test_the_command_line_takes_values_of_any_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    file.write_text(
        "from sympy import symbols\nfrom symprop import Network\n\n"
        'a, b, c = symbols("lambda print λ", real=True)\n'
        'net = Network("words", weights=[a, b, c])\nnet.loss(a * b * c)\n'
    )
    assert main(["trace", str(file), "--at", "lambda=2,print=3,λ=4"]) == 0
    assert "24" in capsys.readouterr().out


def test_a_name_never_looks_like_a_function_of_the_network() -> None:
    assert latex_of(Names(with_weight("sigma")).of("sigma")) == r"\text{sigma}"
    net = Network("deviation", weights=[Symbol("sigma", positive=True)])
    net.loss(net.weights[0].symbol ** 2)
    assert latex_of(Names(net).of("sigma")) == r"\sigma"


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "\x00nul", "w\u200b", "\x9b2J"])
def test_no_name_steers_the_terminal_that_shows_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    derivation = derive(with_weight(name))
    trace = derivation.trace({x: 1, y: 0.25, name: 0.5, v: 2})
    for shown in (describe(derivation), str(trace), str(check_gradients(derivation))):
        assert "[U+" in shown
        assert all(char.isprintable() for char in shown.replace("\n", ""))
    (tmp_path / "net.py").write_text(
        "from sympy import Symbol\nfrom symprop import Network\n\n"
        f"w = Symbol({name!r}, real=True)\n"
        'net = Network("net", weights=[w])\nnet.loss(w**2)\n'
    )
    (tmp_path / "answer.txt").write_text(f"dL/dw = 2*{name}\n")
    file = str(tmp_path / "net.py")
    for command in (
        ["derive", file],
        ["check", file],
        ["verify", file, str(tmp_path / "answer.txt")],
    ):
        main(command)
        output = capsys.readouterr()
        assert all(char.isprintable() for char in (output.out + output.err).replace("\n", ""))


@pytest.mark.parametrize("name", LIKE_FORMULAS)
def test_a_name_like_a_formula_is_quoted_within_one(name: str) -> None:
    derivation = derive(with_weight(name))
    assert f"sigmoid('{name}'*x_0)" in describe(derivation)
    assert f"sigmoid('{name}'*x_0)" in emit(derivation)


def test_names_that_are_nearly_the_same_stay_apart() -> None:
    pairs = [("w_1", "w1"), ("lambda", "λ"), ("hat_w", "w_hat"), ("w²", "w2"), ("a b", "a_b")]
    for one, other in pairs:
        a, b = symbols([one.replace(" ", "\\ "), other], real=True)
        net = Network("apart", weights=[a, b])
        net.loss((tanh(a) - 2 * b) ** 2)
        names = Names(net)
        looks = {
            latex_of(names.of(name)).replace(r"\ensuremath", "").replace(r"\text", "")
            for name in (one, other)
        }
        assert len({look.strip("{}") for look in looks}) == 2, looks
        module: Any = load(derive(net))
        expected = (math.tanh(0.5) - 0.4) ** 2
        assert module.loss({one: 0.5, other: 0.2}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other"), [("µ", "μ"), ("é", "e\u0301"), ("\ufb01t", "fit"), ("Å", "\u212b")]
)
def test_names_that_nobody_can_tell_apart_are_refused(one: str, other: str) -> None:
    if one == other:
        pytest.skip("the editor has made one of the two")
    a, b = Symbol(one, real=True), Symbol(other, real=True)
    said = f"the names {other!r} and {one!r} look alike: {other!a} and {one!a}"
    with pytest.raises(DeclarationError) as caught:
        Network("alike", weights=[a, b])
    assert caught.value.message == f"network 'alike': {said}"
    net = Network("alike", weights=[a])
    with pytest.raises(DeclarationError) as caught:
        net.step(other, a)
    assert caught.value.message == f"step {other!r}: {said}"
    assert caught.value.hint == "give one of them another name"


def test_half_a_character_is_refused_with_what_is_left_of_the_name() -> None:
    half = "w\ud83d"
    weight = Symbol("w", real=True)
    net = Network("net", weights=[weight])
    mistakes: dict[str, Callable[[], object]] = {
        "the name of a network": lambda: Network(half),
        "network 'net': the name of this weight": lambda: Network("net", weights=[Symbol(half)]),
        "network 'net': the LaTeX name of 'w'": lambda: Network(
            "net", weights=[weight], latex={weight: half}
        ),
        "network 'net': the name of a size": lambda: Network(
            "net", weights=[MatrixSymbol("W", Symbol(half, integer=True), 1)]
        ),
        f"step {half!r}: its name": lambda: net.step(half, weight),
        "step 'a': the LaTeX name of 'a'": lambda: net.step("a", weight, latex=half),
    }
    for what, mistake in mistakes.items():
        with pytest.raises(DeclarationError) as caught:
            mistake()
        assert caught.value.message == f"{what} is no text that a file can hold: {half!r}"
        assert caught.value.hint == "write 'w'"


def test_a_derivation_may_use_every_word() -> None:
    for name in ("lambda", "S", "np"):
        net = with_weight(name)
        line = f"dloss_0/d{name} = -2*(y_0 - v_0*h_0)*v_0*h_0*(1 - h_0)*x_0"
        assert verify(net, line).ok, name
