"""The two sheets of an exercise: one with numbered blanks, one with the answers in them.

Both are documents like any other, made from a printout by changing lines of it. The sheet with the
blanks does not hold the answers, so no format can show them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from symprop.errors import DeclarationError
from symprop.printout.exercise.answers import Answer, Shown, parts_of
from symprop.printout.exercise.choice import Choice, Chooser, with_references
from symprop.printout.exercise.places import (
    Change,
    Key,
    Place,
    Stage,
    changed,
    lines_in,
    places_of,
)
from symprop.printout.exercise.tables import filled_table, tables_of, with_blank_cells
from symprop.printout.expressions import Asked, Blank, Equated, Expression, Rate, Rule
from symprop.printout.model import Document, Line, Paragraph, Part, Prose, Section
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.widths import width

GIVEN = ("network", "forward")
"""What every exercise starts from: a definition gives no answer away."""
PICTURED = "graph"
"""The section that shows the numbers of the example beside a network."""

COMPARE = "Compare: every answer is underlined, behind its number."

SHORTEST, LONGEST = 7.0, 60.0
"""Of lines to write on, in em."""
HANDWRITING = 1.5
"""How much wider handwriting is than print."""


@dataclass(frozen=True)
class Exercise:
    """A sheet with numbered blanks, and the same sheet with the answers in them."""

    sheet: Document
    answers: Document


class Sheets:
    """Makes the sheets of one printout, asking in the sections `parts`.

    `without_numbers` gives a section as it is where there is no worked example.
    """

    def __init__(
        self,
        document: Document,
        parts: Sequence[str],
        without_numbers: Callable[[Section], Section],
    ) -> None:
        self.document = document
        self.parts = parts
        self.without_numbers = without_numbers
        self.formulas = Formulas(deepcopy(document.names), document.ordinary)
        self.places = list(places_of(document))

    def made(self, amount: str | int, seed: int | None) -> Exercise:
        """The exercise with so many blanks; DeclarationError where there is nothing to ask."""
        asked = [place for place in self.places if place.section in self.parts]
        chooser = Chooser(asked, self.formulas)
        if not chooser.places:
            raise DeclarationError(
                f"there is nothing to leave blank in {', '.join(self.parts)}",
                hint="choose other parts for --exercise",
            )
        choice = chooser.choose(amount, seed or 0)
        numbers = {key: number for number, key in enumerate(sorted(choice.blank), start=1)}
        answers = list(self._hidden([chooser.answers[key] for key in sorted(choice.blank)]))
        cells = self._cells(answers, amount)
        sheet = self._sheet(choice, numbers, answers, cells)
        filled = self._filled(numbers, cells, {section.key for section in sheet.sections})
        variant = "" if seed is None else f" Variant {seed}."
        return Exercise(
            _headed(sheet, "exercise", _task(sheet, len(numbers)) + variant),
            _headed(filled, "answers", COMPARE + variant),
        )

    def _hidden(self, answers: Sequence[Answer]) -> Iterator[Answer]:
        """The answers that can be hidden: not the definition of a step, which is given."""
        given = [section for section in self.document.sections if section.key in GIVEN]
        texts = {text for line in lines_in(tuple(given)) for text in self._shown(line.right).texts}
        for answer in answers:
            if answer.is_number or answer.is_single or answer.text not in texts:
                yield answer

    def _shown(self, value: object) -> Shown:
        return Shown(value, self.formulas)

    # -- the sheet --------------------------------------------------------------------------------

    def _sheet(
        self,
        choice: Choice,
        numbers: Mapping[Key, int],
        answers: Sequence[Answer],
        cells: Mapping[Key, set[tuple[int, int]]],
    ) -> Document:
        changes: dict[Key, Change] = dict.fromkeys(choice.omitted)
        asked = {place.question: number for place, number in self._numbered(numbers)}
        for place in self.places:
            if place.key in numbers:
                changes[place.key] = self._blank(place, numbers[place.key])
            elif place.question in asked:
                right = place.with_asked(Asked(asked[place.question]))
                changes[place.key] = replace(place.line, right=right, reason=_hint(place))
            elif place.key in choice.replaced and place.asked is not None:
                known = {e: numbers[key] for e, key in choice.replaced[place.key].items()}
                right = place.with_asked(with_references(place.asked, known))
                changes[place.key] = replace(place.line, right=right)
        for key, table in tables_of(self.document):
            if key in cells:
                changes[key] = with_blank_cells(table, cells[key])
        self._clear(changes, answers)
        return changed(self.document, changes)

    def _numbered(self, numbers: Mapping[Key, int]) -> Iterator[tuple[Place, int]]:
        for place in self.places:
            if place.key in numbers:
                yield place, numbers[place.key]

    def _blank(self, place: Place, number: int) -> Line:
        assert place.asked is not None
        size = HANDWRITING * width(self.formulas.of(place.asked))
        blank = Blank(number, float(round(min(max(size, SHORTEST), LONGEST))))
        return replace(place.line, right=place.with_asked(blank), reason=_hint(place))

    def _clear(self, changes: dict[Key, Change], answers: Sequence[Answer]) -> None:
        """Leave out what shows an answer and is not asked for: lines, sentences, sections."""
        for number, section in enumerate(self.document.sections):
            if section.key in GIVEN:
                continue
            if section.key == PICTURED and any(answer.is_number for answer in answers):
                section = self.without_numbers(section)
                changes[(number,)] = section
            if section.key in self.parts:
                changes.update(dict.fromkeys(self._telling(section, (number,), answers)))
            else:
                self._clear_section(section, number, changes, answers)

    def _clear_section(
        self, section: Section, number: int, changes: dict[Key, Change], answers: Sequence[Answer]
    ) -> None:
        """A section in which nothing is asked: it loses a result, or is left out whole."""
        for place in self.places:
            here = place.key[0] == number and place.stage is not Stage.STATED
            shorter = place.only_stated()
            more = shorter is not None or place.line.left is None
            if here and more and self._tells(place.line, answers, strictly=True):
                changes[place.key] = shorter
        document = replace(self.document, sections=(section,))
        inner = {(0, *key[1:]): change for key, change in changes.items() if key[0] == number}
        inner.pop((0,), None)
        referring = sum(isinstance(c, Line) and _refers(c) for c in inner.values())
        lines = sum(place.key[0] == number for place in self.places)
        kept = changed(document, inner).sections
        if 2 * referring > lines or any(self._tells(other, answers) for other in kept):
            changes[(number,)] = None

    def _telling(
        self,
        section: Section | Part,
        key: Key,
        answers: Sequence[Answer],
    ) -> Iterator[Key]:
        """The sentences and other blocks of a section that show an answer."""
        for number, block in enumerate(section.blocks):
            inner = (*key, number)
            if isinstance(block, Part):
                yield from self._telling(block, inner, answers)
            elif isinstance(block, Paragraph) and self._tells(block, answers):
                yield inner

    def _tells(self, value: object, answers: Sequence[Answer], strictly: bool = False) -> bool:
        """Whether something shows an answer; `strictly`: also a single name that is one."""
        shown = self._shown(value)
        asked = {answer.place.question for answer in answers}
        if any((line.left, line.right) in asked for line in lines_in(value)):
            return True
        if strictly and any(answer.name in shown.factors for answer in answers):
            return True
        return any(answer.is_shown_by(shown) for answer in answers)

    # -- the answers ------------------------------------------------------------------------------

    def _filled(
        self,
        numbers: Mapping[Key, int],
        cells: Mapping[Key, set[tuple[int, int]]],
        sections: set[str],
    ) -> Document:
        changes: dict[Key, Change] = {}
        for place in self.places:
            if place.key in numbers and place.asked is not None:
                right = place.with_asked(Blank(numbers[place.key], 0.0, place.asked))
                changes[place.key] = replace(place.line, right=right)
        for key, table in tables_of(self.document):
            if key in cells:
                changes[key] = filled_table(table, cells[key])
        for number, section in enumerate(self.document.sections):
            if section.key not in sections:
                changes[(number,)] = None
        return changed(self.document, changes)

    # -- tables of numbers ------------------------------------------------------------------------

    def _cells(
        self, answers: Sequence[Answer], amount: str | int
    ) -> dict[Key, set[tuple[int, int]]]:
        """The cells to be filled in: all of them, else those that show an answer of the lines.

        The first row is what the lines before it work out.
        """
        asked: set[Expression | None] = {a.place.head for a in answers if a.is_number}
        found: dict[Key, set[tuple[int, int]]] = {}
        for key, table in tables_of(self.document):
            if self.document.sections[key[0]].key not in self.parts or not asked:
                continue
            last = len(table.rows) - 1
            rows = {"all": range(last + 1), "results": [last]}.get(str(amount), [])
            chosen = {(row, column) for row in rows for column in range(1, len(table.heads))}
            chosen |= {(0, c) for c, head in enumerate(table.heads) if asked & set(head)}
            if chosen:
                found[key] = chosen
        return found


def _refers(line: Line) -> bool:
    """Whether the number of a blank stands for what is asked."""
    return isinstance(line.right, Asked) or (
        isinstance(line.right, Equated) and isinstance(line.right.right, Asked)
    )


def _hint(place: Place) -> Prose:
    """The reason of a line that is asked for, but no rule that is the answer."""
    reason = place.line.reason
    if not any(isinstance(part, Rule) for part in reason):
        return reason
    head = place.head
    return ("definition of ", head.of) if isinstance(head, Rate) else ()


def _task(sheet: Document, count: int) -> str:
    many = f"the blanks (1) to ({count})" if count > 1 else "the blank (1)"
    referring = any(isinstance(part, Asked) for part in parts_of(sheet.sections))
    more = " A number in a box stands for what belongs into that blank." if referring else ""
    return f"Fill in {many}.{more}"


def _headed(document: Document, what: str, words: str) -> Document:
    """A document with a title that says which sheet it is, and a section that says what to do."""
    section = Section("task", "What to do", (Paragraph((words,)),))
    title = f"{document.title}: {what}"
    sections = (section, *document.sections)
    return replace(document, title=title, sections=sections, names=deepcopy(document.names))
