"""Buffers: an array is never written over while somebody still reads it.

The routine is run once more on paper: what lies in a buffer is the register that was last written
to it, and whoever reads a register must find it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from example_networks import EMITTED
from example_networks import derivation_of as example
from networks_by_torch import NETWORKS
from twins import random_network

from symprop.derivation import Derivation, derive
from symprop.emission import emit, numpy_gradients
from symprop.program import buffers
from symprop.program.buffers import Buffers
from symprop.program.instructions import Instruction, Itself, Number, Register, Routine
from symprop.program.values import Value

ENTRY_BY_ENTRY = {
    "add", "subtract", "multiply", "divide", "power", "negative", "square", "sqrt", "apply", "step",
}  # fmt: skip


class Memory:
    """What lies in every buffer, instruction by instruction."""

    def __init__(self, routine: Routine, found: Buffers) -> None:
        self._routine = routine
        self._of = found.of
        self._lies: dict[Register, Register] = {}
        self._held: dict[int, Register] = {}
        self._views: dict[Register, list[Register]] = {}

    def run(self) -> None:
        for each in self._routine.instructions:
            if isinstance(each, Number):
                self._expect(self._below(each.value.operands), each)
            else:
                self._step(each)

    def _buffer(self, register: Register) -> Register:
        return self._of.get(register, register)

    def _below(self, values: Any) -> Iterator[Register]:
        """The registers that values are made of; a number that has a name reads none."""
        for value in values:
            if value.number in self._held:
                yield self._held[value.number]
            elif value.number not in self._routine.numbers:
                yield from self._below(value.operands)

    def _expect(self, registers: Iterable[Register], each: Any) -> list[Register]:
        """Every register, and what it may be a view of, lies where it was put."""
        read = list(registers)
        for register in read:
            assert self._lies.get(self._buffer(register)) is register, (register.name, each)
            for seen in self._views.get(register, ()):
                assert self._lies.get(self._buffer(seen)) is seen, (register.name, seen.name, each)
        return read

    def _step(self, each: Instruction) -> None:
        operands: list[Value] = []
        for operand in each.operands:
            if isinstance(operand, Itself):
                self._expect([each.target], each)
            elif operand is each.completes and operand.number not in self._held:
                operands.extend(operand.operands)
            else:
                operands.append(operand)
        if each.updates:
            self._expect([each.target], each)
        read = self._expect(self._below(operands), each)
        self._apart(each, read)
        for scratch in each.scratch:
            self._lies[self._buffer(scratch)] = scratch
        self._lies[self._buffer(each.target)] = each.target
        if each.target.fresh:
            self._views[each.target] = [r for r in read if r is not each.target]
        if each.completes is not None:
            self._held[each.completes.number] = each.target

    def _apart(self, each: Instruction, read: list[Register]) -> None:
        """Only what works entry by entry may write over an operand, and one that lies alike."""
        target = self._buffer(each.target)
        scratch = [self._buffer(register) for register in each.scratch]
        assert len({target, *scratch}) == 1 + len(scratch), each
        for register in read:
            assert self._buffer(register) not in scratch, each
            if self._buffer(register) is target and not each.updates:
                assert each.operation in ENTRY_BY_ENTRY, each
                assert register.order == each.target.order, each
        for constant in each.constants:
            assert constant not in (target, *scratch), each


@cache
def derivation_of(name: str) -> Derivation:
    return derive(NETWORKS[name].declare()) if name in NETWORKS else example(name)


def routine_of(derivation: Derivation, monkeypatch: pytest.MonkeyPatch) -> tuple[Routine, Buffers]:
    """The routine of a network, as it is emitted, and its buffers."""
    seen: list[tuple[Routine, Buffers]] = []

    def watched(routine: Routine) -> Buffers:
        seen.append((routine, buffers.assigned(routine)))
        return seen[-1][1]

    monkeypatch.setattr(numpy_gradients, "assigned", watched)
    emit(derivation)
    ((routine, found),) = seen
    return routine, found


@pytest.mark.parametrize("name", sorted({*NETWORKS, *EMITTED}))
def test_what_is_read_is_what_was_written_last(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Memory(*routine_of(derivation_of(name), monkeypatch)).run()


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@pytest.mark.parametrize("seed", [*range(30), 5996])
def test_what_a_random_network_reads_is_what_was_written_last(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivation = derive(random_network(Random(seed), "matrix", 3).network)
    Memory(*routine_of(derivation, monkeypatch)).run()


@pytest.mark.parametrize("name", ["digits", "lstm", "residual_net", "attention"])
def test_two_registers_in_one_buffer_too_many_are_seen(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above would say nothing: whatever buffer is left out, somebody is missed."""
    routine, found = routine_of(derivation_of(name), monkeypatch)
    pairs = [
        (a, b)
        for a in found.made
        for b in found.made
        if a is not b and (a.lengths, a.order, a.entries) == (b.lengths, b.order, b.entries)
    ]
    assert pairs
    for kept, dropped in pairs:
        merged = {r: kept if buffer is dropped else buffer for r, buffer in found.of.items()}
        with pytest.raises(AssertionError):
            Memory(routine, replace(found, of=merged)).run()


@pytest.mark.parametrize("name", sorted({*NETWORKS, *EMITTED}))
def test_registers_in_one_buffer_have_its_shape(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer buffer would be written to by broadcasting, without a word."""
    _, found = routine_of(derivation_of(name), monkeypatch)
    for register, buffer in found.of.items():
        assert register.lengths == buffer.lengths, register
        assert register.entries == buffer.entries, register
    assert {*found.of.values()} == {*found.made}
