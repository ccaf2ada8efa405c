"""The report: tables, pictures, and which limits are met."""

from __future__ import annotations

from collections.abc import Mapping

import tables
from limits import Measurements, limits
from results import Result

HEAD = """# symprop beside its peers

Made by `python benchmarks/compare.py`; [what is measured and how](README.md). Times are medians of
rounds in which all take turns in one process; ratios are medians of the ratios in each round."""

TITLES = {
    "gradients": "Loss and all gradients, over the floor",
    "steps": "A training step on one batch, over the floor",
    "epochs": "An epoch of Adam over the digits, 64-64-10, batch 32",
}
MAKERS = {"gradients": tables.gradients, "steps": tables.steps, "epochs": tables.epochs}


def report(found: Measurements, pictures: Mapping[str, str]) -> str:
    """The whole page."""
    promised = limits(found)
    parts = [HEAD, tables.environments(found), _versions(found)]
    parts += ["## Limits", tables.promises(promised), tables.misses(promised)]
    parts += [f"![{caption}]({name})" for name, caption in pictures.items()]
    for name, title in TITLES.items():
        for result in found.kernels:
            if result.cells(name):
                parts += [f"## {title}: {_kernel(result)}", MAKERS[name](result)]
    parts += _without_kernel(found)
    return "\n\n".join(part for part in parts if part) + "\n"


def _versions(found: Measurements) -> str:
    place = found.kernels[0].environment
    versions = ", ".join(f"{name} {number}" for name, number in place.versions.items())
    return f"Python {place.python}, {versions}."


def _kernel(result: Result) -> str:
    place = result.environment
    return f"{place.kernel} kernel" + ("" if place.requested else ", native")


def _without_kernel(found: Measurements) -> list[str]:
    """The tables that do not depend on BLAS."""
    parts = []
    if found.parts.get("scalars"):
        parts += ["## Scalar networks: loss and all gradients of one sample"]
        parts += [tables.scalars(found.parts["scalars"])]
    if found.emissions:
        parts += ["## Deriving and emitting", tables.emission(found.emissions)]
    for name, make in (("growth", tables.growth), ("operations", tables.operations)):
        if found.parts.get(name):
            parts.append(make(found.parts[name]))
    if found.parts.get("memory"):
        parts += ["## Memory", tables.memory(found.parts["memory"])]
    return parts
