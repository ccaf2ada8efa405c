"""What a wrong line should say: the gradient that the derivation has in its place."""

from __future__ import annotations

from weakref import WeakKeyDictionary

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
    name = differentiated_by(claim.left) or _only_weight(claim.left, derivation)
    of_batch = derivation.network.per_sample and any(
        True for tree in claim.trees for _ in sums_over_samples(tree)
    )
    if name is None or of_batch:
        return ""
    known = _WRITTEN.setdefault(derivation, {})
    if (name, form) not in known:
        known[name, form] = _gradient(name, derivation, form)
    return known[name, form]


_WRITTEN: WeakKeyDictionary[Derivation, dict[tuple[str, Form], str]] = WeakKeyDictionary()
"""The gradients that were written, by what they are taken by."""


def _gradient(name: str, derivation: Derivation, form: Form) -> str:
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
        inside = t.bare(body.body)
        if isinstance(inside, t.Call) and is_loss(inside) and len(inside.arguments) == 1:
            return _name(inside.arguments[0])
        return None if is_loss(inside) else _name(inside)
    if isinstance(body, t.Nabla):
        return _name(body.by) if is_loss(body.body) else None
    if isinstance(body, t.Rate) and is_loss(body.of):
        return _name(body.by)
    return None


def _only_weight(tree: t.Tree, derivation: Derivation) -> str | None:
    r"""The weight that `\nabla E` is taken by where the network has no other one."""
    body = t.bare(tree)
    weights = derivation.network.weights
    alone = isinstance(body, t.Nabla) and body.by is None and is_loss(body.body)
    return weights[0].name if alone and len(weights) == 1 else None


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
