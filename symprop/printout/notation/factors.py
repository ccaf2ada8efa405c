"""Factors side by side: what is written between them."""

from __future__ import annotations

from symprop.printout.notation.markup import (
    DOT,
    ODOT,
    TIMES,
    Digits,
    Markup,
    Row,
    Scripts,
    Styled,
    Words,
    parts_of,
    row,
)


def side_by_side(factors: list[tuple[Markup, bool]]) -> Markup:
    r"""Factors in order: \odot between two matrices, a dot where two numbers would meet."""
    parts: list[Markup] = []
    matrix = False
    for index, (factor, is_matrix) in enumerate(factors):
        if index:
            if matrix and is_matrix:
                parts.append(ODOT)
            else:
                parts.append(times_between(parts[-1], factor))
        parts.append(factor)
        matrix = matrix or is_matrix
    return row(*parts) if parts else Digits("1")


def times_between(left: Markup, right: Markup) -> Markup:
    """What stands between two factors: a dot before a number and beside a name of letters."""
    first = _first(right)
    apart = isinstance(first, Digits) or _is_word(_last(left)) or _is_word(first)
    return DOT if apart else TIMES


def _is_word(markup: Markup) -> bool:
    """Whether a name of several letters would run into the next one."""
    while isinstance(markup, Scripts):
        markup = markup.base
    return isinstance(markup, Words) or (
        isinstance(markup, Styled) and len(parts_of(markup.inside)) > 1
    )


def _first(markup: Markup) -> Markup:
    match markup:
        case Row(parts) if parts:
            return _first(parts[0])
        case Scripts(base):
            return _first(base)
    return markup


def _last(markup: Markup) -> Markup:
    return _last(markup.parts[-1]) if isinstance(markup, Row) and markup.parts else markup
