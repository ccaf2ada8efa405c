"""The last lines of a gradient: in inputs and weights alone, where that is short.

A factor 1 - s(u) beside no s(u) is written s(-u): the gradient of -log(s(w'x)) is -s(-w'x) x.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.expression.algebra import ONE, apply, scale, subtract
from symprop.expression.nodes import Apply, Node, Unspecified, leaves, operations, walk
from symprop.expression.rewriting import substitute
from symprop.functions.activations import sigmoid
from symprop.functions.unspecified import Activation, UnspecifiedFunction
from symprop.network import Step
from symprop.printout.expressions import ARGUMENT, Equated
from symprop.printout.model import Line, Prose
from symprop.printout.sections.material import Material

LIMIT = 8
"""A closing line has at most so many operations."""

MIRRORED = Equated(subtract(ONE, apply(sigmoid, ARGUMENT)), apply(sigmoid, scale(-1, ARGUMENT)))
"""1 - s(u) = s(-u)."""


def closing_lines(material: Material, gradient: Node) -> Iterator[Line]:
    """What follows `gradient`, which is written in the names of steps."""
    steps = material.network.steps
    mirrored = _mirrored(gradient, steps)
    if mirrored != gradient:
        yield Line(None, mirrored, (MIRRORED,))
    written, used = mirrored, _steps_in(mirrored, steps)
    why: Prose = ("definition of ", used[0].leaf) if len(used) == 1 else ("all steps put in",)
    while used and operations(written) <= LIMIT and not _has_any_form(written):
        written = substitute(written, {step.leaf: step.node for step in used})
        used = _steps_in(written, steps)
        why = ("all steps put in",) if used else why
    if written != mirrored and not used and operations(written) <= LIMIT:
        yield Line(None, written, why)


def _steps_in(node: Node, steps: Mapping[str, Step]) -> list[Step]:
    return [steps[leaf.name] for leaf in leaves(node) if leaf.name in steps]


def _has_any_form(node: Node) -> bool:
    """Whether there is a function without a formula in it, which is best read with names."""
    entries = (part.content[0] for part in walk(node) if isinstance(part, Apply | Unspecified))
    return any(isinstance(entry, Activation | UnspecifiedFunction) for entry in entries)


def _mirrored(node: Node, steps: Mapping[str, Step]) -> Node:
    """`node` with s(-u) for 1 - h where h = s(u) is nowhere else."""
    for step in _steps_in(node, steps):
        if isinstance(step.node, Apply) and step.node.entry is sigmoid:
            (argument,) = step.node.children
            mirror = apply(sigmoid, scale(-1, argument))
            found = substitute(node, {subtract(ONE, step.leaf): mirror})
            if step.leaf not in leaves(found):
                node = found
    return node
