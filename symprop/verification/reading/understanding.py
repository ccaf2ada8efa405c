r"""How a formula was understood, in plain text that reads back.

It answers "how do you read this?": names as they are declared, a sign in every product, brackets
where they matter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any, TypeAlias

from symprop.verification.reading.echo import latex
from symprop.verification.reading.structures import NORM
from symprop.verification.reading.tree import (
    At,
    Bars,
    Boxed,
    Call,
    Cases,
    Comparison,
    Constant,
    Derive,
    Dots,
    Extremum,
    Fraction,
    Group,
    Indexed,
    IndexSum,
    Indicator,
    Inner,
    Listing,
    Matrix,
    Nabla,
    Name,
    Number,
    Power,
    Primed,
    Product,
    Rate,
    Root,
    Sum,
    Text,
    Transpose,
    Tree,
    Unread,
    bare,
)

ADD, ENTRYWISE, MULTIPLY, POWER, ATOM = range(5)
Piece: TypeAlias = "tuple[str, int]"
"""A text, and how tightly it holds together."""
_SIGNS = {r"\odot": "⊙", r"\circ": "∘", r"\otimes": "⊗", "@": "@"}
_RELATIONS = {r"\neq": "≠", r"\leq": "≤", r"\geq": "≥", r"\approx": "≈", r"\in": "∈"}


def plain(tree: Tree) -> str:
    """A tree in plain text, as it was understood."""
    return _piece(tree)[0]


def _at_least(tree: Tree, level: int) -> str:
    text, found = _piece(tree)
    return text if found >= level else f"({text})"


@singledispatch
def _piece(tree: Tree) -> Piece:
    return latex(tree), ADD


def _rule(kind: type[Tree], level: int) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Register how a kind of tree is written, and how tightly it holds together."""

    def register(write: Callable[[Any], str]) -> Callable[[Any], str]:
        _piece.register(kind, lambda tree: (write(tree), level))
        return write

    return register


@_rule(Name, ATOM)
def _(tree: Name) -> str:
    reference = tree.reference
    if reference is None or reference.entry is None:
        return latex(tree)
    name = reference.entry.name
    if not reference.indices:
        return name
    if "_" in reference.entry.latex or "^" in reference.entry.latex:
        return latex(tree)  # the index goes into the scripts that the name has already
    indices = ", ".join(reference.indices)
    return f"{name}^{{{indices}}}" if indices.startswith("(") else f"{name}_{{{indices}}}"


@_rule(Number, ATOM)
def _(tree: Number) -> str:
    return tree.text


@_rule(Constant, ATOM)
def _(tree: Constant) -> str:
    return tree.symbol.replace(r"\pi", "π").replace(r"\infty", "∞")


@_rule(Dots, ATOM)
def _(tree: Dots) -> str:
    return "…"


@_rule(Text, ATOM)
def _(tree: Text) -> str:
    return rf"\text{{{tree.words}}}"


@_rule(Unread, ATOM)
def _(tree: Unread) -> str:
    return "?"


@_rule(Sum, ADD)
def _(tree: Sum) -> str:
    text = ""
    for sign, term in zip(tree.signs, tree.terms, strict=True):
        text += f" {sign} " if text else sign
        text += _at_least(term, ENTRYWISE)
    return text


@_piece.register
def _(tree: Product) -> Piece:
    entrywise = any(sign in (r"\odot", r"\circ", r"\otimes") for sign in tree.signs)
    level = ENTRYWISE if entrywise else MULTIPLY
    text = _at_least(tree.factors[0], level + 1 if entrywise else level)
    for sign, factor in zip(tree.signs, tree.factors[1:], strict=True):
        shown = _SIGNS.get(sign, "*")
        inside = _at_least(factor, level + 1)
        text += f" {shown} {inside}" if shown != "*" else f"*{inside}"
    return text, level


@_piece.register
def _(tree: Fraction) -> Piece:
    if tree.sign == r"\oslash":
        return f"{_at_least(tree.above, MULTIPLY)} ⊘ {_at_least(tree.below, MULTIPLY)}", ENTRYWISE
    numbers = isinstance(tree.above, Number) and isinstance(tree.below, Number)
    text = f"{_at_least(tree.above, POWER)}/{_at_least(tree.below, POWER)}"
    return (f"({text})", ATOM) if numbers and tree.sign == "frac" else (text, MULTIPLY)


@_rule(Power, POWER)
def _(tree: Power) -> str:
    if tree.base == Constant("e"):
        return f"exp({plain(tree.exponent)})"
    base = _at_least(tree.base, ATOM)
    if tree.entrywise:
        return f"{base}^{{{_SIGNS[tree.entrywise]} {plain(tree.exponent)}}}"
    return f"{base}^{_at_least(tree.exponent, ATOM)}"


