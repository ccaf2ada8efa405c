"""The backward sweep: one pass over the steps, last to first, that remembers what is computed.

Every upstream gradient gets a name, `delta_<step>`, so the work is linear in the steps however
often paths part and meet again; the argument of a function inside a step, such as W*x + b in
sigmoid(W*x + b), gets one too. A gradient is written into the next line instead of named only
while it is short and used once: that is where a person would not name it either, and where a loss
and the function before it cancel (softmax with cross-entropy gives p - y). The gradient of what
does not vary with the sample is always named, as it is averaged in another way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from symprop.derivation.contributions import Name, contributions
from symprop.derivation.entrywise import ENTRYWISE, Useful, branches, repeats
from symprop.derivation.folding import Folding, divides_by
from symprop.derivation.parts import Kind, homogeneous_parts, kind_of
from symprop.derivation.simplification import is_fixed, tidy
from symprop.expression.algebra import ONE, ZERO, add, filled, is_symmetric
from symprop.expression.blocks import fitted_together
from symprop.expression.contents import holds, roles
from symprop.expression.nodes import (
    Identity,
    Leaf,
    MatMul,
    Node,
    Product,
    Slice,
    Sum,
    leaves,
    operations,
)
from symprop.network import Network, Step

INLINE_LIMIT = 12
"""An upstream gradient of more operations than this is named."""
CANCELLING_LIMIT = 60
"""The same, where the gradient divides by the value of its step, which will cancel."""


@dataclass(frozen=True)
class Upstream:
    """dL/d(value), the value being a step or an expression inside one.

    `expression` is over step and delta names. `named` is False where it is written into the lines
    that use it.
    """

    step: Step
    value: Node
    delta: Leaf
    expression: Node
    named: bool


@dataclass(frozen=True)
class Sweep:
    """The upstream gradients in backward order, and the gradient of each symbol asked for."""

    upstream: dict[str, Upstream]
    gradients: dict[str, Node]


def sweep(network: Network, symbols: Collection[Leaf]) -> Sweep:
    """Apply the chain rule backwards from the loss, visiting only what leads to `symbols`."""
    loss = network.require_loss()
    useful = leading_to(network, symbols)
    folding = Folding(network.steps)
    varying = network.varying()
    taken = {*network.symbols, *(f"delta_{name}" for name in network.steps)}
    pending: dict[str, list[Node]] = {loss.name: [ONE]}
    upstream: dict[str, Upstream] = {}
    for step in reversed(network.steps.values()):
        if step.name not in pending or not useful(step.leaf):
            continue
        gradient = _added(pending.pop(step.name), step.leaf)
        kind = Kind.VARYING if step.name in varying else Kind.AVERAGED
        delta = _delta(f"delta_{step.name}", step, gradient, kind)
        apart = step.name not in varying and operations(gradient) > 0
        named = step is not loss and (apart or not _written_in(step, gradient, useful))
        upstream[step.name] = Upstream(step, step.leaf, delta, gradient, named)
        if not useful(step.node):  # asked for itself
            continue
        naming = _inner_names(step, upstream, taken, varying)
        for part in [delta] if named else homogeneous_parts(gradient):
            found = contributions(step.node, part, useful, folding.of(step), naming)
            for leaf, terms in found.items():
                pending.setdefault(leaf.name, []).extend(terms)
    gradients = {}
    for leaf in symbols:
        if leaf.name in upstream:
            gradients[leaf.name] = upstream[leaf.name].expression
        else:
            gradients[leaf.name] = _added(pending.get(leaf.name, [ZERO]), leaf)
    return Sweep(upstream, gradients)


def _delta(name: str, step: Step, gradient: Node, kind: Kind) -> Leaf:
    """The name of an upstream gradient."""
    symmetric = is_symmetric(gradient)
    return Leaf(name, gradient.shape, kind.value, step.leaf.rank, symmetric=symmetric)


def _added(terms: list[Node], leaf: Leaf) -> Node:
    """The uses of a value add up; what comes through other gradients stands first.

    A penalty, which no data are in, stands last.
    """
    if len(terms) == 1:
        return tidy(filled(terms[0], leaf.shape))
    ordered = sorted(terms, key=lambda term: (kind_of(term) is Kind.DIRECT, _is_penalty(term)))
    together = [
        part
        for _, of_a_kind in groupby(ordered, key=kind_of)  # others must not share a stack
        for part in fitted_together([*of_a_kind])
    ]
    return tidy(filled(add(*together), leaf.shape))


def _is_penalty(term: Node) -> bool:
    return roles(term) <= {"weight", "hyperparameter"}


def _inner_names(
    step: Step, upstream: dict[str, Upstream], taken: set[str], varying: Collection[str]
) -> Name:
    """Names the gradients of expressions inside `step`, and records them."""

    def name(value: Node, gradient: Node) -> Node:
        plain = roles(gradient) <= {"hyperparameter"}
        if plain or _is_plain(gradient) or _is_view(gradient) or _scales_identity(gradient):
            return gradient
        index = 1
        while (inner := f"delta_{step.name}_{index}") in taken:
            index += 1
        taken.add(inner)
        varies = any(leaf.name in varying for leaf in leaves(value))
        kind = Kind.VARYING if varies else Kind.AVERAGED
        delta = _delta(inner, step, gradient, kind)
        upstream[inner] = Upstream(step, value, delta, gradient, True)
        return delta

    return name


def _is_plain(gradient: Node) -> bool:
    """Whether a gradient is a name, or a name times numbers and sizes."""
    return operations(_unscaled(gradient)) == 0


def _unscaled(node: Node) -> Node:
    """What numbers, sizes, weights and hyperparameters multiply, where that is one factor."""
    factors = node.children if isinstance(node, Product) else (node,)
    others = [factor for factor in factors if factor.shape or not is_fixed(factor)]
    return others[0] if len(others) == 1 else node


def _is_view(gradient: Node) -> bool:
    """Whether a gradient is a part of one that has a name."""
    return isinstance(gradient, Slice) and isinstance(gradient.children[0], Leaf)


def _scales_identity(gradient: Node) -> bool:
    """Whether a gradient is a number times the identity, which vanishes in a product."""
    factors = gradient.children if isinstance(gradient, Product) else (gradient,)
    matrices = [factor for factor in factors if factor.shape]
    return len(matrices) == 1 and isinstance(matrices[0], Identity)


def leading_to(network: Network, symbols: Collection[Leaf]) -> Useful:
    """Whether a node contains one of `symbols`, or a step that leads to one."""
    leading = {leaf.name for leaf in symbols}
    for step in network.steps.values():
        if not leading.isdisjoint(step.reads):
            leading.add(step.name)
    known: dict[Node, bool] = {}

    def useful(node: Node) -> bool:
        found = known.get(node)
        if found is None:
            leads = isinstance(node, Leaf) and node.name in leading
            found = known[node] = leads or any(map(useful, node.children))
        return found

    return useful


def _written_in(step: Step, gradient: Node, useful: Useful) -> bool:
    """Whether the upstream gradient of `step` goes into the next line without a name."""
    if operations(gradient) == 0:
        return True
    divided = divides_by(gradient, step.leaf)
    if operations(gradient) > (CANCELLING_LIMIT if divided else INLINE_LIMIT):
        return False
    if not divided and repeats(step.node, gradient, useful):
        return False
    used = [factor for factor in step.node.children if useful(factor)]
    scaled = isinstance(step.node, Product) and len(used) == 1
    if branches(used[0] if scaled else step.node, useful):
        return divided and isinstance(step.node, Product | Sum)
    return isinstance(step.node, ENTRYWISE) or not _has_contraction(gradient)


def _has_contraction(node: Node) -> bool:
    return holds(node, MatMul)
