r"""A function without its arguments, `\frac{\partial \ell}{\partial o}`: those of its only use."""

from __future__ import annotations

from symprop.expression.nodes import Leaf, Unspecified, walk
from symprop.network import Network
from symprop.verification.meaning.setting import Setting
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference


def at_its_use(rate: t.Rate, setting: Setting) -> t.Call | None:
    """The derivative of such a function at its arguments, of which it is taken by one.

    None for anything else, and where the network has the function in several places.
    """
    function, by = rate.of, t.bare(rate.by)
    entry, name = _entry(function), _entry(by)
    if entry is None or entry.kind != "function" or name is None:
        return None
    arguments = _arguments(entry.name, setting.world.network)
    if [leaf.name for leaf in arguments].count(name.name) != 1:
        return None
    given = (by if leaf.name == name.name else _written(leaf) for leaf in arguments)
    return t.Call(rate, tuple(given), span=rate.span)


def _entry(tree: t.Tree) -> Entry | None:
    reference = tree.reference if isinstance(tree, t.Name) else None
    return None if reference is None else reference.entry


def _arguments(function: str, network: Network) -> tuple[Leaf, ...]:
    """The names that an unspecified function is of, where it is of the same ones everywhere."""
    parts = (part for step in network.steps.values() for part in walk(step.node))
    used = {
        part.children
        for part in parts
        if isinstance(part, Unspecified) and part.entry.symbol == function and not part.entry.by
    }
    arguments = next(iter(used)) if len(used) == 1 else ()
    leaves = tuple(part for part in arguments if isinstance(part, Leaf))
    return leaves if len(leaves) == len(arguments) else ()


def _written(leaf: Leaf) -> t.Name:
    return t.Name(
        t.Spelling(leaf.name), Reference(Entry(leaf.name, "input", leaf.name, leaf.shape))
    )