@_rule(Root, ATOM)
def _(tree: Root) -> str:
    return f"sqrt({plain(tree.body)})"


@_rule(Transpose, ATOM)
def _(tree: Transpose) -> str:
    return f"{_at_least(tree.body, ATOM)}{'⁻' * tree.inverted}ᵀ"


@_rule(Primed, ATOM)
def _(tree: Primed) -> str:
    return _at_least(tree.body, ATOM) + "'" * tree.order


@_rule(Rate, ATOM)
def _(tree: Rate) -> str:
    return f"{_d(tree.sign, tree.of)}/{_d(tree.sign, tree.by)}"


def _d(sign: str, tree: Tree) -> str:
    """`dL` or `d(w*x)`; a call goes into brackets too."""
    shown = plain(tree)
    simple = isinstance(tree, Name) or (isinstance(tree, Group | Listing) and shown[:1] == "(")
    shown = shown if simple else f"({shown})"
    if sign != "d":
        return f"∂{shown}"
    return f"d {shown}" if shown.startswith("\\") else f"d{shown}"


@_rule(Derive, MULTIPLY)
def _(tree: Derive) -> str:
    sign = "d" if tree.sign == "d" else "∂"
    body = plain(tree.body)
    grouped = isinstance(tree.body, Group)
    return f"{sign}/{_d(tree.sign, tree.by)} {body if grouped else f'({body})'}"


@_rule(Nabla, MULTIPLY)
def _(tree: Nabla) -> str:
    by = "" if tree.by is None else f"_{{{plain(tree.by)}}}"
    return f"∇{by} {_at_least(tree.body, ATOM)}"


@_rule(At, ATOM)
def _(tree: At) -> str:
    return f"{_at_least(tree.body, ATOM)}|_{{{', '.join(map(plain, tree.points))}}}"


@_rule(Call, ATOM)
def _(tree: Call) -> str:
    separators = (*tree.separators, "")
    parts = zip(map(plain, tree.arguments), separators, strict=False)
    inside = "".join(f"{text}{sign} " if sign else text for text, sign in parts)
    return f"{plain(tree.head)}({inside})"


@_rule(IndexSum, MULTIPLY)
def _(tree: IndexSum) -> str:
    lower = "" if tree.lower is None else f" = {plain(tree.lower)}"
    upper = "" if tree.upper is None else f"^{{{plain(tree.upper)}}}"
    over = f"{', '.join(tree.indices)}{lower}"
    over = over if tree.condition is None else plain(tree.condition)
    return f"∑_{{{over}}}{upper} {_at_least(tree.body, MULTIPLY)}"


@_rule(Extremum, MULTIPLY)
def _(tree: Extremum) -> str:
    return f"{tree.function}_{{{plain(tree.by)}}} {_at_least(tree.body, MULTIPLY)}"


@_rule(Indexed, ATOM)
def _(tree: Indexed) -> str:
    return f"{_at_least(tree.body, ATOM)}_{{{', '.join(tree.indices)}}}"


@_piece.register
def _(tree: Group) -> Piece:
    body = plain(tree.body)
    return (f"({body})", ATOM)


@_rule(Bars, ATOM)
def _(tree: Bars) -> str:
    bar = "‖" if tree.brackets == NORM else "|"
    subscript = f"_{{{', '.join(tree.subscript)}}}" if tree.subscript else ""
    return f"{bar}{plain(tree.body)}{bar}{subscript}"


@_rule(Inner, ATOM)
def _(tree: Inner) -> str:
    return f"⟨{plain(tree.left)}, {plain(tree.right)}⟩"


@_rule(Listing, ATOM)
def _(tree: Listing) -> str:
    half = len(tree.brackets) // 2
    return f"{tree.brackets[:half]}{', '.join(map(plain, tree.items))}{tree.brackets[half:]}"


@_piece.register
def _(tree: Boxed) -> Piece:
    return _piece(bare(tree))


@_rule(Matrix, ATOM)
def _(tree: Matrix) -> str:
    rows = "; ".join(", ".join(map(plain, row)) for row in tree.rows)
    return f"[{rows}]"


@_rule(Cases, ATOM)
def _(tree: Cases) -> str:
    rows = (f"{plain(v)} & {'' if w is None else plain(w)}" for v, w in tree.branches)
    return r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"


@_rule(Comparison, ADD)
def _(tree: Comparison) -> str:
    text = plain(tree.sides[0])
    for sign, side in zip(tree.relations, tree.sides[1:], strict=True):
        text += f" {_RELATIONS.get(sign, sign)} {plain(side)}"
    return text


@_rule(Indicator, ATOM)
def _(tree: Indicator) -> str:
    return f"[{plain(tree.condition)}]"
