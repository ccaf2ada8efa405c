"""The long run: random networks by the thousand, in shards that are written down one by one.

A run that was stopped goes on with the shards that are missing; a shard holds the same networks
always. Exit status 1: a network failed; 2: a process did.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from symprop.network import UnusedStepWarning
from symprop.workers import cores, work_through
from twins import KINDS, random_network
from twins.modules import check_module
from twins.network import RandomNetwork
from twins.points import IncomparableError, Point

SHARD = 200
"""So many networks are in a shard."""
SECONDS = 5.0
"""What takes longer hangs."""

Check = Callable[[RandomNetwork, int], None]


CHECKS: dict[str, Check] = {
    "derivation": lambda found, seed: Point(found, seed).check_gradients(),
    "module": lambda found, seed: check_module(found, seed),
    "plain Python": lambda found, seed: check_module(found, seed, "python"),
}
"""The last one is for scalar networks."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="twins", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100_000, help="networks, default 100000")
    parser.add_argument("--jobs", type=int, default=cores())
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    shards = -(-given.count // SHARD)
    missing = [index for index in range(shards) if not _path(given.folder, index).exists()]
    tasks = ((index, index) for index in missing)
    made = work_through(tasks, _prepared, given.folder, jobs=given.jobs, seconds=inf)
    for done, (index, failure) in enumerate(made, 1):
        if failure:
            print(f"\nshard {index}: {failure.reason}", file=sys.stderr)
            return 2
        print(f"\r{done} of {len(missing)} shards", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return _report([json.loads(_path(given.folder, i).read_text()) for i in range(shards)])


def _path(folder: Path, index: int) -> Path:
    return folder / f"{index:05}.json"


def _prepared(folder: Path) -> Callable[[int], None]:
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", UnusedStepWarning)
    return partial(_run, folder)


def _run(folder: Path, index: int) -> None:
    """Work through a shard, and write down what was found, whole or not at all."""
    results = list(_results(index))
    beside = folder / f"{index:05}.part"
    beside.write_text(json.dumps(results))
    beside.replace(_path(folder, index))


def _results(index: int) -> Iterator[dict[str, Any]]:
    rng = Random(f"shard {index}")
    for place in range(SHARD):
        kind, depth, seed = KINDS[place % len(KINDS)], rng.randint(1, 3), rng.randrange(2**32)
        started = perf_counter()
        try:
            found = random_network(Random(seed), kind, depth)
        except Exception as error:
            where = {"kind": kind, "seed": seed, "depth": depth, "check": "drawing"}
            yield {"said": f"{type(error).__name__}: {error}", "seconds": 0.0, **where}
            continue
        made = perf_counter() - started
        for name, check in list(CHECKS.items())[: 3 if kind == "scalar" else 2]:
            started = perf_counter()
            said = _outcome(partial(check, found, seed))
            seconds = perf_counter() - started
            if said not in ("right", "incomparable") or seconds > SECONDS:
                where = {"kind": kind, "seed": seed, "depth": depth, "check": name}
                yield {"said": said, "seconds": seconds, **where}
            else:
                yield {"said": said, "seconds": seconds}
        yield {"said": "network", "seconds": made}


def _outcome(check: Callable[[], None]) -> str:
    """What a check finds; one that hangs is stopped after some time."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 10 * SECONDS)
    try:
        check()
    except IncomparableError:
        return "incomparable"
    except TimeoutError:
        return "hangs"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "right"


def _report(shards: list[list[dict[str, Any]]]) -> int:
    results = [result for shard in shards for result in shard]
    said = Counter(result["said"] for result in results)
    failed = [result for result in results if "seed" in result]
    for result in failed:
        print(json.dumps(result))
    print(
        f"{said['network']:,} networks: {said['right']:,} checks right,"
        f" {said['incomparable']:,} not comparable, {len(failed)} failed;"
        f" the slowest check took {max(r['seconds'] for r in results):.1f} s"
    )
    return 1 if failed else 0
