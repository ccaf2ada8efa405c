"""The pictures of the report: SVG files whose bytes depend on the figures alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import peers
from limits import Measurements
from results import FLOOR, Cell
from tables import DTYPES

SYMPROP_COLOUR, OTHER_COLOUR = "#c0392b", "#5d6d7e"
STYLES = dict(
    zip(
        (peer.name for peer in peers.GRADIENTS),
        zip("oDs^vXP*", (SYMPROP_COLOUR, "C1", "C2", "C0", "C4", "C5", "C6", "C7"), strict=True),
        strict=True,
    )
)
"""The mark and the colour of each peer."""


def draw(found: Measurements, folder: Path) -> dict[str, str]:
    """Draw what was measured; return the name of each file and its caption."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "symprop", "svg.fonttype": "none"})
    drawn = {}
    native = found.native
    if native and native.cells("gradients"):
        _save(_over_floor(native.cells("gradients")), folder / "over_floor.svg")
        drawn["over_floor.svg"] = "Loss and all gradients over the floor, native kernel"
    if native and native.cells("epochs"):
        _save(_epochs(native.cells("epochs")), folder / "digits_epoch.svg")
        drawn["digits_epoch.svg"] = "An epoch of Adam over the digits, native kernel"
    if found.parts.get("scalars"):
        _save(_scalars(found.parts["scalars"]), folder / "scalars.svg")
        drawn["scalars.svg"] = "Loss and all gradients of scalar networks at one sample"
    if found.parts.get("growth"):
        _save(_growth(found.parts["growth"]), folder / "layers.svg")
        drawn["layers.svg"] = "Time to declare, derive and emit, by layers"
    return drawn


def _save(figure: Any, path: Path) -> None:
    """Write without date and program."""
    figure.savefig(path, metadata={"Date": None, "Creator": None}, bbox_inches="tight")


def _figure(columns: int, width: float, height: float) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(1, columns, sharey=True, squeeze=False)[0])


def _over_floor(cells: Sequence[Cell]) -> Any:
    """A point for each peer, on a line for each network and batch."""
    figure, panels = _figure(len(DTYPES), 10, 3.6)
    for panel, dtype in zip(panels, DTYPES, strict=True):
        rows = [cell for cell in cells if cell.dtype == dtype]
        names = [f"{cell.network}, {cell.batch}" for cell in rows]
        for peer, (mark, colour) in STYLES.items():
            points = [
                (cell.ratio(peer, FLOOR), y) for y, cell in enumerate(rows) if peer in cell.seconds
            ]
            if points:
                panel.scatter(
                    *zip(*points, strict=True),
                    marker=mark,
                    label=peer,
                    color=colour,
                    s=28,
                    zorder=2,
                )
        panel.axvline(1, color="black", linewidth=1)
        panel.set_xscale("log")
        panel.set_yticks(range(len(names)), names)
        panel.set_xlabel(f"time over the floor, {dtype}")
        panel.grid(axis="x", which="both", linewidth=0.3)
    panels[0].invert_yaxis()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    return figure


def _epochs(cells: Sequence[Cell]) -> Any:
    """A bar for each peer: thousand samples a second."""
    figure, panels = _figure(len(cells), 10, 3)
    for panel, cell in zip(panels, cells, strict=True):
        names = [peer.name for peer in peers.TRAINING if peer.name in cell.seconds]
        rates = [cell.samples / cell.median(name) / 1e3 for name in names]
        _bars(panel, names, rates, f"thousand samples/s, {cell.dtype}", "{:.0f}".format)
    return figure


def _scalars(cells: Sequence[Cell]) -> Any:
    """A bar for each peer: microseconds on a logarithmic scale."""
    figure, panels = _figure(len(cells), 12, 3)
    for panel, cell in zip(panels, cells, strict=True):
        names = [peer.name for peer in peers.SCALARS if peer.name in cell.seconds]
        panel.set_xscale("log")
        times = [1e6 * cell.median(name) for name in names]
        _bars(panel, names, times, f"us, {cell.network}", _three_digits)
    return figure


def _bars(
    panel: Any, names: list[str], values: list[float], label: str, form: Callable[[float], str]
) -> None:
    colours = [SYMPROP_COLOUR if name == peers.SYMPROP else OTHER_COLOUR for name in names]
    drawn = panel.barh(range(len(names)), values, color=colours)
    panel.bar_label(drawn, [form(value) for value in values], padding=2, fontsize=8)
    panel.set_yticks(range(len(names)), names)
    panel.set_xlabel(label)
    panel.margins(x=0.25)
    if not panel.yaxis_inverted():
        panel.invert_yaxis()


def _three_digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _growth(rows: Sequence[Any]) -> Any:
    """A line for each chain."""
    figure, (panel,) = _figure(1, 6, 3.4)
    for row in rows:
        panel.plot(row.layers, row.seconds, marker="o", label=row.chain)
    panel.set_xlabel("layers")
    panel.set_ylabel("seconds to declare, derive and emit")
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    panel.legend(frameon=False, fontsize=8)
    return figure
