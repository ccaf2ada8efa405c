r"""The largest or the smallest of entries, `\\max_j o_j`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symprop.verification.meaning.names import label, numbers_for
from symprop.verification.meaning.setting import Setting, UndecidableError, shape_of
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Numeric

FUNCTIONS: dict[str, Callable[..., Any]] = {"max": max, "min": min}


def extremum(
    tree: t.Extremum, setting: Setting, value: Callable[[t.Tree, Setting], Numeric]
) -> Numeric:
    """The extremum over an index; UndecidableError for one over anything else."""
    index = t.bare(tree.by)
    letter = label(index) if isinstance(index, t.Name) else ""
    numbers = numbers_for(letter, tree.body, setting) if letter else None
    if tree.function not in FUNCTIONS or not numbers:
        raise UndecidableError(f"the {tree.function} over this is not worked out", tree.span)
    found = [value(tree.body, setting.with_indices({letter: number})) for number in numbers]
    if any(map(shape_of, found)):
        raise UndecidableError(f"the {tree.function} of matrices", tree.span)
    return FUNCTIONS[tree.function](found)
