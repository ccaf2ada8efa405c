r"""Plain text as tokens of LaTeX: `dL/dw3 = -(y - f3)*f3`, and what symprop prints for terminals.

An identifier is one name: `w1` is `w_1`, `y_hat` is `\hat{y}`, a declared one what it is declared
as. `*` multiplies, `**` and `^` raise, a line is a row, `#` begins a comment, and words in brackets
far behind a formula are a remark. A command of LaTeX may stand among it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import name_markup
from symprop.verification.reading.commands import NAMED, SUBSCRIPTS, SUPERSCRIPTS
from symprop.verification.reading.errors import Span
from symprop.verification.reading.functions import is_word_of_a_function
from symprop.verification.reading.tokens import (
    SCRIPTS,
    SMALL,
    Token,
    character_tokens,
    check_digits,
    check_length,
    latex_tokens,
    small_tokens,
)

_TOKEN = re.compile(
    r"(?P<remark>[ \t]{3,}\([^\n]*\)[ \t]*(?=\n|$))"
    r"|(?P<condition>(?<=[\w)\]])[ \t]+(?=\((?:[^()\[\]\n]|\([^()\n]*\))*(?:[<>≠≤≥]|!=)"
    r"(?:[^()\[\]\n]|\([^()\n]*\))*\)[ \t]*(?:\n|$)))"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<newline>\n\s*)"
    r"|(?P<space>[ \t\r]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9]))"
    r"|(?P<verbatim>\\(?:begin|end|text)\{[^{}\n]*\})"
    r"|(?P<command>\\(?:[A-Za-z]+|.|$))"
    r"|(?P<word>[A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)*|[\u03b1-\u03c9\u0391-\u03a9][0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<operator>\*\*|<-|->|:=|!=|==|<=|>=|\.T\b)" + SMALL + r"|(?P<character>.)",
    re.DOTALL,
)
_OPERATORS = {
    "**": ["^"],
    "<-": [r"\leftarrow"],
    "->": [r"\to"],
    ":=": [":="],
    "!=": [r"\neq"],
    "==": ["="],
    "<=": [r"\leq"],
    ">=": [r"\geq"],
    ".T": ["^", "{", r"\top", "}"],
}
_WORDS = {
    "sqrt": [r"\sqrt"],
    "nabla": [r"\nabla"],
    "grad": [r"\nabla"],
    "partial": [r"\partial"],
    "sum": [r"\sum"],
    "infinity": [r"\infty"],
    "argmin": [r"\arg", r"\min"],
    "argmax": [r"\arg", r"\max"],
}
_CONDITIONAL = ("if", "when", "for", "where", "since", "otherwise", "falls", "wenn")
"""Words behind a formula that the rest of its line belongs to."""
_INDEXED = re.compile(r"(sum|nabla|grad|argmin|argmax|min|max)_([A-Za-z0-9_]+)")
_SCRIPTED = re.compile(rf"[{re.escape(''.join((*SUBSCRIPTS, *SUPERSCRIPTS)))}]+|[_^]")
"""What may stand behind a word as its script."""
_MARKS = rf"(?:[{re.escape(''.join((*SUBSCRIPTS, *SUPERSCRIPTS)))}]|[_^](?:\{{[^{{}}\n]*\}}|\w))*"
_ABOVE = re.compile(rf"{_MARKS}\s*/\s*d")
_BELOW = re.compile(
    rf"(?<![A-Za-z0-9_])d\s*(?:\w+|\([^()\n]*\)|\\\w+(?:\{{\w*\}})?){_MARKS}\s*/\s*$"
)
"""What stands behind a word above a slash, and before one below it, in a derivative."""
_RATE = re.compile(r"d([A-Za-z].*)")


def plain_tokens(text: str, identifiers: Mapping[str, str]) -> list[Token]:
    """The tokens of plain text; `identifiers` has the LaTeX of declared names.

    Raises UnreadableError for a text or a number that is too long.
    """
    check_length(text)
    return _Lexer(text, identifiers).tokens()


class _Lexer:
    def __init__(self, text: str, identifiers: Mapping[str, str]) -> None:
        self.text = text
        self.identifiers = identifiers

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        braces: list[str] = []
        spaced = False
        for match in _TOKEN.finditer(self.text):
            kind, text, span = match.lastgroup or "", match.group(), Span(*match.span())
            if kind in ("space", "comment"):
                spaced = True
                continue
            if kind == "newline":
                found.append(Token(r"\\", Span(span.start, span.start + 1)))
                continue
            if kind == "condition":
                found.append(Token(r"\quad", span))
                continue
            if kind in SCRIPTS:
                found += small_tokens(kind, text, span)
            elif kind == "character":
                found += character_tokens(text, span, found, spaced)
                if text in "{}":
                    found[-1] = self.brace(found, braces)
            elif kind == "word" and braces and braces[-1] == "_" and _is_letters(text):
                found += _letters(text, span)
            else:
                texts = self.translated(kind, text, span)
                found += [Token(t, span, spaced and not i) for i, t in enumerate(texts)]
            spaced = False
        return found

    def brace(self, found: list[Token], braces: list[str]) -> Token:
        """The brace just found: around a script or an argument, else one that is shown."""
        brace = found[-1]
        if brace.text == "{":
            before = found[-2].text if len(found) > 1 else ""
            script = before in ("_", "^") or (before.startswith("\\") and before[1:].isalpha())
            braces.append(before if script else "shown")
            return brace if script else brace._replace(text=r"\{")
        shown = bool(braces) and braces.pop() == "shown"
        return brace._replace(text=r"\}") if shown else brace

    def translated(self, kind: str, text: str, span: Span) -> list[str]:
        if kind == "remark":
            return ["&", "&", r"\text", "{", " ".join(text.split()), "}"]
        if kind == "verbatim":
            command, _, words = text[:-1].partition("{")
            return [command, "{", words, "}"]
        if kind == "operator":
            return _OPERATORS[text]
        if kind == "number":
            check_digits(text, self.text, span)
            return _number(text)
        return [text] if kind == "command" else self.word(text, span)

    def word(self, word: str, span: Span) -> list[str]:
        """What an identifier stands for: declared names first."""
        if word in self.identifiers and not self.has_scripts(word, span):
            return _in_latex(self.identifiers[word])
        if word in _WORDS:
            return _WORDS[word]
        if word in _CONDITIONAL:
            return [r"\quad", r"\text", "{", word, "}"]
        if rate := _RATE.fullmatch(word):
            if rate[1] in self.identifiers or self.beside_slash(span):
                return ["d", *self.word(rate[1], span)]
        if indexed := _INDEXED.fullmatch(word):
            head = _WORDS.get(indexed[1], [f"\\{indexed[1]}"])
            return [*head, "_", "{", *self.word(indexed[2], span), "}"]
        if is_word_of_a_function(word):
            return [f"\\{word}"] if word in NAMED else [r"\operatorname", "{", word, "}"]
        shown = latex_of(name_markup(word))
        return (
            [r"\operatorname", "{", word, "}"] if shown.startswith(r"\text") else _in_latex(shown)
        )

    def has_scripts(self, word: str, span: Span) -> bool:
        """Whether the scripts that a declared name is shown with stand behind the word."""
        small = _SCRIPTED.match(self.text, span.end)
        following = set(small.group()) if small else set()
        shown = self.identifiers[word]
        below = "_" in following or not following.isdisjoint(SUBSCRIPTS)
        above = "^" in following or not following.isdisjoint(SUPERSCRIPTS)
        return (below and "_" in shown) or (above and "^" in shown)

    def beside_slash(self, span: Span) -> bool:
        """Whether a word is above or below in a derivative: `dq/dh`."""
        above = _ABOVE.match(self.text, span.end) is not None
        below = _BELOW.search(self.text[max(0, span.start - 80) : span.start]) is not None
        return above or below


def _is_letters(word: str) -> bool:
    """Whether a subscript is some letters, one index each, as a name of symprop shows them."""
    return word.isascii() and word.isalpha() and len(word) < 4


def _letters(word: str, span: Span) -> list[Token]:
    return [Token(c, Span(span.start + i, span.start + i + 1)) for i, c in enumerate(word)]


def _number(text: str) -> list[str]:
    """`1e-05` is 1 times a power of ten."""
    digits, _, exponent = text.lower().partition("e")
    if not exponent:
        return [text]
    sign, size = ("-" if exponent[0] == "-" else ""), exponent.lstrip("+-").lstrip("0") or "0"
    return ["(", digits, r"\cdot", "10", "^", "{", *sign, size, "}", ")"]


@cache
def _tokens_of(latex: str) -> tuple[str, ...]:
    return tuple(token.text for token in latex_tokens(latex))


def _in_latex(latex: str) -> list[str]:
    """The tokens of a name, in braces where there are several."""
    texts = list(_tokens_of(latex))
    return texts if len(texts) == 1 else ["{", *texts, "}"]
