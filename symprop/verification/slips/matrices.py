"""Matrices: a transpose, the order of factors, a product entry by entry, a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, permutations

from symprop.verification.meaning.names import axes_of
from symprop.verification.reading import tree as t
from symprop.verification.slips.constants import ones
from symprop.verification.slips.making import (
    as_base,
    as_factor,
    entrywise,
    factors_of,
    is_entrywise,
    is_plain_product,
    multiplied,
    transposed,
)
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

MOST_FACTORS = 5
"""Of longer products only neighbours are exchanged."""


def layouts(printed: Printed) -> Iterator[Repair]:
    """The whole transposed: a derivative in another layout."""
    if has_matrix(printed.tree):
        sentence = (
            "it is transposed: a derivative in another layout than that of the side before it"
        )
        yield Repair(transposed(printed.tree), "layout", sentence, printed.tree.span)


def transposes(printed: Printed) -> Iterator[Repair]:
    """A transpose that is missing, or one too many; at two factors of a product at once."""
    for place in printed.places:
        node = place.node
        if _may_be_transposed(place) and not _is_inverse(place.parent):
            yield Repair(place.put(transposed(node)), *_turned(node), node.span)
        elif isinstance(node, t.Power) and _is_inverse(node) and has_matrix(node.base):
            inverse = t.Transpose(node.base, r"\top", True, span=node.span)
            yield Repair(place.put(inverse), *_turned(node), node.span)
    for place in printed.places:
        factors = factors_of(place.node)
        if place.in_rate or not is_plain_product(place.node) or len(factors) > MOST_FACTORS:
            continue
        for one in range(len(factors)):
            for other in range(one + 1, len(factors)):
                if has_matrix(factors[one]) and has_matrix(factors[other]):
                    new = [transposed(f) if n in (one, other) else f for n, f in enumerate(factors)]
                    sentence = f"the transpose is at the wrong factor of {said(place.node)}"
                    tree = place.put(multiplied(new, place.node))
                    yield Repair(tree, "transpose", sentence, place.node.span)
        if place.parent is not None:
            yield from _as_a_whole(place)


def _is_inverse(tree: t.Tree | None) -> bool:
    return isinstance(tree, t.Power) and tree.exponent == MINUS_ONE


def _as_a_whole(place: Place) -> Iterator[Repair]:
    """The product of some matrices transposed: x d^T for d x^T."""
    factors = factors_of(place.node)
    matrices = [factor for factor in factors if has_matrix(factor)]
    if len(matrices) > 1:
        numbers = [factor for factor in factors if not has_matrix(factor)]
        new = multiplied([*numbers, *map(transposed, reversed(matrices))], place.node)
        sentence = f"{said(multiplied(matrices, place.node))} should be transposed"
        span = matrices[0].span.to(matrices[-1].span)
        yield Repair(place.put(new), "transpose", sentence, span)


def _turned(tree: t.Tree) -> tuple[str, str]:
    if isinstance(tree, t.Transpose):
        return "transpose", f"{said(tree.body)} should not be transposed"
    return "transpose", f"{said(tree)} should be transposed"


def _may_be_transposed(place: Place) -> bool:
    node = place.node
    if place.in_rate or not isinstance(node, t.Name | t.Group | t.Transpose | t.Call):
        return False
    if isinstance(place.parent, t.Transpose) or (
        isinstance(place.parent, t.Call) and node is place.parent.head
    ):
        return False
    return has_matrix(node)


def has_matrix(tree: t.Tree) -> bool:
    """Whether a matrix or a column stands in a formula, as a whole."""
    for name in t.names(tree):
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and entry.shape and axes_of(entry) and name.reference:
            if len(name.reference.indices) < len(axes_of(entry)):
                return True
    return False


def inverses(printed: Printed) -> Iterator[Repair]:
    """An inverse that is missing, or one too many."""
    for place in printed.places:
        node = place.node
        if place.in_rate:
            continue
        inverse = isinstance(node, t.Power) and node.exponent == MINUS_ONE
        if isinstance(node, t.Transpose) and node.inverted:
            sentence = f"{said(node)} should not be inverted"
            new = t.Transpose(node.body, node.sign, span=node.span)
            yield Repair(place.put(new), "inverse", sentence, node.span)
        elif isinstance(node, t.Power) and inverse and has_matrix(node.base):
            sentence = f"{said(node.base)} should not be inverted"
            yield Repair(place.put(node.base), "inverse", sentence, node.span)
        elif _may_be_transposed(place) and not isinstance(place.parent, t.Power):
            yield from _inverted(place)


def _inverted(place: Place) -> Iterator[Repair]:
    node = place.node
    body = node.body if isinstance(node, t.Transpose) else node
    sentence = f"{said(node)} should be inverted"
    plain = t.Power(as_base(body), MINUS_ONE, span=node.span)
    for new in (plain, t.Transpose(as_base(body), r"\top", True, span=node.span)):
        yield Repair(place.put(new), "inverse", sentence, node.span)


MINUS_ONE = t.Sum((t.Number("1"),), ("-",))


def orders(printed: Printed) -> Iterator[Repair]:
    """Factors in the wrong order."""
    for place in printed.places:
        factors = factors_of(place.node)
        if place.in_rate or not is_plain_product(place.node) or not has_matrix(place.node):
            continue
        for order in _orders(len(factors)):
            new = place.put(multiplied([factors[n] for n in order], place.node))
            sentence = f"the factors of {said(place.node)} are in the wrong order"
            yield Repair(new, "order", sentence, place.node.span)
        yield from _turned_and_exchanged(place, factors)


def _turned_and_exchanged(place: Place, factors: tuple[t.Tree, ...]) -> Iterator[Repair]:
    """Two factors the other way round, one of them transposed: W d for d W^T, as rows have it."""
    for first, (one, other) in enumerate(pairwise(factors)):
        if not (has_matrix(one) and has_matrix(other)):
            continue
        for turned, pair in (
            (one, (other, transposed(one))),
            (other, (transposed(other), one)),
        ):
            new = multiplied([*factors[:first], *pair, *factors[first + 2 :]], place.node)
            sentence = (
                f"{said(one)} and {said(other)} are in the wrong order, and "
                f"{_turned(turned)[1]}: {said(multiplied(pair, place.node))}"
            )
            yield Repair(place.put(new), "order", sentence, one.span.to(other.span))


def _orders(count: int) -> Iterator[tuple[int, ...]]:
    usual = tuple(range(count))
    for n in range(count - 1):
        yield (*usual[:n], n + 1, n, *usual[n + 2 :])
    if 2 < count <= 4:
        yield from (order for order in permutations(usual) if order != usual)


def entry_by_entry(printed: Printed) -> Iterator[Repair]:
    """A product of matrices where one entry by entry should stand, and the other way round."""
    for place in printed.places:
        if place.in_rate:
            continue
        if is_plain_product(place.node) and has_matrix(place.node):
            yield from _to_entrywise(place)
        elif is_entrywise(place.node):
            yield from _to_matrix_product(place)


def _to_entrywise(place: Place) -> Iterator[Repair]:
    factors = list(factors_of(place.node))
    sentence = f"{said(place.node)} should be a product entry by entry"
    for joint in range(1, len(factors)):
        before = multiplied(factors[:joint], place.node)
        behind = multiplied(factors[joint:], place.node)
        new = entrywise([before, behind], place.node)
        yield Repair(place.put(_fitting(new, place)), "elementwise", sentence, place.node.span)
    for start in range(1, len(factors)):
        for end in range(start + 1, len(factors) + 1):
            head = multiplied(factors[:start], place.node)
            group = t.Group(entrywise([head, *factors[start:end]], place.node))
            new = multiplied([group, *factors[end:]], place.node)
            yield Repair(place.put(new), "elementwise", sentence, place.node.span)
    for start in range(len(factors) - 1):
        pair = t.Group(entrywise(factors[start : start + 2], place.node))
        new = multiplied([*factors[:start], pair, *factors[start + 2 :]], place.node)
        yield Repair(place.put(new), "elementwise", sentence, place.node.span)


def _fitting(tree: t.Tree, place: Place) -> t.Tree:
    loose = isinstance(place.parent, t.Sum | t.Group) or place.parent is None
    return tree if loose else t.Group(tree, span=tree.span)


def _to_matrix_product(place: Place) -> Iterator[Repair]:
    found = place.node
    assert isinstance(found, t.Product)
    factors = list(found.factors)
    sentence = f"{said(found)} should be a product of matrices, not entry by entry"
    for joint in range(len(factors) - 1):
        pairs = (
            (factors[joint], factors[joint + 1]),
            (factors[joint], transposed(factors[joint + 1])),
            (transposed(factors[joint]), factors[joint + 1]),
        )
        for one, other in pairs:
            product = multiplied([_grouped(one), _grouped(other)], t.Sum((), ()))
            new = entrywise([*factors[:joint], product, *factors[joint + 2 :]], found)
            yield Repair(place.put(_fitting(new, place)), "elementwise", sentence, found.span)
    if len(factors) > 2:
        column = t.Group(entrywise(factors[:-1], found), span=found.span)
        outer = multiplied([column, transposed(_grouped(factors[-1]))], t.Sum((), ()))
        last = said(factors[-1])
        sentence = f"{last} makes an outer product, not one entry by entry: behind, as {last}ᵀ"
        yield Repair(place.put(_fitting(outer, place)), "elementwise", sentence, found.span)


def _grouped(tree: t.Tree) -> t.Tree:
    return t.Group(tree, span=tree.span) if isinstance(tree, t.Sum) else tree


def missing_ones(printed: Printed) -> Iterator[Repair]:
    """A sum over the rows or the columns that is missing: 1^T D for D."""
    whole = printed.tree
    if printed.is_update or not has_matrix(whole):
        return
    for column in ones(printed.vocabulary.chains.network):
        numbers = [f for f in factors_of(whole) if not has_matrix(f)]
        rest = multiplied([f for f in factors_of(whole) if has_matrix(f)], whole)
        for what, pair in (("rows", (transposed(column), rest)), ("columns", (rest, column))):
            new = multiplied([*numbers, *map(as_factor, pair)], t.Sum((), ()))
            sentence = f"the sum over the {what} is missing: it should be {said(new)}"
            yield Repair(replace(new, span=whole.span), "missing-sum", sentence, whole.span)


def missing_matrices(printed: Printed) -> Iterator[Repair]:
    """A matrix or a column of the chain that is missing, at any place, transposed or not."""
    names = [name for name in printed.vocabulary.names if has_matrix(name)]
    vocabulary = printed.vocabulary
    found: list[t.Tree] = [*names, *vocabulary.right_factors, *vocabulary.upstreams]
    if has_matrix(printed.tree):
        found = [*vocabulary.parts, *found]
    written = [(f, transposed(f), f"the factor {said(f)} is missing") for f in found]
    for place in printed.places:
        if not _is_product_of_matrices(place):
            continue
        factors, span = factors_of(place.node), place.node.span
        for factor, other, sentence in written:
            for one in (factor, other):
                for number in range(len(factors) + 1):
                    new = multiplied([*factors[:number], one, *factors[number:]], place.node)
                    yield Repair(place.put(new), "missing-factor", sentence, span)
            together = [place.node, factor]
            if isinstance(place.node, t.Product) and is_entrywise(place.node):
                together = [*place.node.factors, factor]
            new = _fitting(entrywise(together, place.node), place)
            yield Repair(place.put(new), "missing-factor", sentence, span)


def _is_product_of_matrices(place: Place) -> bool:
    """Whether a further matrix may be a factor here."""
    node, parent = place.node, place.parent
    if place.in_rate or isinstance(node, t.Sum) or not has_matrix(node):
        return False
    if isinstance(node, t.Product):
        return True
    inner = isinstance(node, t.Group) and isinstance(t.bare(node), t.Product)
    return parent is None or (isinstance(parent, t.Sum | t.Group | t.Product) and not inner)
