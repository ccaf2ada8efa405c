"""Why a line that does not hold may yet not be wrong: it says or lacks something else.

Each doubt looks at a claim whose sides differ. The first that applies gives the verdict; where
none does the line is false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.network import Network
from symprop.verification.batched import (
    NOT_OF_ONE_SAMPLE,
    counts_entries,
    is_of_a_sum,
    rests_on_unknown,
)
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of
from symprop.verification.doubtful import Doubt, Doubtful, entries_of, with_name
from symprop.verification.equality import Answer, compare
from symprop.verification.indices import member_letters
from symprop.verification.meaning.setting import shape_of
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry
from symprop.verification.reading.understanding import plain
from symprop.verification.stationary import at_minimum
from symprop.verification.times import is_at_a_time
from symprop.verification.unknowns import has_two_indices, is_meant_otherwise, is_unknown
from symprop.verification.unspecified import activations, known_functions, unknown_slope
from symprop.verification.verdicts import Judgement, Verdict, undecidable


def dispelled(doubtful: Doubtful) -> Judgement | None:
    """The verdict on a claim that need not be wrong; None where it is."""
    return next((said for doubt in DOUBTS if (said := doubt(doubtful)) is not None), None)


# -- what data and outputs are --------------------------------------------------------------------


def _calls_output_target(doubtful: Doubtful) -> Judgement | None:
    """`y = w x`: a line that is right of the output, and is written of the target."""
    claim, network = doubtful.claim, doubtful.network
    for side in claim.trees:
        name = t.bare(side)
        if not isinstance(name, t.Name) or name.reference is None:
            continue
        target = name.reference.entry
        if target is None or target.kind != "target":
            continue
        for output in _outputs(network, target):
            if compare(with_name(claim, name, output), doubtful.points).is_equal:
                return undecidable(
                    f"{target.name} is declared as the target; of the output {output.name} it is "
                    f"true"
                )
    return None


def _outputs(network: Network, target: Entry) -> Iterator[Entry]:
    """The steps that the loss holds against a target: of its shape."""
    for step in network.outputs:
        if step.shape == target.shape:
            yield Entry(step.name, "step", step.name, step.shape, step.node)


def _is_about_data(doubtful: Doubtful) -> Judgement | None:
    """A line of inputs and targets alone says what the data are, which is not declared."""
    entries = [entry for entry in entries_of(doubtful.claim) if entry.kind != "function"]
    if not entries or any(entry.kind not in ("input", "target") for entry in entries):
        return None
    sides = [t.bare(side) for side in doubtful.claim.trees]
    if not any(isinstance(side, t.Name) for side in sides):
        return None
    names = ", ".join(entry.name for entry in entries)
    return undecidable(f"it is about the data: nothing is declared of the values of {names}")


# -- indices --------------------------------------------------------------------------------------


def _holds_for_some(doubtful: Doubtful) -> Judgement | None:
    """A line that holds for some layers only, or a definition that does for some entries."""
    claim, found = doubtful.claim, doubtful.found
    families = member_letters(claim.trees)
    has_rates = any(map(_has_rates, claim.trees))
    for letter, numbers in found.holds.items():
        if letter not in families and has_rates:
            continue
        if compare(_only_for(claim, letter, numbers), doubtful.points).is_equal:
            shown = ", ".join(map(str, numbers))
            return undecidable(f"it holds for {letter} = {shown} alone: say for which it is meant")
    return None


def _only_for(claim: Claim, letter: str, numbers: tuple[int, ...]) -> Claim:
    return replace(
        claim,
        where=lambda indices: claim.where(indices) and indices.get(letter, numbers[0]) in numbers,
    )


def _is_goal(doubtful: Doubtful) -> Judgement | None:
    """`y^* = y`: that the output is the target is what training is for."""
    references = [t.bare(side) for side in doubtful.claim.trees]
    entries = [
        side.reference.entry
        for side in references
        if isinstance(side, t.Name) and side.reference is not None
    ]
    kinds = sorted(entry.kind for entry in entries if entry is not None)
    return undecidable("it is what training is for") if kinds == ["step", "target"] else None


def _is_of_a_batch(doubtful: Doubtful) -> Judgement | None:
    """A step of one sample defined once more, with matrices that the text itself has defined."""
    claim = doubtful.claim
    if doubtful.found.answer is not Answer.MISFIT or any(map(_has_rates, claim.trees)):
        return None
    kinds = {entry.kind for entry in entries_of(claim)}
    alone = any(isinstance(t.bare(side), t.Name) for side in claim.trees)
    if not alone or "local" not in kinds or not doubtful.network.per_sample:
        return None
    return undecidable(NOT_OF_ONE_SAMPLE)


def _is_defined_anew(doubtful: Doubtful) -> Judgement | None:
    """One letter for two things: a name that the text has defined, as something of another shape.

    A name for a derivative is excepted: what equals it is claimed, and may be wrong.
    """
    claim, found = doubtful.claim, doubtful.found
    name = t.bare(claim.left)
    entry = name.reference.entry if isinstance(name, t.Name) and name.reference else None
    if entry is None or entry.kind != "local" or entry.definition is None:
        return None
    before = entry.definition
    if found.answer is not Answer.DIFFERENT or _has_rates(before):
        return None
    if shape_of(found.left) == shape_of(found.right):
        return None
    return undecidable(f"{plain(name)} is defined already, as {plain(before)}")


def _is_at_minimum(doubtful: Doubtful) -> Judgement | None:
    """A condition that the weights fulfil where the gradient is 0."""
    return at_minimum(doubtful.claim, doubtful.network, doubtful.points)


def _is_of_unspecified(doubtful: Doubtful) -> Judgement | None:
    """What a function without a formula is, and its derivative, nobody knows."""
    claim, network, points = doubtful.claim, doubtful.network, doubtful.points
    if doubtful.found.answer is not Answer.DIFFERENT or not activations(network):
        return None
    if given := known_functions(claim, network, points):
        return Judgement(Verdict.TRUE_GIVEN, given)
    said = unknown_slope(claim, network, points)
    return undecidable(f"it holds where {said}: that function is not specified") if said else None


def _has_rates(tree: t.Tree) -> bool:
    return any(True for _ in rates_of(tree))


DOUBTS: tuple[Doubt, ...] = (
    is_meant_otherwise,
    is_at_a_time,
    has_two_indices,
    _is_goal,
    _calls_output_target,
    _is_at_minimum,
    is_unknown,
    _is_about_data,
    _holds_for_some,
    is_of_a_sum,
    counts_entries,
    rests_on_unknown,
    _is_of_a_batch,
    _is_defined_anew,
    _is_of_unspecified,
)
"""In the order in which they are looked at."""
