r"""What names mean: the symbols of a network, each in all the forms in which people write it.

`w1` is written `w_1`, `w_{1}`, `\omega_1` where so declared; `y_hat` is `\hat{y}`; `L` and
`\mathcal{L}`, `W` and `\mathbf{W}`, `x` and `\vec{x}` are one unless both are declared. A name with
an index behind a declared one is an entry of it, or its value for one sample (`x_i`); where w_1
and w_2 are declared `w_i` is one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from symprop.derivation.sweep import Upstream
from symprop.expression.nodes import Extent, Node, leaves
from symprop.network import Network
from symprop.verification.reading.declared import entries_of
from symprop.verification.reading.entries import RATE, Entry, Kind, Reference, spelling_of
from symprop.verification.reading.families import (
    Key,
    holes,
    inner,
    is_index,
    is_word,
    key_of,
    with_holes,
)
from symprop.verification.reading.functions import builtin
from symprop.verification.reading.shapes import axes as _axes
from symprop.verification.reading.tree import Spelling
from symprop.verification.reading.words import Letters, letters_of

__all__ = ["RATE", "Entry", "Kind", "Reference", "Symbols", "spelling_of"]

PARAMETERS = {r"\theta", r"\Theta", r"\vartheta", r"\phi", r"\omega"}
"""Letters below a name that say with which weights it is meant; no indices of samples."""


PYTHON = 2
"""The rank of a spelling that is the name in Python of what has another one in LaTeX."""
_PLAIN = re.compile(r"\d+|\\?[A-Za-z]+'*")
"""An index that is one letter or a number."""


class Symbols:
    """The names that a text may use, made by `Symbols.of(network)` or from entries."""

    def __init__(self, spelled: Iterable[tuple[Spelling, Entry, int]] = ()) -> None:
        self._values: dict[Spelling, dict[Entry, int]] = {}
        self._functions: dict[Spelling, dict[Entry, int]] = {}
        self._loose: dict[Key, dict[Entry, int]] = {}
        self._families: dict[Key, dict[str, Entry]] = {}
        self._near: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}
        self._nodes: dict[str, Node] = {}
        self._words: dict[Letters, None] = {}
        self.has_small_deltas = False
        r"""Whether `\delta h` is the derivative of the loss by h in this text."""
        self.short: set[str] = set()
        """The names of which this text writes the gradients so, `dW = ...`."""
        self.identifiers: dict[str, str] = {}
        """The LaTeX of every declared name, by its name in Python."""
        self.samples: Extent | None = None
        """The size that counts the samples, of a network that is declared for all of them."""
        self.per_sample = False
        """Whether the names are those of a network that is declared for one sample."""
        for spelling, entry, rank in spelled:
            self.add(spelling, entry, rank)

    def add(self, spelling: Spelling, entry: Entry, rank: int = 0) -> None:
        """Let a name be spelled so; a spelling of a lower rank goes before one of a higher rank."""
        function = entry.kind == "function"
        found = (self._functions if function else self._values).setdefault(spelling, {})
        rank = min(rank, found.pop(entry, rank))
        found[entry] = rank  # the newer of two equal ones: it may have a definition
        self.identifiers.setdefault(entry.name, entry.latex)
        if letters := letters_of(spelling.base):
            self._words[letters] = None
        if entry.node is not None:
            self._nodes[entry.name] = entry.node
        for key, numbers in holes(spelling):
            self._families.setdefault((*key, "()") if function else key, {})[numbers] = entry
        if not function:
            loose = self._loose.setdefault(key_of(spelling), {})
            loose[entry] = min(rank, loose.get(entry, rank))
            listed = self._near.setdefault(_letter(spelling), [])
            if entry not in listed[-8:]:
                listed.append(entry)

    def copy(self) -> Symbols:
        """A table of its own with these names."""
        made = Symbols()
        made._values = {spelling: dict(found) for spelling, found in self._values.items()}
        made._functions = {spelling: dict(found) for spelling, found in self._functions.items()}
        made._loose = {key: dict(found) for key, found in self._loose.items()}
        made._families = {key: dict(found) for key, found in self._families.items()}
        made._near = {key: list(found) for key, found in self._near.items()}
        made._nodes = dict(self._nodes)
        made._words = dict(self._words)
        made.identifiers = dict(self.identifiers)
        made.samples, made.per_sample = self.samples, self.per_sample
        made.has_small_deltas, made.short = self.has_small_deltas, set(self.short)
        return made

    @classmethod
    def of(cls, network: Network, upstreams: Iterable[Upstream] = ()) -> Symbols:
        """The names of a network: declared symbols, steps, loss, deltas, functions and sizes.

        `upstreams`, those of a derivation, also name the gradients inside of steps.
        """
        made = cls(entries_of(network, list(upstreams)))
        made.samples, made.per_sample = network.samples, network.per_sample
        return made

    def declaring(self, *entries: Entry) -> Symbols:
        """These names and further ones, each spelled by its LaTeX."""
        made = self.copy()
        for entry in entries:
            spelling = spelling_of(entry.latex)
            if spelling is None:
                raise ValueError(f"{entry.latex} is no name")
            made.add(spelling, entry)
        return made

    @property
    def words(self) -> tuple[Letters, ...]:
        """The names of several letters, of which not every letter is a name, too."""
        known = {letter: bool(self.values(Spelling(letter))) for w in self._words for letter in w}
        return tuple(word for word in self._words if not all(map(known.get, word)))

    # -- looking up -----------------------------------------------------------------------------

    def values(self, spelling: Spelling) -> list[Reference]:
        """What a name may refer to as a value: nothing, one thing, or several."""
        exact = self._values.get(spelling, {})
        if found := _first(exact) or self._spelled(spelling):
            return [Reference(entry) for entry in found]
        if counted := list(self._counted(spelling)):
            return counted
        indexed = [each for each in self._indexed(spelling) if not _is_kronecker(spelling, each)]
        if indexed:
            return indexed
        if spelling == Spelling(r"\eta"):
            return [Reference(RATE)]
        return list(self._entries_of_capitals(spelling))

    def _counted(self, spelling: Spelling) -> Iterator[Reference]:
        r"""One of net_{o1} and net_{o2} as the net_o of a sum over o."""
        below = spelling.subscript
        if not below or not is_index(below[-1]) or _PLAIN.fullmatch(below[-1]) is None:
            return
        for key, numbers in holes(replace(spelling, subscript=(*below, "1"))):
            members = self._families.get(key, {})
            if numbers == "1" and len(members) > 1:
                yield Reference(None, below[-1:], tuple(sorted(members.items(), key=_by_numbers)))
                return

    def _spelled(self, spelling: Spelling) -> list[Entry]:
        """What is spelled so but for fonts, the lowest rank alone."""
        return _first(self._loose.get(key_of(spelling), {}))

    def _entries_of_capitals(self, spelling: Spelling) -> Iterator[Reference]:
        """The entry of a matrix with a capital, W, that is written w_{11}, or its row w_k."""
        digits = spelling.subscript[-1] if spelling.subscript else ""
        two = digits.isdigit() and len(digits) == 2
        below = (*spelling.subscript[:-1], *digits) if two else spelling.subscript
        base = _capital(spelling.base)
        if base == spelling.base:
            return
        marks = spelling.marks
        sample = marks[-1:] if marks and marks[-1][:1] == "(" and is_index(inner(marks[-1])) else ()
        marks = marks[: len(marks) - len(sample)]
        for count in (2, 1, 0)[len(sample) :]:
            indices = (*below[max(len(below) - count, 0) :], *sample)
            start = len(below) - count
            capital = Spelling(base, spelling.style, spelling.accents, below[:start], marks)
            if start < 0 or not indices or any(map(is_word, indices)):
                continue
            if len(indices) == 1 and _PLAIN.fullmatch(inner(indices[0])) is None:
                continue  # w_{t+1} is no row of W
            found = [Reference(e, indices) for e in self._spelled(capital)]
            found = [each for each in found if each.entry and _axes(each.entry) == 2]
            if found:
                yield from found
                return

    def entries(self) -> list[Entry]:
        """What has a value and a name, each once, in the order of declaration."""
        return list(dict.fromkeys(entry for found in self._values.values() for entry in found))

    def is_declared(self, spelling: Spelling) -> bool:
        """Whether a value is declared with exactly this spelling."""
        return spelling in self._values

    def _indexed(self, spelling: Spelling) -> Iterator[Reference]:
        """Entries of a declared name, the shortest index first; then one of several names."""
        key, indices = with_holes(spelling)
        if indices and (members := self._families.get(key)):
            yield Reference(None, indices, tuple(sorted(members.items(), key=_by_numbers)))
        else:
            yield from self._indexed_members(spelling)
        ranked = list(self._entries(spelling))
        latex = [reference for rank, reference in ranked if rank < PYTHON]
        yield from latex or [reference for _, reference in ranked]
        sample = spelling.marks[-1] if spelling.marks else ""
        if sample.startswith("(") and is_index(inner(sample)):
            for found in self.values(replace(spelling, marks=spelling.marks[:-1])):
                if found.entry is not None and _may_index(found.entry, found.indices):
                    yield replace(found, indices=(*found.indices, sample))

    def _entries(self, spelling: Spelling) -> Iterator[tuple[int, Reference]]:
        """Entries of declared names, the shortest index first, with the ranks of the spellings."""
        for count in range(1, min(len(spelling.subscript), 3) + 1):
            kept = replace(spelling, subscript=spelling.subscript[:-count])
            indices = spelling.subscript[-count:]
            ranks = self._loose.get(key_of(kept), {})
            for entry in _first(ranks):
                if entry.kind in ("step", "loss") and set(indices) <= PARAMETERS:
                    yield ranks[entry], Reference(entry)  # h_\theta is h, with its weights
                    continue
                below = _split(indices, entry)
                if _may_index(entry, below):
                    yield ranks[entry], Reference(entry, below)

    def _indexed_members(self, spelling: Spelling) -> Iterator[Reference]:
        """An entry of one of several: `w^{(l)}_{kj}` where w^{(1)} and w^{(2)} are matrices."""
        for count in range(1, len(spelling.subscript) + 1):
            kept, below = spelling.subscript[:-count], spelling.subscript[-count:]
            key, indices = with_holes(replace(spelling, subscript=kept))
            members = self._families.get(key) if indices else None
            if members and all(
                _may_index(entry, below) and len(below) >= _axes(entry)
                for entry in members.values()
            ):
                yield Reference(
                    None, (*indices, *below), tuple(sorted(members.items(), key=_by_numbers))
                )

    def functions(self, spelling: Spelling) -> list[Entry]:
        """The functions that a name may stand for, declared ones before those of the vocabulary."""
        exact = self._functions.get(spelling) or self._functions.get(_unstyled(spelling))
        if exact:
            return list(exact)
        key, indices = with_holes(spelling)
        if indices and self._families.get((*key, "()")):
            return [Entry(_name(spelling), "function", _name(spelling))]
        if self.values(spelling):
            return []
        name = builtin(spelling)
        return [] if name is None else [Entry(name, "function", spelling.base)]

    def near(self, spelling: Spelling) -> list[Entry]:
        """Declared names with the same letter: what an undeclared name may be meant for."""
        return self._near.get(_letter(spelling), [])

    def node(self, name: str) -> Node | None:
        """The definition of a step or the loss."""
        return self._nodes.get(name)

    def depends_on(self, name: str, other: str) -> bool:
        """Whether a step depends on a name, through the steps between."""
        waiting, seen = [name], {name}
        while waiting:
            node = self._nodes.get(waiting.pop())
            for leaf in leaves(node) if node is not None else ():
                if leaf.name == other:
                    return True
                if leaf.name not in seen:
                    seen.add(leaf.name)
                    waiting.append(leaf.name)
        return False


def _is_kronecker(spelling: Spelling, reference: Reference) -> bool:
    r"""Whether `\delta_{jk}` is Kronecker's, though a text has a column \delta of its own."""
    entry = reference.entry
    two = spelling.base == r"\delta" and len(spelling.subscript) == 2
    return two and entry is not None and entry.kind == "local" and _axes(entry) < 2


