"""What a text may leave unsaid: layouts, samples, the sizes of constants; the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from symprop.expression.nodes import Leaf
from symprop.network import Network
from symprop.verification.meaning.names import axes_of, samples
from symprop.verification.meaning.setting import LAYOUTS, Conventions
from symprop.verification.meaning.values import SIZED
from symprop.verification.reading import tree as t


def conventions_of(trees: Sequence[t.Tree], network: Network) -> list[Conventions]:
    """The conventions that make a difference to some trees, the likeliest first."""
    found = samples_of(trees)
    layouts = [(layout, False) for layout in LAYOUTS] + [("gradient", True)]
    chosen = layouts if any(map(has_matrix_rate, trees)) else layouts[:1]
    totals = (False, True) if any(map(_has_step_rate, trees)) else (False,)
    sizes = list(_sizes_of_constants(trees, network))
    return [
        Conventions(layout, entrywise, sample, total, constants)
        for total, (layout, entrywise), sample, constants in product(totals, chosen, found, sizes)
    ]


MOST_SIZES = 64
"""Of more possible sizes of the constants in a line none is tried."""


def _sizes_of_constants(
    trees: Sequence[t.Tree], network: Network
) -> Iterable[tuple[tuple[int, int | str], ...]]:
    """The sizes that the columns of ones and the identities of some trees may have."""
    parts = (part for tree in trees for part in t.walk(tree))
    places = dict.fromkeys(
        p.span.start for p in parts if isinstance(p, t.Constant) and p.symbol in SIZED
    )
    shapes = [leaf.shape for leaf in _leaves(network)]
    extents = dict.fromkeys(extent for shape in shapes for extent in shape)
    names = [e if isinstance(e, int) else str(e) for e in extents]
    known = [e for e in names if e != 1 and (isinstance(e, int) or e in network.size_symbols)]
    if not places or not known or len(known) ** len(places) > MOST_SIZES:
        return [()]
    return [
        tuple(zip(places, chosen, strict=True)) for chosen in product(known, repeat=len(places))
    ]


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
