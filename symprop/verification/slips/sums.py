"""Terms: one left out, one too many, a bracket forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from symprop.network import Network
from symprop.verification.reading import tree as t
from symprop.verification.slips.constants import identities
from symprop.verification.slips.making import (
    ONE,
    complement,
    factors_of,
    is_plain_product,
    multiplied,
    squared,
    summed,
)
from symprop.verification.slips.matrices import has_matrix
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

Closed: TypeAlias = Callable[[t.Tree], t.Tree]
"""What stands around brackets."""
Part: TypeAlias = tuple[t.Tree, str]
"""A term and its sign."""


def parts_of(tree: t.Tree) -> list[Part]:
    """The terms of a formula, with their signs."""
    if isinstance(tree, t.Sum):
        return list(zip(tree.terms, tree.signs, strict=True))
    return [(tree, "")]


# -- terms ----------------------------------------------------------------------------------------


def update_terms(printed: Printed) -> Iterator[Repair]:
    """An update without the weight itself: w = eta dL/dw."""
    about = next((n for n in printed.vocabulary.names if _is_about(n, printed)), None)
    if not printed.is_update or about is None:
        return
    whole = printed.tree
    sentence = f"{said(about)} - is missing: this is the step, not the new {said(about)}"
    parts = parts_of(t.bare(whole))
    kept = summed([(about, ""), *parts], whole)
    if len(parts) == 1:
        new = summed([(about, ""), (parts[0][0], "-")], whole)
        yield Repair(new, "missing-term", sentence, whole.span)
    yield Repair(kept, "missing-term", f"{said(about)} is missing", whole.span)


def _is_about(name: t.Name, printed: Printed) -> bool:
    entry = None if name.reference is None else name.reference.entry
    return (entry.name if entry else name.spelling.base) == printed.vocabulary.about


def extra_terms(printed: Printed) -> Iterator[Repair]:
    """A term that should not be there."""
    for place in printed.places:
        if place.in_rate or not isinstance(place.node, t.Sum) or len(place.node.terms) < 2:
            continue
        parts = parts_of(place.node)
        for number, (term, _) in enumerate(parts):
            left = [part for n, part in enumerate(parts) if n != number]
            sentence = f"the term {said(term)} should not be there"
            yield Repair(place.put(summed(left, place.node)), "extra-term", sentence, term.span)


def missing_terms(printed: Printed) -> Iterator[Repair]:
    """A term that is missing: a name, 1, a term of the right formula."""
    names = printed.vocabulary.names
    candidates = [*_right_terms(printed), ONE, *names, *map(squared, names)]
    for place in printed.places:
        if place.in_rate or not _takes_terms(place):
            continue
        parts = parts_of(place.node)
        inverted = isinstance(place.parent, t.Group) and has_matrix(place.node)
        for candidate in [*candidates, *(_identities(printed) if inverted else ())]:
            for sign in "+-":
                new = place.put(_grouped(summed([*parts, (candidate, sign)], place.node), place))
                sentence = f"the term {sign}{said(candidate)} is missing"
                yield Repair(new, "missing-term", sentence, place.node.span)


def missing_identities(printed: Printed) -> Iterator[Repair]:
    """A number that is added to a matrix: lambda for lambda I."""
    for place in printed.places:
        if place.in_rate or not isinstance(place.node, t.Sum) or not has_matrix(place.node):
            continue
        parts = parts_of(place.node)
        for number, (term, sign) in enumerate(parts):
            for identity in () if has_matrix(term) else identities(_network(printed)):
                factors = [identity] if term == ONE else [term, identity]
                new = (multiplied(factors, ONE), sign)
                left = [new if n == number else part for n, part in enumerate(parts)]
                sentence = f"{said(term)} is a number, no matrix: it should be {said(new[0])}"
                tree = place.put(summed(left, place.node))
                yield Repair(tree, "missing-factor", sentence, term.span)


def _network(printed: Printed) -> Network:
    return printed.vocabulary.chains.network


def _identities(printed: Printed) -> Iterator[t.Tree]:
    """Multiples of the identity: lambda I."""
    for name in printed.vocabulary.names:
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and not entry.shape and entry.kind != "rate":
            for identity in identities(_network(printed)):
                yield t.Product((name, identity), ("",))


def missing_terms_of_factors(printed: Printed) -> Iterator[Repair]:
    """A term that is missing, where what is left of the sum is a factor without brackets."""
    for place in printed.places:
        alone = isinstance(place.node, t.Name | t.Call | t.Power) and not _is_head(place)
        if place.in_rate or not alone or not isinstance(place.parent, t.Product):
            continue
        for candidate in [*_right_terms(printed), *printed.vocabulary.names]:
            for sign in "-+":
                new = t.Group(summed([(place.node, ""), (candidate, sign)], place.node))
                sentence = f"the term {sign}{said(candidate)} is missing behind {said(place.node)}"
                yield Repair(place.put(new), "missing-term", sentence, place.node.span)


def _right_terms(printed: Printed) -> list[t.Tree]:
    """The terms of the right formulas."""
    return [
        term
        for tree in printed.vocabulary.right_formulas
        for part in t.walk(tree)
        if isinstance(part, t.Sum) and len(part.terms) > 1
        for term in part.terms
    ][:12]


def _takes_terms(place: Place) -> bool:
    """Whether a sum stands here, or something that may be what is left of one."""
    if isinstance(place.node, t.Sum):
        return len(place.node.terms) > 1 or isinstance(place.parent, t.Group | t.Call | None)
    alone = place.parent is None or isinstance(place.parent, t.Group | t.Call | t.Fraction | t.Root)
    return alone and not isinstance(place.node, t.Group) and not _is_head(place)


def _is_head(place: Place) -> bool:
    return isinstance(place.parent, t.Call) and place.node is place.parent.head


def _grouped(tree: t.Tree, place: Place) -> t.Tree:
    """A sum in brackets where it stands among factors."""
    call = isinstance(place.parent, t.Call) and not place.parent.brackets
    slanted = isinstance(place.parent, t.Fraction) and place.parent.sign != "frac"
    return t.Group(tree, span=tree.span) if call or slanted else tree


def complement_of_product(printed: Printed) -> Iterator[Repair]:
    """A 1 - that is missing before a product."""
    for term in printed.terms:
        if is_plain_product(term.node):
            sentence = f"1 - is missing before {said(term.node)}"
            new = term.put(complement(term.node))
            yield Repair(new, "missing-term", sentence, term.node.span)


# -- brackets -------------------------------------------------------------------------------------


def brackets(printed: Printed) -> Iterator[Repair]:
    """Brackets that are missing: a - b*c for (a - b)*c, a - b^2 for (a - b)^2."""
    for place in printed.places:
        if isinstance(place.node, t.Sum) and not place.in_rate:
            parts = parts_of(place.node)
            for first in range(len(parts) - 1):
                for last in range(first + 1, len(parts)):
                    yield from _bracketed(place, parts, first, last)
        elif is_plain_product(place.node) and not place.in_rate:
            yield from _without_brackets(place)


def _bracketed(place: Place, parts: list[Part], first: int, last: int) -> Iterator[Repair]:
    """Brackets from the middle of one term to the middle of another."""
    start, sign = parts[first]
    for ahead, head in _split_head(start):
        for tail, close in _split_tail(parts[last][0]):
            if not ahead and close is _itself:
                continue
            inner_sign = "" if ahead or sign != "-" else "-"
            outer_sign = sign if ahead else ""
            middle = [(head, inner_sign), *parts[first + 1 : last], (tail, parts[last][1])]
            group = t.Group(summed(middle, place.node), span=start.span.to(parts[last][0].span))
            for inner, outer in _placings(inner_sign, outer_sign, group, middle, place):
                new = multiplied([*ahead, close(inner)], place.node)
                whole = summed([*parts[:first], (new, outer), *parts[last + 1 :]], place.node)
                sentence = f"brackets are missing around {said(inner)}"
                yield Repair(place.put(whole), "bracket", sentence, group.span)


def _placings(
    inner: str, outer: str, group: t.Group, middle: list[Part], place: Place
) -> Iterator[tuple[t.Tree, str]]:
    """A minus in front of the first term stands within the brackets, or before them."""
    yield group, outer
    if inner == "-":
        positive = summed([(middle[0][0], ""), *middle[1:]], place.node)
        yield t.Group(positive, span=group.span), "-"


def _split_head(tree: t.Tree) -> Iterator[tuple[list[t.Tree], t.Tree]]:
    """A term as factors before the bracket, and what is inside."""
    yield [], tree
    factors = list(factors_of(tree))
    for place in range(1, len(factors)):
        yield factors[:place], multiplied(factors[place:], tree)
    if tree != ONE:
        yield factors, ONE


def _itself(tree: t.Tree) -> t.Tree:
    return tree


def _split_tail(tree: t.Tree) -> Iterator[tuple[t.Tree, Closed]]:
    """A term as what is inside the bracket, and what is done with the bracket then."""
    yield tree, _itself
    factors = list(factors_of(tree))
    for place in range(1, len(factors)):
        behind = factors[place:]
        yield (
            multiplied(factors[:place], tree),
            lambda group, behind=behind: multiplied([group, *behind], tree),  # type: ignore[misc]
        )
    last = factors[-1]
    if isinstance(last, t.Power):
        inside = multiplied([*factors[:-1], last.base], tree)
        power = last
        yield inside, lambda group: t.Power(group, power.exponent, power.entrywise, span=power.span)
    if isinstance(last, t.Fraction):
        inside = multiplied([*factors[:-1], last.above], tree)
        fraction = last
        yield (
            inside,
            lambda group: t.Fraction(t.bare(group), fraction.below, "frac", span=fraction.span),
        )


def _without_brackets(place: Place) -> Iterator[Repair]:
    """Brackets that should not be there: (a - b) c for a - b c, and c (a - b) for c a - b."""
    factors = list(factors_of(place.node))
    for number, factor in enumerate(factors):
        body = t.bare(factor)
        if not isinstance(body, t.Sum) or len(body.terms) < 2:
            continue
        parts = parts_of(body)
        before, behind = factors[:number], factors[number + 1 :]
        first = (multiplied([*before, parts[0][0]], place.node), parts[0][1])
        last = (multiplied([parts[-1][0], *behind], place.node), parts[-1][1])
        new = place.put(t.Group(summed([first, *parts[1:-1], last], place.node)))
        sentence = f"the brackets around {said(body)} should not be there"
        yield Repair(new, "bracket", sentence, factor.span)
