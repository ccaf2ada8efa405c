"""Reading one expression: what all rules of the grammar share.

The grammar goes down by precedence: sums, products entry by entry, products, factors; a factor is
what one item starts, with its scripts. Each rule is a function of a `Reader` and a `Cursor`. What
is inside brackets, arguments and scripts is a sequence of its own, read to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from symprop.verification.reading import arithmetic, atoms
from symprop.verification.reading.errors import AmbiguousError, Span, UnreadableError
from symprop.verification.reading.functions import FUNCTION_WORDS
from symprop.verification.reading.items import DEPTH_LIMIT, Item, parted
from symprop.verification.reading.names import spelled
from symprop.verification.reading.symbols import Entry, Symbols
from symprop.verification.reading.tree import Spelling, Tree


@dataclass(frozen=True)
class Choice:
    """Where a rule had to decide: the reading taken, this very part of the tree, and the other."""

    taken: Tree
    other: Tree
    why: str


class Cursor:
    """A place in a sequence of items; spaces are left out."""

    def __init__(self, items: Sequence[Item], span: Span) -> None:
        self.items = tuple(item for item in items if item.kind != "gap")
        self.span = span
        self.place = 0

    @cached_property
    def has_terms(self) -> bool:
        """Whether there is a plus or a minus among the items, outside of brackets."""
        return any(item.kind == "sign" and item.text in ("+", "-") for item in self.items)

    @property
    def next(self) -> Item | None:
        """The next item, None at the end."""
        return self.items[self.place] if self.place < len(self.items) else None

    def after(self, count: int) -> Item | None:
        """The item so many behind the next one."""
        place = self.place + count
        return self.items[place] if place < len(self.items) else None

    def take(self) -> Item:
        """The next item, which is there."""
        self.place += 1
        return self.items[self.place - 1]

    def sees(self, *signs: str) -> bool:
        """Whether the next item is one of some signs, without scripts."""
        item = self.next
        return item is not None and item.kind == "sign" and item.text in signs and item.is_bare

    @property
    def here(self) -> Span:
        """The place of the next item, or behind the last one."""
        if self.next is not None:
            return self.next.span
        end = self.items[-1].span.end if self.items else self.span.end
        return Span(max(end - 1, 0), end)


class Reader:
    """Reads expressions over some names.

    `plain`: they are in plain text, not in LaTeX. `tolerant`: what cannot be read becomes an Unread
    side of its statement, and reading goes on behind it.
    """

    def __init__(
        self, source: str, symbols: Symbols, *, plain: bool = False, tolerant: bool = False
    ) -> None:
        self.tolerant = tolerant
        self.source = source
        self.symbols = symbols
        self.plain = plain
        self.choices: list[Choice] = []
        self.depth = 0
        self.in_rule = False
        """Whether what is read says what becomes of a weight."""
        self.of_changes = False
        """Whether the left side is a d with a name behind it, `dW` or `dL`."""
        self.gradient_of: Entry | None = None
        """By what the loss is differentiated on a left side such as `dW`."""
        self.raised: set[Spelling] = set()
        r"""Names such as `\delta^l` whose superscript is a mark, because the text defines them."""
        self._inside: dict[int, tuple[Item, tuple[Tree, ...], tuple[str, ...]]] = {}

    # -- the grammar --------------------------------------------------------------------------

    def sequence(self, items: Sequence[Item], span: Span) -> Tree:
        """A whole expression; `span` is where it is missing if there is none."""
        cursor = Cursor(items, span)
        if not self.plain:
            self._check_words(cursor.items)
        if cursor.next is None:
            raise self.fail("nothing stands here", span, expected=("an expression",))
        tree = arithmetic.expression(self, cursor)
        if cursor.next is not None:
            raise self.unexpected(cursor.next)
        return tree

    def _check_words(self, items: Sequence[Item]) -> None:
        """Refuse the name of a function as letters side by side: `exp(x)` for `\\exp(x)`."""
        start = 0
        for place, item in enumerate((*items, None)):
            joined = item is not None and item.kind == "letter" and not item.text.startswith("\\")
            if joined and (place == start or items[place - 1].span.end == item.span.start):  # type: ignore[union-attr]
                continue
            word = "".join(letter.text for letter in items[start:place])
            found = next((name for name in FUNCTION_WORDS if word.endswith(name)), None)
            if found is not None:
                letters = items[place - len(found) : place]
                raise self.fail(
                    f"the letters {found} are no name of a function",
                    letters[0].span.to(letters[-1].span),
                    hint=rf"write \{found} or \operatorname{{{found}}}, or spaces between factors",
                )
            start = place if joined else place + 1

    def term(self, cursor: Cursor) -> Tree:
        """A product with all its factors, up to a plus, a minus or the end."""
        return arithmetic.term(self, cursor)

    def factor(self, cursor: Cursor) -> Tree:
        """One factor, with its scripts."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.fail(f"nested more than {DEPTH_LIMIT} deep", cursor.here)
        tree = atoms.factor(self, cursor)
        self.depth -= 1
        return tree

    def inside(self, bracket: Item) -> tuple[tuple[Tree, ...], tuple[str, ...]]:
        """What stands in brackets between commas and semicolons, and these; read once alone.

        Whether brackets hold an argument or a factor is decided by what they hold.
        """
        if id(bracket.parts) not in self._inside:
            parts = list(parted(bracket.parts[0], ",", ";"))
            trees = tuple(self.sequence(part, bracket.span) for part, _ in parts)
            signs = tuple(sign.text for _, sign in parts if sign is not None)
            self._inside[id(bracket.parts)] = (bracket, trees, signs)
        _, found, separators = self._inside[id(bracket.parts)]
        return found, separators

    # -- what is wrong ------------------------------------------------------------------------

    def fail(
        self, reason: str, span: Span, *, expected: Sequence[str] = (), hint: str = ""
    ) -> UnreadableError:
        """The error to raise."""
        return UnreadableError(reason, self.source, span, expected=expected, hint=hint)

    def unexpected(self, item: Item, *expected: str) -> UnreadableError:
        """The error for an item where something else is needed."""
        shown = spelled((item,))
        shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
        wanted = expected or ("an operator", "the end")
        return self.fail(f"{shown} cannot stand here", item.span, expected=wanted)

    def ambiguous(self, reason: str, one: Tree, other: Tree, *, hint: str) -> AmbiguousError:
        """The error for what may mean two things."""
        from symprop.verification.reading.understanding import (
            plain,  # spells trees, which are read here
        )

        readings = (plain(one), plain(other))
        return AmbiguousError(reason, self.source, one.span, readings=readings, hint=hint)

    def choose(self, taken: Tree, other: Tree, why: str) -> Tree:
        """Take a reading, and keep the other one in mind."""
        self.choices.append(Choice(taken, other, why))
        return taken
