"""What a text may leave unsaid: layouts, samples, the sizes of constants; the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from symprop.expression.nodes import Leaf
from symprop.network import Network
from symprop.verification.meaning.batches import is_over_samples, size_of
from symprop.verification.meaning.names import axes_of, label, samples
from symprop.verification.meaning.setting import LAYOUTS, Conventions
from symprop.verification.meaning.values import SIZED
from symprop.verification.reading import tree as t
from symprop.verification.reading.entries import WHOLE


def conventions_of(trees: Sequence[t.Tree], network: Network) -> list[Conventions]:
    """The conventions that make a difference to some trees, the likeliest first."""
    batch = batch_of(trees, network)
    found = [""] if batch else samples_of(trees)
    layouts = [(layout, False) for layout in LAYOUTS] + [("gradient", True)]
    chosen = layouts if any(map(has_matrix_rate, trees)) else layouts[:1]
    totals = (False, True) if any(map(_has_step_rate, trees)) else (False,)
    sizes = list(_sizes_of_constants(trees, network))
    rows = (False, True) if any(map(_has_rows, trees)) else (False,)
    return [
        Conventions(layout, entrywise, sample, total, constants, lying, batch)
        for total, (layout, entrywise), sample, constants, lying in product(
            totals, chosen, found, sizes, rows
        )
    ]


def _has_rows(tree: t.Tree) -> bool:
    """Whether there is a row of a matrix, which may be written as a column."""
    references = (name.reference for name in t.names(tree))
    return any(r is not None and r.indices[1:] == (WHOLE,) for r in references)


SIZES_OF_BATCHES = ("m", "n", "N", "M", "B")
"""How the number of samples is called where the sum over them has no upper end."""


def batch_of(trees: Sequence[t.Tree], network: Network) -> str:
    """How the number of samples is called that sums in some trees run over; "" for no such sum."""
    if not network.per_sample:
        return ""
    sums = [total for tree in trees for total in sums_over_samples(tree)]
    if not sums:
        return ""
    sizes = {size_of(total) for total in sums} - {""}
    names = (n for tree in trees for n in t.names(tree) if n.reference is None)
    usual = dict.fromkeys(label(n) for n in names if label(n) in SIZES_OF_BATCHES)
    return min(sizes) if sizes else next(iter(usual), SIZES_OF_BATCHES[0])


def sizes_of_batches(trees: Iterable[t.Tree]) -> set[str]:
    """How the numbers of samples may be called that sums in some trees run up to."""
    found = {size_of(total) for tree in trees for total in sums_over_samples(tree)}
    return found | set(SIZES_OF_BATCHES) if "" in found else found


def sums_over_samples(tree: t.Tree) -> Iterator[t.IndexSum]:
    """The sums over samples in a tree, and in what its names are defined as."""
    for part in t.walk(tree):
        if isinstance(part, t.IndexSum) and is_over_samples(part):
            yield part
        entry = part.reference.entry if isinstance(part, t.Name) and part.reference else None
        if entry is not None and entry.definition is not None:
            yield from sums_over_samples(entry.definition)


MOST_SIZES = 64
"""Of more possible sizes of the constants in a line only those are tried where all are the same.

That no size is said comes first: where the line does not hold for these, nobody knows.
"""


def _sizes_of_constants(
    trees: Sequence[t.Tree], network: Network
) -> Iterable[tuple[tuple[int, int | str], ...]]:
    """The sizes that the columns of ones and the identities of some trees may have."""
    parts = (part for tree in trees for each in with_definitions(tree) for part in t.walk(each))
    places = dict.fromkeys(
        p.span.start for p in parts if isinstance(p, t.Constant) and p.symbol in SIZED
    )
    shapes = [leaf.shape for leaf in _leaves(network)]
    extents = dict.fromkeys(extent for shape in shapes for extent in shape)
    names = [e if isinstance(e, int) else str(e) for e in extents]
    known = [e for e in names if e != 1 and (isinstance(e, int) or e in network.size_symbols)]
    if not places or not known:
        return [()]
    if len(known) ** len(places) > MOST_SIZES:
        return [(), *(tuple((place, size) for place in places) for size in known)]
    return [
        tuple(zip(places, chosen, strict=True)) for chosen in product(known, repeat=len(places))
    ]


def with_definitions(tree: t.Tree) -> Iterator[t.Tree]:
    """A tree, and what the names in it are defined as that the text itself has defined."""
    yield tree
    for name in t.names(tree):
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and entry.kind == "local" and entry.definition is not None:
            yield from with_definitions(entry.definition)


def _leaves(network: Network) -> list[Leaf]:
    declared = [entry.leaf for entry in network.declared.values()]
    return declared + [step.leaf for step in network.steps.values()]


def samples_of(trees: Sequence[t.Tree]) -> list[str]:
    """The indices that may be that of the sample which the network is declared for."""
    return list(dict.fromkeys(sample for tree in trees for sample in samples(tree))) or [""]


def rates_of(tree: t.Tree) -> Iterator[t.Rate | t.Derive | t.Nabla]:
    """The derivatives in a tree."""
    return (part for part in t.walk(tree) if isinstance(part, t.Rate | t.Derive | t.Nabla))


def has_matrix_rate(tree: t.Tree) -> bool:
    """Whether something in a tree is differentiated that may lie in several ways."""
    return any(_is_matrix(name) for part in rates_of(tree) for name in t.names(part))


def _is_matrix(name: t.Name) -> bool:
    entry = None if name.reference is None else name.reference.entry
    return entry is not None and bool(entry.shape) and bool(axes_of(entry))


def _has_step_rate(tree: t.Tree) -> bool:
    r"""Whether there is a \partial of a step, which may hold the steps between or not."""
    found = (p.of for p in t.walk(tree) if isinstance(p, t.Rate) and p.sign != "d")
    names = (t.bare(of) for of in found)
    return any(
        isinstance(name, t.Name)
        and name.reference is not None
        and (name.reference.entry is None or name.reference.entry.kind == "step")
        for name in names
    )
