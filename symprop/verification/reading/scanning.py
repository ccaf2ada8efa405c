r"""Finding formulas in a file: displayed ones, and what may be one but is not looked into."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symprop.verification.reading import commands
from symprop.verification.reading.functions import is_word_of_a_function
from symprop.verification.reading.macros import MACROS_LIMIT, definition_at
from symprop.verification.reading.prose import DERIVATIVE, REMARK
from symprop.verification.reading.symbols import Symbols


@dataclass(frozen=True)
class Piece:
    """A stretch of a file: a formula, or with `why` something skipped.

    Of a formula in a line of text `before` has the words of its sentence before it.
    """

    start: int
    end: int
    kind: str
    why: str = ""
    before: str = ""


PIECES_LIMIT = 1_000
"""After so many formulas, read and skipped, the rest of a file is not looked into."""

_DISPLAYED = {f"{name}{star}" for name in commands.LAYOUTS for star in ("", "*")} - {"math"}
_HIDING = set(
    "verbatim Verbatim lstlisting minted tikzpicture comment filecontents tabular tabularx picture "
    "algorithm algorithmic algorithmic* thebibliography".split()
)
"""Environments that are not looked into."""

_LATEX = (
    r"|(?P<comment>(?<!\\)%[^\n]*)"
    r"|(?P<begin>\\begin\{(?P<name>[A-Za-z]+\*?)\})"
    r"|(?P<verb>\\verb\*?(?P<bar>[^A-Za-z\s])[^\n]*?(?P=bar))"
    r"|(?P<input>\\(?:input|include|import|subfile)\b\s*\{[^}\n]*\})"
)
_SHARED = (
    r"(?P<display>\\\[)"
    r"|(?P<dollars>\$\$)"
    r"|(?P<inline>\$|\\\()"
    r"|(?P<definition>\\(?:(?:re|provide)?newcommand|renewcommand|def|DeclareMathOperator)\b\*?)"
)
_MARKDOWN = (
    r"|(?P<block>^[ \t]*(?P<ticks>`{3,8}|~{3,8})[ \t]*(?P<language>\w*)[^\n]*\n)"
    r"|(?P<code>(?P<tick>`{1,8})[^`\n]+(?P=tick))"
    r"|(?P<remark><!--)"
    r"|(?P<begin>\\begin\{(?P<name>[A-Za-z]+\*?)\})"
)
_ESCAPED = r"|(?P<escaped>\\[^A-Za-z\n])"
_STARTS = {
    "latex": re.compile(_SHARED + _LATEX + _ESCAPED, re.M),
    "markdown": re.compile(_SHARED + _MARKDOWN + _ESCAPED, re.M | re.DOTALL),
}
_REMARK_END = re.compile("-->")
_ENDS = {"$$": re.compile(r"(?<!\\)\$\$"), r"\[": re.compile(r"\\\]")}
_INLINE_ENDS = {
    "$": re.compile(r"(?<!\\)\$|\n[ \t]*\n"),
    r"\(": re.compile(r"\\\)|\n[ \t]*\n"),
}


_SENTENCE_END = re.compile(r"[.!?:]\s|\n[ \t]*\n|\\\]|\$\$|\\end\{\w+\*?\}")


def limited(pieces: Iterable[Piece], text: str) -> Iterator[Piece]:
    """The pieces of a file, at most so many, and then the rest of it as one that is skipped."""
    for count, piece in enumerate(pieces):
        if count == PIECES_LIMIT:
            why = f"only the first {PIECES_LIMIT:,} formulas of a file are read"
            yield Piece(piece.start, len(text), "rest", why)
            return
        yield piece


class Scanner:
    """Goes through a LaTeX or a Markdown file once."""

    def __init__(self, text: str, kind: str) -> None:
        self.text = text
        self.start = _STARTS[kind]
        self.place = 0
        self.definitions = 0
        self.unclosed: set[re.Pattern[str]] = set()
        """What has been looked for to the end of the file, and is not there."""

    def find(self, sign: re.Pattern[str]) -> re.Match[str] | None:
        """The next place of a sign; not looked for again where there is none."""
        if sign in self.unclosed:
            return None
        found = sign.search(self.text, self.place)
        if found is None:
            self.unclosed.add(sign)
        return found

    def pieces(self) -> Iterator[Piece]:
        """Formulas and what is skipped, in order."""
        while match := self.start.search(self.text, self.place):
            self.place = match.end()
            name = next(
                name for name, found in match.groupdict().items() if found and name in _RULES
            )
            yield from _RULES[name](self, match)

    def display(self, match: re.Match[str]) -> Iterator[Piece]:
        opening = match.group()
        end = self.find(_ENDS[opening])
        if end is None:
            yield Piece(match.start(), len(self.text), opening, f"{opening} is not closed")
            self.place = len(self.text)
            return
        self.place = end.end()
        if self.text[match.end() : end.start()].strip():
            yield Piece(match.end(), end.start(), opening)

    def inline(self, match: re.Match[str]) -> Iterator[Piece]:
        end = self.find(_INLINE_ENDS[match.group()])
        if end is not None and end.group().strip():
            self.place = end.end()
            before = _SENTENCE_END.split(self.text[max(0, match.start() - 300) : match.start()])
            yield Piece(match.start(), end.end(), "inline", before=before[-1])

    def begin(self, match: re.Match[str]) -> Iterator[Piece]:
        name = match["name"]
        if name not in _DISPLAYED and name not in _HIDING:
            return
        end = self.end_of(name, match.end())
        if end is None:
            why = rf"\begin{{{name}}} is not closed"
            yield Piece(match.start(), len(self.text), name, why)
            self.place = len(self.text)
            return
        self.place = end.end()
        if name in _HIDING:
            yield Piece(match.start(), end.end(), name, f"{name} is not looked into")
            return
        start = match.end()
        if name.rstrip("*") in commands.WITH_COUNT:
            count = re.compile(r"\s*\{[^{}]*\}").match(self.text, start)
            start = count.end() if count else start
        if self.text[start : end.start()].strip():
            yield Piece(start, end.start(), name)

    def end_of(self, name: str, start: int) -> re.Match[str] | None:
        r"""The `\end` that belongs to a `\begin`."""
        depth = 1
        for match in re.compile(rf"\\(begin|end)\{{{re.escape(name)}\}}").finditer(
            self.text, start
        ):
            depth += 1 if match[1] == "begin" else -1
            if depth == 0:
                return match
        return None

    def block(self, match: re.Match[str]) -> Iterator[Piece]:
        end = re.compile(rf"^[ \t]*{match['ticks']}[ \t]*$", re.M).search(self.text, match.end())
        stop = end.start() if end else len(self.text)
        self.place = end.end() if end else len(self.text)
        if match["language"] == "math" and self.text[match.end() : stop].strip():
            yield Piece(match.end(), stop, "math")

    def input(self, match: re.Match[str]) -> Iterator[Piece]:
        yield Piece(match.start(), match.end(), "input", "another file is not read")

    def definition(self, match: re.Match[str]) -> Iterator[Piece]:
        self.definitions += 1
        found = None
        if self.definitions <= MACROS_LIMIT:
            found = definition_at(self.text, match.start())
        if found is None:
            end = self.text.find("\n", match.start())
            end = len(self.text) if end < 0 else end
            why = "only macros without default arguments are read"
            yield Piece(match.start(), end, "macro", why)
            self.place = max(end, match.end())
        else:
            self.place = found[2]

    def remark(self, match: re.Match[str]) -> Iterator[Piece]:
        end = self.find(_REMARK_END)
        self.place = end.end() if end else match.end()
        return iter(())

    def nothing(self, match: re.Match[str]) -> Iterator[Piece]:
        return iter(())


_RULES = {
    "comment": Scanner.nothing,
    "escaped": Scanner.nothing,
    "remark": Scanner.remark,
    "code": Scanner.nothing,
    "verb": Scanner.nothing,
    "display": Scanner.display,
    "dollars": Scanner.display,
    "inline": Scanner.inline,
    "begin": Scanner.begin,
    "block": Scanner.block,
    "input": Scanner.input,
    "definition": Scanner.definition,
}


_SAYS = re.compile(r"^[^\n#]*(?:=|←|<-)[^\n]*$")
_GOES_ON = re.compile(r"\s+[-+*/·⊙⊘−]")
_BEGINS = re.compile(r"\s+(?:=|←|<-)")
_GREEK = "Gamma|Delta|Theta|Lambda|Sigma|Upsilon|Phi|Psi|Omega"
_SENTENCE = re.compile(rf"\s*(?!(?:{_GREEK})\b)[A-Z][a-z]{{2,}}[ ,:]\s*(?!\s*(?:=|←|<-))")
_TWO_WORDS = re.compile(r"(?<![\w\\])([A-Za-z]{2,})[ \t]+(?=([A-Za-z]{2,})(?!\w))")


def plain_pieces(text: str, symbols: Symbols) -> Iterator[Piece]:
    """The lines of plain text that say that something equals something, in blocks."""
    block: list[int] = []
    end, before = 0, -1
    for match in re.finditer(r"^[^\n]*$", text, re.M):
        line = match.group()
        prose = _is_prose(line, symbols)
        says = _SAYS.match(line) is not None and not prose
        if says or (block and _GOES_ON.match(line) and not prose):
            if not block and before >= 0 and _BEGINS.match(line):
                block.append(before)  # the left side, on a line of its own
            block.append(match.start())
            end, before = match.end(), -1
            continue
        before = match.start() if line.strip() and not prose else -1
        if block:
            yield Piece(block[0], end, "plain")
            block = []
        if prose and _SAYS.match(line):
            why = "" if DERIVATIVE.search(line) else "a sentence or a table"
            yield Piece(match.start(), match.end(), "prose", why)
    if block:
        yield Piece(block[0], end, "plain")


def _is_prose(line: str, symbols: Symbols) -> bool:
    """Whether two words of a language stand side by side, the remark at the end aside.

    So it is with a row of a table: words, then several equations far apart.
    """
    columns = re.split(r"[ \t]{2,}", line.strip())
    table = len(columns) > 2 and "=" not in columns[0] and "=" in columns[1] and "=" in columns[2]
    if _SENTENCE.match(line) or (table and columns[1][0] != "="):
        return True
    return any(
        not (_is_name(first, symbols) or _is_name(second, symbols))
        for first, second in _TWO_WORDS.findall(REMARK.sub("", line))
    )


def _is_name(word: str, symbols: Symbols) -> bool:
    return word in symbols.identifiers or is_word_of_a_function(word)
