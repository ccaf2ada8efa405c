r"""Names on paper: a base with accents, subscripts and marks, none of which is arithmetic.

`x_{1i}` has the subscripts 1 and i, `h_{K-1}` the one subscript K-1, `h^{(l)}` and `y^*` marks.
What of a superscript is no mark, an exponent or the top of a transpose, is left over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symprop.verification.reading import commands
from symprop.verification.reading.items import Item, Items
from symprop.verification.reading.tree import Spelling

ITEMS_LIMIT = 12
"""A name has at most so many subscripts."""

_MARKS = {"*", r"\dagger"}
NEW = ("new", "neu", "next", "updated", "+")
OLD = ("old", "alt", "prev", "previous", "current")
"""Words at a weight behind a step of training, and before it: no letters side by side."""


@dataclass(frozen=True)
class Written:
    """A name as it is written, what is left of its superscript, and the primes behind it."""

    spelling: Spelling
    rest: Items = ()
    primes: int = 0
    commas: tuple[int, ...] = ()
    wrapped: bool = False


def written_name(item: Item) -> Written | None:
    """The name that an item is; None where it is none."""
    base = _base(item)
    if base is None or not _fits(base, item):
        return None
    found = base
    if item.sub is not None:
        subscript = subscript_of(item.sub)
        if subscript is None:
            return None
        parts, commas = subscript
        found = replace(found, spelling=replace(found.spelling, subscript=parts), commas=commas)
    marks, rest = _marks(item.sup or ())
    if marks:
        found = replace(found, spelling=replace(found.spelling, marks=marks))
    return replace(found, rest=rest, primes=item.primes)


def with_raised(written: Written) -> Written:
    r"""The name that it is if all of its superscript, as in `z^l`, is a mark, and so are primes."""
    raised = (spelled(written.rest),) if written.rest else ()
    marks = (*written.spelling.marks, *raised, *("'",) * written.primes)
    return replace(written, spelling=replace(written.spelling, marks=marks), rest=(), primes=0)


def with_primes(written: Written) -> Written:
    r"""The name that it is if its primes are marks, and what is above is none: `W'^\top`."""
    return replace(with_raised(replace(written, rest=())), rest=written.rest)


def _fits(base: Written, item: Item) -> bool:
    """Whether the scripts of an item can be added to those inside its accent."""
    return not (
        (base.spelling.subscript and item.sub is not None)
        or (base.spelling.marks and item.sup is not None)
    )


def _base(item: Item) -> Written | None:
    if item.kind == "letter":
        return Written(Spelling(item.text))
    if item.kind == "word":
        return Written(Spelling(item.text, style=item.style)) if item.text else None
    accent, style = item.text in _ACCENTS, item.text in _STYLES
    if item.kind != "command" or not (accent or style) or len(item.parts[0]) != 1:
        return None
    inside = written_name(item.parts[0][0])
    if inside is None or inside.rest or inside.primes:
        return None
    spelling = inside.spelling
    if style and (spelling.style or spelling.accents):
        return None
    if style:
        spelling = replace(spelling, style=item.text)
    else:
        spelling = replace(spelling, accents=(*spelling.accents, item.text))
    scripted = bool(spelling.subscript or spelling.marks)
    return replace(inside, spelling=spelling, wrapped=inside.wrapped or scripted)


_ACCENTS, _STYLES = set(commands.ACCENTS.values()), set(commands.STYLES.values())


def subscript_of(items: Items) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
    """The items of a subscript, and behind how many of them there is a comma.

    None for what is no subscript, or one of too many items.
    """
    if len(items) > 2 * ITEMS_LIMIT:
        return None
    found: list[str] = []
    commas: list[int] = []
    part: list[Item] = []
    for item in (*items, None):
        if item is not None and item.text != ",":
            part.append(item)
            continue
        split = _split(tuple(part))
        if split is None:
            return None
        found += split
        part = []
        if item is not None:
            commas.append(len(found))
    return (tuple(found), tuple(commas)) if len(found) <= ITEMS_LIMIT else None


def _split(part: Items) -> list[str] | None:
    """The items between two commas: one where there is a plus or a minus, else one each."""
    if not part or not all(map(_may_stand_below, part)):
        return None
    if any(item.text in ("+", "-") for item in part) and len(part) > 1:
        return [spelled(part)]
    if spelled(part) in (*NEW, *OLD):
        return [spelled(part)]
    found: list[str] = []
    for item in part:
        if item.kind == "fence":
            if not found:
                return None
            found[-1] += spelled((item,))
        else:
            found.append(spelled((item,)))
    return found


def _may_stand_below(item: Item) -> bool:
    if item.kind == "sign":
        return item.text in ("+", "-", "*", ":", r"\setminus", r"\dots")
    return item.kind in ("letter", "number", "word", "fence") or (
        item.kind == "command" and item.text in _ACCENTS | _STYLES
    )


def _marks(items: Items) -> tuple[tuple[str, ...], Items]:
    """The marks that a superscript begins with, and what follows."""
    if spelled(items) in (*NEW, *OLD):
        return (spelled(items),), ()
    marks: list[str] = []
    for place, item in enumerate(items):
        bracket = item.kind == "fence" and item.text in ("()", "[]") and bool(item.parts[0])
        word = item.kind == "word" and item.style != "named" and item.text != "T"
        if not item.is_bare or not (bracket or word or item.text in _MARKS):
            return tuple(marks), items[place:]
        marks.append(spelled((item,)))
    return tuple(marks), ()


def spelled(items: Items) -> str:
    """Items in LaTeX, in one way; what looks the same is spelled the same."""
    text = ""
    for item in items:
        part = _spelled(item)
        if text and part[:1].isalpha() and _ends_in_command(text):
            text += " "
        text += part
    return text


def _ends_in_command(text: str) -> bool:
    letters = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return letters.endswith("\\") and letters != text


def _spelled(item: Item) -> str:
    inside = "".join("{" + spelled(part) + "}" for part in item.parts)
    if item.kind == "fence":
        half = len(item.text) // 2
        base = item.text[:half] + spelled(item.parts[0]) + item.text[half:]
    elif item.kind == "group":
        base = inside
    elif item.kind == "command":
        base = f"\\{item.text}{inside}"
    elif item.kind == "environment":
        rows = r" \\ ".join(" & ".join(map(spelled, row)) for row in item.rows)
        base = rf"\begin{{{item.text}}}{rows}\end{{{item.text}}}"
    elif item.kind == "word":
        base = item.text
    else:
        base = item.text
    base += "" if item.sub is None else f"_{{{spelled(item.sub)}}}"
    base += "" if item.sup is None else f"^{{{spelled(item.sup)}}}"
    return base + "'" * item.primes
