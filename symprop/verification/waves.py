"""Functions without a formula: each gets a smooth one of its own in each world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, diff, exp, tanh

from symprop.derivation.course import entries
from symprop.expression.arithmetic import DIGITS, Arithmetic
from symprop.expression.nodes import Unspecified
from symprop.expression.shapes import numeric_extent
from symprop.functions.classes import u
from symprop.functions.unspecified import Activation
from symprop.functions.vocabulary import EntryByEntry

Numeric = Any
"""A number of mpmath, or a two-dimensional array of such."""


@dataclass(frozen=True)
class Specified(Arithmetic):
    """Numbers of many digits, and a smooth function in the place of every unspecified one.

    Each entry of its value is a sum of two sine waves over all entries of its arguments. `seed`
    makes them others in each world, the same wherever one of them is called. `meant` has the
    functions that some are taken to be: known ones, or another unspecified one.
    """

    seed: int = 0
    meant: tuple[tuple[str, str], ...] = ()

    def elementwise(self, entry: EntryByEntry) -> Callable[..., Numeric]:
        """A function entry by entry; a derivative of an unspecified one is its derivative."""
        if not isinstance(entry, Activation):
            return super().elementwise(entry)
        meant = dict(self.meant).get(entry.symbol, entry.symbol)
        if meant in KNOWN and meant != entry.symbol:
            return self.formula((u,), _derived(meant, entry.order))
        waves = self._waves(meant, 0, 1)
        wave: Callable[..., Numeric] = np.frompyfunc(
            lambda u: _summed(waves, (u,), (0,) * entry.order), 1, 1
        )
        return wave

    def unspecified(
        self, node: Unspecified, arguments: list[Numeric], sizes: Mapping[str, int]
    ) -> Numeric:
        """A function of several arguments, or its derivative by the entries of some of them."""
        flat = [entries(argument) for argument in arguments]
        given = tuple(entry for argument in flat for entry in argument)
        starts = np.cumsum([0, *map(len, flat)])
        axes = [range(starts[place], starts[place + 1]) for place in node.entry.by]
        count = np.prod([numeric_extent(e, sizes) for e in node.value_shape], dtype=int)
        found = []
        for index in np.ndindex(count, *map(len, axes)):
            waves = self._waves(node.entry.symbol, index[0], len(given))
            by = tuple(axis[i] for axis, i in zip(axes, index[1:], strict=True))
            found.append(_summed(waves, given, by))
        if not node.shape:
            return found[0]
        shape = [numeric_extent(extent, sizes) for extent in node.shape]
        return np.array(found, dtype=object).reshape(shape)

    def _waves(self, symbol: str, entry: int, arguments: int) -> list[Wave]:
        return _drawn(f"{self.seed} {symbol} {entry}", arguments, mpmath.mp.prec)


@lru_cache(maxsize=1000)
def _drawn(seed: str, arguments: int, bits: int) -> list[Wave]:
    """Two waves over so many arguments, with numbers of so many bits, which are those in use."""
    rng = Random(seed)

    def number() -> mpmath.mpf:
        return mpmath.mpf(rng.randint(300, 1300)) / 1000

    return [(number(), tuple(number() for _ in range(arguments)), number()) for _ in range(2)]


@dataclass(frozen=True)
class Known:
    """A function that an unspecified one is often meant to be."""

    title: str
    value: Expr


KNOWN = {"sigmoid": Known("the sigmoid", 1 / (1 + exp(-u))), "tanh": Known("tanh", tanh(u))}


@cache
def _derived(name: str, order: int) -> Expr:
    return diff(KNOWN[name].value, u, order)


Wave = tuple[Any, tuple[Any, ...], Any]
"""A height, a frequency for each argument, a phase."""


def _summed(waves: list[Wave], given: tuple[Any, ...], by: tuple[int, ...]) -> Numeric:
    """The sum of waves, differentiated by the arguments at the places `by`."""
    total = mpmath.mpf(0)
    for height, frequencies, phase in waves:
        angle = phase + sum(f * a for f, a in zip(frequencies, given, strict=True))
        slope = mpmath.fprod(frequencies[place] for place in by)
        total += height * slope * mpmath.sin(angle + len(by) * mpmath.pi / 2)
    return total


def specified(seed: int, meant: Mapping[str, str] | None = None) -> Specified:
    """Numbers of many digits, and the functions of the world of that seed."""
    plain = {name: getattr(DIGITS, name) for name in DIGITS.__dataclass_fields__}
    return Specified(**plain, seed=seed, meant=tuple((meant or {}).items()))
