"""How deeply a single expression may nest.

Reading, deriving and writing go down an expression by recursion. Python stops that at a thousand
calls, which SymPy's own expressions reach early; so the roads into symprop allow more of them.
"""

from __future__ import annotations

import sys

DEPTH_LIMIT = 400
"""An expression nested more deeply than this is to be split into steps."""

CALLS = 20_000


class deep_expressions:
    """Allow the recursion that an expression of DEPTH_LIMIT levels needs, while a block runs."""

    def __enter__(self) -> None:
        self._before = sys.getrecursionlimit()
        if self._before < CALLS:
            sys.setrecursionlimit(CALLS)

    def __exit__(self, *_: object) -> None:
        if self._before < CALLS:
            sys.setrecursionlimit(self._before)
