r"""Lines that hold where the gradient is 0: `X^T X w = X^T y`, `w = (X^T X)^{-1} X^T y`.

Both sides differ by the gradient by a weight, times a factor; or the gradient is 0 where the weight
is what the line says; or the line holds at the point where the gradient by a number is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import conventions_of, rates_of
from symprop.verification.corrections import is_loss
from symprop.verification.meaning.setting import Conventions, Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.multiples import TOLERANCE, is_constant, ratio
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Symbols
from symprop.verification.verdicts import Judgement, Verdict, undecidable
from symprop.verification.worlds import PRECISION, Numeric, World, with_values

WORLDS = 10
"""So many worlds are looked at."""
ENOUGH = 2
"""In so many worlds at least a line has to have values."""
SEARCHED = 5
"""In so many worlds a root is searched for: where there is none, that takes long."""
EXACT = 4 * PRECISION
"""With so many digits products are exact: what has no inverse is seen to have none."""
ROOT = mpmath.mpf(10) ** -40
"""How near to 0 a gradient is brought."""


def at_minimum(claim: Claim, network: Network, points: Points) -> Judgement | None:
    """The verdict on a line that holds where a gradient is 0; None for any other line."""
    if claim.given:
        return None
    is_zero = any(map(_is_zero, claim.trees))
    if is_zero and any(map(_has_gradient, claim.trees)):
        return undecidable("it holds only where the gradient is 0, as at a minimum")
    if any(any(rates_of(side)) or _has_deltas(side) for side in claim.trees):
        return None
    worlds = list(islice(points, WORLDS))
    for weight in network.weights:
        given = f"d{network.require_loss().name}/d{weight.name} = 0, as at a minimum"
        for conventions in conventions_of(claim.trees, network):
            line = _Line(claim, weight.name, worlds, conventions)
            with mpmath.workdps(PRECISION):
                differs = line.differs_by_gradient()
                if line.is_solved() or (differs and (is_zero or weight.shape)):
                    return Judgement(Verdict.TRUE_GIVEN, given, points=ENOUGH)
                if differs or line.holds_at_root():
                    return undecidable(f"it holds only where {given}")
    return None


def meant_at_minimum(name: t.Name, symbols: Symbols) -> t.Name | None:
    r"""The weight of which `w^*` or `\hat w` is the value at a minimum; None for other names."""
    spelling = name.spelling
    if spelling.marks == ("*",):
        bare = replace(spelling, marks=())
    elif spelling.accents[-1:] == ("hat",):
        bare = replace(spelling, accents=spelling.accents[:-1])
    else:
        return None
    found = symbols.values(bare)
    entry = found[0].entry if len(found) == 1 else None
    known = entry is not None and entry.kind == "weight" and not found[0].indices
    return replace(name, spelling=bare, reference=found[0]) if known else None


def is_of_data(tree: t.Tree) -> bool:
    """Whether a side has inputs or targets in it, and nothing that depends on weights."""
    entries = [n.reference.entry if n.reference is not None else None for n in t.names(tree)]
    kinds = {"" if entry is None else entry.kind for entry in entries}
    data = {"input", "target"}
    return bool(kinds & data) and kinds <= data | {"hyperparameter", "size", "function"}


def _is_zero(tree: t.Tree) -> bool:
    body = t.bare(tree)
    return isinstance(body, t.Number) and float(body.text) == 0


def _has_gradient(tree: t.Tree) -> bool:
    """Whether a side is a derivative of the loss."""
    body = t.bare(tree)
    if isinstance(body, t.Nabla):
        return body.by is None or is_loss(body.body)
    return isinstance(body, t.Rate) and is_loss(body.of)


def _has_deltas(tree: t.Tree) -> bool:
    if any(isinstance(p, t.Call) and isinstance(p.head, t.Primed) for p in t.walk(tree)):
        return True
    entries = (n.reference.entry for n in t.names(tree) if n.reference is not None)
    return any(entry is not None and entry.kind in ("delta", "local") for entry in entries)


@dataclass(frozen=True)
class _Line:
    """A claim that is held against the gradient by one weight, in some worlds."""

    claim: Claim
    weight: str
    worlds: Sequence[World]
    conventions: Conventions

    def differs_by_gradient(self) -> bool:
        """Whether the difference of both sides, and neither of them, is a multiple of the gradient.

        Of a matrix the factor may be any number; of a number it is the same everywhere, but for a
        size that it may be a multiple of.
        """
        found = [(w, f) for w in self.worlds if (f := self._factor(w)) is not None]
        if len(found) < max(ENOUGH, sum(map(self._has_values, self.worlds))):
            return False
        worlds, factors = zip(*found, strict=True)
        if any(np.size(world.gradients[self.weight]) > 1 for world in worlds):
            return True
        return is_constant(factors, worlds)

    def _sides(self, world: World) -> tuple[Numeric, ...] | None:
        """The values of both sides; None where they have none, or do not fit."""
        try:
            sides = tuple(
                value(side, Setting(world, self.conventions)) for side in self.claim.trees
            )
        except SympropError:
            return None
        shapes = {
            shape_of(side)
            for tree, side in zip(self.claim.trees, sides, strict=True)
            if not _is_zero(tree)
        }
        return sides if len(shapes) < 2 else None

    def _has_values(self, world: World) -> bool:
        return self._sides(world) is not None

    def _factor(self, world: World) -> Numeric | None:
        """By what the gradient is multiplied in the difference of both sides; None for nothing."""
        sides = self._sides(world)
        if sides is None:
            return None
        gradient = world.gradients[self.weight]
        if not any(map(_is_zero, self.claim.trees)):
            if any(ratio(side, gradient) for side in sides):
                return None
        return ratio(sides[0] - sides[1], gradient)

    def is_solved(self) -> bool:
        """Whether it says for the weight alone where the gradient is 0."""
        if _name(self.claim.left) != self.weight:
            return False
        found = [there for world in self.worlds if (there := self._vanishes(world)) is not None]
        return len(found) >= ENOUGH and all(found)

    def _vanishes(self, world: World) -> bool | None:
        """Whether the gradient is 0 where the weight is what the line says; None for no value."""
        with mpmath.workdps(EXACT):
            sides = self._sides(world)
        if sides is None:
            return None
        there = _moved(world, self.weight, sides[1])
        if there is None:
            return None
        largest = np.max(np.abs(world.gradients[self.weight]))
        return bool(np.max(np.abs(there.gradients[self.weight])) <= TOLERANCE * largest)

    def holds_at_root(self) -> bool:
        """Whether it is about a weight that is a number, and holds where the gradient is 0."""
        about = any(
            _name(name) == self.weight for tree in self.claim.trees for name in t.names(tree)
        )
        if not about or shape_of(self.worlds[0].values[self.weight]):
            return False
        roots = (_root(world, self.weight) for world in self.worlds[:SEARCHED])
        held = 0
        for world in roots:
            sides = None if world is None else self._sides(world)
            if world is not None and (sides is None or not _near(*sides)):
                return False
            held += world is not None
            if held == ENOUGH:
                return True
        return False


def _name(tree: t.Tree) -> str:
    """The declared name that a tree is, without an index; "" for all else."""
    name = t.bare(tree)
    if not isinstance(name, t.Name) or name.reference is None or name.reference.indices:
        return ""
    return "" if name.reference.entry is None else name.reference.entry.name


def _near(one: Numeric, other: Numeric) -> bool:
    return bool(np.all(np.abs(one - other) <= TOLERANCE * np.maximum(np.abs(one), np.abs(other))))


def _moved(world: World, weight: str, there: Numeric) -> World | None:
    """A world with another value of a weight; None where nothing has a value there."""
    if shape_of(there) != shape_of(world.values[weight]):
        return None
    try:
        moved = with_values(world, {weight: there})
        return (
            moved if np.all(np.isfinite(np.asarray(moved.gradients[weight], dtype=float))) else None
        )
    except (SympropError, OverflowError):
        return None


STARTS = (1, mpmath.mpf(1) / 2, 2)
"""By what a value is multiplied where the search for a root begins."""


def _root(world: World, weight: str) -> World | None:
    """A world in which the gradient by a number is 0, from this one; None where none is found."""

    def gradient(there: Numeric) -> Numeric:
        moved = _moved(world, weight, there)
        if moved is None:
            raise ValueError("no value")
        return moved.gradients[weight]

    start = world.values[weight]
    for scale in STARTS:
        with suppress(ValueError, ZeroDivisionError):
            near = scale * start
            return _moved(world, weight, mpmath.findroot(gradient, (near, near * 9 / 8), tol=ROOT))
    return None
