r"""Lines of plain text with words around a formula: `so dE/dc = (r - t)*q   # chain rule`.

What is no part of the formula is put aside: labels, words before it that lead up to it, remarks
behind it. Where that is not certain the line stays as it is, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symprop.verification.reading.functions import is_word_of_a_function
from symprop.verification.reading.symbols import Symbols

DERIVATIVE = re.compile(
    r"(?<![A-Za-z0-9_\\])(?:d|\u2202|\\partial)[ \t]*[\\A-Za-z\u03b1-\u03c9\u0391-\u03a9(][^\s/=]*"
    r"[ \t]*/[ \t]*(?:d|\u2202|\\partial)"
    r"|\\nabla|\u2207|(?<![A-Za-z])nabla|\\frac\{(?:d|\\partial)"
)
"""The beginning of a derivative."""
_RELATION = re.compile(r":=|<-|\u2190|(?<![<>!=])=(?!=)")
_WORD = re.compile(r"(?<![\w\\./^*\u2202])[A-Za-z][A-Za-z'-]*(?![\w(^/*])")
_LABEL = re.compile(
    r"[ \t]*(?:\(?\d{1,2}[.):]|\(?[a-h]\)|\(?(?:i{1,3}|iv|v)\)|[*\u2022\u2023\u21d2\u2192\u2234]"
    r"|[=-]>|[A-Z][a-z]+[ \t]\d{1,2}[a-z]?[.):])[ \t]+"
)
_DASH = re.compile(r"^[ \t]*[-\u2013\u2014][ \t]+(?=[^\n]*=)", re.M)
_ASIDE = re.compile(r"(?:^|(?<=[ \t]))(?:#|//)[^\n]*$|(?<=[ \t])--+[ \t]+[A-Za-z][A-Za-z ,.'-]*$")
REMARK = re.compile(r"(?<![ \t])[ \t]{3,}\([^\n]*\)[ \t]*$")
"""What stands in brackets far behind a formula is a remark."""
_IN_BRACKETS = re.compile(r"[ \t][(\[](?P<words>[A-Za-z][A-Za-z ,.'-]*)[)\]][ \t.]*$")
_BEHIND_WORD = re.compile(r"[ \t]*[,:;]?[ \t]*(?:\d+[.:)][ \t]+)?")
_LEADING = set(
    "so thus then hence therefore and also now finally get gets have obtain find know "
    "see is are be gives give yields yield follows that which means this again similarly likewise "
    "analogously consequently answer result solution update rule daraus folgt ist damit dann wir "
    "erhalten".split()
)
"""Words that may stand directly before a formula."""
_DEFINING = ("where", "with", "wobei", "mit")
"""Words before what an abbreviation stands for."""
_RESTRICTING = set(
    "if when whenever unless until suppose assume assuming let for at except not no never wrong "
    "minus negative half twice times without falls wenn sei nicht".split()
)
"""Words that change what is said, or where."""
_JOINING = set(
    "and so thus hence therefore then because by using via as due from which chain also that gives "
    "und also weil da".split()
)
"""Words behind a formula that begin a remark, or another formula."""
_LEXED = set("if when for where since otherwise falls wenn unless assuming".split())
"""Words behind a formula that are read with it."""


def bared(text: str, symbols: Symbols) -> str:
    """Plain text with spaces in the place of all that is no formula on the lines that have one."""
    lines = text.split("\n")
    listed = [line for line in lines if _RELATION.search(line)]
    if len(listed) > 1 and all(_DASH.match(line) for line in listed):
        lines = [_DASH.sub(_blank, line) for line in lines]
    return "\n".join(
        _Line(line, symbols).bared() if _RELATION.search(line) else line for line in lines
    )


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


class _Line:
    """A line that says something, of which the length stays."""

    def __init__(self, line: str, symbols: Symbols) -> None:
        self.line = line
        self.symbols = symbols

    def bared(self) -> str:
        """The line with formulas alone; as it is where words are left that are not understood."""
        remark = REMARK.search(self.line)
        kept = self.line[remark.start() :] if remark is not None else ""
        found = _ASIDE.sub(_blank, self.line[: len(self.line) - len(kept)])
        label = _LABEL.match(found)
        if label is not None and self._is_left_side(found[label.end() :]):
            found = _blank(label) + found[label.end() :]
        bracket = _IN_BRACKETS.search(found)
        if bracket is not None and self._are_words(bracket["words"]):
            found = found[: bracket.start()] + _blank(bracket)
        return self._parted(found, 0) + kept

    def _parted(self, line: str, start: int) -> str:
        """The line with its formulas from a place on, a semicolon between two of them."""
        sign = _RELATION.search(line, start)
        if sign is None:
            return line
        begin = self._begin(line[start : sign.start()])
        if begin is None:
            return line
        line = line[:start] + " " * begin + line[start + begin :]
        join = next(self._joins(line, sign.end()), None)
        if join is None:
            return line
        if _RELATION.search(line, join) is None:
            return line[:join] + " " * (len(line) - join)
        rest = self._parted(line, join)
        return rest if rest[join] != " " else f"{rest[:join]};{rest[join + 1 :]}"

    def _begin(self, left: str) -> int | None:
        """Where a left side begins behind the words before it; None where that is not certain."""
        words = [match for match in _WORD.finditer(left) if not self._is_name(match.group())]
        if not words:
            return 0
        last = words[-1]
        end = _BEHIND_WORD.match(left, last.end())
        assert end is not None  # it matches nothing, too
        behind, word = left[end.end() :].strip(), last.group().lower()
        leads = word in _LEADING | _JOINING or DERIVATIVE.match(behind) is not None
        defines = word in _DEFINING and behind not in self.symbols.identifiers
        restricted = any(match.group().lower() in _RESTRICTING for match in words)
        return end.end() if behind and (leads or defines) and not restricted else None

    def _joins(self, line: str, start: int) -> Iterator[int]:
        """Where words begin that end a formula; none behind those that are read with it."""
        for match in _WORD.finditer(line, start):
            word = match.group().lower()
            if self._is_name(match.group()):
                continue
            if word in _LEXED:
                return
            if word in _JOINING or word in _DEFINING:
                yield match.start()

    def _is_left_side(self, rest: str) -> bool:
        """Whether a line begins with a derivative or a name, and a relation behind it."""
        sign = _RELATION.search(rest)
        left = rest[: sign.start()].strip() if sign else ""
        return DERIVATIVE.match(left) is not None or re.fullmatch(r"\w+", left) is not None

    def _are_words(self, text: str) -> bool:
        words = re.findall(r"[A-Za-z'-]+", text)
        unknown = [word for word in words if not self._is_name(word)]
        return any(len(word) > 3 for word in unknown) and not set(words) & _LEXED

    def _is_name(self, word: str) -> bool:
        known = word in self.symbols.identifiers or is_word_of_a_function(word)
        return (
            known or len(word) == 1 or word in _GREEK or word in ("sum", "nabla", "grad", "partial")
        )


_GREEK = set(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega".split()
)
