"""Sums over samples that need not be wrong: of the sum of the losses, or over entries; names that
rest on what is not declared."""

from __future__ import annotations

from dataclasses import replace

from symprop.verification.conventions import with_definitions
from symprop.verification.doubtful import Doubtful
from symprop.verification.equality import Answer, compare
from symprop.verification.meaning.names import label, samples
from symprop.verification.reading import tree as t
from symprop.verification.unknowns import undeclared
from symprop.verification.verdicts import Judgement, undecidable


def is_of_a_sum(doubtful: Doubtful) -> Judgement | None:
    """A sum over samples without a 1/m, where nothing says whether L is their mean or their sum."""
    meant = doubtful.found.conventions
    if not meant.batch or doubtful.found.answer is not Answer.DIFFERENT:
        return None
    summed = replace(meant, summed=True)
    if not compare(doubtful.claim, doubtful.points, conventions=[summed]).is_equal:
        return None
    return undecidable("it is true of the sum over the samples, not of their mean: say which it is")


def counts_entries(doubtful: Doubtful) -> Judgement | None:
    r"""A mean over samples, `\frac1N \sum_i y_i a_i`, that does not fit: i may count entries."""
    if not doubtful.found.conventions.batch or doubtful.found.answer is not Answer.MISFIT:
        return None
    for tree in doubtful.claim.trees:
        for name in t.names(tree):
            sample = next(samples(name), "")
            if sample in name.spelling.subscript and len(name.spelling.subscript) == 1:
                return undecidable(f"{sample} may count samples or entries of {label(name)}")
    return None


NOT_OF_ONE_SAMPLE = "the shapes are not those of one sample, for which the network is declared"


def holds_samples(tree: t.Tree) -> bool:
    """Whether a matrix that the text itself defines, in a capital, may hold a sample in a row."""
    entries = {name.spelling.base: name.reference.entry for name in t.names(tree) if name.reference}
    return any(
        entry is not None and entry.kind == "local" and base.removeprefix("\\")[:1].isupper()
        for base, entry in entries.items()
    )


def rests_on_unknown(doubtful: Doubtful) -> Judgement | None:
    """A name that the text defines with names that nothing is declared for."""
    trees = [part for tree in doubtful.claim.trees for part in with_definitions(tree)]
    missing = undeclared(trees)
    return undecidable(missing) if missing else None
