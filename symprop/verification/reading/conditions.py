r"""Conditions behind a formula: `\text{if } z > 0`, `for i \neq j`, `(z > 0)`, and those in words.

What is said behind a formula is a condition, the reason for it, the range of an index, or a remark.
A condition that is not understood is kept as words, since a line may be right under it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symprop.verification.reading import fidelity
from symprop.verification.reading.applications import is_undeclared
from symprop.verification.reading.building import rows_of
from symprop.verification.reading.errors import UnreadableError
from symprop.verification.reading.items import Item, Items, parted
from symprop.verification.reading.names import written_name
from symprop.verification.reading.reader import Reader
from symprop.verification.reading.statements import OTHERWISE, Statement
from symprop.verification.reading.structures import (
    INEQUALITIES,
    condition,
    free_index,
    has_relation,
    spelled_words,
    without_trailing,
)
from symprop.verification.reading.tokens import latex_tokens
from symprop.verification.reading.tree import Comparison, Name, Number, Text, Tree, names

CONDITIONAL = set("if when whenever provided assuming unless falls wenn sofern".split())
"""Words before a condition."""
_DOMAIN = set("for where with given für mit bei".split())
"""Words before a condition, or before that for which a formula is meant."""
_REASON = set("since because as da weil".split())
"""Words before a reason, which may be a condition."""
_OTHERWISE = ("otherwise", "else", "sonst", "andernfalls", "elsewhere")
_QUANTIFIERS = set("all every each any alle jede jedes jeden".split())
_FILLING = set("that and und also the case we have now fixed holds gilt".split())
BEHIND = CONDITIONAL | _DOMAIN | _REASON | set(_OTHERWISE)
"""Words that the rest of their row belongs to."""
INTRODUCING = CONDITIONAL | _DOMAIN | _REASON
_KNOWN = (INTRODUCING | _QUANTIFIERS | _FILLING) - {"unless"}
_OF_NO_VALUE = set(
    "layer layers weight weights bias biases sample samples example examples respect simplicity "
    "short instance above gradient gradients derivative derivatives rule loss".split()
)
"""Words of what a formula is about: a condition in words with one of them restricts nothing."""
_RELATION = re.compile(r"[=<>≠≤≥]|\\(?:neq?|leq?|geq?)(?![A-Za-z])")
_SPELLED = {"!=": r"\neq ", "<=": r"\leq ", ">=": r"\geq ", "==": "="}
_AROUND = " \t\n()[],.;:"
_WORD = re.compile(rf"[{re.escape(_AROUND)}]*([^\W\d_]+)(?![\w^])")


@dataclass(frozen=True)
class _Part:
    """Words, or a formula among them."""

    words: tuple[str, ...] = ()
    items: Items = ()


def conditions_of(reader: Reader, items: Items) -> list[Tree]:
    """The conditions in what stands behind a formula, those that are not understood as words."""
    words: tuple[str, ...] = ()
    found: list[Tree] = []
    try:
        parts = list(_parts(reader, items))
        words = tuple(word for part in parts for word in part.words)
        first = parts[0].words[:1] if parts else ()
        if not (first and first[0] in INTRODUCING) and items[0].text != r"\forall":
            otherwise = bool(words) and words[0] in _OTHERWISE and len(parts) == 1
            return [Text(OTHERWISE, span=items[0].span)] if otherwise else []
        for part in parts:
            found += [_read(reader, piece) for piece in _pieces(part.items)]
    except UnreadableError:
        return [_in_words(items)] if words[:1] != () and words[0] in CONDITIONAL | _DOMAIN else []
    if first and first[0] in _REASON:
        return [each for each in found if _is_of_values(each)]
    return [_in_words(items)] if _restricts(words, found) else found


def _restricts(words: Sequence[str], found: Sequence[Tree]) -> bool:
    """Whether the words around some conditions say more than these, or something else."""
    unknown = [word for word in words if word not in _KNOWN]
    if found or not unknown or words[0] in CONDITIONAL:
        return bool(unknown)
    return _QUANTIFIERS.isdisjoint(words) and _OF_NO_VALUE.isdisjoint(words)


def is_alone(items: Items, statement: Statement, reader: Reader) -> bool:
    r"""Whether a formula behind a statement is a condition as it stands: `z > 0`, `i = j`, `y = 1`.

    An equation is one where it is about two indices of the statement, or about data.
    """
    parts = list(parted(items, "=", r"\in", *INEQUALITIES))
    signs = [sign.text for _, sign in parts if sign is not None]
    if not signs or has_relation(tuple(item for part, _ in parts for item in part)):
        return False
    if "=" not in signs:
        return True
    sides = [part[0] if len(part) == 1 else None for part, _ in parts]
    if len(sides) == 2 and sides[1] is not None and sides[1].kind == "number":
        values = isinstance(statement.sides[0], Name) and isinstance(statement.sides[-1], Number)
        return not values and _is_of_data(sides[0], reader)
    return all(s is not None and s.is_bare and _is_index(s.text, statement) for s in sides)


def _is_index(letter: str, statement: Statement) -> bool:
    return any(free_index(side, letter) for side in statement.sides)


def _is_of_data(item: Item | None, reader: Reader) -> bool:
    """Whether an item is the name of an input or a target."""
    written = None if item is None else written_name(item)
    references = () if written is None else reader.symbols.values(written.spelling)
    return any(r.entry is not None and r.entry.kind in ("input", "target") for r in references)


def definition_of(items: Items, reader: Reader) -> Items:
    r"""The formula of `with \delta = y - t`, which says what a name is; () for all else."""
    rest = tuple(item for item in items[1:] if item.kind != "gap")
    if items[0].kind != "word" or items[0].text.lower().strip() != "with" or len(rest) < 3:
        return ()
    defines = rest[1].text == "=" and is_undeclared(rest[0], reader) is not None
    return rest if defines else ()


def before_statement(items: Items) -> tuple[Items, Items]:
    """Words up to the formula about a derivative that stands among them, and the rest from there.

    In `if z > 0: dL/dw = ...` the formula stands behind a space, a comma or a colon.
    """
    starts = [place for place, item in enumerate(items) if _parts_off(item)]
    for place, end in zip(starts, [*starts[1:], len(items)], strict=False):
        if _is_of_derivative(items[place + 1 : end]):
            words = items[: place + 1]
            while words and (words[-1].kind == "gap" or words[-1].text in _PARTING):
                words = words[:-1]
            return words, items[place + 1 :]
    return items, ()


_PARTING = (",", ";", ":")


def _parts_off(item: Item) -> bool:
    """Whether a formula may begin behind an item: a space, a sign, words that end with a sign."""
    if item.kind == "gap" or item.text in _PARTING:
        return True
    return item.kind == "word" and item.text.rstrip().endswith(_PARTING)


def _is_of_derivative(items: Items) -> bool:
    """Whether items are an equation with a derivative on the left."""
    parts = list(parted(items, "=", r"\leftarrow"))
    left = parts[0][0]
    letters = [item.text for item in left if item.kind in ("letter", "command", "sign")]
    slashed = "/" in letters and letters.count("d") > 1
    derived = slashed or any(text in _DERIVED for item in left for text in _texts(item))
    return len(parts) > 1 and derived


_DERIVED = (r"\partial", r"\nabla", "frac", "dfrac", "tfrac")


def _texts(item: Item) -> Iterator[str]:
    yield item.text
    for part in item.parts:
        for inner in part:
            yield from _texts(inner)


def _in_words(items: Items) -> Text:
    words = spelled_words(items).rstrip(" ,;:")
    return Text(words, span=items[0].span.to(items[-1].span))


def _parts(reader: Reader, items: Items) -> Iterator[_Part]:
    """The words and the formulas of a remark in order, without the brackets around it."""
    rest = tuple(item for item in items if item.kind != "gap" and item.text != r"\forall")
    if len(rest) == 1 and rest[0].kind == "fence" and rest[0].is_bare:
        rest = rest[0].parts[0]
    formula: list[Item] = []
    for place, item in enumerate(rest):
        if not _is_said(item):
            formula.append(item)
            continue
        if formula:
            yield _Part(items=tuple(formula))
            formula = []
        yield from _said(reader, item, not place)
    if formula:
        yield _Part(items=tuple(formula))


def _is_said(item: Item) -> bool:
    """Whether an item is words."""
    return item.kind == "word" and item.is_bare and (" " in item.text or item.style in _STYLES)


_ASIDE = re.compile(r"\([^()=<>]*\)\s*$")
"""Words in brackets behind a condition, which say it again."""
_STYLES = ("text", "textrm", "textit", "textnormal", "mbox", "")


def _said(reader: Reader, item: Item, first: bool) -> Iterator[_Part]:
    """Words and the formulas among them, with dollar signs or without: `if i = j`."""
    sized = re.sub(r"\\(?:small|footnotesize|scriptsize|tiny)\b", "", item.text)
    for place, text in enumerate(sized.split("$")):
        words: tuple[str, ...] = ()
        if place % 2 == 0:
            bracketed = first and not place and text.lstrip().startswith("(")
            words, text = _with_words(text if bracketed else _ASIDE.sub("", text))
        if words:
            yield _Part(words=words)
        if text:
            yield _Part(items=_items(text, reader))


def _with_words(text: str) -> tuple[tuple[str, ...], str]:
    """The words that a text begins with, and the formula behind them."""
    has_formula = _RELATION.search(text) is not None
    words: list[str] = []
    place = 0
    while match := _WORD.match(text, place):
        if has_formula and len(match[1]) == 1:
            break
        words.append(match[1].lower())
        place = match.end()
    return tuple(words), text[place:].strip(_AROUND)


def _items(text: str, reader: Reader) -> Items:
    for sign, command in _SPELLED.items():
        text = text.replace(sign, command)
    rows = rows_of(latex_tokens(text), reader.source)
    return tuple(item for row in rows for cell in row.cells for item in cell)


def _pieces(items: Items) -> Iterator[Items]:
    """The formulas between commas; none of a range, 1, ..., n."""
    if any(item.text == r"\dots" for item in items):
        return
    for piece, _ in parted(items, ",", ";"):
        bare = without_trailing(piece)
        if has_relation(bare) and not _is_membership(bare):
            yield bare


def _is_membership(items: Items) -> bool:
    r"""Whether something is said to be of a set of all indices or numbers: `x \in \mathbb{R}`."""
    place = next((place for place, item in enumerate(items) if item.text == r"\in"), None)
    if place is None:
        return False
    behind = items[place + 1 :]
    dotted = any(i.text == r"\dots" for item in behind for part in item.parts for i in part)
    return dotted or bool(behind and behind[0].text in ("mathbb", "mathcal"))


def _read(reader: Reader, items: Items) -> Tree:
    span = items[0].span.to(items[-1].span)
    reader.depth = 0
    tree = condition(reader, items, span)
    fidelity.check(tree, items, reader.source, tree.span)
    return tree


def _is_of_values(tree: Tree) -> bool:
    """Whether a reason restricts values: an inequality, or what equals a number."""
    if not isinstance(tree, Comparison):
        return False
    if all(sign in INEQUALITIES for sign in tree.relations):
        return True
    return any(not any(True for _ in names(side)) for side in tree.sides) and any(
        isinstance(side, Name) for side in tree.sides
    )
