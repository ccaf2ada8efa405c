"""The parts of a gradient that are averaged over a batch in different ways.

A term of a gradient is linear in the upstream gradient of a value that varies with the sample, or
of one that does not (averaged already), or it comes straight from the loss. The three must not be
mixed within a product.
"""

from __future__ import annotations

from enum import Enum

from symprop.expression.algebra import add
from symprop.expression.nodes import Node, Sum, leaves


class Kind(Enum):
    """Where a term of a gradient comes from; the value is the role of the delta in it."""

    VARYING = "delta"
    AVERAGED = "averaged delta"
    DIRECT = ""


def kind_of(term: Node) -> Kind:
    """The kind of a term, or of a sum of terms of one kind."""
    roles = {leaf.role for leaf in leaves(term)}
    found = (kind for kind in (Kind.VARYING, Kind.AVERAGED) if kind.value in roles)
    return next(found, Kind.DIRECT)


def homogeneous_parts(gradient: Node) -> list[Node]:
    """A gradient as a sum of parts, at most one of each kind."""
    if not isinstance(gradient, Sum):
        return [gradient]
    groups: dict[Kind, list[Node]] = {}
    for term in gradient.children:
        groups.setdefault(kind_of(term), []).append(term)
    return [add(*groups[kind]) for kind in Kind if kind in groups]
