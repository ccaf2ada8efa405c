"""Printed formulas put together from parts: brackets where they are needed, no sign doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symprop.verification.reading import tree as t

ONE = t.Number("1")
ENTRYWISE = (r"\odot", r"\circ")
_ATOMS = (t.Name, t.Number, t.Constant, t.Group, t.Boxed, t.Call, t.Bars, t.Matrix, t.Listing)


def negated(tree: t.Tree) -> t.Tree:
    """A formula with the other sign."""
    if isinstance(tree, t.Group):
        return replace(tree, body=negated(tree.body))
    if isinstance(tree, t.Sum) and len(tree.terms) == 1:
        return tree.terms[0] if tree.signs[0] == "-" else replace(tree, signs=("-",))
    if isinstance(tree, t.Sum):
        if len(tree.terms) == 2 and _is_minus(tree.signs[1]) and not _is_minus(tree.signs[0]):
            return summed([(tree.terms[1], "+"), (tree.terms[0], "-")], tree)
        return summed(
            [(term, flipped(sign)) for term, sign in zip(tree.terms, tree.signs, strict=True)], tree
        )
    return t.Sum((tree,), ("-",), span=tree.span)


def _is_minus(sign: str) -> bool:
    return sign == "-"


def flipped(sign: str) -> str:
    """The other sign."""
    return "+" if sign == "-" else "-"


def summed(parts: Sequence[tuple[t.Tree, str]], like: t.Tree) -> t.Tree:
    """Terms and their signs as a sum that stands where another tree stood; one term is alone."""
    signs = [sign or "+" for _, sign in parts]
    signs[0] = "" if signs[0] == "+" else signs[0]
    if len(parts) == 1 and not signs[0]:
        return parts[0][0]
    return t.Sum(tuple(_term(term) for term, _ in parts), tuple(signs), span=like.span)


def _term(tree: t.Tree) -> t.Tree:
    return t.Group(tree, span=tree.span) if isinstance(tree, t.Sum) else tree


def factors_of(tree: t.Tree) -> tuple[t.Tree, ...]:
    """The factors of a product, not entry by entry; anything else is one factor."""
    return tree.factors if is_plain_product(tree) else (tree,)  # type: ignore[attr-defined]


def is_plain_product(tree: t.Tree) -> bool:
    """Whether a tree is a product of numbers or of matrices, not one entry by entry."""
    return isinstance(tree, t.Product) and not is_entrywise(tree)


def is_entrywise(tree: t.Tree) -> bool:
    """Whether a tree is a product entry by entry."""
    return isinstance(tree, t.Product) and any(sign in ENTRYWISE for sign in tree.signs)


def multiplied(factors: Sequence[t.Tree], like: t.Tree) -> t.Tree:
    """Factors as a product in the way in which `like` is written; none are 1, one is alone."""
    flat = [part for factor in factors for part in factors_of(factor) if part != ONE]
    if not flat:
        return ONE
    if len(flat) == 1:
        return flat[0]
    return t.Product(tuple(map(as_factor, flat)), _signs(flat, like), span=like.span)


def _signs(factors: Sequence[t.Tree], like: t.Tree) -> tuple[str, ...]:
    """The signs between factors: those that stood before them, else the one that is usual there."""
    known: dict[int, str] = {}
    usual = ""
    if isinstance(like, t.Product) and is_plain_product(like):
        known = {id(f): sign for f, sign in zip(like.factors[1:], like.signs, strict=True)}
        usual = like.signs[0] if len(set(like.signs)) == 1 else ""
    return tuple(
        known.get(id(factor), usual) or (r"\cdot" if isinstance(factor, t.Number) else "")
        for factor in factors[1:]
    )


def entrywise(factors: Sequence[t.Tree], like: t.Tree) -> t.Tree:
    """Factors as a product entry by entry."""
    found = tuple(t.Group(f, span=f.span) if isinstance(f, t.Sum) else f for f in factors)
    if len(found) == 1:
        return found[0]
    sign = r"\odot"
    if is_entrywise(like):
        sign = like.signs[0]  # type: ignore[attr-defined]
    return t.Product(found, (sign,) * (len(found) - 1), span=like.span)


def as_factor(tree: t.Tree) -> t.Tree:
    """A tree as it stands in a product: a sum in brackets."""
    loose = isinstance(tree, t.Sum | t.IndexSum | t.Derive | t.Extremum) or is_entrywise(tree)
    slanted = isinstance(tree, t.Fraction) and tree.sign != "frac"
    return t.Group(tree, span=tree.span) if loose or slanted else tree


def as_base(tree: t.Tree) -> t.Tree:
    """A tree as it stands below an exponent or before a transpose sign."""
    bare_call = isinstance(tree, t.Call) and not tree.brackets
    raised = isinstance(tree, t.Name) and any(mark[:1] not in "([" for mark in tree.spelling.marks)
    if isinstance(tree, _ATOMS) and not bare_call and not raised:
        return tree
    return t.Group(tree, span=tree.span)


def ratio(above: t.Tree, below: t.Tree) -> t.Tree:
    """One formula over another."""
    return t.Fraction(t.bare(above), t.bare(below), span=above.span)


def complement(tree: t.Tree) -> t.Tree:
    """One minus a formula, in brackets."""
    return t.Group(t.Sum((ONE, _term(tree)), ("", "-"), span=tree.span), span=tree.span)


def squared(tree: t.Tree, exponent: str = "2", entrywise: str = "") -> t.Tree:
    """A power of a formula."""
    return t.Power(as_base(tree), t.Number(exponent), entrywise, span=tree.span)


def transposed(tree: t.Tree) -> t.Tree:
    """A transpose, or what it is the transpose of."""
    if isinstance(tree, t.Transpose) and not tree.inverted:
        return t.bare(tree.body)
    return t.Transpose(as_base(tree), r"\top", span=tree.span)
