"""The parts of a gradient that are averaged over a batch in different ways.

A term of a gradient is linear in the upstream gradient of a value that varies with the sample, or
of one that does not (averaged already), or it comes straight from the loss. The three must not be
mixed within a product.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from symprop.expression.algebra import add, multiply, transpose
from symprop.expression.contents import holds, roles
from symprop.expression.nodes import Node, Number, Product, Sum, Transpose


class Kind(Enum):
    """Where a term of a gradient comes from; the value is the role of the delta in it."""

    VARYING = "delta"
    AVERAGED = "averaged delta"
    DIRECT = ""


def kind_of(term: Node) -> Kind:
    """The kind of a term, or of a sum of terms of one kind."""
    return _kind(roles(term))


@cache
def _kind(roles: frozenset[str]) -> Kind:
    if Kind.VARYING.value in roles:
        return Kind.VARYING
    return Kind.AVERAGED if Kind.AVERAGED.value in roles else Kind.DIRECT


def homogeneous_parts(gradient: Node) -> list[Node]:
    """A gradient as a sum of parts, at most one of each kind."""
    if not holds(gradient, Sum):
        return [gradient]
    terms = _terms(gradient)
    if len(terms) == 1:
        return [gradient]
    groups: dict[Kind, list[Node]] = {}
    for term in terms:
        groups.setdefault(kind_of(term), []).append(term)
    if len(groups) <= 1:
        return [gradient]
    return [add(*groups[kind]) for kind in Kind if kind in groups]


def _terms(node: Node) -> list[Node]:
    """The terms of a sum, also of one that is transposed or multiplied as a whole."""
    match node:
        case Sum():
            return [term for child in node.children for term in _terms(child)]
        case Transpose():
            return [transpose(term) for term in _terms(node.children[0])]
        case Product():
            for place, factor in enumerate(node.children):
                if isinstance(factor, Sum | Transpose) and _is_mixed(factor):
                    others = [*node.children[:place], *node.children[place + 1 :]]
                    front = multiply(Number(node.coefficient), *others)
                    return [multiply(front, term) for term in _terms(factor)]
    return [node]


def _is_mixed(node: Node) -> bool:
    return len({kind_of(term) for term in _terms(node)}) > 1
