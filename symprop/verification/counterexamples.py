"""Counterexamples: a point at which two sides differ, as numbers for people."""

from __future__ import annotations

from typing import Any

import numpy as np

from symprop.verification.equality import Comparison
from symprop.verification.verdicts import Counterexample


def counterexample(found: Comparison) -> Counterexample:
    """The point of a comparison of sides that differ."""
    assert found.setting is not None  # where sides differ there is a setting
    world = found.setting.world
    values = {n: _number(v) for n, v in world.values.items() if n in world.network.declared}
    return Counterexample(values, _number(found.left), _number(found.right), found.setting.indices)


def _number(value: Any) -> Any:
    """A value as floats, for showing."""
    if isinstance(value, np.ndarray):
        return [[float(entry) for entry in row] for row in value]
    return float(value)
