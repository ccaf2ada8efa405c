"""symprop beside its peers: measure, and write tables and pictures.

    python benchmarks/compare.py                      all of it, some minutes: RESULTS.md
    python benchmarks/compare.py --table gradients    one table, printed
    python benchmarks/compare.py --peer autograd      beside some columns alone, printed
    python benchmarks/compare.py --quick              tiny sizes, to see that all works; printed

With --output FOLDER page and pictures are written there. Each measuring process runs on one
thread; with the BLAS kernel that OPENBLAS_CORETYPE asks for, if it is set, and with the one that
BLAS chooses itself. The exit status is 0 even if a limit is not met: the page says which.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import requested_kernels, surroundings
from limits import Measurements
from report import report
from results import Result
from settings import FULL, QUICK

HERE = Path(__file__).parent
BY_KERNEL = ("gradients", "steps", "epochs")
"""The parts that are measured with each BLAS kernel."""

TABLES = {
    "gradients": ("gradients",),
    "training": ("steps", "epochs"),
    "scalars": ("scalars",),
    "deriving": ("emission", "growth", "operations"),
    "memory": ("memory",),
}


@dataclass(frozen=True)
class Options:
    """What every process is told: how much to measure, beside which peers (all if none)."""

    quick: bool
    only: tuple[str, ...]


def measured(parts: Sequence[str], kernel: str, options: Options) -> Result:
    """The result of a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [sys.executable, str(HERE / "measure.py"), "--out", str(out)]
        command += ["--quick"] * options.quick
        for name, values in (("--part", parts), ("--peer", options.only)):
            for value in values:
                command += [name, value]
        subprocess.run(command, env=surroundings(kernel), check=True)
        return Result.load(out)


def measurements(parts: Sequence[str], options: Options) -> Measurements:
    """All parts, in as many processes as they need."""
    by_kernel = [part for part in parts if part in BY_KERNEL]
    kernels = []
    for kernel in requested_kernels():
        _say(f"kernel {kernel or 'unset'}: {', '.join(by_kernel) or 'environment'}")
        kernels.append(measured(by_kernel, kernel, options))
    emissions: list[Sequence[Any]] = []
    if "emission" in parts:
        _say("emission")
        count = (QUICK if options.quick else FULL).emission_processes
        emissions = [measured(["emission"], "", options).parts["emission"] for _ in range(count)]
    rest = [part for part in parts if part not in (*BY_KERNEL, "emission")]
    found: Mapping[str, Sequence[Any]] = {}
    if rest:
        _say(", ".join(rest))
        found = measured(rest, "", options).parts
    return Measurements(tuple(kernels), found, tuple(emissions))


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def pictures(found: Measurements, folder: Path) -> dict[str, str]:
    """The pictures, if matplotlib is there."""
    try:
        from plots import draw

        return draw(found, folder)
    except ImportError as error:
        _say(f"no pictures: {error}")
        return {}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, then write or print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", choices=TABLES, action="append")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", action="append", metavar="NAME", help="beside these alone")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    options = parser.parse_args(argv)
    parts = [part for table in options.table or TABLES for part in TABLES[table]]
    found = measurements(parts, Options(options.quick, tuple(options.peer or ())))
    folder = options.output
    if folder is None and not (options.table or options.quick or options.peer):
        folder = HERE
    if folder is None:
        print(report(found, {}), end="")
        return
    folder.mkdir(parents=True, exist_ok=True)
    page = report(found, pictures(found, folder))
    (folder / "RESULTS.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
