"""SymPy expressions in messages: one line, cut where it is long, matrices of ones as such."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sympy import Basic, preorder_traversal
from sympy.printing.str import StrPrinter

LARGEST = 1000
"""An expression of more parts than this is not written out: shared parts may be very many."""


class _Printer(StrPrinter):
    """SymPy's own, but for matrices that it writes as numbers or by another name."""

    def _print_OneMatrix(self, expression: Any) -> str:
        return f"OneMatrix({self.stringify(expression.args, ', ')})"

    def _print_ZeroMatrix(self, expression: Any) -> str:
        return f"ZeroMatrix({self.stringify(expression.args, ', ')})"

    def _print_Identity(self, expression: Any) -> str:
        return f"Identity({self._print(expression.args[0])})"

    def _print_DiagonalOf(self, expression: Any) -> str:
        return f"diagonal({self._print(expression.args[0])})"


def shortened(expression: object, limit: int = 80) -> str:
    """An expression, or any other object, as text in one line."""
    name = type(expression).__name__
    if isinstance(expression, Basic):
        parts = sum(1 for _ in islice(preorder_traversal(expression), LARGEST + 1))
        if parts > LARGEST:
            return f"a long {name}"
    try:
        text = _Printer({"order": None}).doprint(expression)
    except ValueError:  # Python writes no number of more than 4300 digits
        return f"{name} of a long number"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
