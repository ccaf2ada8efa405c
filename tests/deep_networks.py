"""Networks of many layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Symbol, symbols

from symprop import Network, function, half_squared_error, sigmoid


def layers_of_sigmoids(count: int, *, act: Callable[[Any], Any] = sigmoid) -> Network:
    """a_k = w_k f_{k-1} and f_k = s(a_k), with f_0 = x."""
    x, y, *weights = symbols(f"x y w1:{count + 1}", real=True)
    network = Network(f"layers_{count}", inputs=[x], targets=[y], weights=weights)
    f = x
    for k, weight in enumerate(weights, start=1):
        a = network.step(f"a{k}", weight * f)
        f = network.step(f"f{k}", act(a))
    network.loss(half_squared_error(y, f))
    return network


def chain_of_functions(count: int) -> Network:
    """h_k = f_k(h_{k-1}, w_k) with h_0 = x, and e = l(h_K, y), of any form."""
    x, y = symbols("x y", real=True)
    weights = [Symbol(f"w{k}", real=True) for k in range(1, count + 1)]
    network = Network(f"deep_chain_{count}", inputs=[x], targets=[y], weights=weights)
    h = x
    for k, weight in enumerate(weights, start=1):
        h = network.step(f"h{k}", function(f"f_{k}")(h, weight))
    network.loss(function("l")(h, y), name="e")
    return network
