r"""LaTeX as tokens, each with its place in the text; a user's `\newcommand`s are put in.

Nothing is executed: a macro is a list of tokens that stands for another, so often and so deep only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from symprop.verification.reading.commands import (
    CHARACTERS,
    COMBINING,
    STYLED,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)
from symprop.verification.reading.errors import Span, UnreadableError

LENGTH_LIMIT = 20_000
"""A formula of more characters, or more tokens once macros are put in, is refused."""
MACRO_DEPTH = 8
DIGITS_LIMIT = 60
"""A number of more characters is refused."""

SMALL = "".join(
    rf"|(?P<{name}>[{re.escape(''.join(table))}]+)"
    for name, table in (("lowered", SUBSCRIPTS), ("raised", SUPERSCRIPTS))
)
"""Runs of small characters."""
SCRIPTS = {"lowered": ("_", SUBSCRIPTS), "raised": ("^", SUPERSCRIPTS)}
_TOKEN = re.compile(
    r"(?P<comment>%[^\n]*(?:\n[ \t]*|$))"
    r"|(?P<command>\\(?:[A-Za-z]+|.|\n|$))"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<space>\s+|~)" + SMALL + r"|(?P<character>.)",
    re.DOTALL,
)


class Token(NamedTuple):
    r"""A command with its backslash, a number, or one character; `spaced`: a space is before it."""

    text: str
    span: Span
    spaced: bool = False

    def moved(self, by: int) -> Token:
        """The token in a text in which it stands so many characters further on."""
        return Token(self.text, Span(self.span.start + by, self.span.end + by), self.spaced)


@dataclass(frozen=True)
class Macro:
    r"""What `\newcommand` gives a name to: how many arguments, and the text, `#1` for the first."""

    arguments: int
    body: str


def check_length(text: str) -> None:
    """Refuse a formula that is too long."""
    if len(text) > LENGTH_LIMIT:
        raise UnreadableError(
            f"a formula of {len(text):,} characters",
            text[:80],
            Span(0, 1),
            hint=f"a formula has at most {LENGTH_LIMIT:,}",
        )


def latex_tokens(text: str, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    """The tokens of a formula in LaTeX.

    Raises UnreadableError for a number of too many digits, a text or an expansion that is too long.
    """
    check_length(text)
    tokens = list(_latex_tokens(text))
    if macros:
        tokens = _Expansion(text, macros).of(tokens, 0)
    return tokens


def _latex_tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(text):
        span = Span(*match.span())
        kind, found = match.lastgroup or "", match.group()
        if kind in ("space", "comment"):
            spaced = True
            continue
        check_digits(found, text, span)
        if kind in SCRIPTS:
            tokens += small_tokens(kind, found, span)
        elif kind == "character":
            tokens += character_tokens(found, span, tokens, spaced)
        else:
            tokens.append(Token(found, span, spaced))
        spaced = False
    return tokens


def check_digits(found: str, source: str, span: Span) -> None:
    """Refuse a number that is too long."""
    if len(found) > DIGITS_LIMIT and found[:1] in ".0123456789":
        raise UnreadableError(
            f"a number of {len(found)} characters", source, span, hint=f"at most {DIGITS_LIMIT}"
        )


def small_tokens(kind: str, found: str, span: Span) -> list[Token]:
    """A run of small characters, as a script."""
    script, table = SCRIPTS[kind]
    inside = [
        Token(table[char], Span(span.start + place, span.start + place + 1))
        for place, char in enumerate(found)
    ]
    return [Token(script, span), Token("{", span), *_merged(inside), Token("}", span)]


def _merged(tokens: list[Token]) -> list[Token]:
    """Digits side by side as one number."""
    found: list[Token] = []
    for token in tokens:
        if found and token.text.isdigit() and found[-1].text.isdigit():
            last = found.pop()
            token = Token(last.text + token.text, last.span.to(token.span))
        found.append(token)
    return found


def character_tokens(
    char: str, span: Span, before: list[Token], spaced: bool = False
) -> list[Token]:
    """What one character stands for; an accent is put around the token `before` it."""
    if char in CHARACTERS:
        return [Token(CHARACTERS[char], span, spaced)]
    if char.isascii():
        return [Token(char, span, spaced)]
    if char in STYLED:
        style, letter = STYLED[char]
        return _wrapped(style, Token(letter, span, spaced))
    if char in COMBINING and before:
        return _wrapped(COMBINING[char], before.pop())
    plain = unicodedata.normalize("NFD", char)
    if len(plain) == 2 and plain[1] in COMBINING:
        return _wrapped(COMBINING[plain[1]], Token(plain[0], span, spaced))
    return [Token(char, span, spaced)]


def _wrapped(command: str, token: Token) -> list[Token]:
    texts = (f"\\{command}", "{", token.text, "}")
    return [
        token._replace(text=text, spaced=token.spaced and not i) for i, text in enumerate(texts)
    ]


class _Expansion:
    """Puts macros in; every token of one has the place of its call."""

    def __init__(self, source: str, macros: Mapping[str, Macro]) -> None:
        self.source = source
        self.macros = macros
        self.count = 0

    def of(self, tokens: list[Token], depth: int) -> list[Token]:
        found: list[Token] = []
        place = 0
        while place < len(tokens):
            token = tokens[place]
            place += 1
            self.count += 1
            macro = self.macros.get(token.text)
            if self.count > LENGTH_LIMIT or (macro and depth == MACRO_DEPTH):
                raise UnreadableError(
                    f"{token.text} makes the formula endless", self.source, token.span
                )
            if macro is None:
                found.append(token)
                continue
            arguments: list[list[Token]] = []
            for _ in range(macro.arguments):
                argument, place = self.argument(tokens, place, token)
                arguments.append(argument)
            found += self.of(self.filled(macro, arguments, token.span), depth + 1)
        return found

    def argument(self, tokens: list[Token], place: int, call: Token) -> tuple[list[Token], int]:
        """The tokens of one argument, and the place behind it."""
        depth = 0
        for end in range(place, len(tokens)):
            depth += (tokens[end].text == "{") - (tokens[end].text == "}")
            if depth == 0:
                inside = tokens[place + 1 : end] if end > place else tokens[place : end + 1]
                return inside, end + 1
            if depth < 0:
                break
        raise UnreadableError(f"{call.text} lacks an argument", self.source, call.span)

    def filled(self, macro: Macro, arguments: list[list[Token]], span: Span) -> list[Token]:
        filled: list[Token] = []
        for part in re.split(r"(#[1-9])", macro.body):
            if re.fullmatch(r"#[1-9]", part):
                number = int(part[1])
                if number <= len(arguments):
                    filled += [token._replace(span=span) for token in arguments[number - 1]]
            else:
                filled += [token._replace(span=span) for token in _latex_tokens(part)]
        return filled
