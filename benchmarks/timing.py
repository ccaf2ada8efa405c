"""Timing calls that take turns, so that all of them meet the same other load on the machine.

What is counted is processor time, of all threads of the process: on one thread and an idle machine
it is the wall time, on a busy one it leaves out the time of others.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import median

Call = Callable[[], object]


@dataclass(frozen=True)
class Pace:
    """How long to measure: rounds, and seconds that each call gets in a round, at least one run."""

    rounds: int
    burst: float


@dataclass(frozen=True)
class Times:
    """Seconds a run of each call, round by round, and the share of them in other threads."""

    seconds: Mapping[str, tuple[float, ...]]
    elsewhere: Mapping[str, float]

    def median(self, name: str) -> float:
        """The median of the seconds a run."""
        return median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """The median over the rounds of the time of one call over that of another."""
        pairs = zip(self.seconds[name], self.seconds[other], strict=True)
        return median(one / two for one, two in pairs)


def interleaved(calls: Mapping[str, Call], pace: Pace) -> Times:
    """Time the calls in rounds, in an order that is drawn anew for each round.

    What was made before is taken from the garbage collector, so that a call which leaves cycles
    behind pays for its own and not for the networks that lie in memory.
    """
    runs = {name: _runs(call, pace.burst) for name, call in calls.items()}
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    here = dict.fromkeys(calls, 0.0)
    order, rng = list(calls), Random(0)
    gc.freeze()
    for _ in range(pace.rounds):
        rng.shuffle(order)
        for name in order:
            everywhere, thread = _burst(calls[name], runs[name])
            seconds[name].append(everywhere / runs[name])
            here[name] += thread / runs[name]
    gc.unfreeze()
    return Times(
        {name: tuple(found) for name, found in seconds.items()},
        {name: max(0.0, 1 - here[name] / sum(seconds[name])) for name in calls},
    )


def fastest(calls: Mapping[str, Call], pace: Pace) -> str:
    """The name of the call with the least median."""
    times = interleaved(calls, pace)
    return min(calls, key=times.median)


def _burst(call: Call, runs: int) -> tuple[float, float]:
    """Processor time of so many runs, of all threads and of this one."""
    turns = range(runs)
    start, here = time.process_time(), time.thread_time()
    for _ in turns:
        call()
    return time.process_time() - start, time.thread_time() - here


def _runs(call: Call, burst: float) -> int:
    """How many runs fill a burst; the first runs, which compile and allocate, do not count."""
    call()
    call()
    once = min(_burst(call, 1)[0] for _ in range(3))
    return max(1, round(burst / once))
