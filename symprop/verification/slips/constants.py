"""Columns of ones and identities that a line lacks: one of each size, told apart by their places.

What stands in a text lies at 0 or behind it, so the places below 0 are free for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.network import Network
from symprop.verification.equality import Comparison
from symprop.verification.meaning.setting import Conventions
from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import Span

ONES, IDENTITY = r"\mathbf{1}", "I"


def ones(network: Network) -> list[t.Constant]:
    """A column of ones of every size of a network."""
    return [t.Constant(ONES, span=place) for place, _ in _places(network)]


def identities(network: Network) -> list[t.Constant]:
    """The identity of every size of a network."""
    return [t.Constant(IDENTITY, span=place) for place, _ in _places(network)]


def with_sizes(comparison: Comparison, network: Network) -> Comparison:
    """A comparison in which such constants have their sizes, too."""
    conventions, setting = comparison.conventions, comparison.setting
    if setting is not None:
        setting = replace(setting, conventions=_sized(setting.conventions, network))
    return replace(comparison, conventions=_sized(conventions, network), setting=setting)


def _sized(conventions: Conventions, network: Network) -> Conventions:
    sizes = ((place.start, size) for place, size in _places(network))
    return replace(conventions, constants=(*conventions.constants, *sizes))


def _places(network: Network) -> Iterator[tuple[Span, int | str]]:
    shapes = [declared.shape for declared in network.declared.values()]
    shapes += [step.shape for step in network.steps.values()]
    sizes = dict.fromkeys(extent for shape in shapes for extent in shape)
    known = [size if isinstance(size, int) else str(size) for size in sizes if size != 1]
    for number, size in enumerate(known, 1):
        yield Span(-number, -number), size
