"""The networks of examples/*.py a second time, in torch: an oracle from outside.

Each is written from the lecture or the paper, for one sample, or for the whole batch where the
network is declared with `samples=n`. It is given the values of all names, columns as vectors, and
gives the loss and the outputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch_networks.case import Arrays, functional, torch

Twin = Callable[[Any], tuple[Any, Arrays]]

TWINS: dict[str, Twin] = {}
"""By the name of the network."""


def twin(written: Twin) -> Twin:
    TWINS[written.__name__] = written
    return written


# -- CMU 16-385 -----------------------------------------------------------------------------------


@twin
def smallest_perceptron(v: Any) -> tuple[Any, Arrays]:
    y_hat = v.w * v.x
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


@twin
def second_smallest_perceptron(v: Any) -> tuple[Any, Arrays]:
    y_hat = v.w1 * v.x1 + v.w2 * v.x2
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


def _chain(v: Any, f: Callable[[Any], Any]) -> tuple[Any, Arrays]:
    f3 = f(v.w3 * f(v.w2 * f(v.w1 * v.x + v.b1)))
    return (v.y - f3) ** 2 / 2, {"f3": f3}


@twin
def multilayer_perceptron(v: Any) -> tuple[Any, Arrays]:
    return _chain(v, torch.sigmoid)


@twin
def one_long_equation(v: Any) -> tuple[Any, Arrays]:
    return _chain(v, torch.sigmoid)


@twin
def learned_slope(v: Any) -> tuple[Any, Arrays]:
    return _chain(v, lambda a: functional.prelu(a.reshape(1), v.alpha.reshape(1))[0])


# -- ECE 884 --------------------------------------------------------------------------------------


@twin
def sum_times_z(v: Any) -> tuple[Any, Arrays]:
    return (v.x + v.y) * v.z, {"q": v.x + v.y}


@twin
def sigmoid_circuit(v: Any) -> tuple[Any, Arrays]:
    s = v.w0 * v.x0 + v.w1 * v.x1 + v.w2
    return torch.sigmoid(s), {"D": 1 + torch.exp(-s)}


@twin
def add_gate(v: Any) -> tuple[Any, Arrays]:
    return v.x + v.y, {}


@twin
def mul_gate(v: Any) -> tuple[Any, Arrays]:
    return v.x * v.y, {}


@twin
def max_gate(v: Any) -> tuple[Any, Arrays]:
    return torch.maximum(v.x, v.y), {}


@twin
def all_gates(v: Any) -> tuple[Any, Arrays]:
    s, m = v.x + v.y, torch.maximum(v.y, v.z)
    return s * m, {"s": s, "m": m}


def _two_layers(v: Any, g: Callable[[Any], Any]) -> tuple[Any, Arrays]:
    f = v.W2 @ g(v.W1 @ v.x + v.b1) + v.b2
    return ((v.y - f) ** 2).sum() / 2, {"f": f}


@twin
def vector_network_sigmoid(v: Any) -> tuple[Any, Arrays]:
    return _two_layers(v, torch.sigmoid)


@twin
def two_layer_network(v: Any) -> tuple[Any, Arrays]:
    loss, outputs = _two_layers(v, torch.tanh)
    return loss + 0.001 * ((v.W1**2).sum() + (v.W2**2).sum()), outputs


@twin
def vector_regression(v: Any) -> tuple[Any, Arrays]:
    return (v.y - v.w1 @ v.x) ** 2, {"h1": v.w1 @ v.x}


@twin
def positive_example(v: Any) -> tuple[Any, Arrays]:
    h1 = v.w1 @ v.x
    return -functional.logsigmoid(h1), {"h2": torch.sigmoid(h1)}


def _softmax_loss(y: Any, z: Any) -> Any:
    return -(y * torch.log_softmax(z, -1)).sum()


@twin
def l2_penalty(v: Any) -> tuple[Any, Arrays]:
    f = v.W @ v.x
    return _softmax_loss(v.y, f) + 0.01 * (v.W**2).sum(), {"f": f}


@twin
def l1_penalty(v: Any) -> tuple[Any, Arrays]:
    f = v.W @ v.x
    return _softmax_loss(v.y, f) + 0.01 * v.W.abs().sum(), {"f": f}


# -- the backpropagation primer -------------------------------------------------------------------


@twin
def linear_regression(v: Any) -> tuple[Any, Arrays]:
    h = v.w * v.x + v.b
    return (v.y - h) ** 2 / 2, {"h": h}


def _two_classes(y: Any, o: Any) -> tuple[Any, Any]:
    p = torch.softmax(o, 0)
    return _softmax_loss(torch.stack([y, 1 - y]), o), p


@twin
def two_outputs(v: Any) -> tuple[Any, Arrays]:
    q = torch.sigmoid(v.w * v.x + v.b)
    loss, p = _two_classes(v.y, torch.stack([v.v1 * q, v.v2 * q]))
    return loss, {"p1": p[0], "p2": p[1]}


def _wider(v: Any) -> tuple[Any, Any]:
    q1 = torch.sigmoid(v.w11 * v.x1 + v.w12 * v.x2 + v.b1)
    q2 = torch.sigmoid(v.w21 * v.x1 + v.w22 * v.x2 + v.b2)
    return _two_classes(v.y, torch.stack([v.v11 * q1 + v.v12 * q2, v.v21 * q1 + v.v22 * q2]))


@twin
def wider_network(v: Any) -> tuple[Any, Arrays]:
    loss, p = _wider(v)
    return loss, {"p": p}


@twin
def wider_network_by_elements(v: Any) -> tuple[Any, Arrays]:
    loss, p = _wider(v)
    return loss, {"p1": p[0], "p2": p[1]}


@twin
def affine_layer(v: Any) -> tuple[Any, Arrays]:
    h = functional.linear(v.x, v.W, v.b)
    return ((v.y - h) ** 2).sum() / 2, {"h": h}


@twin
def crazy_layer(v: Any) -> tuple[Any, Arrays]:
    h = torch.exp(-((v.W @ v.x - v.c) ** 2)) * torch.sigmoid(v.U @ v.x)
    return ((v.y - v.A @ h) ** 2).sum() / 2, {"y_hat": v.A @ h}


# -- UIUC lecture 28 ------------------------------------------------------------------------------


@twin
def deep_network_3(v: Any) -> tuple[Any, Arrays]:
    h = torch.sigmoid(v.W1 @ v.x + v.b1)
    h = torch.sigmoid(v.W2 @ h + v.b2)
    beta = v.W3 @ h + v.b3
    return _softmax_loss(v.y, beta), {"y_hat": torch.softmax(beta, 0)}


def _hidden(v: Any, g: Callable[[Any], Any]) -> Any:
    beta = functional.linear(g(functional.linear(v.x, v.W1, v.b1)), v.W2, v.b2)
    return beta if v.y.ndim else beta[0]


@twin
def sentiment(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.tanh)
    return functional.soft_margin_loss(beta, v.y), {"beta2": beta}


@twin
def sentiment_by_margin(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.relu)
    return torch.clamp(1 - v.y * beta, min=0), {"beta2": beta}


@twin
def animal(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.sigmoid)
    loss = functional.binary_cross_entropy_with_logits(beta, v.y)
    return loss, {"y_hat": torch.sigmoid(beta)}


@twin
def chess_position(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.tanh)
    return functional.mse_loss(beta, v.y), {"beta2": beta}


@twin
def image_class(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.relu)
    return functional.cross_entropy(beta, v.y.argmax()), {"y_hat": torch.softmax(beta, 0)}


@twin
def class_probabilities(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.tanh)
    return functional.cross_entropy(beta, v.y), {"y_hat": torch.softmax(beta, 0)}


@twin
def clean_image(v: Any) -> tuple[Any, Arrays]:
    beta = _hidden(v, torch.sigmoid)
    return functional.mse_loss(beta, v.y, reduction="sum"), {"beta2": beta}


# -- beyond the lectures --------------------------------------------------------------------------


@twin
def digits(v: Any) -> tuple[Any, Arrays]:
    z = v.W2 @ torch.relu(v.W1 @ v.x + v.b1) + v.b2
    return _softmax_loss(v.y, z), {"p": torch.softmax(z, 0)}


@twin
def tied_autoencoder(v: Any) -> tuple[Any, Arrays]:
    x_hat = functional.linear(torch.sigmoid(functional.linear(v.x, v.W, v.b)), v.W.T, v.c)
    return functional.mse_loss(x_hat, v.x, reduction="sum") / 2, {"x_hat": x_hat}


@twin
def attention(v: Any) -> tuple[Any, Arrays]:
    H = functional.scaled_dot_product_attention(v.X @ v.W_q, v.X @ v.W_k, v.X @ v.W_v)
    return functional.mse_loss(H, v.Y), {"H": H}


@twin
def lstm(v: Any) -> tuple[Any, Arrays]:
    """torch's own cell, which stacks the gates in the order i, f, g, o."""
    cell = torch.nn.LSTMCell(len(v.x1), len(v.h0), dtype=torch.float64)
    W, U, b = (
        torch.cat([getattr(v, f"{kind}_{gate}") for gate in "ifgo"]) for kind in ("W", "U", "b")
    )
    given = {"weight_ih": W, "weight_hh": U, "bias_ih": b, "bias_hh": torch.zeros_like(b)}
    h, c = v.h0, v.c0
    for x in (v.x1, v.x2, v.x3):
        h, c = torch.func.functional_call(cell, given, (x, (h, c)))
    return _softmax_loss(v.y, v.C @ h), {"p": torch.softmax(v.C @ h, 0)}


