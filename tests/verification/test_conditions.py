r"""Conditions behind a line, `\text{if } z > 0`: it is judged where they hold, and names them."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify
from symprop.verification import Line, verify_answer

ACTIVE = r"\frac{dL}{dw_1} = 2(o-y) w_2 x"
ONE = r"\frac{\partial l}{\partial o_j} = \hat y_j - 1"
SOFTMAX = r"\frac{\partial \hat y_i}{\partial o_j} = "


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def lines(name: str, text: str) -> tuple[Line, ...]:
    return verify(network(name), text).lines


def rows(*written: str) -> str:
    return r"\begin{align}" + r" \\ ".join(written) + r"\end{align}"


@pytest.mark.parametrize(
    "written",
    [
        ACTIVE + r" \quad \text{if } z_1 > 0",
        ACTIVE + r" \quad \text{if $z_1 > 0$}",
        ACTIVE + r" \quad \text{if z_1 > 0 (active)}",
        ACTIVE + r" \text{ for } z_1 > 0",
        ACTIVE + r" \text{ since } z_1 > 0",
        ACTIVE + r" \quad (z_1 > 0)",
        ACTIVE + r", \quad z_1 > 0",
        ACTIVE + r" \quad \text{where } z_1 > 0",
        ACTIVE + r" \quad \text{falls } 0 < z_1",
        "dL/dw1 = 2*(o - y)*w2*x if z1 > 0",
        "dL/dw1 = 2*(o - y)*w2*x  (z1 > 0)",
        "dL/dw1 = 2*(o - y)*w2*x, z1 > 0",
    ],
)
def test_a_line_is_right_where_its_condition_holds(written: str) -> None:
    (line,) = lines("relu_scalars", written)
    assert line.verdict == "true-given", line.reason
    assert "z1 > 0" in line.reason or "0 < z1" in line.reason


@pytest.mark.parametrize(
    ("name", "written", "verdict", "reason"),
    [
        ("relu_scalars", ACTIVE + r" \text{ if } z_1 < 0", "false", ""),
        ("relu_scalars", r"\frac{dL}{dw_1} = 0 \quad \text{if } z_1 < 0", "true-given", "z1 < 0"),
        ("relu_scalars", r"\frac{dL}{dw_1} = 0 \quad \text{if } z_1 > 0", "false", ""),
        ("relu_scalars", ACTIVE + r" \text{ if } z_1 > 0 \text{ and } x > 0", "true-given", "x > "),
        ("relu_scalars", ACTIVE + r" \text{ for all } x > 0", "false", ""),
        ("relu_scalars", ACTIVE + "[z_1 > 0] \\quad \\text{for } x > 0", "true", ""),
        ("relu_scalars", r"\frac{dL}{dw_2} = 2(o - y) \cdot 0, \quad z_1 < 0", "true-given", "z1"),
        ("relu_scalars", r"\frac{dL}{do} = 2(o - 3), \quad y = 3", "true-given", "y = 3"),
        ("relu_scalars", r"\frac{dL}{do} = 2(o - 3) \text{ for } y = 2", "false", ""),
        ("relu_scalars", r"w_1 \leftarrow w_1 - \eta (2(o-y) w_2 x) \quad \text{if } z_1 > 0",
         "true-given", "z1 > 0"),
        ("logistic_scalar", r"\frac{dL}{dz} = a \quad \text{for } y = 0", "true-given", "y = 0"),
        ("logistic_scalar", r"\frac{dL}{dz} = a \quad \text{for } y = 1", "false", ""),
        ("softmax_classifier", ONE + r" \text{ if } y_j = 1",
         "true-given", "= 1"),
        ("softmax_classifier", ONE + r" \text{ if } y_j = 0",
         "false", ""),
        ("softmax_classifier", SOFTMAX + r"-\hat y_i \hat y_j \quad (i \ne j)", "true", ""),
        ("softmax_classifier", SOFTMAX + r"-\hat y_i \hat y_j \quad \forall i \ne j", "true", ""),
        ("softmax_classifier", SOFTMAX + r"-\hat y_i \hat y_j, \quad i = j", "false", ""),
        ("softmax_classifier", SOFTMAX + r"\hat y_i (1 - \hat y_i), \quad i = j", "true", ""),
        ("hinge", r"\nabla_w L = w - C y x \quad \text{if } y f < 1", "true-given", "y*f < 1"),
        ("hinge", r"\nabla_w L = w - C y x \quad \text{if } y f > 1", "false", ""),
        ("residual", r"\frac{\partial L}{\partial W} = (r - y) x^T \text{ if } z > 0", "true-given",
         "z > 0"),
    ],
)  # fmt: skip
def test_a_line_is_judged_where_its_condition_holds(
    name: str, written: str, verdict: str, reason: str
) -> None:
    (line,) = lines(name, written)
    assert line.verdict == verdict, line.reason
    assert reason in line.reason


@pytest.mark.parametrize(
    "condition",
    [
        r"\text{if the unit is active}",
        r"\text{unless } z_1 < 0",
        r"\text{if } z > 0",
        r"\text{if } z_1 = 0",
        r"\text{for } x \in S",
        r"\text{for active units}",
    ],
)
def test_what_is_said_under_a_condition_that_is_not_understood_is_not_false(condition: str) -> None:
    (line,) = lines("relu_scalars", rf"{ACTIVE} \quad {condition}")
    assert line.verdict == "undecidable"
    (right,) = lines("relu_scalars", rf"\frac{{dL}}{{do}} = 2(o - y) \quad {condition}")
    assert right.verdict == "true"


@pytest.mark.parametrize(
    "remark",
    [
        r"\text{by the chain rule}",
        r"\text{for the first layer}",
        r"\text{for all } x",
        r"\text{since } h_1 = \max(0, z_1)",
        r"\text{with respect to } w_1",
    ],
)
def test_a_remark_that_is_no_condition_excuses_nothing(remark: str) -> None:
    assert lines("relu_scalars", rf"{ACTIVE} \quad {remark}")[0].verdict == "false"


@pytest.mark.parametrize(
    ("second", "verdicts"),
    [
        (r"\text{if } z_1 < 0", ["true-given", "true-given"]),
        (r"\text{otherwise}", ["true-given", "true-given"]),
        (r"\text{if } z_1 > 1", ["true-given", "false"]),
    ],
)
def test_each_row_has_its_own_condition(second: str, verdicts: list[str]) -> None:
    text = rows(r"\frac{dh_1}{dz_1} &= 1 & \text{if } z_1 > 0", rf"&= 0 & {second}")
    assert [line.verdict for line in lines("relu_scalars", text)] == verdicts


def test_a_condition_is_in_force_for_the_rows_that_go_on() -> None:
    start = r"\frac{dL}{dw_1} &= \frac{dL}{dh_1}\frac{dh_1}{dz_1} x"
    text = rows(start, r"&= \frac{dL}{dh_1} x & \text{for } z_1 > 0", r"&= 2(o - y) w_2 x")
    assert [line.verdict for line in lines("relu_scalars", text)] == ["true", "true-given", "true"]


@pytest.mark.parametrize(
    ("written", "verdicts"),
    [
        (r"\text{if } z_1 > 0: \quad " + ACTIVE, ["true-given"]),
        (r"\text{For } z_1 > 0, " + ACTIVE, ["true-given"]),
        (r"\text{For } z_1 < 0, " + ACTIVE, ["false"]),
        (r"\text{if the unit is active, } " + ACTIVE, ["undecidable"]),
        ("if z1 > 0: dL/dw1 = 2*(o - y)*w2*x", ["true-given"]),
        (ACTIVE + r" \text{ for } z_1 > 0, \quad \frac{dL}{dw_1} = 0 \text{ for } z_1 < 0",
         ["true-given", "true-given"]),
        (ACTIVE + r" \text{ for } z_1 > 0, \quad \frac{dL}{dw_1} = 0 \text{ for } z_1 > 1",
         ["true-given", "false"]),
    ],
)  # fmt: skip
def test_a_condition_may_stand_before_its_line(written: str, verdicts: list[str]) -> None:
    assert [line.verdict for line in lines("relu_scalars", written)] == verdicts


def test_a_condition_before_a_line_is_not_that_of_the_row_above() -> None:
    text = rows(r"\frac{dL}{do} &= 2(o - y)", r"\text{if } z_1 > 0: \quad " + ACTIVE)
    first, second = lines("relu_scalars", text)
    assert (first.verdict, second.verdict) == ("true", "true-given")


def test_a_definition_behind_with_is_known_to_the_line() -> None:
    line, _ = lines(
        "softmax_classifier",
        r"\frac{\partial l}{\partial o} = \delta \text{ with } \delta = \hat y - y",
    )
    assert line.verdict == "true"


def test_an_answer_has_its_condition() -> None:
    net = network("relu_scalars")
    assert verify_answer(net, "dL/dw1", "2*(o - y)*w2*x if z1 > 0").ok
    assert not verify_answer(net, "dL/dw1", "2*(o - y)*w2*x if z1 < 0").ok
