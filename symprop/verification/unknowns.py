"""Names that nothing is declared for: what they may stand for, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from symprop.verification.claims import Claim
from symprop.verification.conventions import samples_of, sizes_of_batches
from symprop.verification.doubtful import Doubtful, references_of, unknown_in, with_name
from symprop.verification.equality import compare
from symprop.verification.meaning.names import (
    VALUED,
    axes_of,
    is_kronecker,
    label,
    letters,
    nameless,
    samples,
    split,
)
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.substitution import with_names
from symprop.verification.verdicts import Judgement, Verdict, undecidable


def is_meant_otherwise(doubtful: Doubtful) -> Judgement | None:
    """A name that is not declared and may stand for the only one with its letter, b for b_1."""
    for sentence, claim in _guesses(doubtful):
        if compare(claim, doubtful.points).is_equal:
            return Judgement(Verdict.TRUE_GIVEN, sentence)
    return None


def _guesses(doubtful: Doubtful) -> Iterator[tuple[str, Claim]]:
    claim, said = doubtful.claim, []
    differentiated = {found for tree in claim.trees for found in _differentiated(tree)}
    for name in unknown_in(claim):
        near = [e for e in doubtful.symbols.near(name.spelling) if e.kind in VALUED]
        near = list(_bounded(name, doubtful)) or near
        if not near and label(name) in differentiated:
            near = [e for e in doubtful.symbols.entries() if e.kind == "loss"]
        if name.spelling.base == "I" and len(name.spelling.subscript) == 2:
            claim = _as_kronecker(claim, name)
            said.append(f"{label(name)} is an entry of the identity")
        elif len({entry.name for entry in near}) == 1 and not name.spelling.subscript:
            claim = with_name(claim, name, near[0])
            said.append(f"{label(name)} stands for {near[0].name}")
    if said:
        yield " and ".join(said), claim


def _as_kronecker(claim: Claim, name: t.Name) -> Claim:
    meant = replace(name, spelling=replace(name.spelling, base=r"\delta", style=""))

    def instead(found: t.Name) -> t.Name | None:
        return meant if found == name else None

    left, right = (with_names(side, instead) for side in (claim.left, claim.right))
    return replace(claim, left=left, right=right)


def _bounded(name: t.Name, doubtful: Doubtful) -> Iterator[Entry]:
    """The size that a name has to be, as a sum over the entries of something runs up to it."""
    sizes = {e.name: e for e in doubtful.symbols.entries() if e.kind == "size"}
    parts = (part for tree in doubtful.claim.trees for part in t.walk(tree))
    for part in parts:
        if not isinstance(part, t.IndexSum) or part.upper != name or len(part.indices) != 1:
            continue
        for each in t.names(part.body):
            entry = None if each.reference is None else each.reference.entry
            if entry is None or each.reference is None:
                continue
            run = dict(zip(split(entry, each.reference.indices)[0], axes_of(entry), strict=False))
            if part.indices[0] in run and entry.shape is not None:
                extent = str(entry.shape[run[part.indices[0]]])
                yield from [sizes[extent]] if extent in sizes else []


def _differentiated(tree: t.Tree) -> Iterator[str]:
    """The names that stand above in derivatives: one that is not declared may be the loss."""
    above = (t.bare(part.of) for part in t.walk(tree) if isinstance(part, t.Rate))
    return (label(name) for name in above if isinstance(name, t.Name))


def has_two_indices(doubtful: Doubtful) -> Judgement | None:
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


def is_unknown(doubtful: Doubtful) -> Judgement | None:
    """Names that are not declared, beside some that are."""
    claim = doubtful.claim
    missing = undeclared(claim.trees)
    if not missing or not any(map(_is_of_network, references_of(claim))):
        return None
    near = {
        entry.name
        for name in unknown_in(claim)
        for entry in doubtful.symbols.near(name.spelling)
        if entry.kind in VALUED
    }
    meant = f"; did you mean {' or '.join(sorted(near))}?" if near else ""
    return undecidable(missing + meant)


def undeclared(trees: Iterable[t.Tree], besides: Iterable[t.Name] = ()) -> str:
    """The names that nothing is declared for, in a sentence; "" where there are none."""
    known = {label(name) for name in besides}
    running = {letter for tree in trees for letter in _running(tree)}
    found = [name for tree in trees for name in nameless(tree)]
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
            yield from sizes_of_batches([part])


def _is_of_network(reference: Reference) -> bool:
    return bool(reference.members) or (
        reference.entry is not None and reference.entry.kind != "function"
    )
