"""Passes over a program: each a rule of a few lines that saves work, with a name for the report.

A pass takes a program to one that computes the same values in fewer steps over memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symprop.program.build import Program
from symprop.program.passes.exponentials import exponentials_once
from symprop.program.passes.labels import labels_sum_to_one
from symprop.program.passes.means import means_of_labels
from symprop.program.passes.outputs import steps_from_outputs
from symprop.program.passes.rewriting import Rule, rewritten


@dataclass(frozen=True)
class Pass:
    """A rule on values, what it is called, and what it saves."""

    name: str
    saves: str
    rule: Callable[[Program], Rule]


PASSES: Sequence[Pass] = (
    Pass(
        "labels that sum to one",
        "a pass over the logarithms: sum(y*log(softmax(z))) = sum(y*z) - sum(logsumexp(z))",
        labels_sum_to_one,
    ),
    Pass(
        "exponentials once",
        "softmax, its logarithm and logsumexp of one argument share their exponentials",
        exponentials_once,
    ),
    Pass(
        "steps from outputs",
        "relu' is read off the output of relu, whose argument need not be kept",
        steps_from_outputs,
    ),
    Pass(
        "means of labels",
        "a pass over all classes: (softmax(z) - y)/n divides by n what is one number a sample",
        means_of_labels,
    ),
)
"""All passes on values, in their order."""


def improved(program: Program, passes: Sequence[Pass] = PASSES) -> Program:
    """The program behind the given passes."""
    for each in passes:
        program = rewritten(program, each.rule(program))
    return program
