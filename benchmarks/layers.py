"""Time to declare, derive and emit chains of 250, 500 and 1,000 layers: it is to be linear.

    python benchmarks/layers.py

prints seconds of processor time, the median of three runs, and the ratio of 1,000 to 250 layers:
4 means linear. The exit status is 1 if a ratio is above 6.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

from networks import matrix_chain, residual_chain, scalar_chain, scalar_residual_chain
from sympy.core.cache import clear_cache

from symprop import Network, derive, emit

LAYERS = (250, 500, 1000)
RUNS = 3
LIMIT = 6.0

Maker = Callable[[int], Network]

CHAINS: tuple[tuple[str, Maker, str], ...] = (
    ("scalar chain", scalar_chain, "numpy"),
    ("scalar chain", scalar_chain, "python"),
    ("scalar residual chain", scalar_residual_chain, "numpy"),
    ("scalar residual chain", scalar_residual_chain, "python"),
    ("matrix chain", matrix_chain, "numpy"),
    ("residual chain", residual_chain, "numpy"),
)
"""What is measured: a name, the maker of the network, and the target."""


def seconds(maker: Maker, layers: int, target: str) -> float:
    """The time of one run from nothing to source text, SymPy's own memory emptied before."""
    clear_cache()
    gc.collect()
    start = time.process_time()
    emit(derive(maker(layers)), target)
    return time.process_time() - start


def times(
    maker: Maker, target: str, layers: Sequence[int] = LAYERS, runs: int = RUNS
) -> list[float]:
    """The median time for each number of layers; the sizes take turns, so that all meet the same
    other load on the machine.
    """
    rounds = [[seconds(maker, k, target) for k in layers] for _ in range(runs)]
    return [median(found) for found in zip(*rounds, strict=True)]


def main() -> int:
    """Print the table; return 1 if a chain is far from linear, else 0."""
    heads = "".join(f"{k:>9,}" for k in LAYERS)
    print(f"{'seconds for so many layers':<32}{heads}{'ratio':>8}")
    seconds(scalar_chain, LAYERS[0], "python")  # imports and templates are loaded once
    worst = 0.0
    for name, maker, target in CHAINS:
        found = times(maker, target)
        ratio = found[-1] / found[0]
        worst = max(worst, ratio)
        cells = "".join(f"{value:>9.2f}" for value in found)
        print(f"{f'{name}, {target}':<32}{cells}{ratio:>8.1f}", flush=True)
    print(f"the ratio of a linear time is {LAYERS[-1] / LAYERS[0]:g}; the limit is {LIMIT:g}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
