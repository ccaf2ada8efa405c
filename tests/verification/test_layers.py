r"""`\delta^l` of a network in layers, where the text does not say what it is."""

import pytest
import stranger_networks

from symprop import verify

NIELSEN = stranger_networks.nielsen()
RIGHT = [
    r"\frac{\partial C}{\partial b^l} = \delta^l",
    r"\frac{\partial C}{\partial b^l_j} = \delta^l_j",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
    r"\frac{\partial C}{\partial w^2} = \delta^{(2)} (a^1)^T",
    r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
    r"\delta_j^l = \sum_k w_{kj}^{l+1} \delta_k^{l+1} \sigma'(z_j^l)",
    r"\delta^L = (a^L - y) \odot \sigma'(z^L)",
    r"\delta_j^l = \frac{\partial C}{\partial z_j^l}",
]
WRONG = [
    r"\frac{\partial C}{\partial b^l} = -\delta^l",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^l_k \delta^l_j",
    r"\frac{\partial C}{\partial w^2} = \delta^1 (a^1)^T",
    r"\delta^l = ((w^l)^T \delta^{l+1}) \odot \sigma'(z^l)",
    r"\delta_j^l = \sum_k w_{jk}^{l+1} \delta_k^{l+1} \sigma'(z_j^l)",
]


def said(text: str) -> list[str]:
    return [str(line.verdict) for line in verify(NIELSEN, text).lines]


@pytest.mark.parametrize("text", RIGHT)
def test_delta_of_a_layer_is_the_derivative_by_what_its_function_takes(text: str) -> None:
    (line,) = verify(NIELSEN, text).lines
    assert str(line.verdict) == "true-given", line.reason
    assert r"\delta of a layer" in line.reason or "definition" in line.reason


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_with_it_is_one(text: str) -> None:
    assert said(text) in (["false"], ["undecidable"])
    assert said(WRONG[0]) == said(WRONG[2]) == ["false"]


def test_a_text_may_mean_something_else_by_it() -> None:
    """With the error itself as delta the slope is still to be multiplied."""
    text = r"""\begin{align}
    \delta^2 &= a^2 - y \\
    \frac{\partial C}{\partial b^2} &= \delta^2 \odot \sigma'(z^2) \\
    \frac{\partial C}{\partial b^2} &= \delta^2
    \end{align}"""
    assert said(text) == ["true-given", "true", "false"]


def test_without_layers_it_is_not_known() -> None:
    line = r"\frac{\partial l}{\partial b} = \delta^{(2)}"
    (only,) = verify(stranger_networks.softmax_classifier(), line).lines
    assert str(only.verdict) == "undecidable"
    assert "not declared" in only.reason
