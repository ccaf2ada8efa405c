"""The gradient check: how it is done, what it finds; no figure that varies between machines."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.checking import (
    CENTRAL_STEPS,
    COMPLEX_STEP,
    LOSS_TOLERANCE,
    TOLERANCES,
    CheckReport,
    WeightCheck,
    check_gradients,
)
from symprop.errors import GradientError, UnspecifiedError
from symprop.expression.nodes import Leaf, Number
from symprop.printout.expressions import DifferenceQuotient, Equated, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Prose, Table
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material
from symprop.printout.sections.updates import each_weight

ENTRY_LIMIT = 12
"""Of a weight with more entries, so many are drawn at random: a printout is to be quick."""
NAMES = {"complex step": "complex step", "central difference": "central differences"}
STEPS = {"complex step": (COMPLEX_STEP,), "central difference": CENTRAL_STEPS}


def check_blocks(material: Material) -> Iterator[Block]:
    """The method, and the verdicts on the loss and on the gradient by each weight."""
    try:
        report = check_gradients(material.derivation, entries=ENTRY_LIMIT)
    except (UnspecifiedError, GradientError) as error:
        yield Paragraph((f"Not checked: {error.message}.",))
        return
    yield from _method(material, report)
    rows = [
        ((entry.leaf,), (str(found.checked),), _verdict(found))
        for entry, found in zip(material.network.weights, report.weights, strict=True)
    ]
    yield Table((("gradient by",), ("entries",), ("verdict",)), tuple(rows), "lrl")
    yield Paragraph((f"The loss itself is {_word(report.loss_ok)}.",))


def _method(material: Material, report: CheckReport) -> Iterator[Block]:
    letters = Letters(material)
    loss, method = material.loss.leaf, report.weights[0].method
    step = letters.letter("h", "epsilon", "r")
    yield Paragraph(
        (
            "The emitted module is run at a random point, and the declared expressions are worked "
            "out there apart from it, sample by sample. Its loss must agree with theirs, its "
            f"gradients with their {NAMES[method]}",
            *_for_each(material, letters),
            ":",
        )
    )
    quotient = DifferenceQuotient(loss, letters.weight, step, method)
    yield Equations((Line(Rate(loss, letters.weight), quotient, _steps(step, method), "~"),))
    yield Paragraph(
        (
            "Right is a relative error of at most ",
            Number(TOLERANCES[method]),
            ", and of the loss of at most ",
            Number(LOSS_TOLERANCE),
            f". Of a weight with more than {ENTRY_LIMIT} entries, {ENTRY_LIMIT} drawn at random "
            "are tried.",
        )
    )


def _for_each(material: Material, letters: Letters) -> Prose:
    if not letters.stands_for_all:
        return ()
    return (", with ", letters.weight, f" for {each_weight(material)}")


def _steps(step: Leaf, method: str) -> Prose:
    """The length of the step; of several, how one is chosen."""
    first, *further = STEPS[method]
    prose: list[str | Expression] = [Equated(step, Number(first))]
    for length in further:
        prose += [", ", Number(length)]
    return (*prose, ": the two that agree best") if further else tuple(prose)


def _verdict(found: WeightCheck) -> Prose:
    kinks = ", ".join(found.kinks)
    if not found.checked:
        return (f"not checked: every entry is at a kink of {kinks}",)
    skipped = f"; entries at a kink of {kinks} were left out" if kinks else ""
    return (_word(found.ok) + skipped,)


def _word(right: bool) -> str:
    return "right" if right else "WRONG"
