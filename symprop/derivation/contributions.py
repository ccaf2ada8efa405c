"""One step backwards: what a step adds to the gradients of its direct arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symprop.derivation.entrywise import (
    ENTRYWISE,
    Useful,
    branches,
    go_down,
    local_derivatives,
    order_of,
    repeats,
)
from symprop.derivation.folding import Fold, divides_by
from symprop.derivation.parts import homogeneous_parts
from symprop.derivation.rules import pull
from symprop.derivation.simplification import tidy, with_common_factor
from symprop.expression.algebra import (
    ZERO,
    add,
    filled,
    multiply,
    split_coefficient,
    total,
)
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Along,
    Identity,
    Leaf,
    Node,
    Number,
    Ones,
    Product,
    Unspecified,
)
from symprop.expression.unspecified import check_derivable
from symprop.functions.matrices import trace

Name = Callable[[Node, Node], Node]


def contributions(
    definition: Node, g: Node, useful: Useful, fold: Fold, name: Name = lambda node, g: g
) -> dict[Leaf, list[Node]]:
    """What a step with upstream gradient g adds to the gradients of its direct arguments.

    `fold` puts the names of steps for their values into the derivatives. `name` is asked for a
    name for the gradient of each inner expression that branches.
    """
    found: dict[Leaf, list[Node]] = {}
    places = order_of(definition)

    def visit(node: Node, gradients: list[Node]) -> Iterator[tuple[Node, Node]]:
        if isinstance(node, Leaf):
            found[node] = [filled(g, node.shape) for g in gradients]
            return
        together = gradients[0] if len(gradients) == 1 else tidy(add(*gradients))
        if together == ZERO:
            return
        if node is not definition and is_named(node, together):
            together = name(node, filled(together, node.shape))
        for g in homogeneous_parts(together):
            yield from through(node, g)

    def is_named(node: Node, gradient: Node) -> bool:
        cancels = isinstance(node, Along) and divides_by(gradient, node)
        return branches(node, useful) or (not cancels and repeats(node, gradient, useful))

    def through(node: Node, g: Node) -> Iterator[tuple[Node, Node]]:
        if isinstance(node, ENTRYWISE):
            for argument, local in local_derivatives(node, useful, fold, places).items():
                gradient = tidy(multiply(g, with_common_factor(local)))
                yield argument, fitted(gradient, node, argument)
        else:
            if isinstance(node, Unspecified):
                check_derivable(node, useful)
            for child, gradient in pull(node, filled(g, node.shape), fold(node)):
                if useful(child):
                    yield child, gradient

    go_down(definition, g, places, visit)
    return found


def fitted(gradient: Node, node: Node, argument: Node) -> Node:
    """A gradient of `node` brought to the shape of its argument: a scalar gathers all entries."""
    if node.shape and not argument.shape:
        return _gathered(filled(gradient, node.shape))
    return gradient


def _gathered(gradient: Node) -> Node:
    """The sum of all entries; of G .* I, as in the gradient of t in A + t I, it is the trace."""
    factors = gradient.children if isinstance(gradient, Product) else ()
    if not any(isinstance(factor, Identity) for factor in factors):
        return total(gradient)
    coefficient, rest = split_coefficient(gradient)
    scalars = [factor for factor in rest.children if not factor.shape]
    others = [f for f in rest.children if f.shape and not isinstance(f, Identity)]
    matrix = multiply(*others) if others else Ones(gradient.shape)
    return multiply(Number(coefficient), *scalars, of_matrix(trace, matrix))
