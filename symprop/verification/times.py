r"""Steps in time: where `x_t` is declared and the step a is not called a_t, `a_t` is a itself."""

from __future__ import annotations

from dataclasses import replace

from symprop.verification.doubtful import Doubtful
from symprop.verification.equality import compare
from symprop.verification.meaning.names import VALUED, label
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Symbols, spelling_of
from symprop.verification.substitution import with_names
from symprop.verification.verdicts import Judgement, Verdict


def is_at_a_time(doubtful: Doubtful) -> Judgement | None:
    """The verdict on a line that is right where an index is that of the time."""
    claim, times = doubtful.claim, _times(doubtful.symbols)
    found = (name for tree in claim.trees for name in t.names(tree) if _is_at(name, times))
    meant = {label(name): name for name in found}
    if not meant:
        return None

    def instead(name: t.Name) -> t.Name | None:
        if not _is_at(name, times) or name.reference is None:
            return None
        return replace(name, reference=replace(name.reference, indices=()))

    left, right = (with_names(side, instead) for side in claim.trees)
    if not compare(replace(claim, left=left, right=right), doubtful.points).is_equal:
        return None
    said = " and ".join(f"{word} is {_declared(name)}" for word, name in meant.items())
    return Judgement(Verdict.TRUE_GIVEN, f"{said}: the index is that of the time")


def _times(symbols: Symbols) -> set[str]:
    """The letters at declared names that are no indices, as the t of x_t."""
    spelled = (spelling_of(entry.latex) for entry in symbols.entries() if entry.kind in VALUED)
    scripts = (script for each in spelled if each for script in (*each.subscript, *each.marks))
    letters = {script.strip("()[]").partition("-")[0] for script in scripts}
    return {letter for letter in letters if letter.isalpha() and len(letter) == 1}


def _is_at(name: t.Name, times: set[str]) -> bool:
    """Whether a whole value is written with the time."""
    reference = name.reference
    if reference is None or reference.entry is None or len(reference.indices) != 1:
        return False
    return reference.indices[0].strip("()[]") in times


def _declared(name: t.Name) -> str:
    assert name.reference is not None and name.reference.entry is not None  # it is at a time
    return name.reference.entry.name
