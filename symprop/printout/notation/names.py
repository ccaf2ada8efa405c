r"""How names are shown: as declared with `latex=`, else by what their parts stand for.

    w1, w_1  w_1          y_hat    \hat{y}          delta_a3  \delta_{a_3}
    alpha    \alpha       W_xh     W_{xh}           h__2      h^{(2)}
    loss     \mathrm{loss}         anything else    \text{...}

A name that is no identifier is shown as text. So is the second of two names that would look alike,
and one that would look like a function.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count

from symprop.derivation.sweep import Upstream
from symprop.expression.nodes import Apply, Leaf, walk
from symprop.network import Network
from symprop.printout.notation import alphabets
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import (
    COMMA,
    Digits,
    Letter,
    Markup,
    OddName,
    Over,
    Scripts,
    Sign,
    Styled,
    Words,
    below,
    bracketed,
    is_drawn,
    joined,
    row,
    with_subscript,
)
from symprop.printout.notation.reading import read_latex
from symprop.printout.notation.widths import width
from symprop.user_text import reads_as_formula, visible

LENGTH_LIMIT = 24
"""A name that is shown as text is shortened to so many characters."""

WIDTH_LIMIT = 14.0
"""A declared LaTeX that is wider than so many em is shown as text."""

DELTA = Letter(r"\delta", "δ")
_MARKS = {"star": Sign("*", "∗", "plain"), "prime": Sign("'", "′", "plain")}
_IDENTIFIER = re.compile(r"[A-Za-zͰ-Ͽ][A-Za-zͰ-Ͽ0-9_]*")
_LETTER_OF_CALL = re.compile(r"(\\[A-Za-z]+)\\left\(")
_LETTER_IN_TEXT = re.compile(r"\\text\{\\ensuremath\{(\\[A-Za-z]+)\}\}")
_HEAD = re.compile(r"([^\W\d_]+)(\d*)")


class Names:
    """What every name of a network looks like, those of its upstream gradients included."""

    def __init__(self, network: Network | None = None, upstreams: Iterable[Upstream] = ()) -> None:
        self._shown: dict[str, Markup] = {}
        self._owners: dict[Markup, str] = {}
        self._spelled: dict[str, str] = {}
        """Whose name it is, by what it looks like."""
        self._taken: set[str | Markup] = set()
        self._bare: set[str] = set()
        self._is_settled = False
        self.letters: set[str] = set()
        """The letters that names are made of."""
        if network is None:
            return
        for letter, function in _function_letters(network).items():
            self._spelled[letter] = f"{function}()"
        for name, found in (network.declared | network.steps).items():
            self._add(name, declared_markup(name, found.latex))
        for name in network.size_symbols:
            self._add(name, name_markup(name))
        for step in network.steps.values():
            self._add(f"delta_{step.name}", Scripts(DELTA, self.of(step.name)))
        for upstream in upstreams:
            name, step_name = upstream.delta.name, upstream.step.name
            if name not in self._shown:
                index = Digits(name.rpartition("_")[2])
                self._add(name, Scripts(DELTA, self.of(step_name), bracketed(index)))
        self._taken = {*self._shown, *self._owners}

    def _add(self, name: str, markup: Markup) -> None:
        times = 1
        while self._spelled.setdefault(_look(markup), name) != name:
            markup = _as_text(name if times == 1 else f"{times}: {name}")
            times += 1
        self._owners[markup] = name
        self._remember(name, markup)

    def settled(self) -> Names:
        """A copy in which a name seen for the first time leaves the choice of letters as it is.

        So a document is the same in every format, and however often it is rendered.
        """
        copy = Names()
        copy._shown, copy._owners = dict(self._shown), dict(self._owners)
        copy._spelled, copy._taken = dict(self._spelled), set(self._taken)
        copy._bare, copy.letters, copy._is_settled = set(self._bare), set(self.letters), True
        return copy

    def _remember(self, name: str, markup: Markup) -> None:
        self._shown[name] = markup
        if self._is_settled:
            return
        if isinstance(markup, Letter):
            self._bare.add(markup.latex)
        self.letters.update(part.latex for part in below(markup) if isinstance(part, Letter))

    def of(self, name: str | Leaf) -> Markup:
        """What a name looks like."""
        text = name.name if isinstance(name, Leaf) else name
        if text not in self._shown:
            self._add(text, name_markup(text))
        return self._shown[text]

    def alphabets(self) -> Iterator[Markup]:
        """Everything that the names seen so far are made of."""
        for markup in self._shown.values():
            yield from below(markup)

    def has(self, markup: Markup) -> bool:
        """Whether something looks like this."""
        return markup in self._owners or markup in self._taken

    def show(self, name: str, markup: Markup) -> None:
        """Let a name look like this."""
        self._remember(name, markup)
        self._taken |= {name, markup}

    def unused(self, *candidates: str) -> str:
        """The first of some names that the network has not, and that none of its names looks like.

        Where it has them all, the first with a number.
        """
        numbered = (f"{candidates[0]}_{number}" for number in count(1))
        for name in chain(candidates, numbered):
            if not self._taken & {name, name_markup(name)}:
                return name
        raise AssertionError("there are endlessly many names")

    def free(self, letters: str, taken: Iterable[str] = ()) -> str:
        """The first of some letters that no name looks like and that is not taken."""
        used = self._bare | set(taken)
        return next((letter for letter in letters if letter not in used), letters[0])


def _function_letters(network: Network) -> dict[str, str]:
    """The functions in a network that are written as a Greek letter, by that: sigmoid by sigma."""
    calls = (
        node.entry
        for step in network.steps.values()
        for node in walk(step.node)
        if isinstance(node, Apply)
    )
    found = ((_LETTER_OF_CALL.match(entry.latex), entry.name) for entry in calls)
    return {match[1]: name for match, name in found if match}


def _look(markup: Markup) -> str:
    """What a name looks like, in LaTeX: a letter is the same in a text and in a formula."""
    return _LETTER_IN_TEXT.sub(r"\1", latex_of(markup))


def declared_markup(name: str, latex: str | None) -> Markup:
    """A name as declared; a LaTeX that cannot be read, shows nothing or fills a line, as text."""
    if latex is None or not latex.strip():
        return name_markup(name)
    read = read_latex(latex)
    if read is None or not is_drawn(read) or width(read) > WIDTH_LIMIT:
        return _as_text(latex)
    return read


def _as_text(name: str) -> Words:
    """A name as text, shortened where it would fill a line."""
    text = visible(name)
    kind = OddName if reads_as_formula(name) else Words
    return kind(text if len(text) <= LENGTH_LIMIT else text[: LENGTH_LIMIT - 1] + "\u2026")


def name_markup(name: str) -> Markup:
    """A name without a declared LaTeX."""
    if not _IDENTIFIER.fullmatch(name) or name.endswith("_") or len(name) > LENGTH_LIMIT:
        return _as_text(name)
    name, _, superscript = name.partition("__")
    parts = name.split("_")
    markup = _head(parts[0])
    if markup is None or "" in parts or "__" in superscript:
        return Words(f"{name}__{superscript}" if superscript else name)
    rest = parts[1:]
    while rest and (rest[0] in alphabets.ACCENTS or rest[0] in _MARKS):
        markup = _marked(markup, rest.pop(0))
    if rest:
        markup = with_subscript(markup, _subscript(rest))
    if superscript and isinstance(markup, Scripts) and markup.sup is not None:
        return Words(f"{name}__{superscript}")
    if superscript:
        above = bracketed(_subscript(superscript.split("_")))
        base, sub = (markup.base, markup.sub) if isinstance(markup, Scripts) else (markup, None)
        markup = Scripts(base, sub, above)
    return markup


def _head(text: str) -> Markup | None:
    match = _HEAD.fullmatch(text)
    if match is None:
        return None
    letters, digits = match.groups()
    markup = _word(letters)
    return Scripts(markup, Digits(digits)) if digits else markup


def _word(letters: str) -> Markup:
    if letters in alphabets.GREEK:
        return Letter(f"\\{letters}", alphabets.GREEK[letters])
    if letters in alphabets.FROM_CHARACTER:
        name = alphabets.FROM_CHARACTER[letters]
        return Letter(f"\\{name}", alphabets.LETTERS[name])
    if not letters.isascii():
        return Words(letters)
    if len(letters) == 1:
        return Letter(letters, letters)
    return Styled("mathrm", row(*(Letter(letter, letter) for letter in letters)))


def _marked(markup: Markup, mark: str) -> Markup:
    base, sub, sup = markup, None, None
    if isinstance(markup, Scripts):
        base, sub, sup = markup.base, markup.sub, markup.sup
    if mark in alphabets.ACCENTS:
        base = Over(base, f"\\{mark}", alphabets.ACCENTS[mark])
    else:
        sup = _MARKS[mark] if sup is None else row(sup, _MARKS[mark])
    return base if sub is None and sup is None else Scripts(base, sub, sup)


def _subscript(parts: list[str]) -> Markup:
    """1_2 as 1,2; xh as xh; a3 and y_hat as names in their turn."""
    shown: list[Markup] = []
    for part in parts:
        if part.isdigit():
            shown.append(Digits(part))
        elif shown and (part in alphabets.ACCENTS or part in _MARKS):
            shown[-1] = _marked(shown[-1], part)
        elif part.isascii() and part.isalpha() and part not in alphabets.GREEK and len(part) < 3:
            shown.append(row(*(Letter(letter, letter) for letter in part)))
        else:
            shown.append(_head(part) or Words(part))
    return joined(shown, COMMA)
