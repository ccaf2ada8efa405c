"""Index notation: every entry worth what the matrix form is, by loops over all its indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS
from identities import CASES
from index_values import IndexValues
from networks_by_torch import NETWORKS as BY_TORCH
from sympy import MatrixSymbol, symbols
from textbook import declared

import symprop.functions as F
from symprop import derive
from symprop.expression.algebra import ZERO, add, matmul, multiply, power, transpose
from symprop.expression.entries import (
    FIRST,
    Entry,
    Equal,
    Index,
    NoIndexFormError,
    Position,
    Summed,
    deltas_in,
    entry_of,
    equal,
    summed,
    where,
)
from symprop.expression.evaluation import evaluate
from symprop.expression.indexing import Indexing, lettered
from symprop.expression.nodes import Leaf, Node, Number, Shape, leaves, walk
from symprop.expression.shapes import numeric_extent
from symprop.network import Network

LETTERS = "ilmnpqrst"


def free(shape: Shape) -> list[Position]:
    """A row k and a column j of a value."""
    extents = shape or (1, 1)
    pairs = zip("kj", extents, strict=True)
    return [FIRST if extent == 1 else Position(Index(name, extent)) for name, extent in pairs]


class Drawn:
    """Random numbers for every name, whatever it stands for."""

    def __init__(self, network: Network) -> None:
        self.sizes = {name: max(2, 4 - place) for place, name in enumerate(network.size_symbols)}
        if network.samples is not None:
            self.sizes[str(network.samples)] = 2
        self.rng = np.random.default_rng(3)
        self.values: dict[str, Any] = {}

    def shape(self, node: Node) -> tuple[int, ...]:
        return tuple(numeric_extent(extent, self.sizes) for extent in node.shape)

    def extend(self, node: Node) -> None:
        for leaf in leaves(node):
            if leaf.name not in self.values:
                shape = self.shape(leaf)
                found = self.rng.uniform(0.2, 0.9, size=shape)
                square = len(shape) == 2 and shape[0] == shape[1]
                self.values[leaf.name] = found @ found.T + np.eye(shape[0]) if square else found

    def compare(self, node: Node) -> bool:
        """Every entry in index form against the matrix form; False where there is none."""
        self.extend(node)
        try:
            found = lettered(Indexing().entry(node, *free(node.shape)), LETTERS)
        except NoIndexFormError:
            return False
        whole = np.asarray(evaluate(node, self.values, self.sizes), dtype=float)
        loops = IndexValues(self.values, self.sizes)
        for place in np.ndindex(whole.shape):
            at = dict(zip("kj", place, strict=False))
            np.testing.assert_allclose(loops.of(found, at), whole[place], rtol=1e-9, atol=1e-12)
        return True


def expressions(network: Network) -> Iterator[Node]:
    """All that a derivation says: definitions, upstream gradients, gradients."""
    derivation = derive(network)
    yield from (step.node for step in network.steps.values())
    yield from (upstream.expression for upstream in derivation.upstreams)
    yield from derivation.sweep.gradients.values()


def refused(node: Node) -> bool:
    """Whether something in an expression has no index form."""
    kinds = ("OfMatrix", "Place", "Slice", "Stack")
    return any(type(part).__name__ in kinds for part in walk(node))


NAMED: list[tuple[str, Callable[[], Network]]] = [
    *((name, lambda name=name: NETWORKS[name]) for name in EMITTED if name != "digits"),
    *((f"torch {name}", case.declare) for name, case in BY_TORCH.items()),
    *((f"identity {case.name}", lambda case=case: declared(case)) for case in CASES),
]


@pytest.mark.parametrize("declare", [pytest.param(made, id=name) for name, made in NAMED])
def test_every_entry_is_worth_what_the_matrix_form_is(declare: Callable[[], Network]) -> None:
    network = declare()
    drawn = Drawn(network)
    for node in expressions(network):
        assert drawn.compare(node) or refused(node), node


def test_a_product_with_a_kronecker_delta_collapses_to_one_term_in_its_order() -> None:
    n = symbols("n", integer=True, positive=True)
    delta, x = Leaf("delta", (n, 1), "delta"), Leaf("x", (n, 1), "input")
    i, k = Index("i", n), Index("k", n)
    at_i, at_k = Position(i), Position(k)
    term = multiply(entry_of(delta, at_i, FIRST), equal(at_i, at_k), entry_of(x, at_k, FIRST))
    expected = multiply(entry_of(delta, at_k, FIRST), entry_of(x, at_k, FIRST))
    assert summed(i, term) == expected
    assert expected.children[0] == entry_of(delta, at_k, FIRST)


@pytest.mark.parametrize("offset", [0, 2])
def test_a_sum_is_kept_where_its_places_are_not_those_of_the_delta(offset: int) -> None:
    """The sum over k < 3 of [i = k + 2] with i < 5 is 1 for some i only."""
    i, k = Index("i", 5), Index("k", 3)
    assert isinstance(summed(k, Equal(Position(i), Position(k, offset))), Summed)


def test_a_delta_in_a_power_does_not_collapse_the_sum() -> None:
    i, k = Index("i", 5), Index("k", 5)
    x = entry_of(Leaf("x", (5, 1), "input"), Position(i), FIRST)
    body = power(add(x, multiply(Number(-1), Equal(Position(i), Position(k)))), Number(2))
    assert isinstance(summed(i, body), Summed)


def test_a_delta_within_brackets_within_brackets_collapses_the_sum() -> None:
    """p_n (q_n ([n = k] - r_n) - s_n), and the same inside a sum over another index."""
    n, m, k = (Index(name, 4) for name in "nmk")
    p, q, r, s = (entry_of(Leaf(x, (4, 1), "step"), Position(n), FIRST) for x in "pqrs")
    delta, minus = Equal(Position(n), Position(k)), Number(-1)
    inner = add(multiply(q, add(delta, multiply(minus, r))), multiply(minus, s))
    A = entry_of(Leaf("A", (4, 4), "step"), Position(n), Position(m))
    for body in (multiply(p, inner), multiply(p, summed(m, multiply(A, add(A, inner))))):
        assert not any(isinstance(part, Equal) for part in walk(summed(n, body)))


def test_a_delta_in_the_index_of_a_sum_is_no_case() -> None:
    n, k = Index("n", 4), Index("k", 4)
    x = entry_of(Leaf("x", (4, 1), "input"), Position(n), FIRST)
    kept = summed(n, power(add(x, Equal(Position(n), Position(k))), Number(2)))
    free = Equal(Position(k), Position(Index("j", 4)))
    assert deltas_in(multiply(free, kept)) == [free]


def test_an_index_that_is_put_in_is_not_caught_by_a_sum() -> None:
    """A*B*x by its row: the row is called i, and so is no sum inside."""
    A, B = Leaf("A", (3, 3), "weight"), Leaf("B", (3, 3), "weight")
    x = Leaf("x", (3, 1), "input")
    row = Position(Index("i", 3))
    found = lettered(Indexing().entry(matmul(A, B, x), row), "ijk")
    bound = [node.index.name for node in walk(found) if isinstance(node, Summed)]
    assert sorted(bound) == ["j", "k"]


def test_without_letters_left_sums_have_primes() -> None:
    A, x = Leaf("A", (3, 3), "weight"), Leaf("x", (3, 1), "input")
    found = lettered(Indexing().entry(matmul(A, x), Position(Index("i", 3))), "i")
    assert isinstance(found, Summed)
    assert found.index.name == "i'"


def test_entries_of_a_transpose_have_their_positions_swapped() -> None:
    A = Leaf("A", (2, 3), "weight")
    k, j = Position(Index("k", 3)), Position(Index("j", 2))
    assert Indexing().entry(transpose(A), k, j) == Entry(A, (j, k))


def test_where_two_positions_are_equal_one_stands_for_both() -> None:
    p = Leaf("p", (4, 1), "step")
    i, j = Position(Index("i", 4)), Position(Index("j", 4))
    delta = Equal(i, j)
    node = multiply(delta, entry_of(p, j, FIRST))
    assert where(node, delta, True) == entry_of(p, i, FIRST)
    assert where(node, delta, False) == ZERO


@pytest.mark.parametrize("make", [lambda A: A.I, lambda A: F.softmax(A, axis=0).I])
def test_an_inverse_has_no_index_form(make: Callable[[Any], Any]) -> None:
    A = MatrixSymbol("A", 3, 3)
    network = Network("inverse", weights=[A])
    B = network.step("B", make(A))
    network.loss(F.total(B))
    with pytest.raises(NoIndexFormError, match="inverse"):
        Indexing().entry(network.steps["B"].node, *free((3, 3)))
