r"""Reading the LaTeX of a name, such as \hat{y}, or of a function of the vocabulary.

Only what draws letters, marks and brackets is known. Anything else is not read, so that a name
cannot open a file, end a formula or define a command: it is shown as text.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re
from functools import cache

from symprop.printout.notation import alphabets
from symprop.printout.notation.markup import (
    COMMA,
    MINUS,
    NEGATIVE,
    PLUS,
    PRIME,
    SLASH,
    Digits,
    Fenced,
    Fraction,
    Hole,
    Letter,
    Markup,
    Named,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
    Styled,
    Words,
    row,
)

LENGTH_LIMIT = 300
DEPTH_LIMIT = 20

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
HOLE = "\0"
"""Stands for the argument in the pattern of a function."""

_PLAIN = {
    "+": PLUS,
    "-": MINUS,
    "/": SLASH,
    ",": COMMA,
    "=": Sign("=", "=", "relation"),
    "<": Sign("<", "<", "relation"),
    ">": Sign(">", ">", "relation"),
    "*": Sign("*", "∗", "plain"),
    ":": Sign(":", ":", "plain"),
    "!": Sign("!", "!", "plain"),
    ".": Sign(".", ".", "plain"),
    "[": Sign("[", "[", "plain"),
    "]": Sign("]", "]", "plain"),
    "|": Sign("|", "|", "plain"),
    ")": Sign(")", ")", "plain"),
}


class UnreadableError(ValueError):
    """LaTeX that is not known."""


@cache
def read_latex(text: str) -> Markup | None:
    """The notation that LaTeX stands for; None where there is something in it that is not known."""
    if len(text) > LENGTH_LIMIT or not text.strip():
        return None
    try:
        return _Reader(_TOKEN.findall(text)).all()
    except UnreadableError:
        return None


@cache
def read_pattern(call: str) -> Markup | None:
    """The pattern of a function of the vocabulary, `{}` for its arguments."""
    return read_latex(call.format(HOLE))


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next
        if not token or (expected and token != expected):
            raise UnreadableError(token)
        self.place += 1
        return token

    def all(self) -> Markup:
        whole = self.row("")
        if self.next:
            raise UnreadableError(self.next)
        return whole

    def row(self, end: str) -> Markup:
        """Everything up to `end`, which stays."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise UnreadableError("too deep")
        parts: list[Markup] = []
        while self.next and self.next not in (end, "}", r"\right"):
            if self.next.isspace():
                self.take()
            elif self.next in "^_'":
                base = parts.pop() if parts else Row(())
                parts.append(self.scripts(base))
            else:
                part = self.part()
                first = not parts or isinstance(parts[-1], Sign)
                parts.append(NEGATIVE if first and part == MINUS else part)
        self.depth -= 1
        return row(*parts) if parts else Row(())

    def scripts(self, base: Markup) -> Markup:
        sub: Markup | None = None
        sup: Markup | None = None
        while self.next and self.next in "^_'":
            mark = self.take()
            if mark == "_" and sub is None:
                sub = self.argument()
            elif mark == "'":
                sup = PRIME if sup is None else row(sup, PRIME)
            elif mark == "^" and sup is None:
                sup = self.argument()
            else:
                raise UnreadableError(mark)
        if isinstance(base, Scripts):
            if (base.sub and sub) or (base.sup and sup):
                raise UnreadableError("double script")
            return Scripts(base.base, base.sub or sub, base.sup or sup)
        return Scripts(base, sub, sup)

    def argument(self) -> Markup:
        """What a command or a script takes: a group or one part."""
        while self.next.isspace():
            self.take()
        if self.next == "{":
            self.take("{")
            inside = self.row("}")
            self.take("}")
            return inside
        return self.part()

    def part(self) -> Markup:
        token = self.take()
        if token == "{":
            self.place -= 1
            return self.argument()
        if token == "(":
            inside = self.row(")")
            self.take(")")
            return Fenced("(", ")", inside)
        if token == HOLE:
            return Hole()
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[0].isdigit() and token.isascii():
            return Digits(token)
        if token in alphabets.FROM_CHARACTER:
            name = alphabets.FROM_CHARACTER[token]
            return Letter(f"\\{name}", alphabets.LETTERS[name])
        if token in _PLAIN and token != ")":
            return _PLAIN[token]
        if token.isascii() and token.isalpha():
            return Letter(token, token)
        raise UnreadableError(token)

    def command(self, name: str) -> Markup:
        if name in alphabets.LETTERS:
            return Letter(f"\\{name}", alphabets.LETTERS[name])
        if name in alphabets.SIGNS:
            return Sign(f"\\{name}", *alphabets.SIGNS[name])
        if name in alphabets.NAMED:
            return Named(f"\\{name}", name)
        if name in alphabets.SPACES:
            return Space(f"\\{name}", alphabets.SPACES[name])
        if name in alphabets.ACCENTS:
            return Over(self.argument(), f"\\{name}", alphabets.ACCENTS[name])
        if name in alphabets.STYLES:
            return Styled(name, self.argument())
        if name == "boldsymbol":
            return Styled("boldsymbol", self.argument())
        if name in ("operatorname", "text", "textrm"):
            words = self.words()
            return Words(words) if name != "operatorname" else named(words)
        if name in ("frac", "tfrac", "dfrac"):
            return Fraction(self.argument(), self.argument())
        if name == "sqrt":
            return Root(self.argument())
        if name == "left":
            left = self.fence()
            inside = self.row(r"\right")
            self.take(r"\right")
            return Fenced(left, self.fence(), inside)
        if name in ("{", "}"):
            return Sign(f"\\{name}", name, "plain")
        if name in ("_", "%", "&", "#", "$"):
            return Words(name)
        raise UnreadableError(name)

    def fence(self) -> str:
        while self.next.isspace():
            self.take()
        token = self.take()
        if token not in alphabets.FENCES:
            raise UnreadableError(token)
        return alphabets.FENCES[token]

    def words(self) -> str:
        r"""The text in a group: letters, digits, spaces and \_ alone."""
        self.take("{")
        written = ""
        while self.next != "}":
            token = self.take()
            known = {"\\_": "_", "\\,": " ", "\\ ": " ", "\\%": "%", "\\#": "#", "\\&": "&"}
            if token in known:
                written += known[token]
            elif token.isspace() or token.isalnum() or token in "-.,:;()+'":
                written += token
            else:
                raise UnreadableError(token)
        self.take("}")
        return written


def named(words: str) -> Named:
    r"""A function with an upright name: \operatorname{leaky\,relu}."""
    escaped = words.replace("_", r"\_").replace(" ", r"\,")
    return Named(rf"\operatorname{{{escaped}}}", words)
