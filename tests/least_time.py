"""The processor time that work takes, on a machine whose cores may be shared with other work."""

from collections.abc import Callable
from time import process_time


def least_seconds(work: Callable[[], object], bound: float) -> float:
    """The least processor time of three runs at most; the first one below the bound will do.

    A run beside others takes longer; one that hangs, or grows with the square of its input, is
    as slow each time.
    """
    least = float("inf")
    for _ in range(3):
        started = process_time()
        work()
        least = min(least, process_time() - started)
        if least < bound:
            break
    return least
