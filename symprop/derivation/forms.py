"""The written-out forms of a gradient: views, made on demand and only up to a stated size."""

from __future__ import annotations

from collections.abc import Mapping

from symprop.derivation.simplification import tidy
from symprop.derivation.sweep import Sweep
from symprop.errors import DerivationError
from symprop.expression.algebra import ONE
from symprop.expression.nodes import Leaf, Node, leaves, operations
from symprop.expression.rewriting import transform
from symprop.network import Network

SIZE_LIMIT = 20_000
"""A form of more operations than this is refused."""


class Forms:
    """Writes gradients of one sweep over a network out, as far as asked."""

    def __init__(self, network: Network, found: Sweep) -> None:
        deltas = {up.delta.name: up.expression for up in found.upstream.values() if up.named}
        values = {name: step.node for name, step in network.steps.items()}
        self._definitions: dict[str, Mapping[str, Node]] = {
            "delta": {},
            "steps": deltas,
            "expanded": deltas | values,
        }

    def write(self, gradient: Node, form: str) -> Node:
        """`gradient` in one of the forms "delta", "steps", "expanded"; DerivationError if long."""
        if form not in self._definitions:
            raise DerivationError(
                f"no form {form!r}", hint='the forms are "steps", "delta" and "expanded"'
            )
        definitions = self._definitions[form]
        if not definitions:
            return gradient
        order = _dependencies(gradient, definitions)
        size = _written_size(gradient, order, definitions)
        if size > SIZE_LIMIT:
            raise DerivationError(
                f"the form {form!r} would take more than {SIZE_LIMIT} operations",
                hint='form="delta" is always short',
            )
        written: dict[str, Node] = {}
        for name in order:
            written[name] = _filled_in(definitions[name], written)
        return tidy(_filled_in(gradient, written))


def _filled_in(node: Node, written: Mapping[str, Node]) -> Node:
    return transform(node, lambda n: written.get(n.name) if isinstance(n, Leaf) else None)


def _dependencies(node: Node, definitions: Mapping[str, Node]) -> list[str]:
    """The defined names below `node`, each after those that it needs itself."""
    order: dict[str, None] = {}
    pending = [(leaf.name, False) for leaf in leaves(node)]
    while pending:
        name, ready = pending.pop()
        if name not in definitions or name in order:
            continue
        if ready:
            order[name] = None
        else:
            pending.append((name, True))
            pending.extend((leaf.name, False) for leaf in leaves(definitions[name]))
    return list(order)


def _written_size(node: Node, order: list[str], definitions: Mapping[str, Node]) -> int:
    """The operations of `node` written out, counted without writing it, up to the limit."""
    sizes: dict[str, int] = {}
    for name in order:
        sizes[name] = _size(definitions[name], sizes)
    return _size(node, sizes)


def _size(node: Node, sizes: Mapping[str, int]) -> int:
    counts: dict[Node, int] = {}

    def count(current: Node) -> int:
        if isinstance(current, Leaf):
            return sizes.get(current.name, 0)
        if current not in counts:
            own = operations(_shell(current))
            written = own + sum(count(child) for child in current.children)
            counts[current] = min(written, SIZE_LIMIT + 1)
        return counts[current]

    return count(node)


def _shell(node: Node) -> Node:
    """`node` with its children taken as plain names, to count its own operations."""
    if not node.children:
        return ONE
    names = tuple(Leaf("", child.shape, "argument") for child in node.children)
    return type(node)(node.shape, names, node.content)
