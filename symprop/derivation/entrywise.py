"""Scalar calculus, entry by entry: the derivative of an expression by all its arguments at once.

A scalar in a sum or a product of matrices stands for a matrix of equal entries, so the rules of
scalar calculus serve both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import singledispatch
from heapq import heappop, heappush

from symprop.derivation.folding import Fold
from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    apply,
    multiply,
    power,
)
from symprop.expression.calls import read_formula
from symprop.expression.nodes import (
    UNIT,
    Apply,
    Leaf,
    Node,
    Number,
    Power,
    Product,
    Sum,
    leaves,
    operations,
    walk,
)
from symprop.functions.elementary import exp, log
from symprop.functions.vocabulary import EntryByEntry

Useful = Callable[[Node], bool]
Places = dict[Node, int]
SHALLOW = 3
"""The factors in front of an expression of so few levels are kept apart: they may fold and cancel
with it one by one, as in exp(u)/(exp(u) + exp(v))."""

SHORT = 6
"""A gradient of so few operations may be written out more than once."""

ENTRYWISE = (Sum, Product, Power, Apply)


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
        if not isinstance(current, ENTRYWISE):
            found[current] = add(*map(fold, factors))
            return
        factor = add(*factors)
        if factor != ONE and branches(current, useful) and not _adds_exponentials(current):
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


def repeats(node: Node, gradient: Node, useful: Useful) -> bool:
    """Whether a gradient of some length would be written out again and again below `node`.

    That is so where one argument is used twice, not only in operations entry by entry, which gather
    their derivative first: x - mean(x), or A A'.
    """
    if operations(gradient) <= SHORT:
        return False
    return any(
        _shares_argument(found, useful)
        and not all(isinstance(below, (*ENTRYWISE, Leaf)) for below in walk(found))
        for found in walk(node)
    )


def _shares_argument(node: Node, useful: Useful) -> bool:
    """Whether two children of a node depend on one useful name."""
    met: set[Node] = set()
    for child in filter(useful, node.children):
        names = {leaf for leaf in leaves(child) if useful(leaf)}
        if met & names:
            return True
        met |= names
    return False


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
        coefficient = node.coefficient
        scale = () if coefficient is UNIT or coefficient == 1 else (Number(coefficient),)
        yield child, multiply(*scale, *others)


@entrywise.register
def _(node: Power) -> Iterator[tuple[Node, Node]]:
    base, exponent = node.base, node.exponent
    yield base, multiply(exponent, power(base, add(exponent, Number(-1))))
    yield exponent, multiply(node, apply(log, base))


@entrywise.register
def _(node: Apply) -> Iterator[tuple[Node, Node]]:
    for argument, local in zip(node.children, derivatives(node.entry, node), strict=True):
        if not isinstance(argument, Number):
            yield argument, local


@singledispatch
def derivatives(entry: EntryByEntry, node: Apply) -> Iterator[Node]:
    """The derivative of a call of `entry` by each of its arguments."""
    names = [argument.name for argument in entry.arguments]
    arguments = dict(zip(names, node.children, strict=True))
    for formula in entry.derivatives:
        yield read_formula(formula, f=node, **arguments)
