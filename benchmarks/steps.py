"""Time to derive random networks, in milliseconds a step: 1 for matrices, 1.5 for scalars at most.

    python benchmarks/steps.py

draws 200 networks of each kind with the generator of the tests, derives each and prints the median
and the ninth tenth. The exit status is 1 if a median is above its limit.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path
from random import Random
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from random_networks import make

from symprop import Network, derive
from symprop.errors import SympropError

COUNT = 200
LIMITS = {"matrix": 1.0, "scalar": 1.5}


def networks(kind: str) -> list[Network]:
    """Random networks that can be declared."""
    found: list[Network] = []
    seed = 0
    while len(found) < COUNT:
        seed += 1
        try:
            found.append(make(Random(seed), matrices=kind == "matrix").network)
        except SympropError:
            continue  # a weight cancels
    return found


def milliseconds(network: Network) -> float:
    """Processor time to derive, a step, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        derive(network)
        best = min(best, time.process_time() - start)
    return 1e3 * best / len(network.steps)


def main() -> int:
    """Print the table; return 1 if a median is above its limit, else 0."""
    warnings.simplefilter("ignore")
    print(f"{'ms a step':<12}{'median':>8}{'90 %':>8}{'limit':>8}")
    slow = False
    for kind, limit in LIMITS.items():
        found = [milliseconds(network) for network in networks(kind)]
        middle, most = median(found), quantiles(found, n=10)[-1]
        print(f"{kind:<12}{middle:>8.2f}{most:>8.2f}{limit:>8.2f}")
        slow = slow or middle > limit
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
