"""Python's garbage collector waits while much is made that stays.

It looks through all objects whenever some have been made, which for a network of thousands of
steps takes a seventh of the time and finds nothing: nodes, values and records hold no cycles.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector wait, if it was not waiting already; what was made counts as old then."""
    waits = not gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not waits:
            if not gc.get_freeze_count():
                gc.freeze()  # and back: to the oldest generation, without a look at each
                gc.unfreeze()
            gc.enable()
