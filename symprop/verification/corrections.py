"""What a wrong line should say: the gradient that the derivation has in its place."""

from __future__ import annotations

from symprop.derivation.record import Derivation
from symprop.errors import DerivationError, SympropError
from symprop.expression.depth import deep_expressions
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.unicode import unicode_of
from symprop.verification.claims import Claim
from symprop.verification.conventions import sums_over_samples
from symprop.verification.meaning.names import VALUED
from symprop.verification.reading import tree as t
from symprop.verification.reading.formula import Form


def correct(claim: Claim, derivation: Derivation, form: Form) -> str:
    """The right side of a claim as it should be, in LaTeX or text; "" where nothing says it.

    It is known of a left side that is a derivative of the loss by a name.
    """
    name = differentiated_by(claim.left)
    of_batch = derivation.network.per_sample and any(
        True for tree in claim.trees for _ in sums_over_samples(tree)
    )
    if name is None or of_batch:
        return ""
    for written in ("steps", "delta"):
        try:
            formula = derivation.show(name, written)
        except DerivationError:  # a closed form may be too long
            continue
        except SympropError:
            return ""
        spelled = latex_of if form == "latex" else unicode_of
        with deep_expressions():
            return str(spelled(formula.formulas.of(formula.lines[0].right)))
    return ""


def differentiated_by(tree: t.Tree) -> str | None:
    """What a derivative of the loss is taken by, as its name; None for anything else."""
    body = t.bare(tree)
    if isinstance(body, t.Nabla) and body.by is None:
        return _name(body.body)
    if isinstance(body, t.Nabla):
        return _name(body.by) if is_loss(body.body) else None
    if isinstance(body, t.Rate) and is_loss(body.of):
        return _name(body.by)
    return None


def is_loss(tree: t.Tree | None) -> bool:
    """Whether a tree is the loss by its name, perhaps with what it is a function of."""
    body = None if tree is None else t.bare(tree)
    body = body.head if isinstance(body, t.Call) else body
    entry = body.reference.entry if isinstance(body, t.Name) and body.reference else None
    return entry is not None and entry.kind == "loss"


def _name(tree: t.Tree | None) -> str | None:
    name = None if tree is None else t.bare(tree)
    if not isinstance(name, t.Name) or name.reference is None:
        return None
    entry = name.reference.entry
    whole = entry is not None and entry.kind in VALUED and not name.reference.indices
    return entry.name if whole and entry is not None else None
