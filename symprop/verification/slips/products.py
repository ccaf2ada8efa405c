"""A term that is missing and is a product of powers: x_i x_j / (n r^3) of the names of the line.

What the right side has more is a number, or a number times a column. Its logarithm is looked up
among the sums of two entries of a table, that of the products of at most two powers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import Any

import numpy as np

from symprop.verification.meaning.setting import shape_of
from symprop.verification.reading import tree as t
from symprop.verification.slips.indices import with_indices
from symprop.verification.slips.making import ONE, as_factor, multiplied, negated, ratio, summed
from symprop.verification.slips.repair import Printed, Repair, said
from symprop.verification.slips.sums import parts_of
from symprop.verification.worlds import Numeric

EXPONENTS = (1, -1, 2, -2, -3)
MOST_ATOMS = 16
"""Products of so many different parts are looked at."""
LONGEST = 10
"""A term of more names and powers is not one that is forgotten."""
MOST_TRIED = 4
"""So many products that fit in one point are tried at others, the shortest first."""
TOLERANCE = 1e-11
_PARTS = (t.Group, t.Call, t.Bars, t.IndexSum, t.Rate, t.Fraction)


@dataclass(frozen=True)
class Atom:
    """A part of a formula, what it is worth, and how long it is to write."""

    tree: t.Tree
    worth: float
    length: int


Monomial = tuple[tuple[Atom, int], ...]
"""Powers that are multiplied."""


def missing_products(printed: Printed, trial: Any) -> Iterator[Repair]:
    """The printed side and one more term, a product of powers; `trial` says what fits in a point.

    There is none where factors that are missing explain as much and are shorter.
    """
    found = trial.worth(printed.tree)
    if found is None or shape_of(found) != shape_of(trial.truth) or not np.any(found):
        return
    looked_up = _LookedUp(printed, trial)
    factors = _factors(found, trial.truth, looked_up.atoms)
    least = min(map(_length, factors), default=LONGEST + 1)
    for factor, number in looked_up.quotients(trial.truth - found):
        for monomial in islice(_products(number, looked_up.atoms), MOST_TRIED):
            if _length(monomial) < least:
                yield _with_the_term(printed, monomial, number, factor)


def missing_factors_together(printed: Printed, trial: Any) -> Iterator[Repair]:
    """The printed side times a product of powers: several factors that are missing."""
    found = trial.worth(printed.tree)
    if found is None or shape_of(found) != shape_of(trial.truth) or not np.any(found):
        return
    atoms = _LookedUp(printed, trial).atoms
    for monomial in islice(_factors(found, trial.truth, atoms), MOST_TRIED):
        factor, whole = _written(monomial), printed.tree
        if any(t.names(factor)) and any(exponent > 0 for _, exponent in monomial):
            sentence = f"the factor {said(factor)} is missing"
            value = np.prod([atom.worth**exponent for atom, exponent in monomial])
            term = multiplied([factor, as_factor(whole)], ONE)
            if (value < 0) != (_sign(found) != _sign(trial.truth)):
                term, sentence = negated(term), f"{sentence}, and the sign is wrong"
            yield Repair(term, "missing-factor", sentence, whole.span)


def _factors(found: Numeric, truth: Numeric, atoms: Sequence[Atom]) -> list[Monomial]:
    """The products of powers that what is right is times what is printed, the shortest first."""
    number = _multiple(truth, found) if shape_of(found) else _float(truth / found)
    return [] if number is None else _products(number, atoms)


def _sign(worth: Numeric) -> float:
    flat = np.asarray(worth, dtype=object).ravel()
    return float(np.sign(float(flat[int(np.argmax(np.abs(flat)))])))


class _LookedUp:
    """The parts of the line and of the right formula that have a value: numbers and columns."""

    def __init__(self, printed: Printed, trial: Any) -> None:
        numbers: list[Atom] = []
        self.columns: list[tuple[t.Tree, Numeric]] = []
        for tree in dict.fromkeys(_parts(printed)):
            worth = trial.worth(tree)
            if worth is None:
                continue
            if shape_of(worth):
                self.columns.append((tree, worth))
            elif (value := _float(worth)) is not None:
                numbers.append(Atom(tree, value, 1 if isinstance(tree, t.Name | t.Number) else 2))
        self.atoms = _different(numbers)

    def quotients(self, difference: Numeric) -> Iterator[tuple[t.Tree | None, float]]:
        """A difference as a number, or as a number times a column."""
        if not shape_of(difference):
            value = _float(difference)
            if value is not None:
                yield None, value
            return
        for tree, worth in self.columns:
            number = _multiple(difference, worth)
            if number is not None:
                yield tree, number


def _parts(printed: Printed) -> Iterator[t.Tree]:
    """What may be a factor of a term: a 2, sizes, names, and longer parts."""
    vocabulary = printed.vocabulary
    yield t.Number("2")
    yield from (number for number in vocabulary.numbers if isinstance(number, t.Name))
    trees = [printed.tree, *vocabulary.right_formulas]
    written = [part for tree in trees for part in t.walk(tree)]
    for name in (*(part for part in written if isinstance(part, t.Name)), *vocabulary.names):
        yield from _with_each_index(name, vocabulary.letters)
    for part in written:
        if isinstance(part, _PARTS) and part is not printed.tree and not _is_reciprocal(part):
            yield part


def _with_each_index(name: t.Name, letters: list[str]) -> Iterator[t.Name]:
    """A name with each of the indices of the line in the place of its own, where it has one."""
    yield name
    found = () if name.reference is None else name.reference.indices
    if len(found) == 1 and found[0] in letters:
        yield from (with_indices(name, (letter,)) for letter in letters)


def _is_reciprocal(tree: t.Tree) -> bool:
    return isinstance(tree, t.Fraction) and tree.above == ONE


def _different(atoms: Sequence[Atom]) -> list[Atom]:
    """Atoms of different values, no ones among them, the shortest first."""
    found: dict[str, Atom] = {}
    for atom in sorted(atoms, key=lambda atom: atom.length):
        if atom.worth != 0 and abs(atom.worth) != 1:
            found.setdefault(f"{abs(atom.worth):.10e}", atom)
    return list(islice(found.values(), MOST_ATOMS))


def _float(worth: Numeric) -> float | None:
    try:
        value = float(worth)
    except (TypeError, OverflowError):  # complex, or too large
        return None
    return value if np.isfinite(value) and value != 0 else None


def _multiple(difference: Numeric, column: Numeric) -> float | None:
    """The number that a difference is times a column; None where there is none."""
    if shape_of(difference) != shape_of(column):
        return None
    place = np.unravel_index(np.argmax(np.abs(column)), column.shape)
    if column[place] == 0:
        return None
    number = difference[place] / column[place]
    rest = np.abs(difference - number * column).max()
    return _float(number) if rest <= TOLERANCE * np.abs(difference).max() else None


# -- looking up -----------------------------------------------------------------------------------


def _products(number: float, atoms: Sequence[Atom]) -> list[Monomial]:
    """The products of powers that are worth a number but for its sign, the shortest first."""
    powers = [((atom, exponent),) for atom in atoms for exponent in EXPONENTS]
    pairs = (one + other for one, other in combinations(powers, 2) if one[0][0] != other[0][0])
    table: list[Monomial] = [(), *powers, *pairs]
    logs = np.array([sum(e * np.log(abs(atom.worth)) for atom, e in found) for found in table])
    order = np.argsort(logs)
    wanted = np.log(abs(number)) - logs
    first = np.searchsorted(logs[order], wanted - TOLERANCE)
    last = np.searchsorted(logs[order], wanted + TOLERANCE)
    found = dict.fromkeys(
        _sorted(table[one], table[order[place]])
        for one in np.flatnonzero(last > first)
        for place in range(first[one], last[one])
    )
    return sorted((each for each in found if each), key=_length)


def _sorted(one: Monomial, other: Monomial) -> Monomial:
    """Two products as one; an empty one where a power of the same stands in both."""
    both = (*one, *other)
    if len({id(atom) for atom, _ in both}) < len(both):
        return ()
    return tuple(sorted(both, key=lambda power: (power[0].length, str(power[0].worth))))


def _length(monomial: Monomial) -> int:
    return sum(atom.length + abs(exponent) for atom, exponent in monomial)


# -- writing --------------------------------------------------------------------------------------


def _with_the_term(
    printed: Printed, monomial: Monomial, number: float, factor: t.Tree | None
) -> Repair:
    value = np.prod([np.sign(atom.worth) ** exponent for atom, exponent in monomial])
    sign = "+" if value * number > 0 else "-"
    term = multiplied([_written(monomial), *([] if factor is None else [factor])], ONE)
    whole = printed.tree
    tree = summed([*parts_of(whole), (term, sign)], whole)
    return Repair(tree, "missing-term", f"the term {sign}{said(term)} is missing", whole.span)


def _written(monomial: Monomial) -> t.Tree:
    above = multiplied(list(chain.from_iterable(_powers(monomial, 1))), ONE)
    below = multiplied(list(chain.from_iterable(_powers(monomial, -1))), ONE)
    return above if below == ONE else ratio(above, below)


def _powers(monomial: Monomial, sign: int) -> Iterator[list[t.Tree]]:
    for atom, exponent in monomial:
        if exponent * sign > 0:
            power = t.Number(str(abs(exponent)))
            base = atom.tree if isinstance(atom.tree, _BASES) else t.Group(atom.tree)
            yield [atom.tree if abs(exponent) == 1 else t.Power(base, power)]


_BASES = (t.Name, t.Number, t.Group, t.Bars)
