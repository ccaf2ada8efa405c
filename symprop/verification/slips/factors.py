"""Factors: too many, too few, upside down, a number that is not the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from symprop.verification.meaning.names import axes_of
from symprop.verification.reading import tree as t
from symprop.verification.reading.structures import NORM
from symprop.verification.reading.understanding import plain
from symprop.verification.slips.making import (
    ONE,
    complement,
    entrywise,
    factors_of,
    is_entrywise,
    is_plain_product,
    multiplied,
    ratio,
)
from symprop.verification.slips.places import Place, Term
from symprop.verification.slips.repair import Printed, Repair, said

# -- too many -------------------------------------------------------------------------------------


def extra_factors(printed: Printed) -> Iterator[Repair]:
    """A factor or a denominator that should not be there, then two factors side by side."""
    for place in printed.places:
        if place.in_rate:
            continue
        if isinstance(place.node, t.Product):
            yield from _without_factors(place, place.node, 1)
        elif isinstance(place.node, t.Fraction):
            yield from _without_a_side(place, place.node)
        elif isinstance(place.node, t.Name) and place.parent is None:
            yield _extra(place.put(ONE), [place.node])
    for place in printed.places:
        if isinstance(place.node, t.Product) and not place.in_rate:
            yield from _without_factors(place, place.node, 2)


def _without_factors(place: Place, found: t.Product, count: int) -> Iterator[Repair]:
    together = entrywise if is_entrywise(found) else multiplied
    for first in range(len(found.factors) - count + 1):
        left = [*found.factors[:first], *found.factors[first + count :]]
        if left:
            yield _extra(
                place.put(together(left, found)), list(found.factors[first : first + count])
            )


def _without_a_side(place: Place, found: t.Fraction) -> Iterator[Repair]:
    below = t.bare(found.below)
    yield _extra(place.put(found.above), [below], over="1/")
    if is_plain_product(below):
        for number, factor in enumerate(factors_of(below)):
            left = [f for n, f in enumerate(factors_of(below)) if n != number]
            new = t.Fraction(found.above, multiplied(left, below), found.sign, span=found.span)
            yield _extra(place.put(new), [factor], over="1/")
    if found.above != ONE and not is_plain_product(t.bare(found.above)):
        new = t.Fraction(ONE, found.below, found.sign, span=found.span)
        yield _extra(place.put(new), [found.above])


def _extra(tree: t.Tree, dropped: list[t.Tree], over: str = "") -> Repair:
    span = dropped[0].span.to(dropped[-1].span)
    text = over + (said(dropped[0]) if len(dropped) == 1 else "*".join(map(plain, dropped)))
    if len(dropped) == 1 and is_number(dropped[0]):
        return Repair(tree, "wrong-constant", f"the factor {text} should not be there", span)
    return Repair(tree, "extra-factor", f"the factor {text} should not be there", span)


def is_number(tree: t.Tree) -> bool:
    """Whether a formula is made of numbers alone, or is a size of the network."""
    names = list(t.names(tree))
    sized = all(
        n.reference is not None and n.reference.entry is not None
        and n.reference.entry.kind == "size" for n in names
    )  # fmt: skip
    return sized and not any(isinstance(p, t.Rate | t.Derive) for p in t.walk(tree))


# -- too few --------------------------------------------------------------------------------------


def constants(printed: Printed) -> Iterator[Repair]:
    """A factor 2, 1/2, 1/n that is missing, and a number that is another one."""
    numbers = printed.vocabulary.numbers
    for term in printed.terms:
        for number in numbers:
            for factor in (number, ratio(ONE, number)):
                sentence = f"a factor {said(factor).strip('()')} is missing"
                yield Repair(_times(term, factor), "wrong-constant", sentence, term.node.span)
    for place in printed.places:
        if isinstance(place.node, t.Number) and not place.in_rate:
            yield from _other_numbers(place, place.node, numbers)


def _other_numbers(place: Place, found: t.Number, numbers: list[t.Tree]) -> Iterator[Repair]:
    power = isinstance(place.parent, t.Power) and place.node is place.parent.exponent
    kind, what = ("power", "the exponent") if power else ("wrong-constant", "the number")
    for number in (ONE, t.Number("0"), *numbers):
        if number != found:
            sentence = f"{what} {said(found)} should be {said(number)}"
            yield Repair(place.put(number), kind, sentence, found.span)


def missing_factors(printed: Printed) -> Iterator[Repair]:
    """A factor of the chain that is missing: a local derivative, a part of one, a name."""
    vocabulary = printed.vocabulary
    for local in vocabulary.locals:
        what = f"d{local.step}/d{local.argument}"
        shown = said(local.tree)
        sentence = f"the factor {shown} of the chain is missing: it is {what}"
        for term in printed.terms:
            yield Repair(_times(term, local.tree), "missing-factor", sentence, term.node.span)
            if is_entrywise(term.node):
                new = term.put(entrywise([*term.node.factors, local.tree], term.node))  # type: ignore[attr-defined]
                yield Repair(new, "missing-factor", sentence, term.node.span)
    found = (vocabulary.names, vocabulary.parts, vocabulary.right_factors, vocabulary.upstreams)
    for factor in dict.fromkeys(chain.from_iterable(found)):
        sentence = f"the factor {said(factor)} is missing"
        for term in printed.terms:
            yield Repair(_times(term, factor), "missing-factor", sentence, term.node.span)


def missing_divisors(printed: Printed) -> Iterator[Repair]:
    """A denominator that is missing."""
    vocabulary = printed.vocabulary
    sizes = (number for number in vocabulary.numbers if isinstance(number, t.Name))
    norms = [t.Bars(name, NORM) for name in vocabulary.names if is_column(name)]
    right = vocabulary.right_divisors
    for factor in [*vocabulary.names, *map(t.Root, sizes), *norms, *right]:
        sentence = f"the factor 1/{said(factor)} is missing"
        for term in printed.terms:
            divided = term.put(ratio(term.node, factor))
            yield Repair(divided, "missing-factor", sentence, term.node.span)


def is_column(name: t.Name) -> bool:
    """Whether a name without an index is a column or a row."""
    reference = name.reference
    entry = None if reference is None or reference.indices else reference.entry
    return entry is not None and len(axes_of(entry)) == 1


def _times(term: Term, factor: t.Tree) -> t.Tree:
    """The formula with a further factor in a term: a number in front, else behind."""
    if isinstance(term.node, t.Sum) and len(term.node.terms) > 1:
        whole: t.Tree = t.Group(term.node, span=term.node.span)
        return term.put(multiplied([factor, whole], term.node))
    if term.node == ONE:
        return term.put(factor)
    if is_number(factor):
        return term.with_factors([factor, *term.factors])
    factors = list(term.factors)
    place = _beside(factor, factors)
    return term.with_factors([*factors[:place], factor, *factors[place:]])


def _beside(factor: t.Tree, factors: list[t.Tree]) -> int:
    """Where a factor is put: f before 1 - f, 1 - f behind f, before a sum or cases, else last."""
    if complement(factor) in factors:
        return factors.index(complement(factor))
    if isinstance(factors[0], t.Cases):
        return 0
    if isinstance(factors[-1], t.IndexSum):
        return len(factors) - 1
    behind = (n for n, found in enumerate(factors, 1) if complement(found) == factor)
    return next(behind, len(factors))


# -- upside down ----------------------------------------------------------------------------------


def swapped_fractions(printed: Printed) -> Iterator[Repair]:
    """Numerator and denominator swapped, a number that should be divided by."""
    for place in printed.places:
        found = place.node
        if isinstance(found, t.Fraction) and not place.in_rate:
            swapped = t.Fraction(found.below, found.above, found.sign, span=found.span)
            sentence = f"numerator and denominator of {said(found)} are swapped"
            yield Repair(place.put(swapped), "swapped-fraction", sentence, found.span)
        if is_plain_product(found) and not place.in_rate:
            yield from _divided(place, found, is_number)


def upside_down(printed: Printed) -> Iterator[Repair]:
    """Divided instead of multiplied, or the other way round."""
    for place in printed.places:
        if place.in_rate:
            continue
        found = place.node
        if isinstance(found, t.Fraction):
            product = multiplied([found.above, found.below], found)
            sentence = f"{said(found.below)} is divided by; it should be multiplied"
            yield Repair(place.put(product), "swapped-fraction", sentence, found.below.span)
        if is_plain_product(found):
            yield from _divided(place, found)


def _divided(
    place: Place, found: t.Tree, may_be: Callable[[t.Tree], bool] = lambda factor: True
) -> Iterator[Repair]:
    factors = factors_of(found)
    for number, factor in enumerate(factors):
        others = [f for n, f in enumerate(factors) if n != number]
        below = t.bare(factor)
        if isinstance(below, t.Fraction) or not may_be(factor):
            continue
        sentence = f"it should be divided by {said(factor)}, not multiplied"
        new = ratio(multiplied(others, found), below)
        yield Repair(place.put(new), "swapped-fraction", sentence, factor.span)
