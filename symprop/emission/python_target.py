"""Plain Python: how each kind of value is spelled on numbers, one sample at a time."""

from __future__ import annotations

from typing import Any

from symprop.emission.spelling import SUM, Spelled, Spelling
from symprop.functions.vocabulary import Code
from symprop.program.values import Value


class PythonSpelling(Spelling):
    """Spells values as Python numbers; sums over the samples are accumulated by name."""

    def code(self, entry: Any, value: Value) -> Code:
        code: Code = entry.python
        return code

    def root(self, base: Value, value: Value) -> str:
        self.uses_math = True
        return f"math.sqrt({self.within(base, SUM)})"

    def _relabel(self, value: Value) -> Spelled:
        return self.spelled(value.operands[0])
