"""Where an output turns from one class to the other: what the accuracy of a module is taken by."""

from __future__ import annotations

from symprop.expression.nodes import Along, Apply, Leaf, Node, leaves, walk
from symprop.functions.activations import log_softplus, sigmoid, softplus
from symprop.functions.elementary import exp, log, log1p
from symprop.functions.normal import normal_cdf
from symprop.functions.piecewise import maximum, relu
from symprop.functions.softmax import softmax
from symprop.network import Network, Step
from symprop.program.stable import Stable

PROBABILITIES = (sigmoid, normal_cdf, softmax)
"""Functions whose values are probabilities."""
OF_SCORES = (sigmoid, normal_cdf, softplus, log_softplus, exp)
"""Functions that a loss takes of a score, such as a logit."""


def threshold(network: Network, output: Step) -> float:
    """The value above which an output means the positive class.

    That is 1/2 for a probability and for a number fitted to 0/1 labels, 0 for a score. What it is
    shows in how it is made (by a sigmoid, also one spelt out) and in how the loss reads it: the
    logarithm is taken of a probability, the sigmoid, softplus or hinge of a score.
    """
    kinds = {network.labels.get(target.name) for target in network.targets}
    if kinds.isdisjoint(("binary", "signed")):
        return 0.5
    definitions = {step.name: step.node for step in network.steps.values()}
    made = Stable(definitions).rewrite(output.node)
    if isinstance(made, Apply | Along) and made.entry in PROBABILITIES:
        return 0.5
    read = _read_by(network, output.leaf)
    if any(node.entry in OF_SCORES or _is_hinge(node, network) for node in read):
        return 0.0
    if any(node.entry in (log, log1p) for node in read):
        return 0.5
    return 0.0 if "signed" in kinds else 0.5


def _read_by(network: Network, output: Leaf) -> list[Apply]:
    """The functions that are taken of an output on its way to the loss."""
    names = {output.name}
    found: list[Apply] = []
    for step in network.steps.values():
        if names.isdisjoint(leaf.name for leaf in leaves(step.node)):
            continue
        names.add(step.name)
        found += [n for n in walk(step.node) if isinstance(n, Apply) and _holds(n, names)]
    return found


def _holds(node: Node, names: set[str]) -> bool:
    return not names.isdisjoint(leaf.name for leaf in leaves(node))


def _is_hinge(node: Apply, network: Network) -> bool:
    """Whether a margin is rectified: max(0, 1 - y*z)."""
    targets = {target.name for target in network.targets}
    return node.entry in (relu, maximum) and _holds(node, targets)
