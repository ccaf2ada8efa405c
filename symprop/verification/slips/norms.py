"""Norms and absolute values: another norm, its square, one that was not differentiated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference, spelling_of
from symprop.verification.slips.making import squared
from symprop.verification.slips.repair import Printed, Repair, said

SUBSCRIPTS = (("1",), ("2",))


def norms(printed: Printed) -> Iterator[Repair]:
    """Another norm, the square of it, what the derivative of one is."""
    for place in printed.places:
        found = place.node
        if not isinstance(found, t.Bars) or place.in_rate:
            continue
        others = (replace(found, subscript=s) for s in SUBSCRIPTS if s != found.subscript)
        for other in others if found.brackets != "||" else ():
            sentence = f"another norm should stand there: {said(other)}, not {said(found)}"
            yield Repair(place.put(other), "wrong-function", sentence, found.span)
            sentence = f"{said(found)} should be {said(squared(other))}"
            yield Repair(place.put(squared(other)), "wrong-function", sentence, found.span)
        sentence = f"{said(found)} should be {said(found.body)}"
        yield Repair(place.put(t.Group(found.body)), "wrong-function", sentence, found.span)
        sign = t.Call(_SIGN, (t.bare(found.body),), span=found.span)
        sentence = f"{said(found)} is not differentiated: it should be {said(sign)}"
        yield Repair(place.put(sign), "missing-prime", sentence, found.span)


_SPELLING = spelling_of(r"\operatorname{sign}")
assert _SPELLING is not None
_SIGN = t.Name(_SPELLING, Reference(Entry("sign", "function", _SPELLING.base)))
