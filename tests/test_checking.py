"""check_gradients: right modules pass, one wrong entry is found and named, kinks are skipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sympy import Determinant, Inverse, MatrixSymbol, OneMatrix, Symbol, hadamard_product, symbols

import symprop.functions as F
from symprop import checking
from symprop.checking import check_gradients
from symprop.derivation import derive
from symprop.emission import load
from symprop.errors import GradientError
from symprop.network import Network

D, N, V, n = symbols("D N V n", integer=True, positive=True)
x, y, w, b, v, lam = symbols("x y w b v lam", real=True)


def k3() -> Network:
    w1, b1, w2, w3 = symbols("w1 b1 w2 w3", real=True)
    net = Network("K3", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    f1 = net.step("f1", F.sigmoid(w1 * x + b1))
    f2 = net.step("f2", F.sigmoid(w2 * f1))
    y_hat = net.step("y_hat", F.sigmoid(w3 * f2))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def classifier(hidden: Any = F.tanh) -> Network:
    X, Y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
    net = Network(
        "classifier",
        inputs=[X],
        targets=[Y],
        weights=[W1, b1, W2, b2],
        hyperparameters={lam: 0.1},
        labels={Y: "one-hot"},
    )
    h = net.step("h", hidden(W1 * X + b1))
    p = net.step("p", F.softmax(W2 * h + b2))
    net.loss(F.cross_entropy(Y, p) + lam * F.l2(W1, W2))
    return net


def ridge() -> Network:
    X, T, U = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("U", D, 1)
    net = Network("ridge", inputs=[X], targets=[T], weights=[U], samples=n)
    net.loss(F.squared_norm(T - X * U) + F.squared_norm(U))
    return net


def function() -> Network:
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", D, N)
    net = Network("function", weights=[A, B])
    net.loss(F.squared_norm(A * B) + F.total(F.exp(A)))
    return net


def rows() -> Network:
    X, Y = MatrixSymbol("x", 1, D), MatrixSymbol("y", 1, 1)
    W, c = MatrixSymbol("W", D, 1), MatrixSymbol("c", 1, 1)
    net = Network("rows", inputs=[X], targets=[Y], weights=[W, c], labels={Y: "signed"})
    o = net.step("o", F.scalar(X * W) + F.scalar(c))
    net.loss(F.softplus(-F.scalar(Y) * o))
    return net


RIGHT: dict[str, Callable[[], Network]] = {
    "K3": k3,
    "tanh": classifier,
    "relu": lambda: classifier(F.relu),
    "ridge": ridge,
    "function": function,
    "rows": rows,
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_network_is_reported_right(name: str) -> None:
    for seed in range(3):
        report = check_gradients(derive(RIGHT[name]()), seed=seed)
        assert report.ok and report.loss_ok, str(report)
        assert all(check.checked for check in report.weights)
        assert "WRONG" not in str(report)


def test_plain_python_is_checked_too() -> None:
    report = check_gradients(derive(k3()), target="python")
    assert report.ok and [check.weight for check in report.weights] == ["w1", "b1", "w2", "w3"]


def test_a_report_gives_entry_values_tolerance_and_method_of_every_weight() -> None:
    report = check_gradients(derive(classifier()))
    assert [check.weight for check in report.weights] == ["W1", "b1", "W2", "b2"]
    for check in report.weights:
        assert check.method == "complex step" and check.tolerance < 1e-8
        assert len(check.entry) == 2 and np.isfinite([check.emitted, check.reference]).all()
        line = next(text for text in str(report).splitlines() if text.startswith(check.weight))
        for part in (f"{check.emitted:.10g}", f"{check.reference:.10g}", "tolerance"):
            assert part in line


def tampered(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[float, dict[str, Any]], float | None]
) -> None:
    """Let the emitted module give other results."""

    def other(derivation: Any, target: str = "numpy") -> Any:
        module = load(derivation, target)
        right = module.loss_and_gradients

        def wrong(params: Any, *data: Any) -> Any:
            value, gradients = right(params, *data)
            changed = change(value, gradients)
            return (value if changed is None else changed), gradients

        monkeypatch.setattr(module, "loss_and_gradients", wrong, raising=True)
        return module

    monkeypatch.setattr(checking, "load", other)


@pytest.mark.parametrize(
    ("weight", "place"), [("W1", (1, 0)), ("b1", (1,)), ("W2", (2, 1)), ("b2", (0,))]
)
@pytest.mark.parametrize("hidden", [F.tanh, F.relu])
def test_one_wrong_entry_is_found_and_named_with_both_values(
    weight: str, place: tuple[int, ...], hidden: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousandth is added to one entry of one gradient; every other weight stays right."""
    seen: dict[str, float] = {}

    def change(value: float, gradients: dict[str, Any]) -> None:
        gradients[weight][place] += 1e-3
        seen["wrong"] = float(gradients[weight][place])

    tampered(monkeypatch, change)
    report = check_gradients(derive(classifier(hidden)), seed=1)
    assert not report.ok and report.loss_ok
    for check in report.weights:
        assert check.ok == (check.weight != weight)
    (wrong,) = (check for check in report.weights if not check.ok)
    assert wrong.entry[: len(place)] == place
    assert wrong.emitted == seen["wrong"]
    assert wrong.reference == pytest.approx(seen["wrong"] - 1e-3, abs=1e-7)
    line = next(text for text in str(report).splitlines() if text.startswith(f"{weight}: WRONG"))
    assert f"[{', '.join(map(str, wrong.entry))}]" in line
    assert f"{wrong.emitted:.10g}" in line and f"{wrong.reference:.10g}" in line


