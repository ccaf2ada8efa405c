"""In which order the places of each column stand: few edges cross.

The first order is that of a walk from the loss backwards along the arguments of each step; then
columns are sorted by the middle of their neighbours, and long edges led around all others above or
below, for as long as fewer edges cross.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from symprop.printout.graph.columns import Columns, Place

SWEEPS = 8
LONG_WAYS = 24
"""So many of the longest edges are tried above and below all else."""

Order = list[list[Place]]


def ordered(columns: Columns) -> Order:
    """The places of each column from top to bottom."""
    links = _links(columns)
    best = _walked(columns)
    fewest = _crossings(best, links)
    order = [list(column) for column in best]
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        _sort(order, links, forward=sweep % 2 == 0)
        crossings = _crossings(order, links)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    return best if fewest == 0 else _led_around(best, columns, links, fewest)


def _led_around(
    order: Order, columns: Columns, links: list[list[tuple[Place, Place]]], fewest: int
) -> Order:
    """Long edges above or below all else, each where fewer edges cross then."""
    longest = sorted(columns.ways.values(), key=len, reverse=True)[:LONG_WAYS]
    for way in longest:
        inside = set(way[1:-1])
        for above in (True, False):
            tried = [_moved_out(column, inside, above) for column in order]
            crossings = _crossings(tried, links)
            if crossings < fewest:
                order, fewest = tried, crossings
    return order


def _moved_out(column: list[Place], moved: set[Place], above: bool) -> list[Place]:
    out = [place for place in column if place in moved]
    rest = [place for place in column if place not in moved]
    return [*out, *rest] if above else [*rest, *out]


def _links(columns: Columns) -> list[list[tuple[Place, Place]]]:
    """The pairs of places between each column and the next."""
    column_of = {place: i for i, column in enumerate(columns.places) for place in column}
    links: list[list[tuple[Place, Place]]] = [[] for _ in columns.places]
    for way in columns.ways.values():
        for left, right in pairwise(way):
            links[column_of[left]].append((left, right))
    return links


def _walked(columns: Columns) -> Order:
    """The order in which a walk backwards meets the places."""
    into: dict[Place, list[tuple[Place, ...]]] = {}
    for way in columns.ways.values():
        into.setdefault(way[-1], []).append(way)
    met: dict[Place, None] = {}
    used = {place for way in columns.ways.values() for place in way[:-1]}
    ends = [place for column in columns.places for place in column if place not in used]
    pending = list(reversed(ends))
    while pending:
        place = pending.pop()
        if place in met:
            continue
        met[place] = None
        for way in reversed(into.get(place, [])):
            pending.extend(way[:-1])
    return [sorted(column, key=list(met).index) for column in columns.places]


def _sort(order: Order, links: list[list[tuple[Place, Place]]], *, forward: bool) -> None:
    """Sort each column by the middle of its neighbours in the column before, or behind."""
    count = len(order)
    for index in range(1, count) if forward else range(count - 2, -1, -1):
        fixed = order[index - 1 if forward else index + 1]
        position = {place: float(i) for i, place in enumerate(fixed)}
        beside: dict[Place, list[float]] = {}
        for left, right in links[index - 1 if forward else index]:
            here, there = (right, left) if forward else (left, right)
            beside.setdefault(here, []).append(position[there])
        own = {place: float(i) for i, place in enumerate(order[index])}
        middle = {p: sum(beside[p]) / len(beside[p]) if p in beside else own[p] for p in own}
        order[index].sort(key=middle.__getitem__)


def _crossings(order: Order, links: list[list[tuple[Place, Place]]]) -> int:
    """How many pairs of edges cross between neighbouring columns."""
    total = 0
    for index, pairs in enumerate(links[:-1]):
        left = {place: i for i, place in enumerate(order[index])}
        right = {place: i for i, place in enumerate(order[index + 1])}
        total += _inversions([b for _, b in sorted((left[a], right[b]) for a, b in pairs)])
    return total


def _inversions(numbers: Sequence[int]) -> int:
    seen: list[int] = []
    total = 0
    for number in numbers:
        total += len(seen) - bisect_right(seen, number)
        insort(seen, number)
    return total
