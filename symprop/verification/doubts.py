"""Why a line that does not hold may yet not be wrong: it says or lacks something else.

Each doubt looks at a claim whose sides differ. The first that applies gives the verdict; where
none does the line is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of, samples_of
from symprop.verification.equality import Answer, Comparison, Points, compare
from symprop.verification.indices import member_letters
from symprop.verification.meaning.names import VALUED, is_kronecker, label, letters, samples
from symprop.verification.meaning.setting import shape_of
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference, Symbols
from symprop.verification.reading.understanding import plain
from symprop.verification.substitution import with_names
from symprop.verification.verdicts import Judgement, Verdict, undecidable


@dataclass(frozen=True)
class Doubtful:
    """A claim that does not hold, and all that is known around it."""

    claim: Claim
    found: Comparison
    network: Network
    symbols: Symbols
    points: Points


Doubt = Callable[[Doubtful], Judgement | None]


def dispelled(doubtful: Doubtful) -> Judgement | None:
    """The verdict on a claim that need not be wrong; None where it is."""
    return next((said for doubt in DOUBTS if (said := doubt(doubtful)) is not None), None)


# -- names ----------------------------------------------------------------------------------------


def _is_meant_otherwise(doubtful: Doubtful) -> Judgement | None:
    """A name that is not declared and may stand for the only one with its letter, b for b_1."""
    for sentence, claim in _guesses(doubtful):
        if compare(claim, doubtful.points).is_equal:
            return Judgement(Verdict.TRUE_GIVEN, sentence)
    return None


def _guesses(doubtful: Doubtful) -> Iterator[tuple[str, Claim]]:
    claim, said = doubtful.claim, []
    for name in _unknown(claim):
        near = [e for e in doubtful.symbols.near(name.spelling) if e.kind in VALUED]
        if len({entry.name for entry in near}) == 1 and not name.spelling.subscript:
            claim = _with_name(claim, name, near[0])
            said.append(f"{label(name)} stands for {near[0].name}")
    if said:
        yield " and ".join(said), claim


def _has_two_indices(doubtful: Doubtful) -> Judgement | None:
    """A letter that counts entries at one name, and can only be a sample at another."""
    claim = doubtful.claim
    running = {letter for tree in claim.trees for letter in letters(tree)}
    for letter in samples_of(claim.trees):
        if letter in running:
            at = next(n for tree in claim.trees for n in t.names(tree) if letter in samples(n))
            return undecidable(f"{label(at)} is not declared: {_entry_name(at)} has no entries")
    return None


def _entry_name(name: t.Name) -> str:
    entry = None if name.reference is None else name.reference.entry
    return label(name) if entry is None else entry.name


def _unknown(claim: Claim) -> list[t.Name]:
    found = (n for tree in claim.trees for n in t.names(tree) if n.reference is None)
    return list(dict.fromkeys(found))


def _with_name(claim: Claim, name: t.Name, entry: Entry) -> Claim:
    """A claim in which a name means another entry, with the indices that it has."""
    indices = name.reference.indices if name.reference is not None else ()
    meant = replace(name, reference=Reference(entry, indices))

    def instead(found: t.Name) -> t.Name | None:
        return meant if found == name and found.reference == name.reference else None

    return replace(
        claim, left=with_names(claim.left, instead), right=with_names(claim.right, instead)
    )


def _is_unknown(doubtful: Doubtful) -> Judgement | None:
    """Names that are not declared, beside some that are."""
    claim = doubtful.claim
    missing = undeclared(claim.trees)
    if not missing or not any(map(_is_of_network, _references(claim))):
        return None
    near = {
        entry.name
        for name in _unknown(claim)
        for entry in doubtful.symbols.near(name.spelling)
        if entry.kind in VALUED
    }
    meant = f"; did you mean {' or '.join(sorted(near))}?" if near else ""
    return undecidable(missing + meant)


def undeclared(trees: Iterable[t.Tree], besides: Iterable[t.Name] = ()) -> str:
    """The names that nothing is declared for, in a sentence; "" where there are none."""
    known = {label(name) for name in besides}
    running = {letter for tree in trees for letter in _running(tree)}
    found = [n for tree in trees for n in t.names(tree) if n.reference is None]
    known |= running
    names = dict.fromkeys(map(label, (n for n in found if not is_kronecker(n))))
    unknown = [name for name in names if name not in known]
    if not unknown:
        return ""
    return f"{', '.join(unknown)} {'is' if len(unknown) == 1 else 'are'} not declared"


def _running(tree: t.Tree) -> Iterator[str]:
    """The indices of a tree, which no declaration is needed for."""
    yield from letters(tree)
    for part in t.walk(tree):
        if isinstance(part, t.IndexSum):
            yield from part.indices


def _references(claim: Claim) -> Iterator[Reference]:
    for tree in claim.trees:
        yield from (n.reference for n in t.names(tree) if n.reference is not None)


def _entries(claim: Claim) -> list[Entry]:
    found = (
        entry
        for reference in _references(claim)
        for entry in (reference.entry, *(member for _, member in reference.members))
        if entry is not None
    )
    return list(dict.fromkeys(found))


def _is_of_network(reference: Reference) -> bool:
    return bool(reference.members) or (
        reference.entry is not None and reference.entry.kind != "function"
    )


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
            if compare(_with_name(claim, name, output), doubtful.points).is_equal:
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
    entries = [entry for entry in _entries(doubtful.claim) if entry.kind != "function"]
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
    kinds = {entry.kind for entry in _entries(claim)}
    alone = any(isinstance(t.bare(side), t.Name) for side in claim.trees)
    if not alone or "local" not in kinds or not doubtful.network.per_sample:
        return None
    return undecidable("the shapes are not those of one sample, for which the network is declared")


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


def _has_rates(tree: t.Tree) -> bool:
    return any(True for _ in rates_of(tree))


DOUBTS: tuple[Doubt, ...] = (
    _is_meant_otherwise,
    _has_two_indices,
    _is_goal,
    _calls_output_target,
    _is_unknown,
    _is_about_data,
    _holds_for_some,
    _is_of_a_batch,
    _is_defined_anew,
)
"""In the order in which they are looked at."""
