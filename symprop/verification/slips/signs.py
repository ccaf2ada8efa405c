"""Signs: of the whole, of a term, of an argument, of the step of an update."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import flipped, negated, summed
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

DESCENT = (
    "the sign of the step is wrong: this goes up the loss, gradient descent subtracts the gradient"
)


def update_signs(printed: Printed) -> Iterator[Repair]:
    """Ascent for descent: w + eta dL/dw."""
    tree = t.bare(printed.tree)
    if not printed.is_update or not isinstance(tree, t.Sum):
        return
    for place, term in enumerate(tree.terms):
        if place:
            yield Repair(_with_flipped(tree, place), "sign", DESCENT, term.span)


def signs(printed: Printed) -> Iterator[Repair]:
    """The sign of the whole, then of each term of a sum, of an exponent, of an argument."""
    if not printed.is_update:
        whole = printed.tree
        yield Repair(negated(whole), "sign", "the sign is wrong", whole.span)
    for place in printed.places:
        if place.in_rate:
            continue
        if isinstance(place.node, t.Sum) and len(place.node.terms) > 1:
            yield from _of_terms(place, place.node)
        if _stands_alone(place):
            what = "the exponent " if isinstance(place.parent, t.Power) else ""
            sentence = f"the sign of {what}{said(place.node)} is wrong"
            yield Repair(place.put(negated(place.node)), "sign", sentence, place.node.span)


def _of_terms(place: Place, found: t.Sum) -> Iterator[Repair]:
    for number, (term, sign) in enumerate(zip(found.terms, found.signs, strict=True)):
        should = "plus" if sign == "-" else "minus"
        sentence = f"the sign of {said(term)} is wrong: it should be {should}"
        yield Repair(place.put(_with_flipped(found, number)), "sign", sentence, term.span)


def _with_flipped(found: t.Sum, place: int) -> t.Tree:
    parts = list(zip(found.terms, found.signs, strict=True))
    parts[place] = (found.terms[place], flipped(found.signs[place]))
    return summed(parts, found)


def _stands_alone(place: Place) -> bool:
    """Whether a part is an argument or an exponent as a whole."""
    parent, node = place.parent, place.node
    if isinstance(parent, t.Power):
        return node is parent.exponent
    return isinstance(parent, t.Call) and node is not parent.head and bool(parent.brackets)
