"""How much is measured: a full run of some minutes, or a quick one of seconds that tries it all."""

from __future__ import annotations

from dataclasses import dataclass

from peers import PURE, SYMPROP
from timing import Pace

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Settings:
    """The networks and batches of each table, and how long they are timed.

    The epochs are those of one timed call of a training table; `samples` are those of the digits;
    `only` are the peers to measure beside symprop, all if it is empty.
    """

    gradients: tuple[tuple[Sizes, int, Pace], ...]
    steps: tuple[tuple[Sizes, int], ...]
    step_epochs: int
    samples: int
    digits_epochs: int
    training: Pace
    scalars: tuple[tuple[Sizes, bool], ...]
    scalar_pace: Pace
    emission_processes: int
    scalar_width: int
    layers: tuple[int, ...]
    layer_runs: int
    widths: tuple[int, ...]
    sympy_widths: tuple[int, ...]
    memory_epochs: tuple[int, ...]
    only: tuple[str, ...] = ()

    def measures(self, peer: str) -> bool:
        """Whether a peer takes part: symprop always does."""
        return not self.only or peer in (SYMPROP, PURE, *self.only)


USUAL = Pace(rounds=41, burst=2e-3)
LARGE = Pace(rounds=15, burst=2e-3)

FULL = Settings(
    gradients=(
        ((64, 64, 10), 1, USUAL),
        ((64, 64, 10), 32, USUAL),
        ((64, 64, 10), 128, USUAL),
        ((784, 128, 10), 32, USUAL),
        ((784, 128, 10), 128, USUAL),
        ((784, 512, 512, 10), 1024, LARGE),
    ),
    steps=(((784, 128, 10), 32), ((784, 128, 10), 128)),
    step_epochs=50,
    samples=1792,
    digits_epochs=20,
    training=Pace(rounds=15, burst=1e-3),
    scalars=(((1, 1, 1, 1), False), ((2, 3, 2), True), ((4, 8, 3), True)),
    scalar_pace=Pace(rounds=61, burst=1e-3),
    emission_processes=3,
    scalar_width=32,
    layers=(250, 500, 1000),
    layer_runs=1,
    widths=(2, 4, 8, 16, 32),
    sympy_widths=(2, 4, 8),
    memory_epochs=(1, 10, 50),
)

BRIEF = Pace(rounds=2, burst=1e-5)

QUICK = Settings(
    gradients=(((5, 4, 3), 2, BRIEF), ((5, 4, 4, 3), 2, BRIEF)),
    steps=(((5, 4, 3), 4),),
    step_epochs=2,
    samples=64,
    digits_epochs=1,
    training=BRIEF,
    scalars=(((1, 1, 1, 1), False), ((2, 3, 2), True)),
    scalar_pace=BRIEF,
    emission_processes=1,
    scalar_width=2,
    layers=(4, 16),
    layer_runs=1,
    widths=(2,),
    sympy_widths=(2,),
    memory_epochs=(1, 3),
)
