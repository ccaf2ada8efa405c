r"""Names that are known and may yet be given another meaning by a text.

A number has no entries: behind `\delta = y - t` the `\delta_j` is another name, and so is the `J_i`
of a network for a batch, which has one loss. A `\delta^2` may be defined that no text has defined
before, if not by another `\delta^3`. And nothing is said of the row of a weight by a formula: where
V is one, `v_i = ...` gives the name a meaning of its own.
"""

from __future__ import annotations

from symprop.verification.reading.entries import Entry, Reference, spelling_of
from symprop.verification.reading.layers import is_of_layer
from symprop.verification.reading.shapes import axes
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tree import Name, Tree, names


def is_free(name: Name, symbols: Symbols, right: Tree | None = None) -> bool:
    """Whether a name that is known may be defined as something else, the right side."""
    reference = name.reference
    entry = None if reference is None else reference.entry
    if reference is None or entry is None:
        return False
    if is_of_layer(entry) and not reference.indices:
        others = names(right) if right is not None else ()
        found = (e for n in others if n.reference for e in _entries(n.reference))
        return not any(map(is_of_layer, found))
    if not reference.indices:
        return False
    if entry.kind == "local" or (entry.kind in ("loss", "step") and symbols.samples is not None):
        return entry.shape == ()
    return _is_row(name, entry, reference)


def _is_row(name: Name, entry: Entry, reference: Reference) -> bool:
    """Whether a name is a small letter with one index, of a weight or data with a capital."""
    declared = spelling_of(entry.latex)
    small = declared is not None and declared.base != name.spelling.base
    of_declared = entry.kind in ("weight", "input", "target")
    return small and of_declared and axes(entry) == 2 and len(reference.indices) == 1


def _entries(reference: Reference) -> tuple[Entry | None, ...]:
    return (reference.entry, *(entry for _, entry in reference.members))
