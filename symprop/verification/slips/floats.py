"""Settings in floats, in which repairs are tried many times faster.

Only what is tried there is tried once more, with all digits.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from symprop.expression.arithmetic import FLOATS
from symprop.expression.nodes import Unspecified, walk
from symprop.functions.unspecified import Activation
from symprop.network import Network
from symprop.verification.meaning.setting import Setting
from symprop.verification.worlds import Lazy, Numeric

TOLERANCE = 1e-9


def in_floats(setting: Setting) -> Setting | None:
    """The same setting in floats; None where a function has no formula."""
    world = setting.world
    if _has_unspecified(world.network):
        return None
    other = copy(world)
    exact = world.gradients
    other.arithmetic, other.kept = FLOATS, _real
    other.values = {name: floats(value) for name, value in world.values.items()}
    other.__dict__["gradients"] = Lazy(exact, lambda name: floats(exact[name]))
    other.__dict__.pop("_deltas", None)
    other._moves, other._slopes, other._slopes_at = {}, {}, {}
    return replace(setting, world=other)


def floats(value: Numeric) -> Any:
    """A value in floats."""
    return value.astype(float) if isinstance(value, np.ndarray) else float(value)


def _real(value: Numeric) -> Any:
    """A value in floats; no number where it is complex."""
    try:
        return floats(value)
    except TypeError:
        return np.nan


def _has_unspecified(network: Network) -> bool:
    parts = (part for step in network.steps.values() for part in walk(step.node))
    return any(
        isinstance(part, Unspecified) or isinstance(getattr(part, "entry", None), Activation)
        for part in parts
    )
