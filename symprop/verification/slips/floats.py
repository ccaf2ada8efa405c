"""Settings of large matrices in floats, in which repairs are tried many times faster.

Only what is tried there is tried once more, with all digits.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from symprop.verification.meaning.setting import Setting
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Numeric

LARGE = 400
"""A network with more entries than this in one value is tried in floats."""
TOLERANCE = 1e-9


def in_floats(setting: Setting, tree: t.Tree) -> Setting | None:
    """The same setting in floats; None for a small one, and where something is to be moved."""
    world = setting.world
    if max(np.size(value) for value in world.values.values()) <= LARGE or _is_moved(tree):
        return None
    other = copy(world)
    other.values = {name: floats(value) for name, value in world.values.items()}
    gradients = {name: floats(value) for name, value in world.gradients.items()}
    other.__dict__["gradients"] = gradients
    return replace(setting, world=other)


def floats(value: Numeric) -> Any:
    """A value in floats."""
    return value.astype(float) if isinstance(value, np.ndarray) else float(value)


def _is_moved(tree: t.Tree) -> bool:
    """Whether something in a tree is differentiated by moving it: too little for floats."""
    return any(isinstance(part, t.Rate | t.Derive | t.Primed) for part in t.walk(tree))