@twin
def layer_norm(v: Any) -> tuple[Any, Arrays]:
    h = torch.relu(functional.layer_norm(v.W @ v.x, v.g.shape, v.g, v.t, 1e-5))
    z = v.U @ h + v.b
    return _softmax_loss(v.y, z), {"p": torch.softmax(z, 0)}


@twin
def mixture_of_losses(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.W @ v.x)
    logits, z_hat = v.U_y @ h, v.U_z @ h
    first, second = _softmax_loss(v.y, logits), ((v.z - z_hat) ** 2).sum() / 2
    loss = torch.exp(-v.s_y) * first + torch.exp(-v.s_z) * second + (v.s_y + v.s_z) / 2
    return loss, {"p": torch.softmax(logits, 0), "z_hat": z_hat}


@twin
def ridge_regression(v: Any) -> tuple[Any, Arrays]:
    y_hat = v.X @ v.w
    return ((v.y - y_hat) ** 2).sum() + 0.1 * (v.w**2).sum(), {"y_hat": y_hat}


@twin
def gaussian_log_likelihood(v: Any) -> tuple[Any, Arrays]:
    """Without the constant; by elimination and not by an inverse."""
    r = v.x - v.mu
    return (torch.logdet(v.S) + r @ torch.linalg.solve(v.S, r)) / 2, {"r": r}
