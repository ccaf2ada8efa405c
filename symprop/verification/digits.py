r"""The constants of a line, and how many digits it takes to see them: `1 + 10^{-40}` is not 1."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import mpmath

from symprop.verification.claims import Claim
from symprop.verification.meaning.setting import TooLongError
from symprop.verification.reading import tree as t
from symprop.verification.worlds import PRECISION

USUAL = 3
"""Constants between 10 to the power of minus this and of this are usual ones."""
SHARE = 0.3
"""This share of the digits are right, whatever is done with the numbers on the way."""
MOST = 1_500
"""With more digits nothing is worked out."""


def digits_of(claim: Claim) -> int:
    """The digits with which a claim is tried: all of its constants together have to be seen."""
    unusual = [size for tree in claim.trees for size in magnitudes(tree) if abs(size) > USUAL]
    needed = ceil((sum(map(abs, unusual)) + 10) / SHARE) if unusual else 0
    if needed > MOST:
        raise TooLongError("its constants are of too different sizes to be compared")
    return max(PRECISION, needed)


def tolerance() -> mpmath.mpf:
    """The relative difference up to which numbers are equal, by the digits in use."""
    return mpmath.mpf(10) ** -int(SHARE * mpmath.mp.dps)


def magnitudes(tree: t.Tree) -> Iterator[float]:
    """The logarithms to base 10 of the constants of a tree, powers of numbers among them."""
    if isinstance(tree, t.Power):
        base, exponent = _number(tree.base), _number(tree.exponent)
        if base is not None and exponent is not None:
            yield float(exponent * _size(base))
            return
    if isinstance(tree, t.Call) and len(tree.arguments) == 1:
        argument = _number(tree.arguments[0])
        if argument is not None:
            yield float(argument)  # as far as the exponential of it
            return
    found = _number(tree) if isinstance(tree, t.Number) else None
    if found is not None:
        yield float(_size(found))
        return
    for part in t.children(tree):
        yield from magnitudes(part)


def _size(number: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log10(abs(number)) if number else mpmath.mpf(0)


def _number(tree: t.Tree) -> mpmath.mpf | None:
    """The number that a tree is written as, with its sign; None for anything else."""
    body = t.bare(tree)
    if isinstance(body, t.Number):
        return mpmath.mpf(f"0{body.text}" if body.text.startswith(".") else body.text)
    if isinstance(body, t.Sum) and len(body.terms) == 1:
        found = _number(body.terms[0])
        return -found if found is not None and body.signs[0] == "-" else found
    return None
