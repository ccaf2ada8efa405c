r"""Deltas that a text defines itself: many authors' `\delta_o` is minus the gradient by o."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify
from symprop.verification import verify_answer


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def said(name: str, *rows: str) -> list[tuple[str, str]]:
    text = r"\begin{align}" + r" \\ ".join(rows) + r"\end{align}"
    return [(str(line.verdict), line.reason) for line in verify(network(name), text).lines]


@pytest.mark.parametrize(
    ("name", "rows", "verdicts", "reason"),
    [
        ("softmax_classifier",
         [r"\delta_o &= y - \hat y", r"\frac{\partial l}{\partial W} &= -\delta_o x^T",
          r"\frac{\partial l}{\partial W} &= \delta_o x^T",
          r"W &\leftarrow W + \eta \delta_o x^T", r"W &\leftarrow W - \eta \delta_o x^T"],
         ["true-given", "true", "false", "true", "false"], "-dl/do"),
        ("softmax_classifier",
         [r"\delta_o &= -\frac{\partial l}{\partial o} = y - \hat y",
          r"\frac{\partial l}{\partial b} &= -\delta_o",
          r"\frac{\partial l}{\partial b} &= \delta_o"],
         ["true-given", "true", "true", "false"], "-dl/do"),
        ("softmax_classifier",
         [r"\delta_o &= \frac{\partial l}{\partial o} = y - \hat y"], ["true", "false"], ""),
        ("mean_squares",
         [r"\delta_{\hat y} &= \hat y - y", r"\nabla_w J &= \frac{2}{n} X^T \delta_{\hat y}",
          r"\nabla_w J &= X^T \delta_{\hat y}"],
         ["true-given", "true", "false"], "n*dJ/dp"),
        ("chain",
         [r"\delta_r &= t - r", r"\delta_q &= \delta_r c q (1 - q)",
          r"\frac{\partial E}{\partial b} &= -\delta_q p",
          r"\frac{\partial E}{\partial b} &= \delta_q p"],
         ["true-given", "true-given", "true", "false"], "-dE/dr"),
        ("chain", [r"\delta_r &= r - t", r"\delta_q &= \delta_r c q"],
         ["true-given", "false"], "declared"),
        ("nielsen",
         [r"\delta_{a^1} &= -(w^2)^T \frac{\partial C}{\partial z^2} \odot a^1 \odot (1 - a^1)",
          r"\frac{\partial C}{\partial w^1} &= -\delta_{a^1} x^T",
          r"\delta_{z^2} &= a^2 - y"],
         ["true-given", "true", "false"], "-dC/dz1"),
        ("chain",
         [r"\frac{\partial E}{\partial r} &= t - r", r"\delta_q &= (t - r) c"],
         ["false", "follows"], ""),
    ],
)  # fmt: skip
def test_the_definition_of_the_text_stands(
    name: str, rows: list[str], verdicts: list[str], reason: str
) -> None:
    found = said(name, *rows)
    assert [verdict for verdict, _ in found] == verdicts
    assert reason in found[0][1]


def test_a_delta_that_is_no_gradient_is_not_called_right() -> None:
    first, second = said(
        "softmax_classifier",
        r"\delta_o &= 3 (\hat y - y)^2 \odot x",
        r"\frac{\partial l}{\partial b} &= \delta_o",
    )
    assert first[0] in ("undecidable", "false")
    assert second[0] != "true-given"


def test_an_answer_does_not_say_what_the_question_means() -> None:
    asked = r"\delta_o"
    assert verify_answer(network("softmax_classifier"), asked, r"\hat y - y").ok
    assert not verify_answer(network("softmax_classifier"), asked, r"y - \hat y").ok
