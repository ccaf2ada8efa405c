r"""Rules of training: what a text says to become of a weight, however it writes old and new.

`w_{new} = w_{old} - \eta g`, `w^{(t+1)} = w^{(t)} - \eta g`, `w' = w - \eta g` and
`\Delta w = -\eta g` all say `w \leftarrow w - \eta g`, and are understood so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from symprop.verification.reading.names import NEW, OLD
from symprop.verification.reading.statements import ASSIGNMENT, Statement
from symprop.verification.reading.symbols import PARAMETERS, Reference, Symbols
from symprop.verification.reading.tree import Name, Primed, Product, Spelling, Sum, Tree, names
from symprop.verification.substitution import with_names

_NEW = (*NEW, "'")
_OLD = (*OLD, "")
"""What is written at a weight behind a step, and before it; "" is nothing."""
_COUNTED = re.compile(r"(?P<step>[a-z])\+1")


def iterated(made: Statement, symbols: Symbols) -> Statement:
    """A statement, as an update where it says what becomes of a weight."""
    if not made.relations or made.relations[0].sign not in ("=", ":=", ASSIGNMENT):
        return made
    left, right = made.sides[0], made.sides[1]
    changed = _change(left)
    if changed is not None and _weight(changed.spelling, symbols) is not None:
        sides = (changed, *(_added(changed, side) for side in made.sides[1:]))
        return _update(replace(made, sides=sides))
    if isinstance(left, Primed) and left.order == 1 and isinstance(left.body, Name):
        return _primed(made, left.body, symbols)
    if not isinstance(left, Name):
        return made
    for bare, before in _moments(left.spelling):
        reference = _weight(bare, symbols)
        if reference is None and (bare.base not in PARAMETERS or symbols.values(bare)):
            continue
        if not any(name.spelling in before for name in names(right)):
            continue
        if left.spelling.marks[-1:] == ("'",) and not _starts_from(right, before):
            continue
        meant = Name(left.spelling if reference else bare, reference)
        after = replace(left, spelling=meant.spelling, reference=reference)
        sides = (after, *(_meaning(side, before, meant) for side in made.sides[1:]))
        return _update(replace(made, sides=sides))
    return made


def _primed(made: Statement, weight: Name, symbols: Symbols) -> Statement:
    """`w' = w - ...` of a weight that is no number, whose prime may be no transpose then."""
    known = _weight(weight.spelling, symbols) is not None
    if not known or not _starts_from(made.sides[1], (weight.spelling,)):
        return made
    return _update(replace(made, sides=(weight, *made.sides[1:])))


def _starts_from(side: Tree, written: tuple[Spelling, ...]) -> bool:
    """Whether one term of a sum is a name that is written so."""
    terms = side.terms if isinstance(side, Sum) else ()
    return any(isinstance(term, Name) and term.spelling in written for term in terms)


def _meaning(side: Tree, written: tuple[Spelling, ...], meant: Name) -> Tree:
    """A side in which names that are written so are another one; one for all weights is bare."""

    def now(name: Name) -> Name | None:
        if name.spelling not in written:
            return None
        if meant.reference is None:
            return replace(name, spelling=meant.spelling)
        return replace(name, reference=meant.reference)

    return with_names(side, now)


def _update(made: Statement) -> Statement:
    first, *others = made.relations
    return replace(made, relations=(replace(first, sign=ASSIGNMENT), *others))


def _weight(spelling: Spelling, symbols: Symbols) -> Reference | None:
    """The weight, or the entry of one, that a name is; None for anything else."""
    found = symbols.values(spelling)
    if len(found) != 1:
        return None
    entries = [entry for _, entry in found[0].members]
    entries += [] if found[0].entry is None else [found[0].entry]
    return found[0] if all(entry.kind == "weight" for entry in entries) else None


def _moments(spelling: Spelling) -> Iterator[tuple[Spelling, tuple[Spelling, ...]]]:
    """The name without what makes it the new one, and how it is written before the step."""
    for part, place in (("marks", spelling.marks), ("subscript", spelling.subscript)):
        if not place:
            continue
        rest, last = place[:-1], place[-1]
        inside = last[1:-1] if last[:1] in "([" else last
        counted = _COUNTED.fullmatch(inside)
        if counted is None and inside not in _NEW:
            continue
        olds = _OLD if counted is None else (counted["step"], "")
        written = [_with(spelling, part, (*rest, *_like(old, last))) for old in olds]
        yield _with(spelling, part, rest), tuple(written)


def _with(spelling: Spelling, part: str, items: tuple[str, ...]) -> Spelling:
    if part == "marks":
        return replace(spelling, marks=items)
    return replace(spelling, subscript=items)


def _like(old: str, last: str) -> tuple[str, ...]:
    """A mark of the same form as another one: in brackets where that is."""
    if not old:
        return ()
    return (f"{last[0]}{old}{last[-1]}",) if last[:1] in "([" else (old,)


# -- steps ----------------------------------------------------------------------------------------


def _change(left: Tree) -> Name | None:
    r"""The name that a `\Delta w` is of."""
    if not isinstance(left, Product) or len(left.factors) != 2 or left.signs != ("",):
        return None
    delta, name = left.factors
    if not isinstance(delta, Name) or delta.spelling != Spelling(r"\Delta"):
        return None
    return name if delta.reference is None and isinstance(name, Name) else None


def _added(name: Name, side: Tree) -> Tree:
    """What a name becomes where a side is added to it."""
    if not isinstance(side, Sum):
        return Sum((name, side), ("", "+"), span=side.span)
    signs = tuple(sign or "+" for sign in side.signs)
    return Sum((name, *side.terms), ("", *signs), span=side.span)
