"""Making an exercise: what can be asked for, and the printout that it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from symprop.derivation.record import Derivation
from symprop.errors import DeclarationError
from symprop.example import Example
from symprop.expression.depth import deep_expressions
from symprop.printout.document import SECTIONS, make_document
from symprop.printout.exercise.choice import AMOUNTS
from symprop.printout.exercise.numbers import drawn_example
from symprop.printout.exercise.sheets import Exercise, Sheets
from symprop.printout.model import Section
from symprop.printout.sections.material import Material

PARTS = ("chain-rule", "locals", "updates", "entries", "batch", "jacobians", "example")
"""The sections in which something can be left blank."""
UNNAMED = ("chain-rule", "entries", "batch", "example")
"""Those in which it is, where none is named."""


def make_exercise(
    derivation: Derivation,
    parts: Iterable[str] | None = None,
    *,
    blanks: str | int = "all",
    seed: int | None = None,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    also: Iterable[str] = (),
    example: Example | None = None,
    optimizer: str = "sgd",
) -> Exercise:
    """The printout of a derivation as an exercise: a sheet with numbered blanks, and its answers.

    `parts` are the sections in which right-hand sides are left blank, `blanks` how many of them:
    "all", the "results" alone, or a number. No answer can be read elsewhere on the sheet: what
    shows one is blank too, has the number of the blank in its place, or is left out. The sections
    of the printout are chosen as those of `make_document`.

    With a `seed` the numbers of the worked example are drawn anew, small and convenient, and so
    are the blanks where a number of them is asked for. The same seed gives the same sheets.

    Raises DeclarationError for a part in which nothing can be asked, for a section that there is
    none of, and for more blanks than there are right-hand sides.
    """
    Derivation.checked(derivation, "make_exercise")
    named = None if parts is None else tuple(parts)
    _check_parts(named or ())
    _check_amount(blanks)
    given = example or derivation.network.worked_example
    shown = given if seed is None else drawn_example(derivation, given, seed)
    more = (*also, *(part for part in named or () if only is None))
    document = make_document(derivation, only, without, more, example=shown, optimizer=optimizer)
    plain = Material(derivation, None, optimizer)

    def without_numbers(section: Section) -> Section:
        kind = SECTIONS[section.key]
        blocks = plain.repetition.shortened(tuple(kind.blocks(plain)))
        return Section(section.key, kind.title, blocks)

    with deep_expressions():
        sheets = Sheets(document, UNNAMED if named is None else named, without_numbers)
        return sheets.made(blanks, seed)


def _check_parts(parts: Iterable[str]) -> None:
    known = [part for part in PARTS if part in SECTIONS]
    for part in parts:
        if part not in known:
            close = get_close_matches(part, known, n=1)
            raise DeclarationError(
                f"nothing can be left blank in a section {part!r}",
                hint=f"did you mean {close[0]!r}?" if close else f"the parts: {', '.join(known)}",
            )


def _check_amount(blanks: str | int) -> None:
    named = isinstance(blanks, str) and blanks in AMOUNTS
    counted = isinstance(blanks, int) and not isinstance(blanks, bool) and blanks > 0
    if not named and not counted:
        raise DeclarationError(
            f"{blanks!r} is no number of blanks", hint="all, results, or a whole number from 1 on"
        )
