"""The section on the gradient check: what was done, what it found, and no figure that may vary."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from example_networks import NETWORKS
from sympy import symbols

from symprop import Network, checking, derive, load, log
from symprop.derivation import Derivation
from symprop.errors import GradientError
from symprop.printout import SECTIONS, make_document, render
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import Letter
from symprop.printout.notation.quotients import QUOTIENTS
from symprop.printout.sections.gradient_check import ENTRY_LIMIT, NAMES, STEPS


def printed(network: Network, target: str = "text") -> str:
    return render(make_document(derive(network), ["check"]), target)


def verdicts(text: str) -> dict[str, str]:
    """The rows of the table: what stands behind each weight."""
    rows = text.partition("verdict\n")[2].partition("The loss")[0].splitlines()
    return {row.split()[0]: " ".join(row.split()[1:]) for row in rows if row.strip()}


def test_the_check_is_there_on_request_alone() -> None:
    assert not SECTIONS["check"].default
    keys = [section.key for section in make_document(derive(NETWORKS["mul_gate"])).sections]
    assert "check" not in keys


def test_every_weight_has_its_verdict() -> None:
    text = printed(NETWORKS["digits"])
    assert list(verdicts(text)) == ["W\u2081", "b\u2081", "W\u2082", "b\u2082"]
    assert verdicts(text)["W\u2081"] == f"{ENTRY_LIMIT} right"
    assert verdicts(text)["b\u2082"] == "10 right"
    assert "The loss itself is right." in text


def test_the_method_and_its_tolerance_are_those_of_the_check() -> None:
    complex_step, differences = (
        printed(NETWORKS["multilayer_perceptron"]),
        printed(NETWORKS["digits"]),
    )
    assert "their complex step" in complex_step
    assert "10\u207b\u2079" in complex_step
    assert "h = 10\u207b\u00b3\u2070" in complex_step
    assert "their central differences" in differences
    assert "10\u207b\u2076" in differences
    assert set(NAMES) == set(STEPS) == set(QUOTIENTS) == set(checking.TOLERANCES)


def test_the_quotients_are_derivatives() -> None:
    """The printed LaTeX, as Python, of a polynomial whose derivative is known."""

    def loss(w: complex) -> complex:
        return w**4 - 3 * w**2 + 2

    shown = {
        name: latex_of(of(*(Letter(n, n) for n in ("L", "w", "h"))))
        for name, of in QUOTIENTS.items()
    }
    assert shown["complex step"] == r"\frac{\operatorname{Im}L(w + \mathrm{i} h)}{h}"
    below, above = re.fullmatch(r"\\frac{(.*)}{(.*)}", shown["central difference"]).groups()  # type: ignore[union-attr]
    code = [re.sub(r"(\d+) ", r"\1*", part) for part in (below, above)]
    value = eval(f"({code[0]})/({code[1]})", {"L": loss, "w": 0.7, "h": 1e-2})
    assert value == pytest.approx(4 * 0.7**3 - 6 * 0.7, rel=1e-9)
    step = 1e-30
    assert loss(0.7 + 1j * step).imag / step == pytest.approx(4 * 0.7**3 - 6 * 0.7)


def test_a_wrong_gradient_is_called_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(derivation: Derivation, target: str = "numpy") -> ModuleType:
        module = load(derivation, target)
        right = module.loss_and_gradients

        def wrong(params: Any, *data: Any) -> Any:
            loss, gradients = right(params, *data)
            return loss, gradients | {"w2": np.asarray(gradients["w2"]) * 1.001}

        monkeypatch.setattr(module, "loss_and_gradients", wrong)
        return module

    monkeypatch.setattr(checking, "load", spoilt)
    found = verdicts(printed(NETWORKS["multilayer_perceptron"]))
    assert found["w\u2082"] == "1 WRONG"
    assert found["w\u2081"] == "1 right"


def test_entries_at_a_kink_are_named() -> None:
    assert "entries at a kink of relu in step 'h' were left out" in printed(NETWORKS["layer_norm"])


def test_a_network_with_unspecified_functions_says_why_it_is_not_checked() -> None:
    text = printed(NETWORKS["unspecified_activations"])
    assert "Not checked: step 'f1': f_1 is unspecified" in text
    assert "verdict" not in text


def test_a_network_without_a_finite_point_says_so() -> None:
    x, w = symbols("x w", real=True)
    network = Network("nowhere", inputs=[x], weights=[w])
    network.loss(log(-1 - w**2) * x)
    assert "Not checked: network 'nowhere': no random point" in printed(network)


@pytest.mark.parametrize("name", ["digits", "layer_norm", "multilayer_perceptron"])
def test_the_section_is_the_same_twice_and_holds_no_error_figures(name: str) -> None:
    text = printed(NETWORKS[name])
    assert text == printed(NETWORKS[name])
    assert not re.search(r"\de-\d", text)


def test_the_number_of_entries_is_checked() -> None:
    with pytest.raises(GradientError, match="entries is 0"):
        checking.check_gradients(derive(NETWORKS["mul_gate"]), entries=0)


def test_few_entries_are_drawn_from_the_whole_weight() -> None:
    report = checking.check_gradients(derive(NETWORKS["digits"]), entries=3)
    assert [found.checked for found in report.weights] == [3, 3, 3, 3]
