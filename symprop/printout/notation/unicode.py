"""Notation spelled on one line of Unicode text, for terminals."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from symprop.printout.notation import alphabets
from symprop.printout.notation.markup import (
    Cases,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Gap,
    Grid,
    Hole,
    Letter,
    Markup,
    Named,
    OddName,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
    Styled,
    Words,
    parts_of,
)

_SUPERSCRIPTS = str.maketrans("0123456789+−()n⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵀ")
_SUBSCRIPTS = str.maketrans("0123456789+−()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def unicode_of(markup: Markup) -> str:
    """Notation as plain text."""
    match markup:
        case Letter(_, char):
            return char
        case Digits(text) | Named(_, text):
            return text
        case Words(text):
            return " ".join(text.split())
        case Sign(_, char, _):
            return char
        case Space():
            return " "
        case Row(parts):
            return _row(parts)
        case Fraction(above, below):
            return f"{_part(above, numerator=True)}/{_part(below)}"
        case Scripts(base, sub, sup):
            return _scripts(base, sub, sup)
        case Over(base, _, mark):
            shown = unicode_of(base)
            return shown[:1] + mark + shown[1:]
        case Fenced(left, right, inside):
            return f"{left}{unicode_of(inside)}{right}"
        case Root(inside):
            return f"√({unicode_of(inside)})"
        case Styled(style, inside):
            shown = unicode_of(inside)
            return "".join(alphabets.styled_character(style, char) for char in shown)
        case Grid(rows):
            return "[" + "; ".join(", ".join(map(unicode_of, line)) for line in rows) + "]"
        case Cases(rows):
            cases = (f"{unicode_of(value)} {unicode_of(when)}" for value, when in rows)
            return f"{{{'; '.join(cases)}}}"
        case Framed(inside, name):
            label = "" if name is None else f" = {unicode_of(name)}"
            return f"[{unicode_of(inside)}{label}]"
        case Gap(label, length, inside):
            number = f"{label} " if label else ""
            if inside is None:
                return number + "_" * round(1.6 * length)
            return f"{number}__ {unicode_of(inside)} __"
        case Hole():
            return ""
    raise TypeError(type(markup).__name__)


def _row(parts: tuple[Markup, ...]) -> str:
    written = ""
    for index, part in enumerate(parts):
        text = in_formula(part)
        if isinstance(part, Sign) and part.kind in ("binary", "relation"):
            written += f" {text} " if index else f"{text} "
        elif isinstance(part, Sign) and part.kind == "times":
            beside = (*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2])
            apart = any(isinstance(p, Fraction | Framed) for p in beside)
            written += " · " if apart and not _is_sum_sign(parts[index - 1]) else " "
        elif isinstance(part, Named) and index + 1 < len(parts):
            following = parts[index + 1]
            head = following.base if isinstance(following, Scripts) else following
            written += text if isinstance(head, Fenced | Sign) else f"{text} "
        elif isinstance(part, Sign) and part.kind == "punctuation":
            written += f"{text} "
        else:
            written += text
    return written


def in_formula(markup: Markup) -> str:
    """Notation as a part of a formula: a name that would read as several parts has quotes."""
    text = unicode_of(markup)
    return f"'{text}'" if isinstance(markup, OddName) else text


def _is_sum_sign(markup: Markup) -> bool:
    return isinstance(markup, Scripts) and isinstance(markup.base, Sign)


def _part(markup: Markup, numerator: bool = False) -> str:
    """Above or below a fraction bar, in brackets where it is more than one thing."""
    text = unicode_of(markup)
    parts = parts_of(markup)
    rate = len(parts) == 2 and isinstance(parts[0], Letter) and parts[0].char in "d∂"
    single = len(parts) == 1 and not isinstance(markup, Fraction)
    called = len(parts) == 2 and isinstance(parts[1], Fenced)
    simple = single or rate or called
    return text if simple else f"({text})"


def _scripts(base: Markup, sub: Markup | None, sup: Markup | None) -> str:
    written = in_formula(base)
    if sub is not None:
        written += _raised(unicode_of(sub), _SUBSCRIPTS, "_")
    if sup is not None:
        text = unicode_of(sup)
        written += text if set(text) == {"′"} else _raised(text, _SUPERSCRIPTS, "^")
    return written


def _raised(text: str, table: dict[int, int], mark: str) -> str:
    """A script in small characters where there are some for all of it."""
    tight = text.replace(" ", "")
    if all(ord(char) in table for char in tight):
        return tight.translate(table)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"
