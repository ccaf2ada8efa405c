"""How deeply a single expression may nest.

Reading, deriving and writing go down an expression by recursion. Python stops that at a thousand
calls, which SymPy's own expressions reach early; so the roads into symprop allow more of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEPTH_LIMIT = 400
"""An expression nested more deeply than this is to be split into steps."""

CALLS = 20_000


@contextmanager
def deep_expressions() -> Iterator[None]:
    """Allow the recursion that an expression of DEPTH_LIMIT levels needs."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
