"""What went wrong in a false line: a catalogue of slips, tried as repairs of the printed formula.

    slip = slip_of(claim, comparison, judge)
    slip.kind, slip.sentence, slip.span, slip.correct

A rule (a module for each kind of mathematics, the table in `catalogue`) undoes one slip at every
place where it may have happened. The first repair that makes the line true, in one world and then
in more, is what went wrong. Where the printed side lacks a path through the network or the cross
terms of a softmax, `paths` says so. Where no single slip explains it, a longer term that is missing
is looked up among the products of powers (`products`), then come two slips (`together`); where
nothing of that explains it, `remainders` says what the printed side is times the right one, or plus
it. A line that solves for a weight is held against what makes the gradient 0 (`solutions`).

The rooms: `making` (formulas put together) -> `places` -> `repair` -> the rules -> `catalogue` ->
`search` -> `diagnosis`; `chains` and `vocabulary` are what may stand in a line.
"""

from symprop.verification.slips.catalogue import KINDS
from symprop.verification.slips.diagnosis import slip_of

__all__ = ["KINDS", "slip_of"]
