"""What measuring has found, and its file: the measuring processes write it, the report reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from environment import Environment

FLOOR = "floor"


@dataclass(frozen=True)
class Cell:
    """A row of a table: what was computed, and the seconds of each column, round by round.

    `samples` are those of a training set; `notes` say how a peer did it, `missing` why one is
    left out.
    """

    network: str
    batch: int = 1
    samples: int = 1
    dtype: str = "float64"
    optimizer: str = ""
    seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The row in words."""
        return ", ".join(
            part
            for part in (self.network, f"batch {self.batch}", self.optimizer, self.dtype)
            if part
        )

    def median(self, column: str) -> float:
        """The median of the seconds."""
        return median(self.seconds[column])

    def ratio(self, column: str, other: str) -> float:
        """The median over the rounds of one time over another."""
        pairs = zip(self.seconds[column], self.seconds[other], strict=True)
        return median(one / two for one, two in pairs)


@dataclass(frozen=True)
class Emission:
    """Seconds to derive and emit a network: the first, second, ... call in a process."""

    network: str
    calls: Sequence[float]


@dataclass(frozen=True)
class Growth:
    """Seconds to declare, derive and emit chains of so many layers."""

    chain: str
    layers: Sequence[int]
    seconds: Sequence[float]


@dataclass(frozen=True)
class Operations:
    """Gradient operations per forward operation of a scalar perceptron, and the seconds."""

    width: int
    method: str
    ratio: float
    seconds: float


@dataclass(frozen=True)
class Memory:
    """Peak of the memory that a call allocates, in bytes, and what it is held against."""

    what: str
    peak: int
    against: str
    bound: int


KINDS = {
    "gradients": Cell,
    "steps": Cell,
    "epochs": Cell,
    "scalars": Cell,
    "emission": Emission,
    "growth": Growth,
    "operations": Operations,
    "memory": Memory,
}
"""The parts of a result, and what they consist of."""


@dataclass(frozen=True)
class Result:
    """What one measuring process has found."""

    environment: Environment
    parts: Mapping[str, Sequence[Any]]

    def cells(self, part: str) -> list[Cell]:
        """The rows of a table; none if it was not measured."""
        return list(self.parts.get(part, ()))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        parts = {name: [asdict(item) for item in items] for name, items in self.parts.items()}
        content = {"environment": asdict(self.environment), "parts": parts}
        path.write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Result:
        """Read what `save` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        parts = {
            name: [KINDS[name](**item) for item in items]
            for name, items in content["parts"].items()
        }
        return cls(Environment(**content["environment"]), parts)