@pytest.mark.parametrize("factor", [0.0, -1.0, 2.0, 1 + 1e-4])
def test_a_gradient_off_by_a_factor_is_wrong(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(value: float, gradients: dict[str, Any]) -> None:
        gradients["U"] *= factor

    tampered(monkeypatch, change)
    report = check_gradients(derive(ridge()))
    assert not report.ok and not report.weights[0].ok


def test_a_gradient_that_is_not_a_number_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(value: float, gradients: dict[str, Any]) -> None:
        gradients["U"][1] = np.nan

    tampered(monkeypatch, change)
    assert not check_gradients(derive(ridge())).ok


def test_a_gradient_divided_by_n_once_too_often_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(value: float, gradients: dict[str, Any]) -> None:
        for gradient in gradients.values():
            gradient /= 3

    tampered(monkeypatch, change)
    report = check_gradients(derive(classifier()), samples=3)
    assert not any(check.ok for check in report.weights)


def test_a_loss_off_by_a_little_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    tampered(monkeypatch, lambda value, gradients: value * (1 + 1e-8))
    report = check_gradients(derive(ridge()))
    assert not report.loss_ok and not report.ok
    assert str(report).startswith("ridge: loss WRONG")


# -- kinks and domains ----------------------------------------------------------------------------


def test_kinks_are_skipped_and_named() -> None:
    """The sign of the argument of relu changes with w at the point itself: w = 0."""
    net = Network("kink", inputs=[x], weights=[w, v])
    h = net.step("h", F.relu(w * x) + F.relu(v + 3))
    net.loss((h - 1) ** 2)
    derivation = derive(net)
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    reference.weights |= {"w": np.array(0.0), "v": np.array(0.5)}
    check = reference.check(net.declared["w"], np.array(0.0))
    assert check.checked == 0 and check.kinks == ("relu in step 'h'",)
    assert "relu in step 'h'" in str(check)
    weights, data = reference.arrays()
    gradient = load(derivation).loss_and_gradients(weights, *data)[1]["v"]
    other = reference.check(net.declared["v"], np.array(gradient))
    assert other.checked == 1 and other.ok and not other.kinks


def test_a_weight_of_which_no_entry_was_checked_is_not_called_right() -> None:
    net = Network("kink", inputs=[x], weights=[w])
    h = net.step("h", F.relu(w * x))
    net.loss((h - 1) ** 2)
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    reference.weights |= {"w": np.array(0.0)}
    check = reference.check(net.declared["w"], np.array(7.0))
    assert check.checked == 0
    assert "right" not in str(check)


def test_relu_is_checked_by_differences_and_smooth_networks_by_complex_steps() -> None:
    smooth = check_gradients(derive(classifier(F.softplus)))
    kinked = check_gradients(derive(classifier(F.relu)))
    assert {check.method for check in smooth.weights} == {"complex step"}
    assert {check.method for check in kinked.weights} == {"central difference"}


def with_domain(loss: Callable[[Any, Any], Any]) -> Network:
    net = Network("domain", inputs=[x], weights=[w, v])
    net.loss(loss(w, v) + (w * x) ** 2)
    return net


@pytest.mark.parametrize(
    "loss",
    [
        lambda w, v: F.log(w) * v,
        lambda w, v: F.sqrt(w) + F.log(v),
        lambda w, v: F.log(w) + F.sqrt(-v),
        lambda w, v: F.log(-w) * F.log(-v),
        lambda w, v: w**v,
        lambda w, v: F.log(1 - w**2) + v,
        lambda w, v: 1 / F.sqrt(w * v),
    ],
    ids=["log", "sqrt", "opposite signs", "negative", "power", "bounded", "same sign"],
)
def test_a_point_in_the_domain_is_found(loss: Callable[[Any, Any], Any]) -> None:
    for seed in range(3):
        report = check_gradients(derive(with_domain(loss)), seed=seed)
        assert report.ok and np.isfinite(report.loss), str(report)


def test_a_matrix_of_logarithms_has_a_point_too() -> None:
    W, X = MatrixSymbol("W", N, D), MatrixSymbol("x", D, 1)
    net = Network("logs", inputs=[X], weights=[W])
    net.loss(F.squared_norm(F.log(W) * X) + F.total(F.sqrt(W)))
    report = check_gradients(derive(net))
    assert report.ok, str(report)


def test_no_point_in_the_domain_is_an_error_that_names_the_network() -> None:
    with pytest.raises(GradientError, match=r"'domain'.*finite"):
        check_gradients(derive(with_domain(lambda w, v: F.log(-1 - w**2) + v)))


# -- points ---------------------------------------------------------------------------------------


def test_all_sizes_and_the_number_of_samples_differ() -> None:
    """A wrong axis is noticed by its length."""
    net = classifier()
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    sizes = [*reference.sizes.values(), reference.samples]
    assert len(set(sizes)) == len(sizes)
    assert min(sizes) > 1


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("one-hot", lambda t: set(t.ravel()) <= {0, 1} and (t.sum(1) == 1).all()),
        ("probabilities", lambda t: (t >= 0).all() and np.allclose(t.sum(1), 1)),
        ("binary", lambda t: set(t.ravel()) <= {0, 1}),
        ("signed", lambda t: set(t.ravel()) <= {-1, 1}),
    ],
)
def test_targets_are_drawn_of_their_declared_kind(
    kind: str, fits: Callable[[Any], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, Y, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1), MatrixSymbol("W", V, D)
    net = Network("kinds", inputs=[X], targets=[Y], weights=[W], labels={Y: kind})
    net.loss(F.squared_error(Y, F.tanh(W * X)))
    for seed in range(5):
        reference = checking._Reference(net, np.random.default_rng(seed), 4)
        targets = reference.arrays()[1][1]
        assert targets.shape == (4, reference.sizes["V"]) and fits(targets)
    assert check_gradients(derive(net)).ok


def test_another_seed_draws_another_point_and_the_same_seed_the_same() -> None:
    derivation = derive(k3())
    first, again, other = (check_gradients(derivation, seed=seed) for seed in (1, 1, 2))
    assert first == again and first.loss != other.loss


def test_sizes_that_depend_on_others_are_drawn_to_fit() -> None:
    """(N - 2) x 2*D: no size is below 1."""
    W = MatrixSymbol("W", N - 2, 2 * D)
    X, U = MatrixSymbol("x", 2 * D, 1), MatrixSymbol("U", N, D)
    net = Network("derived", inputs=[X], weights=[W, U])
    net.loss(F.squared_norm(F.tanh(W * X)) + F.squared_norm(U))
    report = check_gradients(derive(net))
    assert report.ok and all(check.checked for check in report.weights)


def test_a_large_weight_is_sampled() -> None:
    W, X = MatrixSymbol("W", 40, 30), MatrixSymbol("x", 30, 1)
    net = Network("large", inputs=[X], weights=[W])
    net.loss(F.squared_norm(F.tanh(W * X)))
    (check,) = check_gradients(derive(net)).weights
    assert check.ok and 50 <= check.checked < 1200


def test_hyperparameters_have_their_declared_values() -> None:
    net = Network("hyper", inputs=[x], weights=[w], hyperparameters={Symbol("lam"): 0.25})
    net.loss((w * x) ** 2 + Symbol("lam") * w**2)
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    point = float(reference.weights["w"])
    expected = np.mean([(point * sample["x"]) ** 2 for sample in reference.data]) + point**2 / 4
    assert reference.loss() == pytest.approx(expected)


# -- points at which formulas keep their digits ---------------------------------------------------


def autoencoder(depth: int = 3) -> Network:
    """Sigmoid outputs of several linear layers: with weights from N(0, 1) they saturate."""
    X, W = MatrixSymbol("x", D, 1), [MatrixSymbol(f"W{k}", N, N) for k in range(depth)]
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", D, N)
    net = Network("autoencoder", inputs=[X], weights=[A, *W, B])
    h = A * X
    for weight in W:
        h = weight * h
    q = net.step("q", F.sigmoid(10 * B * h))
    t, one = F.sigmoid(X), OneMatrix(D, 1)
    wrong = hadamard_product(one - t, F.log(one - q))
    net.loss(-F.total(hadamard_product(t, F.log(q)) + wrong))
    return net


def test_the_reference_is_not_the_one_that_is_wrong() -> None:
    """log(1 - q) of a saturated q has lost its digits in the reference, not in the module."""
    for seed in range(10):
        report = check_gradients(derive(autoencoder()), seed=seed)
        assert report.ok, str(report)


@pytest.mark.parametrize("tall", [False, True])
def test_a_product_that_is_singular_for_some_sizes_has_a_point(tall: bool) -> None:
    """W.T*S*W is regular only if W has more rows than columns, W*W.T if it has fewer."""
    W, S = MatrixSymbol("W", D, N), MatrixSymbol("S", D, D)
    net = Network("discriminant", weights=[W, S])
    A = W.T * S * S.T * W if tall else W * W.T
    B = F.squared_norm(S) * (1 if tall else F.exp(-F.squared_norm(W)))
    net.loss(F.log(Determinant(A)) + B)
    for seed in range(3):
        report = check_gradients(derive(net), seed=seed)
        assert report.ok and np.isfinite(report.loss), str(report)


def test_a_module_that_is_finite_nowhere_is_an_error_and_no_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tampered(monkeypatch, lambda value, gradients: float(np.float64(value) / np.zeros(())))
    with pytest.raises(GradientError, match=r"'ridge'.*finite"):
        check_gradients(derive(ridge()))


def test_an_emitted_module_that_cannot_run_is_not_taken_for_a_bad_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def change(value: float, gradients: dict[str, Any]) -> None:
        gradients["U"][...] = np.ones((7, 5))

    tampered(monkeypatch, change)
    with pytest.raises(ValueError, match="broadcast"):
        check_gradients(derive(ridge()))


def test_declared_sizes_are_tried_too() -> None:
    """W.T*W is singular for all small sizes that are drawn, as D is not large beside N."""
    W = MatrixSymbol("W", D, 2 * N)
    net = Network("declared", weights=[W], sizes={D: 9, N: 2})
    net.loss(F.squared_norm(Inverse(W.T * W)))
    reference = checking._Reference(net, np.random.default_rng(0), 2)
    assert reference.sizes == {"D": 9, "N": 2}
    assert check_gradients(derive(net)).ok
