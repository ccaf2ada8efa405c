"""Rebuilding a program with a rule that replaces some of its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symprop.program.build import Program, Statement
from symprop.program.values import Value, Values

Rule = Callable[[Value, Values], Value | None]
"""What is computed in the place of a value, whose operands were rewritten before; or None."""


def rewritten(program: Program, rule: Rule) -> Program:
    """The program with the rule applied to every value, operands first."""
    rebuild = _Rebuilding(program.values, rule)

    def statement(old: Statement) -> Statement:
        return replace(old, value=rebuild(old.value))

    inner = {}
    result = replace(
        program,
        steps=tuple(map(statement, program.steps)),
        loss=statement(program.loss),
        outputs=tuple(map(statement, program.outputs)),
        deltas=tuple(map(statement, program.deltas)),
        gradients=tuple(map(statement, program.gradients)),
    )
    for number, name in program.inner.items():
        inner[rebuild.number_of(number)] = name
    return replace(result, inner=inner)


class _Rebuilding:
    """Rewrites values, each once; without recursion, for a thousand layers."""

    def __init__(self, values: Values, rule: Rule) -> None:
        self._values = values
        self._rule = rule
        self._new: dict[int, Value] = {}

    def number_of(self, number: int) -> int:
        """The number of what stands in the place of a value."""
        return self._new[number].number if number in self._new else number

    def __call__(self, root: Value) -> Value:
        pending = [root]
        while pending:
            value = pending[-1]
            left = [v for v in value.operands if v.number not in self._new]
            if left:
                pending.extend(left)
                continue
            pending.pop()
            if value.number not in self._new:
                self._new[value.number] = self._replaced(value)
        return self._new[root.number]

    def _replaced(self, value: Value) -> Value:
        values = self._values
        operands = tuple(self._new[operand.number] for operand in value.operands)
        new = value
        if operands != value.operands and value.kind == "product":
            coefficient, count = value.content
            new = values.product(coefficient, list(operands[:count]), list(operands[count:]))
        elif operands != value.operands and value.kind == "sum":
            terms = zip(value.content, map(values.signed, operands), strict=True)
            new = values.sum([(sign * other, term) for sign, (other, term) in terms])
        elif operands != value.operands:
            new = values.make(value.kind, operands, value.axes, value.content)
        new = self._rule(new, values) or new
        if values.is_sealed(value):
            values.seal(new)
        return new
