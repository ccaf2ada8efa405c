"""What may stand in a line: the names of a network as the line writes them, numbers, functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symprop.verification.meaning.names import axes_of, split
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import RATE, Entry, Reference, spelling_of
from symprop.verification.slips.chains import Chains, Local
from symprop.verification.slips.making import ONE, complement, ratio, squared

MOST_NAMES = 24
"""So many names are tried in the place of others, the nearest ones in the network."""
MOST_FACTORS = 12
"""So many factors of the right formula are tried."""
KINDS = ("input", "target", "weight", "hyperparameter", "step", "rate")
"""The kinds of names that are taken for others, or forgotten."""
FUNCTIONS = {
    "sigmoid": r"\sigma",
    "tanh": r"\tanh",
    "exp": r"\exp",
    "log": r"\log",
    "sin": r"\sin",
    "cos": r"\cos",
    "relu": r"\mathrm{ReLU}",
    "sign": r"\operatorname{sign}",
}
"""Functions that are taken for one another, and how they are written."""


@dataclass(frozen=True)
class Vocabulary:
    """The names, factors, numbers and functions of a line, `trees` being what it consists of.

    `about` is what the line is about: the name that it differentiates by or defines; "" for none.
    `defined` is the same where the line defines it: nothing is made of itself, or of what comes
    behind it.
    """

    chains: Chains
    trees: Sequence[t.Tree]
    about: str = ""
    defined: str = ""

    # -- names ------------------------------------------------------------------------------------

    @cached_property
    def printed(self) -> list[t.Name]:
        """The names of the line, each as often as it stands there."""
        return [name for tree in self.trees for name in t.names(tree)]

    @cached_property
    def names(self) -> list[t.Name]:
        """What may stand where a name stands, the nearest first, with the indices of the line."""
        unknown = {n.spelling: n for n in self.printed if n.reference is None}
        found = [name for entry in self._entries for name in self._written(entry)]
        return [*found[:MOST_NAMES], *unknown.values()]

    @cached_property
    def _entries(self) -> list[Entry]:
        chains = self.chains
        used = [entry for name in self.printed for entry in _entries_of(name)]
        order = list(chains.near([entry.name for entry in used if entry.kind in KINDS]))
        known = {entry.name: entry for entry in used}
        known |= {entry.name: entry for entry in chains.symbols.entries()}
        known.setdefault(RATE.name, RATE)
        kept = [known[name] for name in order if name in known and known[name].kind in KINDS]
        others = [e for e in known.values() if e.kind in KINDS and e not in kept]
        deltas = [entry for entry in used if entry.kind in ("delta", "local")]
        found = list(dict.fromkeys([*kept, *deltas, *others]))
        return [entry for entry in found if self._may_stand(entry)] if self.defined else found

    def _may_stand(self, entry: Entry) -> bool:
        """Whether a name may be a part of what the line defines."""
        return entry.name in self._behind or entry.kind == "hyperparameter"

    @cached_property
    def _behind(self) -> set[str]:
        return self.chains.behind(self.defined)

    def _written(self, entry: Entry) -> Iterator[t.Name]:
        """A name in the ways in which it may stand in the line."""
        as_printed = self._as_printed.get(entry)
        spelling = as_printed.spelling if as_printed else spelling_of(entry.latex)
        if spelling is None:
            return
        if as_printed and as_printed.reference and as_printed.reference.indices:
            spelling = spelling_of(entry.latex) or spelling
        axes = len(axes_of(entry))
        forms = self._index_forms.get(axes, {})
        if entry.kind in ("rate", "hyperparameter", "weight") and not axes:
            forms = {}
        for indices in forms or {(): None}:
            below = (*spelling.subscript, *(i for i in indices if not i.startswith("(")))
            marks = (*spelling.marks, *(i for i in indices if i.startswith("(")))
            yield t.Name(replace(spelling, subscript=below, marks=marks), Reference(entry, indices))

    @cached_property
    def _as_printed(self) -> dict[Entry, t.Name]:
        found: dict[Entry, t.Name] = {}
        for name in self.printed:
            if name.reference is not None and name.reference.entry is not None:
                found.setdefault(name.reference.entry, name)
        return found

    @cached_property
    def _index_forms(self) -> dict[int, dict[tuple[str, ...], None]]:
        """The indices that stand in the line, by how many axes they pick an entry of."""
        found: dict[int, dict[tuple[str, ...], None]] = {}
        for name in self.printed:
            for entry in _entries_of(name):
                assert name.reference is not None
                indices = name.reference.indices[1 if name.reference.members else 0 :]
                own, sample = split(entry, indices)
                if len(own) in (0, len(axes_of(entry))):
                    found.setdefault(len(axes_of(entry)), {})[indices] = None
                    if sample:
                        found.setdefault(0, {})[(sample,)] = None
        return found

    @cached_property
    def letters(self) -> list[str]:
        """The letters that are indices in the line."""
        found = (i for n in self.printed if n.reference for i in n.reference.indices)
        sums = (i for tree in self.trees for p in t.walk(tree) if isinstance(p, t.IndexSum)
                for i in p.indices)  # fmt: skip
        return [i for i in dict.fromkeys((*found, *sums)) if i.strip("()").isalpha()]

    # -- factors ----------------------------------------------------------------------------------

    @cached_property
    def locals(self) -> list[Local]:
        """The local derivatives on the way from the loss to what the line is about."""
        chains = self.chains
        about = "" if self.defined else self.about
        way = dict.fromkeys((about, *chains.between(about))) if about else {}
        steps = [step for step in way if step in chains.network.steps][:MOST_NAMES]
        return [found for s in steps for found in chains.locals_of(s) if found.argument in way]

    @cached_property
    def upstreams(self) -> list[t.Name]:
        """The upstream gradients on the way from the loss to what the line is about.

        Those inside of steps have names of symprop's own: they are for lines that have such.
        """
        chains = self.chains
        way = chains.between(self.about) if self.about and not self.defined else []
        inner = [found.delta.name for found in chains.derivation.upstreams][:MOST_NAMES]
        wanted = {f"delta_{step}" for step in way}
        wanted |= set(inner) - {f"delta_{self.about}"} if self.has_upstreams else set()
        found = [e for e in chains.symbols.entries() if e.kind == "delta" and e.name in wanted]
        return [name for entry in found for name in self._written(entry)]

    @cached_property
    def has_upstreams(self) -> bool:
        """Whether upstream gradients stand in the line by their names."""
        return any(_kind(name) == "delta" for name in self.printed)

    @cached_property
    def right_formulas(self) -> list[t.Tree]:
        """What is right: the definition, the derivative in closed form, local derivatives."""
        chains, about = self.chains, self.about
        found = [chains.definition(about)] if about else []
        if about and not self.defined:
            found += [chains.gradient(about), *(local.tree for local in self.locals)]
        return [tree for tree in found if tree is not None]

    @cached_property
    def right_factors(self) -> list[t.Tree]:
        """The factors of the derivative in closed form that are more than a name or a number."""
        tree = self.chains.gradient(self.about) if self.about else None
        parts = () if tree is None else t.walk(tree)
        found: list[t.Tree] = [
            factor
            for part in parts
            if isinstance(part, t.Product)
            for factor in part.factors
            if not isinstance(factor, t.Name | t.Number | t.Fraction | t.Rate)
        ]
        return list(dict.fromkeys(found))[:MOST_FACTORS]

    @cached_property
    def right_calls(self) -> list[t.Tree]:
        """The functions of something in the derivative in closed form."""
        return self._right_parts(t.Call)

    @cached_property
    def right_divisors(self) -> list[t.Tree]:
        """The denominators of the derivative in closed form."""
        return [t.bare(found.below) for found in self._right_parts(t.Fraction)]  # type: ignore[attr-defined]

    def _right_parts(self, kind: type[t.Tree]) -> list[t.Tree]:
        chains, about = self.chains, self.about
        tree = chains.definition(about) if self.defined else about and chains.gradient(about)
        found = t.walk(tree) if tree else ()
        return list(dict.fromkeys(p for p in found if isinstance(p, kind)))[:MOST_FACTORS]

    @cached_property
    def parts(self) -> list[t.Tree]:
        """Parts of derivatives of activations: 1 - f, f (1 - f), 1 - f^2 for every step f.

        The derivatives of functions in the line are among them, and 1 - y for a target.
        """
        steps = [name for name in self.names if _kind(name) == "step"]
        targets = [name for name in self.names if _kind(name) == "target"]
        found: list[t.Tree] = [complement(name) for name in (*steps, *targets)]
        for name in steps:
            found.append(t.Product((name, complement(name)), ("",)))
            found.append(complement(squared(name)))
        return [*found, *dict.fromkeys(self._slopes)]

    @property
    def _slopes(self) -> Iterator[t.Tree]:
        """The derivatives of the functions of the line, at their arguments."""
        for part in (part for tree in self.trees for part in t.walk(tree)):
            if isinstance(part, t.Call) and isinstance(part.head, t.Name):
                if _kind(part.head) == "function" and len(part.arguments) == 1:
                    yield _slope(part, part.head)

    # -- numbers ----------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> list[t.Tree]:
        """Numbers that factors are confused with: small ones and the sizes of the network."""
        network = self.chains.network
        shapes = [d.shape for d in network.declared.values()]
        shapes += [step.shape for step in network.steps.values()]
        sizes = {str(n) for shape in shapes for n in shape if isinstance(n, int) and n > 1}
        small = [t.Number(text) for text in dict.fromkeys(("2", "3", "4", "6", *sorted(sizes)))]
        named = [e for e in self.chains.symbols.entries() if e.kind == "size"]
        return [*small, *(name for entry in named for name in self._written(entry))]

    # -- functions --------------------------------------------------------------------------------

    @cached_property
    def heads(self) -> list[t.Name]:
        """The functions of the line, and those that are taken for one another."""
        printed = [n for n in self.printed if _kind(n) == "function"]
        known = {n.reference.entry.name for n in printed if n.reference and n.reference.entry}
        found = {n.spelling: n for n in printed}
        for name, latex in FUNCTIONS.items():
            spelling = spelling_of(latex)
            if name not in known and spelling is not None:
                entry = Entry(name, "function", spelling.base)
                found.setdefault(spelling, t.Name(spelling, Reference(entry)))
        return list(found.values())


def _slope(call: t.Call, head: t.Name) -> t.Tree:
    """The derivative of a function at its argument: exp is its own."""
    name = head.reference.entry.name if head.reference and head.reference.entry else ""
    if name in SLOPES:
        return SLOPES[name](call)
    primed = t.Primed(head, 1, span=head.span)
    return replace(call, head=primed, brackets=call.brackets or "()")


SLOPES: dict[str, Callable[[t.Call], t.Tree]] = {
    "exp": lambda call: call,
    "log": lambda call: ratio(ONE, call.arguments[0]),
}
"""Functions of which the derivative is written without a prime."""


def _entries_of(name: t.Name) -> list[Entry]:
    if name.reference is None:
        return []
    if name.reference.entry is not None:
        return [name.reference.entry]
    return [entry for _, entry in name.reference.members]


def _kind(name: t.Name) -> str:
    entry = None if name.reference is None else name.reference.entry
    return "" if entry is None else entry.kind