def _first(ranked: Mapping[Entry, int]) -> list[Entry]:
    """Those of the lowest rank."""
    best = min(ranked.values(), default=0)
    return [entry for entry, rank in ranked.items() if rank == best]


def _unstyled(spelling: Spelling) -> Spelling:
    return replace(spelling, style="")


def _letter(spelling: Spelling) -> tuple[str, tuple[str, ...]]:
    return spelling.base, spelling.accents


def _name(spelling: Spelling) -> str:
    return f"{spelling.base}_{{{','.join(spelling.subscript)}}}"


def _capital(base: str) -> str:
    """The capital of a letter."""
    if len(base) == 1:
        return base.upper()
    return base[:1] + base[1].upper() + base[2:] if base.startswith("\\") else base


def _by_numbers(member: tuple[str, Entry]) -> list[int]:
    return [int(number) for number in member[0].split(",")]


def _split(indices: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    """`W_{12}` of a matrix is its entry 1,2."""
    (first, *rest) = indices
    return tuple(first) if not rest and first.isdigit() and _axes(entry) == len(first) else indices


def _may_index(entry: Entry, indices: tuple[str, ...]) -> bool:
    """Whether indices may stand at a name: so many as it has axes, and one for the sample."""
    count = _axes(entry)
    if entry.kind == "weight" and count < len(indices) and (count or "+" in indices[-1]):
        return False  # a matrix has no samples, and w_{t+1} is no entry but another w
    if count < len(indices) and indices[-1].strip("()").partition("-")[1]:
        return False  # h_{t-1} is of another time, and of no sample
    if entry.kind in ("size", "rate", "hyperparameter", "index") or len(indices) > count + 1:
        return False
    numbers = [index for index in indices if index.isdigit()]
    letters = [i for i in indices if not i.isdigit() and not (len(i) == 1 and i.isupper())]
    return (
        len(numbers) <= count
        and len(numbers) + len(letters) == len(indices)
        and not any(map(is_word, indices))
    )
