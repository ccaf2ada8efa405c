"""The rules of the chain rule, each beside its mathematics.

Two kinds. Operations entry by entry are differentiated as in scalar calculus: `local_derivatives`
reads off the derivative by every argument at once. The others have a `pull`: from the upstream
gradient g of a node it makes the contributions to the gradients of its children,

    Y = A B      gA = g B'    gB = A' g
    Y = A'       gA = g'
    t = sum(A)   gA = g in every entry
    p = softmax(z) and its kin: the rule stands in the vocabulary.

A gradient has the shape of what it is taken by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from heapq import heappop, heappush

from symprop.derivation.folding import Fold
from symprop.derivation.parts import homogeneous_parts
from symprop.derivation.simplification import tidy, with_common_factor
from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    along,
    apply,
    filled,
    matmul,
    multiply,
    power,
    subtract,
    total,
    transpose,
)
from symprop.expression.calls import read_formula
from symprop.expression.nodes import (
    Along,
    Apply,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Sum,
    Total,
    Transpose,
    leaves,
)
from symprop.functions.activations import exp, log
from symprop.functions.reductions import softmax

Useful = Callable[[Node], bool]
Name = Callable[[Node, Node], Node]
Places = dict[Node, int]
SHALLOW = 3
"""The factors in front of an expression of so few levels are kept apart: they may fold and cancel
with it one by one, as in exp(u)/(exp(u) + exp(v))."""

ENTRYWISE = (Sum, Product, Power, Apply)


# -- scalar calculus, entry by entry --------------------------------------------------------------


def local_derivatives(
    node: Node, useful: Useful, fold: Fold = lambda node: node, places: Places | None = None
) -> dict[Node, Node]:
    """The derivative of an entrywise expression by each of its useful arguments.

    An argument is whatever stands below the entrywise operations: a name, the result of another
    operation, or an inner expression that branches, so that the factor in front of it is not
    repeated in every branch. Each inner expression is gone through once, however often it is used.
    `places` is the order of the nodes, if it is known.
    """
    found: dict[Node, Node] = {}

    def visit(current: Node, factors: list[Node]) -> Iterator[tuple[Node, Node]]:
        factor = add(*factors)
        shared = factor != ONE and branches(current, useful) and not _adds_exponentials(current)
        if not isinstance(current, ENTRYWISE) or shared:
            found[current] = add(*map(fold, factors))
        elif factor != ZERO:
            apart = factors if current.depth <= SHALLOW else [factor]
            for child, derivative in entrywise(current):
                if useful(child):
                    for part in apart:
                        yield child, multiply(part, derivative)

    go_down(node, ONE, places or order_of(node), visit)
    return found


def order_of(node: Node) -> Places:
    """The nodes below and including `node`, each before those that it contains, numbered."""
    after: dict[Node, None] = {}
    pending = [(node, False)]
    while pending:
        current, ready = pending.pop()
        if current in after:
            continue
        if ready:
            after[current] = None
        else:
            pending.append((current, True))
            pending.extend((child, False) for child in current.children)
    return {current: place for place, current in enumerate(reversed(after))}


def go_down(
    start: Node,
    value: Node,
    places: Places,
    visit: Callable[[Node, list[Node]], Iterator[tuple[Node, Node]]],
) -> None:
    """Visit nodes from `start` down, each once, with all that its users have passed to it."""
    passed: dict[Node, list[Node]] = {start: [value]}
    waiting = [(places[start], start)]
    while waiting:
        _, current = heappop(waiting)
        for child, gradient in visit(current, passed[current]):
            if child not in passed:
                passed[child] = []
                heappush(waiting, (places[child], child))
            passed[child].append(gradient)


def branches(node: Node, useful: Useful) -> bool:
    """Whether the arguments are reached from `node` through more than one child.

    An expression of few levels in one single argument is not a branch: its derivative is short.
    """
    if sum(map(useful, node.children)) < 2:
        return False
    return node.depth > 2 * SHALLOW or sum(map(useful, leaves(node))) > 1


def _adds_exponentials(node: Node) -> bool:
    """Whether `node` is a sum of exponentials: as a divisor it folds with what is above it."""
    return isinstance(node, Sum) and any(
        isinstance(term, Apply) and term.entry is exp for term in node.children
    )


@singledispatch
def entrywise(node: Node) -> Iterator[tuple[Node, Node]]:
    """Pairs of a child and the derivative of `node` by it, the other children held fixed."""
    raise TypeError(f"{type(node).__name__} is not an operation entry by entry")


@entrywise.register
def _(node: Sum) -> Iterator[tuple[Node, Node]]:
    for child in node.children:
        yield child, ONE


@entrywise.register
def _(node: Product) -> Iterator[tuple[Node, Node]]:
    for index, child in enumerate(node.children):
        others = node.children[:index] + node.children[index + 1 :]
        yield child, multiply(Number(node.coefficient), *others)


@entrywise.register
def _(node: Power) -> Iterator[tuple[Node, Node]]:
    base, exponent = node.base, node.exponent
    yield base, multiply(exponent, power(base, add(exponent, Number(-1))))
    yield exponent, multiply(node, apply(log, base))


@entrywise.register
def _(node: Apply) -> Iterator[tuple[Node, Node]]:
    (argument,) = node.children
    yield argument, read_formula(node.entry.derivative, u=argument, f=node)


# -- the other operations -------------------------------------------------------------------------


@singledispatch
def pull(node: Node, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    """Pairs of a child and its contribution, g being the upstream gradient of `node`.

    `own` is what the value of `node` is called: the name of its step, or `node` itself.
    """
    raise TypeError(f"no rule for {type(node).__name__}")


@pull.register
def _(node: MatMul, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    for index, factor in enumerate(node.children):
        before = [transpose(other) for other in reversed(node.children[:index])]
        after = [transpose(other) for other in reversed(node.children[index + 1 :])]
        yield factor, matmul(*before, g, *after)


@pull.register
def _(node: Transpose, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    yield node.children[0], transpose(g)


@pull.register
def _(node: Total, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    yield node.children[0], spread(g, node.children[0], node.axis)


@pull.register
def _(node: Along, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    (argument,) = node.children

    def totalled(value: Entrywise) -> Entrywise:
        summed = total(filled(tidy(value.node), argument.shape), node.axis)
        return Entrywise(spread(summed, argument, node.axis))

    gradient = node.entry.pull(
        Entrywise(spread(g, argument, node.axis) if node.entry.reduces else g),
        Entrywise(own),
        totalled,
        lambda: Entrywise(along(softmax, argument, node.axis)),
    )
    yield argument, gradient.node


def spread(reduced: Node, argument: Node, axis: int | None) -> Node:
    """What was reduced along an axis, repeated along it; a scalar needs no repeating."""
    if not reduced.shape:
        return reduced
    rows, columns = argument.shape
    if (rows if axis == 0 else columns) == 1:
        return reduced
    return matmul(Ones((rows, 1)), reduced) if axis == 0 else matmul(reduced, Ones((1, columns)))


@dataclass(frozen=True)
class Entrywise:
    """A node with the operators that the formulas of the vocabulary use."""

    node: Node

    def __mul__(self, other: Entrywise) -> Entrywise:
        return Entrywise(tidy(multiply(self.node, other.node)))

    def __add__(self, other: Entrywise) -> Entrywise:
        return Entrywise(add(self.node, other.node))

    def __sub__(self, other: Entrywise) -> Entrywise:
        return Entrywise(subtract(self.node, other.node))


# -- one step backwards ---------------------------------------------------------------------------


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
        for g in homogeneous_parts(together):
            yield from through(node, g)

    def through(node: Node, g: Node) -> Iterator[tuple[Node, Node]]:
        if g == ZERO:
            return
        if node is not definition and branches(node, useful):
            g = name(node, filled(g, node.shape))
        if isinstance(node, ENTRYWISE):
            for argument, local in local_derivatives(node, useful, fold, places).items():
                gradient = tidy(multiply(g, with_common_factor(local)))
                yield argument, fitted(gradient, node, argument)
        else:
            for child, gradient in pull(node, filled(g, node.shape), fold(node)):
                if useful(child):
                    yield child, gradient

    go_down(definition, g, places, visit)
    return found


def fitted(gradient: Node, node: Node, argument: Node) -> Node:
    """A gradient of `node` brought to the shape of its argument: a scalar gathers all entries."""
    if node.shape and not argument.shape:
        return total(filled(gradient, node.shape))
    return gradient
