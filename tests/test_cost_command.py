"""`symprop cost`: the work of a training step, counted by hand for a network of two layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import MatrixSymbol, symbols

import symprop as sp
from symprop.cli import main
from symprop.derivation import derive
from symprop.emission.costing import Costs, costs
from symprop.network import Network
from symprop.program.passes import PASSES

EXAMPLES = Path(__file__).parents[1] / "examples"
D, H, C = symbols("D H C", integer=True, positive=True)


def classifier() -> Network:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", C, 1)
    W1, b1 = MatrixSymbol("W1", H, D), MatrixSymbol("b1", H, 1)
    W2, b2 = MatrixSymbol("W2", C, H), MatrixSymbol("b2", C, 1)
    net = Network(
        "classifier", inputs=[x], targets=[y], weights=[W1, b1, W2, b2], labels={y: "one-hot"}
    )
    a1 = net.step("a1", W1 * x + b1)
    h1 = net.step("h1", sp.relu(a1))
    a2 = net.step("a2", W2 * h1 + b2)
    p = net.step("p", sp.softmax(a2))
    net.loss(sp.cross_entropy(y, p))
    return net


def found(n: int = 32, d: int = 784, h: int = 128, c: int = 10, width: int = 4) -> Costs:
    return costs(derive(classifier()), batch=n, sizes={"D": d, "H": h, "C": c}, width=width)


def test_the_floor_is_three_products_a_layer_less_one() -> None:
    n, d, h, c = 32, 784, 128, 10
    floor = found(n, d, h, c).floor
    assert floor.calls == 5
    assert floor.operations == 2 * n * (2 * d * h + 3 * h * c)
    # each product reads its two factors and writes its result
    products = [(n, d, h), (n, h, c), (c, n, h), (n, c, h), (h, n, d)]
    assert floor.bytes == 4 * sum(m * k + k * j + m * j for m, k, j in products)


def test_forward_and_gradients_of_a_classifier_counted_by_hand() -> None:
    cost = found()
    # W1*x, + b1, relu; W2*h1, + b2; largest, below it, exp, sum, quotient;
    # log, labels times logarithms, their two sums
    assert cost.forward.calls == 3 + 2 + 5 + 4 - 1  # the loss alone needs no quotient
    # delta_a2: difference, /n; delta_a1: product, mask, times; four gradients; the quotient
    assert cost.whole.calls - cost.forward.calls == 2 + 3 + 4 + 1


def test_every_pass_has_a_line_and_makes_nothing_worse() -> None:
    stages = {stage.name: stage for stage in found().stages}
    assert [*stages] == [
        "as derived",
        "samples last",
        *(each.name for each in PASSES),
        "in place",
    ]
    work = [stages[name].work for name in ("samples last", *(p.name for p in PASSES))]
    assert work[-1].calls < work[0].calls
    assert [w.bytes for w in work] == sorted((w.bytes for w in work), reverse=True)
    assert stages["exponentials once"].work.calls < stages["labels that sum to one"].work.calls
    assert stages["in place"].held < 0.75 * stages["means of labels"].held


def test_bytes_follow_the_type_and_the_batch() -> None:
    assert found(width=8).whole.bytes == 2 * found(width=4).whole.bytes
    assert found(64).floor.operations == 2 * found(32).floor.operations


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["cost", str(EXAMPLES / "digits.py"), "--batch", "128", "--type", "float32"]
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert "digits: loss and gradients of a batch of 128, float32" in shown
    (floor,) = (line for line in shown.splitlines() if line.startswith("products of matrices"))
    flops = 2 * 128 * (2 * 64 * 64 + 3 * 64 * 10)
    assert floor.split()[-3:-1] == ["5", f"{flops:,}"]
    for each in PASSES:
        assert f"{each.name}: {each.saves}" in shown


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--size", "Q=3"], "Q is no size of"),
        (["--size", "D"], "no size and number"),
        (["--size", "D=0"], "no size and number"),
    ],
)
def test_a_wrong_size_is_refused_in_one_line(
    option: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cost", str(EXAMPLES / "two_layer_network.py"), *option]) == 1
    assert said in capsys.readouterr().err


def test_an_unspecified_function_has_no_cost_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cost", f"{EXAMPLES / 'deep_chain.py'}:one_step"]) == 1
    assert "unspecified" in capsys.readouterr().err
