"""What a step of training costs in NumPy: the work of the emitted statements, pass by pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from sympy import Expr

from symprop.derivation import Derivation
from symprop.emission.numpy_gradients import flattened
from symprop.emission.numpy_module import NumPyAssembly
from symprop.emission.numpy_routine import RoutineSpelling
from symprop.expression.depth import deep_expressions
from symprop.network import Network
from symprop.program import Cost, Program, build_program, cost
from symprop.program.buffers import assigned
from symprop.program.extents import BATCH, Extents, Length
from symprop.program.instructions import Routine
from symprop.program.passes import PASSES, improved
from symprop.program.work import Meter, Work

UNKNOWN = 64
"""What a size is taken for that is not known."""


@dataclass(frozen=True)
class Stage:
    """The work behind a pass: what it saves in words, and the arrays that are needed."""

    name: str
    saves: str
    work: Work
    arrays: int
    held: int


@dataclass(frozen=True)
class Costs:
    """What one step costs: forward with the loss, all, the floor; the stages of the passes.

    `counted` are the operations of one sample in a network of scalars, entry by entry ones
    counted once. The floor is the products of matrices alone. `sizes` are those that were taken.
    """

    network: Network
    sizes: Mapping[str, int]
    batch: int
    width: int
    counted: Cost
    forward: Work
    whole: Work
    floor: Work
    stages: Sequence[Stage]


def costs(derivation: Derivation, *, batch: int, sizes: Mapping[str, int], width: int) -> Costs:
    """Count the work of `loss_and_gradients` for a batch, `width` bytes an entry.

    A size that neither `sizes` nor the network gives is taken as 64.
    """
    with deep_expressions():
        program = build_program(Derivation.checked(derivation, "costs"))
        return _Costing(program, batch, sizes, width).run()


class _Costing:
    def __init__(self, program: Program, batch: int, sizes: Mapping[str, int], width: int) -> None:
        self.program = program
        self.assembly = NumPyAssembly(program)
        self.batch = batch
        unknown = dict.fromkeys(program.network.size_symbols, UNKNOWN)
        self.sizes = {**unknown, **program.network.sizes, **sizes}
        declared = program.network.declared
        extents = Extents({name: entry.shape for name, entry in declared.items()})
        self.meter = Meter(extents, self._count, width)

    def run(self) -> Costs:
        best = improved(self.program)
        forward, whole = self._routine(best, gradients=False), self._routine(best)
        return Costs(
            self.program.network,
            self.sizes,
            self.batch,
            self.meter.width,
            cost(self.program),
            self.meter.routine(forward),
            self.meter.routine(whole),
            self.meter.products(whole),
            self._stages(),
        )

    def _stages(self) -> list[Stage]:
        """The passes one after the other, each on top of those before."""
        routine = self._routine(self.program, samples_last=False)
        stages = [self._stage("as derived", "what is used twice is computed once", routine)]
        routine = self._routine(self.program)
        stages.append(self._stage("samples last", "short loops over few classes", routine))
        for place, each in enumerate(PASSES, start=1):
            routine = self._routine(improved(self.program, PASSES[:place]))
            stages.append(self._stage(each.name, each.saves, routine))
        last = "arrays: each lies where another is done with"
        return [*stages, self._stage("in place", last, routine, share=True)]

    def _stage(self, name: str, saves: str, routine: Routine, *, share: bool = False) -> Stage:
        made = assigned(routine, share=share).made
        entries = sum(prod(map(self._count, each.lengths)) for each in made)
        work = self.meter.routine(routine)
        return Stage(name, saves, work, len(made), entries * self.meter.width)

    def _routine(
        self, program: Program, *, gradients: bool = True, samples_last: bool = True
    ) -> Routine:
        names = self.assembly.names.copy()
        spelling = self.assembly.spelling(RoutineSpelling)
        return flattened(
            self.assembly, program, spelling, names, gradients=gradients, samples_last=samples_last
        )

    def _count(self, length: Length) -> int:
        """A length as a number."""
        if isinstance(length, int):
            return length
        if length == BATCH:
            return self.batch
        assert isinstance(length, Expr)
        samples = {str(self.program.network.samples): self.batch}
        known = {s: samples.get(s.name, self.sizes[s.name]) for s in length.free_symbols}
        return int(length.subs(known))
