"""Difference quotients, against which a derivative is checked."""

from __future__ import annotations

from collections.abc import Callable

from symprop.printout.notation.markup import (
    MINUS,
    PLUS,
    TIMES,
    Digits,
    Fraction,
    Letter,
    Markup,
    Named,
    Styled,
    bracketed,
    row,
)

IMAGINARY_UNIT = Styled("mathrm", Letter("i", "i"))
IMAGINARY_PART = Named(r"\operatorname{Im}", "Im ")


def _complex_step(loss: Markup, by: Markup, step: Markup) -> Markup:
    moved = row(by, PLUS, IMAGINARY_UNIT, TIMES, step)
    return Fraction(row(IMAGINARY_PART, loss, bracketed(moved)), step)


def _central(loss: Markup, by: Markup, step: Markup) -> Markup:
    """Of fourth order."""

    def at(sign: Markup, multiple: Markup) -> Markup:
        return row(loss, bracketed(row(by, sign, multiple)))

    twice, eight = row(Digits("2"), TIMES, step), row(Digits("8"), TIMES)
    left = row(at(MINUS, twice), MINUS, eight, at(MINUS, step))
    right = row(eight, at(PLUS, step), MINUS, at(PLUS, twice))
    return Fraction(row(left, PLUS, right), row(Digits("12"), TIMES, step))


QUOTIENTS: dict[str, Callable[[Markup, Markup, Markup], Markup]] = {
    "complex step": _complex_step,
    "central difference": _central,
}
"""By the names that `symprop.checking` has for its methods."""
