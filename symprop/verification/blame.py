r"""Deltas that later lines show to be mistakes: `\delta^3 = (a^3 - y) \odot \sigma'(a^3)`.

What a text says of its own delta is a definition, and can be no mistake by itself. Where a later
line holds only if the delta is what it is by custom, the gradient by z^3, the text meant that: the
definition is wrong, and the later line follows from it. A delta that a later line needs as the text
has it is its own; minus the gradient is a convention.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from symprop.verification.deltas import multiple_of
from symprop.verification.links import Judge
from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import Span
from symprop.verification.reading.statements import Link
from symprop.verification.reading.symbols import Entry
from symprop.verification.substitution import with_names
from symprop.verification.verdicts import GOOD, Judgement, Verdict

FOLLOWS = "it follows from a line that is wrong"


@dataclass(frozen=True)
class _Delta:
    """A delta that is not what it is by custom, and by which mistakes."""

    roots: frozenset[str]
    """The definitions that are wrong if it is: its own, or those that it is made of."""
    is_multiple: bool


@dataclass
class Blame:
    """The deltas of a text that may be mistakes, and those that are."""

    judge: Judge
    quick: Judge
    deltas: dict[str, _Delta] = field(default_factory=dict)
    mistaken: dict[str, tuple[Judgement, Span]] = field(default_factory=dict)
    """What is said of a definition instead, by the key that its judgement has; its right side."""
    _links: dict[str, Link] = field(default_factory=dict)
    """The definitions by these keys, with what the delta is by custom on the left."""

    def defined(self, link: Link, judgement: Judgement, entry: Entry | None) -> Judgement:
        """The judgement of a definition, of which later lines may show that it is wrong.

        `entry` is what the name on the left is from here on, where that is not its own.
        """
        name = t.bare(link.left)
        usual = self._usual(name) if isinstance(name, t.Name) else None
        own = "" if not isinstance(name, t.Name) else entry.name if entry else _own(name)
        judged = judgement.verdict in (*GOOD, Verdict.UNDECIDABLE)
        if not isinstance(name, t.Name) or not own or usual is None or not judged:
            return judgement
        self.deltas.pop(own, None)
        meant = replace(link, left=usual, first=usual)
        if self.quick.link(meant).verdict is not Verdict.FALSE:
            return judgement
        factor = multiple_of(usual, link.right, self.judge.points)
        if factor is not None and factor == (Fraction(-1), ""):
            return judgement
        others = [self.deltas[each] for each in self._in(link.right)]
        if others and self.quick.link(self._by_custom(meant)).verdict in GOOD:
            roots = frozenset(root for other in others for root in other.roots)
            self.deltas[own] = _Delta(roots, factor is not None)
            if any(other.is_multiple for other in others):
                return judgement
            return self._following(roots)
        key = f"{own} {len(self._links)}"
        self._links[key] = meant
        self.deltas[own] = _Delta(frozenset((key,)), factor is not None)
        return replace(judgement, defines=key)

    def explained(self, link: Link) -> Judgement | None:
        """What is said of a wrong link that would hold if some deltas were what is usual."""
        used = self._in(link.left, link.right)
        if not used or self.quick.link(self._by_custom(link)).verdict not in GOOD:
            return None
        return self._following(frozenset(r for each in used for r in self.deltas[each].roots))

    def confirmed(self, link: Link) -> None:
        """Deltas that a right link needs as they are defined are meant so."""
        used = self._in(link.left, link.right)
        if used and self.quick.link(self._by_custom(link)).verdict is Verdict.FALSE:
            for each in used:
                del self.deltas[each]

    def _following(self, roots: frozenset[str]) -> Judgement:
        for root in roots - self.mistaken.keys():
            link = self._links[root]
            self.mistaken[root] = self.judge.link(link), link.right.span
        return Judgement(Verdict.FOLLOWS, FOLLOWS)

    def _in(self, *trees: t.Tree) -> list[str]:
        """The deltas in some trees that may be mistakes."""
        found = (_own(name) for tree in trees for name in t.names(tree))
        return [own for own in dict.fromkeys(found) if own in self.deltas]

    def _by_custom(self, link: Link) -> Link:
        """A link in which deltas are what they are by custom."""

        def usual(name: t.Name) -> t.Tree | None:
            return self._usual(name) if _own(name) in self.deltas else None

        sides = {
            each: with_names(getattr(link, each), usual) for each in ("left", "right", "first")
        }
        return replace(link, **sides)

    def _usual(self, name: t.Name) -> t.Name | None:
        """A delta as what it is where a text does not say it; None for other names."""
        found = self.judge.symbols.values(name.spelling)
        if len(found) != 1 or found[0].entry is None or found[0].entry.kind != "delta":
            return None
        return replace(name, reference=found[0])


def _own(name: t.Name) -> str:
    """What a name is called that a text has defined itself; "" for any other one."""
    entry = None if name.reference is None else name.reference.entry
    return entry.name if entry is not None and entry.kind == "local" else ""
