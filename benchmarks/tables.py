"""The tables of the report, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

import peers
from deriving import PLAN, SYMPY, TEXT
from limits import Check, Limit, Measurements
from peers import Peer
from results import FLOOR, Cell, Result

DTYPES = ("float32", "float64")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are aligned to the right."""
    marks = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))


def gradients(result: Result) -> str:
    """Loss and gradients over the floor."""
    return _over_floor(result.cells("gradients"), peers.GRADIENTS, _place)


def steps(result: Result) -> str:
    """A training step over the floor."""
    columns = [peer for peer in peers.TRAINING if peer.name != peers.SCAN]
    return _over_floor(
        result.cells("steps"), columns, lambda cell: f"{_place(cell)}, {cell.optimizer}"
    )


def _place(cell: Cell) -> str:
    return f"{cell.network}, {cell.batch}"


def _over_floor(
    cells: Sequence[Cell], columns: Sequence[Peer], place: Callable[[Cell], str]
) -> str:
    """A table for each floating type: the floor in microseconds, ratios to it."""
    names = [peer.name for peer in columns]
    parts = []
    for dtype in DTYPES:
        chosen = [cell for cell in cells if cell.dtype == dtype]
        rows = [
            [place(cell), _microseconds(cell, FLOOR)]
            + [f"{cell.ratio(name, FLOOR):.2f}" if name in cell.seconds else "" for name in names]
            for cell in chosen
        ]
        parts.append(table([f"{dtype}: network, batch", "floor us", *names], rows))
        parts += _remarks(chosen, place)
    return "\n\n".join(parts)


def _remarks(cells: Sequence[Cell], place: Callable[[Cell], str]) -> list[str]:
    """How a peer did it where there was a choice, and who is left out and why."""
    found = [
        f"{name}: " + "; ".join(f"{place(c)}: {c.notes[name]}" for c in cells if name in c.notes)
        for name in dict.fromkeys(name for cell in cells for name in cell.notes)
    ]
    missing = {f"{name}: {why}" for cell in cells for name, why in cell.missing.items()}
    return found + ([f"Left out: {'; '.join(sorted(missing))}."] if missing else [])


def epochs(result: Result) -> str:
    """Thousand samples a second over an epoch of the digits."""
    cells = result.cells("epochs")
    heads = ["thousand samples/s", *(cell.dtype for cell in cells)]
    rows = [
        [peer.name, *(_rate(cell, peer.name) for cell in cells)]
        for peer in peers.TRAINING
        if any(peer.name in cell.seconds for cell in cells)
    ]
    return "\n\n".join([table(heads, rows), *_remarks(cells, _place)])


def _rate(cell: Cell, column: str) -> str:
    if column not in cell.seconds:
        return ""
    return f"{cell.samples / cell.median(column) / 1e3:.0f}"


def scalars(cells: Sequence[Cell]) -> str:
    """Microseconds a loss with gradients."""
    heads = ["us", *(cell.network for cell in cells)]
    rows = [
        [peer.name, *(_microseconds(cell, peer.name) for cell in cells)]
        for peer in peers.SCALARS
        if any(peer.name in cell.seconds for cell in cells)
    ]
    return "\n\n".join([table(heads, rows), *_remarks(cells, lambda cell: cell.network)])


def _microseconds(cell: Cell, column: str) -> str:
    if column not in cell.seconds:
        return ""
    value = 1e6 * cell.median(column)
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def emission(emissions: Sequence[Sequence[Any]]) -> str:
    """Milliseconds to derive and emit, by the number of the call."""
    rows = []
    for same in zip(*emissions, strict=True):
        calls = [median(times) for times in zip(*(row.calls for row in same), strict=True)]
        rows.append([same[0].network, *(f"{1e3 * seconds:.1f}" for seconds in calls)])
    return table(["ms to derive and emit", "first call", "second", "third"], rows)


def growth(rows: Sequence[Any]) -> str:
    """Seconds by layers."""
    layers = rows[0].layers
    heads = ["seconds to declare, derive and emit", *(f"{k:,} layers" for k in layers)]
    heads.append(f"{layers[-1]:,} over {layers[0]:,}")
    return table(
        heads,
        [[row.chain, *_seconds(row), f"{row.seconds[-1] / row.seconds[0]:.1f}"] for row in rows],
    )


def _seconds(row: Any) -> list[str]:
    return [f"{each:.2f}" for each in row.seconds]


def operations(rows: Sequence[Any]) -> str:
    """Gradient over forward operations, and seconds, by width."""
    widths = dict.fromkeys(row.width for row in rows)
    found = {(row.width, row.method): row for row in rows}
    heads = ["width", PLAN, TEXT, SYMPY, "symprop, s", f"{SYMPY}, s"]

    def cells(width: int) -> list[str]:
        alone = found.get((width, SYMPY))
        return [
            str(width),
            *(f"{found[width, method].ratio:.2f}" for method in (PLAN, TEXT)),
            f"{alone.ratio:.2f}" if alone else "",
            f"{found[width, PLAN].seconds:.2f}",
            f"{alone.seconds:.2f}" if alone else "",
        ]

    return table(heads, [cells(width) for width in widths])


def memory(rows: Sequence[Any]) -> str:
    """Peaks and what they may be."""
    heads = ["peak of what is allocated, bytes", "measured", "at most", "that is"]
    return table(
        heads, [[row.what, f"{row.peak:,}", f"{row.bound:,}", row.against] for row in rows]
    )


def promises(found: Sequence[Limit]) -> str:
    """Which limits are met."""
    heads = ["limit", "bound", "worst", "its bound", "where", "met"]
    return table(heads, [_promise(limit) for limit in found])


def _promise(limit: Limit) -> list[str]:
    worst = limit.worst
    if worst is None:
        return [limit.what, limit.bound, "", "", "", "not measured"]
    missed = f"no, in {len(limit.missed)} of {len(limit.checks)}" if limit.missed else "yes"
    sign = "at least " if limit.least else "at most "
    values = [_number(worst.value), sign + _number(worst.bound)]
    return [limit.what, limit.bound, *values, worst.where, missed]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def misses(found: Sequence[Limit]) -> str:
    """Each cell that is not met, and by how much."""
    rows = [
        [limit.what, check.where, *map(_number, (check.value, check.bound)), _beyond(limit, check)]
        for limit in found
        for check in limit.missed
    ]
    return table(["not met", "where", "measured", "bound", "beyond"], rows) if rows else ""


def _beyond(limit: Limit, check: Check) -> str:
    return f"{100 * (limit.excess(check) - 1):.1f} %"


def environments(found: Measurements) -> str:
    """Where it was measured."""
    rows = []
    for result in found.kernels:
        place = result.environment
        asked = f"OPENBLAS_CORETYPE={place.requested}" if place.requested else "unset"
        rows.append(
            [place.kernel, asked, place.blas, "1", f"{place.processor}, {place.cores} cores"]
        )
    return table(["BLAS kernel", "OPENBLAS_CORETYPE", "BLAS", "threads", "processor"], rows)
