r"""The bare structure of a formula, for comparing: operators in front, as in Lisp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symprop.verification.reading.echo import latex
from symprop.verification.reading.structures import DETERMINANT, NORM
from symprop.verification.reading.tree import (
    At,
    Bars,
    Call,
    Cases,
    Comparison,
    Constant,
    Derive,
    Extremum,
    Fraction,
    Indexed,
    IndexSum,
    Indicator,
    Inner,
    Listing,
    Matrix,
    Nabla,
    Name,
    Power,
    Primed,
    Product,
    Rate,
    Root,
    Sum,
    Transpose,
    Tree,
    bare,
)
from symprop.verification.reading.understanding import plain


def outline(tree: Tree) -> str:
    """The structure of a tree, operators in front: (+ y (- y_hat)); brackets are left out.

    A declared name is its name in Python, with indices `x[i]`, one of several `{w1,w2}[i]`; what is
    not declared has a question mark.
    """
    tree = bare(tree)
    rule = _OUTLINES.get(type(tree))
    return rule(tree) if rule else plain(tree)


def _listed(head: str, *parts: Tree | None) -> str:
    return f"({' '.join([head, *(outline(part) for part in parts if part is not None)])})"


def _name(tree: Name) -> str:
    reference = tree.reference
    if reference is None:
        return f"?{latex(tree).replace(' ', '')}"
    if reference.entry is not None:
        text = reference.entry.name
    else:
        text = "{" + ",".join(entry.name for _, entry in reference.members) + "}"
    return text + (f"[{','.join(reference.indices)}]" if reference.indices else "")


def _sum(tree: Sum) -> str:
    terms = [
        f"(- {outline(term)})" if sign == "-" else outline(term)
        for sign, term in zip(tree.signs, tree.terms, strict=True)
    ]
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0]


def _listing(tree: Listing) -> str:
    """A list; in square brackets it is a matrix of one row."""
    if tree.brackets == "[]":
        return f"[{' '.join(map(outline, tree.items))}]"
    return _listed("list", *tree.items)


def _product(tree: Product) -> str:
    signs = {sign for sign in tree.signs if sign in _ENTRYWISE}
    head = " ".join(sorted(_ENTRYWISE[sign] for sign in signs))
    return _listed(head or "*", *(tree.factors if signs else _factors(tree)))


_ENTRYWISE = {r"\odot": "⊙", r"\circ": "⊙", r"\otimes": "⊗"}


def _factors(tree: Tree) -> Iterator[Tree]:
    """The factors of a product and of those inside it: brackets make no difference there."""
    inside = bare(tree)
    entrywise = isinstance(inside, Product) and inside.signs[0] in _ENTRYWISE
    if not isinstance(inside, Product) or entrywise:
        yield inside
        return
    for factor in inside.factors:
        yield from _factors(factor)


def _power(tree: Power) -> str:
    if tree.base == Constant("e"):
        return _listed("exp", tree.exponent)
    return _listed("⊙^" if tree.entrywise else "^", tree.base, tree.exponent)


_OUTLINES: dict[type[Tree], Callable[[Any], str]] = {
    Name: _name,
    Sum: _sum,
    Product: _product,
    Fraction: lambda t: _listed("⊘" if t.sign == r"\oslash" else "/", t.above, t.below),
    Power: _power,
    Root: lambda t: _listed("sqrt", t.body),
    Transpose: lambda t: _listed("inverseT" if t.inverted else "T", t.body),
    Primed: lambda t: _listed("'" * t.order, t.body),
    Rate: lambda t: _listed("d" if t.sign == "d" else "∂", t.of, t.by),
    Derive: lambda t: _listed("derive", t.by, t.body),
    Nabla: lambda t: _listed("∇", t.by, t.body),
    At: lambda t: _listed("at", t.body, *t.points),
    Call: lambda t: _listed(outline(t.head), *t.arguments),
    IndexSum: lambda t: _listed(
        f"sum {','.join(t.indices)}", t.lower, t.upper, t.condition, t.body
    ),
    Extremum: lambda t: _listed(t.function, t.by, t.body),
    Indexed: lambda t: f"{outline(t.body)}[{','.join(t.indices)}]",
    Bars: lambda t: _listed({NORM: "norm", DETERMINANT: "det"}.get(t.brackets, "abs"), t.body),
    Inner: lambda t: _listed("inner", t.left, t.right),
    Listing: _listing,
    Matrix: lambda t: f"[{'; '.join(' '.join(map(outline, row)) for row in t.rows)}]",
    Cases: lambda t: _listed("cases", *(part for branch in t.branches for part in branch)),
    Comparison: lambda t: _listed(" ".join(t.relations), *t.sides),
    Indicator: lambda t: _listed("where", t.condition),
}
