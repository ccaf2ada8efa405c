"""Backward propagation in a deep network: h_k = f_k(h_(k-1), w_k) and e = l(h_K, y), of any form.

ECE 884 Deep Learning, lecture 11, for K = 1, 2, 3; `deep_chain(6)` declares six steps. There is
nothing to compute with: no code is emitted.
"""

from sympy import Symbol, symbols

from symprop import Network, function

x, y = symbols("x y", real=True)


def deep_chain(depth: int = 4) -> Network:
    """Declare a chain of `depth` steps, each with a weight."""
    w = [Symbol(f"w{k}", real=True) for k in range(1, depth + 1)]
    network = Network(f"deep_chain_{depth}", inputs=[x], targets=[y], weights=w)
    h = x
    for k in range(1, depth + 1):
        h = network.step(f"h{k}", function(f"f_{k}")(h, w[k - 1]))
    network.loss(function("l")(h, y), name="e")
    return network


one_step = deep_chain(1)
two_steps = deep_chain(2)
three_steps = deep_chain(3)
