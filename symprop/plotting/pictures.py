"""The pictures themselves, drawn by matplotlib: on white, in colours that everybody can tell.

The same run gives the same bytes: no dates, fixed identifiers, matplotlib's own settings whatever
the user's are.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from symprop.plotting.labels import Label, Labels
from symprop.plotting.run import Run, Weights

BLUE, RED, INK, QUIET = "#0072b2", "#d55e00", "#1b1f24", "#5a6572"
"""Of the palette of Okabe and Ito, and the ink of printouts."""
MARKED = 60
"""Of so many points at most each gets a mark of its own."""
TITLE = 40
"""Of the name of a network so many characters are shown."""
GRID, COARSE_GRID, LEVELS = 61, 31, 14
LARGE = 10**6
"""Where the weights times the samples are more than this, the grid of a surface is coarse."""
MARGIN = 0.3
"""How far the window of a surface goes beyond the path, as a share of it."""
WIDE = 30.0
"""A loss that falls by more than this factor is drawn on a logarithmic scale."""

SETTINGS: Any = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 13,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 14,
    "axes.titlepad": 12,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "figure.figsize": (6.4, 4.4),
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "svg.hashsalt": "symprop",
    "svg.fonttype": "path",
}
METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What a file of each format is not to say."""
LIGHT_TO_DARK = LinearSegmentedColormap.from_list(
    "symprop", ["#f7fbff", "#d3e3f1", "#9fc4e1", "#5f9bcb", "#2b6ca8"]
)


def loss_history(run: Run, format: str) -> bytes:
    """The loss of every epoch, as a file of a format: "svg", "png" or "pdf"."""
    with _settings():
        figure, axes = _canvas(run)
        losses = np.array(run.losses)
        epochs = np.arange(1, len(losses) + 1)
        mark = "o" if len(losses) <= MARKED else ""
        axes.plot(epochs, losses, color=BLUE, linewidth=1.8, marker=mark, markersize=4.5)
        _write(axes.set_xlabel, Label(run.counted))
        _write(axes.set_ylabel, Labels(run.network).loss("loss"))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if losses.min() > 0 and losses.max() > WIDE * losses.min():
            axes.set_yscale("log")
        elif losses.min() >= 0:
            axes.set_ylim(bottom=0)
        axes.grid(axis="y", color=QUIET, alpha=0.18, linewidth=0.8)
        return _file(figure, format)


def loss_curve(run: Run, format: str) -> bytes:
    """The loss over the one watched entry, all others as trained, and the descent on it."""
    with _settings():
        figure, axes = _canvas(run)
        (entry,) = run.watched
        across = _window(run.path[:, 0], 4 * GRID)
        heights = [_loss(run, entry.placed(run.weights, float(value))) for value in across]
        axes.plot(across, heights, color=BLUE, linewidth=1.8)
        met = [_loss(run, entry.placed(run.weights, float(value))) for value in run.path[:, 0]]
        _path(axes, np.column_stack([run.path[:, 0], met]))
        _write(axes.set_xlabel, Labels(run.network).entry(entry))
        _write(axes.set_ylabel, Labels(run.network).loss("loss"))
        _legend(axes)
        return _file(figure, format)


def loss_surface(run: Run, format: str) -> bytes:
    """The loss over the two watched entries, all others as trained, and the path of descent."""
    with _settings():
        figure, axes = _canvas(run)
        points = GRID if run.size <= LARGE else COARSE_GRID
        across, up = (_window(values, points) for values in run.path.T)
        height = _heights(run, across, up)
        levels = _levels(height)
        drawn = np.minimum(height, levels[-1])
        norm = PowerNorm(0.5, vmin=levels[0], vmax=levels[-1])
        filled = axes.contourf(across, up, drawn, levels=levels, cmap=LIGHT_TO_DARK, norm=norm)
        axes.contour(across, up, drawn, levels=levels, colors=BLUE, linewidths=0.6, alpha=0.45)
        _path(axes, run.path)
        labels = Labels(run.network)
        _write(axes.set_xlabel, labels.entry(run.watched[0]))
        _write(axes.set_ylabel, labels.entry(run.watched[1]))
        bar = figure.colorbar(filled, ax=axes, pad=0.03, spacing="proportional")
        bar.set_ticks(MaxNLocator(6, prune="both").tick_values(levels[0], levels[-1]))
        bar.outline.set_visible(False)
        _write(bar.set_label, labels.loss("loss"))
        _legend(axes)
        return _file(figure, format)


# -- over weights ---------------------------------------------------------------------------------


def _window(values: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """The values of one weight over which the loss is drawn."""
    low, high = float(values.min()), float(values.max())
    spread = max(high - low, 0.1 * max(abs(low), abs(high)), 1e-3)
    middle = (low + high) / 2
    reach = (0.5 + MARGIN) * spread
    return np.linspace(middle - reach, middle + reach, points)


def _heights(
    run: Run, across: NDArray[np.float64], up: NDArray[np.float64]
) -> np.ma.MaskedArray[Any, Any]:
    """The loss at every point of the window, masked where it is not finite."""
    first, second = run.watched
    height = np.empty((len(up), len(across)))
    for column, value in enumerate(across):
        moved = first.placed(run.weights, value)
        for line, other in enumerate(up):
            height[line, column] = _loss(run, second.placed(moved, other))
    return np.ma.masked_invalid(height)


def _loss(run: Run, weights: Weights) -> float:
    """The loss at some weights; nan where it has no value."""
    with np.errstate(all="ignore"):
        try:
            return run.loss(weights)
        except (ArithmeticError, np.linalg.LinAlgError):
            return float("nan")


def _levels(height: np.ma.MaskedArray[Any, Any]) -> NDArray[np.float64]:
    """Heights of contour lines, closer together near the ground; what is very high is cut off."""
    low = float(height.min())
    high = max(float(np.percentile(height.compressed(), 98)), low + 1e-12 * max(1.0, abs(low)))
    return low + (high - low) * np.linspace(0.0, 1.0, LEVELS) ** 2


def _path(axes: Axes, path: NDArray[np.float64]) -> None:
    few = len(path) <= MARKED
    (line,) = axes.plot(*path.T, color=RED, linewidth=0.7, markersize=4.5, label="path of descent")
    if few:
        line.set(linewidth=1.8, marker="o")
    axes.plot(
        *path[0], "o", color="white", markeredgecolor=RED, markeredgewidth=1.8, markersize=9,
        label="start",
    )  # fmt: skip
    axes.plot(*path[-1], "D", color=RED, markeredgecolor="white", markersize=9, label="end")


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, handletextpad=0.4)


# -- files ----------------------------------------------------------------------------------------


@contextmanager
def _settings() -> Iterator[None]:
    """Matplotlib as it comes, with the settings of these pictures."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a box stands for it
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def _canvas(run: Run) -> tuple[Figure, Axes]:
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    _write(axes.set_title, Label(" ".join(run.network.name.split())[:TITLE]))
    if run.watched and run.others:
        text = "all other weights as trained"
        axes.set_title(text, loc="right", fontsize=11, color=QUIET)
    return figure, axes


def _write(setter: Any, label: Label) -> None:
    """Set a text; what is no formula is not read as one."""
    setter(label.text, parse_math=label.formula)


def _file(figure: Figure, format: str) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format=format, metadata=METADATA[format])
    return content.getvalue()
