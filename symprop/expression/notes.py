"""What is said of functions with kinks, wherever they are printed or emitted."""

from __future__ import annotations

from collections.abc import Iterable

from symprop.expression.contents import calls
from symprop.expression.definition import opened
from symprop.expression.nodes import Along, Apply, Node


def kink_notes(nodes: Iterable[Node]) -> list[str]:
    """A sentence for each function that has no derivative somewhere: which one is taken there."""
    found = (part for node in nodes for part in calls(opened(node)))
    notes = (getattr(part.entry, "note", "") for part in found if isinstance(part, Apply | Along))
    return [note for note in dict.fromkeys(notes) if note]
