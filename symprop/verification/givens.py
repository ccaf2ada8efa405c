"""What a right line takes for granted: a declaration, a layout, one sample."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from dataclasses import replace
from fractions import Fraction
from random import Random

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of, sizes_of_batches, with_definitions
from symprop.verification.corrections import is_loss
from symprop.verification.equality import Answer, Comparison, compare
from symprop.verification.meaning.blocks import SUMMED
from symprop.verification.meaning.names import is_kronecker, label, nameless
from symprop.verification.meaning.rates import BLOCKS, ENTRYWISE, LAYOUT_NOTES
from symprop.verification.meaning.setting import LAYOUTS, USUAL, Conventions
from symprop.verification.points import Change, Points
from symprop.verification.reading import tree as t
from symprop.verification.worlds import World, with_values


def givens(claim: Claim, found: Comparison, network: Network, points: Points) -> list[str]:
    """The sentences that say what a claim takes for granted that is equal as `found` says."""
    given = [
        *_of_sample(found.conventions),
        *_of_layout(claim, found, points),
        *(note for note in found.notes if note not in LAYOUT_NOTES),
        *_of_total(found.conventions),
    ]
    given += _of_labels(claim, found, network, points)
    if not given:
        given += _of_declaration(claim, network, points)
    return list(dict.fromkeys(given))


def _of_sample(conventions: Conventions) -> Iterator[str]:
    if conventions.sample:
        yield f"{conventions.sample} is the sample that the network is declared for"


def _of_total(conventions: Conventions) -> Iterator[str]:
    if conventions.total:
        yield "a partial derivative of a step follows the steps between, too"


# -- labels ---------------------------------------------------------------------------------------

LABELS = {"binary": "0 or 1", "signed": "-1 or 1"}


def _of_labels(claim: Claim, found: Comparison, network: Network, points: Points) -> Iterator[str]:
    """The targets that a claim is right of as labels, and not as other numbers."""
    for target in network.targets:
        values = LABELS.get(network.labels.get(target.name, ""))
        if values is None or target.name not in _written(claim):
            continue
        change = _with_other_labels(target.name)
        given = compare(claim, points, change=change, conventions=[found.conventions])
        if given.answer is Answer.DIFFERENT:
            yield f"{target.name} is {values}"


def _written(claim: Claim) -> set[str]:
    """The declared names that a claim is written with."""
    trees = (part for tree in claim.trees for part in with_definitions(tree))
    references = (name.reference for tree in trees for name in t.names(tree))
    return {r.entry.name for r in references if r is not None and r.entry is not None}


def _with_other_labels(name: str) -> Change:
    """A change of worlds: numbers between 0 and 1 in the place of labels."""

    def change(world: World) -> World | None:
        rng = Random(f"{world.seed} labels")
        drawn = np.frompyfunc(lambda _: Fraction(rng.randint(100, 900), 1001), 1, 1)
        with suppress(SympropError):
            return with_values(world, {name: drawn(np.asarray(world.point.values[name]))})
        return None

    return change


# -- layouts --------------------------------------------------------------------------------------


def _of_layout(claim: Claim, found: Comparison, points: Points) -> Iterator[str]:
    """How derivatives lie, where it matters: nobody doubts that dL/dW has the shape of W."""
    noted = [note for note in found.notes if note in LAYOUT_NOTES]
    if any(note.startswith(SUMMED) for note in found.notes):
        usual = found.conventions.layout == USUAL.layout
        noted = [] if usual else [note for note in noted if note != BLOCKS]
    if not noted:
        return
    if found.conventions.layout != USUAL.layout:
        yield from noted[:1]
    elif BLOCKS in noted or ENTRYWISE in noted:
        yield from (note for note in noted if note in (BLOCKS, ENTRYWISE))
    elif _is_of_steps(claim) and _depends_on_layout(claim, found, points):
        yield from noted


def _is_of_steps(claim: Claim) -> bool:
    """Whether something else than the loss is differentiated."""
    rates = [part for tree in claim.trees for part in rates_of(tree)]
    return any(not _is_of_loss(part) for part in rates)


def _is_of_loss(part: t.Rate | t.Derive | t.Nabla) -> bool:
    if isinstance(part, t.Nabla):
        return part.by is None or is_loss(part.body)
    return is_loss(part.of if isinstance(part, t.Rate) else part.body)


def _depends_on_layout(claim: Claim, found: Comparison, points: Points) -> bool:
    """Whether a claim that holds in the usual layout does not hold in another one."""
    usual = replace(found.conventions, entrywise=False)
    others = (replace(usual, layout=layout) for layout in LAYOUTS[1:])
    return not all(compare(claim, points, conventions=[other]).is_equal for other in others)


# -- declarations ---------------------------------------------------------------------------------


def _of_declaration(claim: Claim, network: Network, points: Points) -> Iterator[str]:
    """The step by whose declaration alone a claim without derivatives is right."""
    written = (part for tree in claim.trees for part in with_definitions(tree))
    if any(True for tree in written for _ in rates_of(tree)):
        return
    steps = [step for tree in claim.trees for step in _steps(tree, network)]
    if not steps or compare(claim, points, change=_with_other_steps).is_equal:
        return
    alone = [t.bare(side) for side in claim.trees if isinstance(t.bare(side), t.Name | t.Call)]
    of_sides = [step for side in alone for step in _steps(side, network)[:1]]
    order = list(network.steps)
    yield f"that is how {max(of_sides or steps, key=order.index)} is declared"


def _steps(tree: t.Tree, network: Network) -> list[str]:
    """The steps that a tree is about, in their order there."""
    found = []
    for name in t.names(tree):
        reference = name.reference
        entries = () if reference is None else (reference.entry, *(e for _, e in reference.members))
        found += [e.name for e in entries if e is not None and e.name in network.steps]
    return found


def _with_other_steps(world: World) -> World:
    """A world in which steps have values that do not follow from anything."""
    rng = Random(f"{world.seed} steps")
    drawn = np.frompyfunc(lambda _: mpmath.mpf(rng.randint(200, 1200)) / 1500, 1, 1)
    changed = copy(world)
    changed.values = {
        name: drawn(value) if name in world.network.steps else value
        for name, value in world.values.items()
    }
    return changed


def unknown_names(claim: Claim) -> list[str]:
    """The names in a claim that nothing is declared for."""
    found = (name for tree in claim.trees for name in nameless(tree))
    known = sizes_of_batches(claim.trees)
    labels = dict.fromkeys(label(name) for name in found if not is_kronecker(name))
    return [each for each in labels if each not in known]
