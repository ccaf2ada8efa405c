"""What the side of a line is that is not at fault: a derivative, by which name, or a name."""

from __future__ import annotations

from symprop.verification.corrections import is_loss
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry


def is_given(tree: t.Tree) -> bool:
    """Whether a side is what a line is about, not what is worked out: a derivative, a name."""
    body = t.bare(tree)
    return isinstance(body, t.Rate | t.Nabla | t.Name)


def about(tree: t.Tree) -> str:
    """The name that a derivative is taken by, or the one that is defined."""
    body = t.bare(tree)
    if isinstance(body, t.Rate | t.Derive):
        body = t.bare(body.by)
    elif isinstance(body, t.Nabla):
        body = t.bare(body.by or body.body)
    if not isinstance(body, t.Name):
        return ""
    reference = body.reference
    if reference is None or reference.entry is None:
        return body.spelling.base
    entry = reference.entry
    return entry.name.removeprefix("delta_") if entry.kind == "delta" else entry.name


def entry_of_name(tree: t.Tree) -> Entry | None:
    """What is known of a name; None for anything else."""
    body = t.bare(tree)
    return body.reference.entry if isinstance(body, t.Name) and body.reference else None


def is_rate_of_the_loss(tree: t.Tree) -> bool:
    """Whether a side is the whole derivative of the loss by a name."""
    body = t.bare(tree)
    if isinstance(body, t.Rate):
        return is_loss(body.of) and not is_entry(t.bare(body.by))
    if isinstance(body, t.Name):
        entry = entry_of_name(body)
        return entry is not None and entry.kind == "delta" and not is_entry(body)
    return isinstance(body, t.Nabla)


def is_entry(tree: t.Tree) -> bool:
    """Whether a name has an index."""
    return isinstance(tree, t.Name) and bool(tree.reference and tree.reference.indices)
