"""The mean over the batch, taken where there is least to divide.

A softmax p = e/s less its labels y, both over all classes, is divided by the number of samples:

    (p - y)/n = e*(1/(n*s)) - y/n        (sum(log(s)) - sum(y*c))/n = sum(log(s))/n - sum(y/n*c)

The division of e goes into that by s, which is one number a sample; y/n is computed once.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.program.build import Program
from symprop.program.cost import below
from symprop.program.passes.rewriting import Rule
from symprop.program.values import Value, Values


def means_of_labels(program: Program) -> Rule:
    """Divide labels and the sums of a softmax by the number of samples, not their difference."""
    statements = (program.loss, *program.gradients)
    everything = below([statement.value for statement in statements]).values()
    labels = {y.number for value in everything if (y := _labels_below(value)) is not None}

    def rule(value: Value, values: Values) -> Value | None:
        if not labels or not _is_mean(value):
            return None
        terms = list(zip(value.operands[0].content, value.operands[0].operands, strict=True))
        y = _labels_below(value)
        if y is None and not any(_weighted(term, labels) for _, term in terms):
            return None
        return values.sum([(sign, _divided(term, values, labels)) for sign, term in terms])

    return rule


def _is_mean(value: Value) -> bool:
    """Whether a value is a sum over the number of samples."""
    if value.kind != "product" or value.content != (Fraction(1), 1) or len(value.operands) != 2:
        return False
    summed, count = value.operands
    return summed.kind == "sum" and count.kind == "batch"


def _labels_below(value: Value) -> Value | None:
    """The labels y of (e/s - y)/n, where s lacks an axis that e has; None of anything else."""
    if not _is_mean(value) or value.operands[0].content != (1, -1):
        return None
    quotient, y = value.operands[0].operands
    if y.kind != "load" or quotient.kind != "product" or y.axes != quotient.axes:
        return None
    divisors = quotient.operands[quotient.content[1] :]
    fewer = any(set(divisor.axes) < set(quotient.axes) for divisor in divisors)
    return y if fewer else None


def _weighted(term: Value, labels: set[int]) -> bool:
    """Whether a term is a sum over labels times something."""
    (operand,) = term.operands if term.kind == "reduce" else (None,)
    if operand is None or operand.kind != "product" or operand.content != (Fraction(1), 2):
        return False
    return any(factor.number in labels for factor in operand.operands)


def _divided(term: Value, values: Values, labels: set[int]) -> Value:
    """A term over the number of samples; labels are divided first."""
    batch = values.batch()
    if term.number in labels:
        shared = values.product(Fraction(1), [term], [batch])
        values.wishes[shared.number] = "labels"
        values.seal(shared)
        return shared
    if term.kind == "product":  # also a named one, which is needed for nothing else
        coefficient, count = term.content
        over, under = term.operands[:count], term.operands[count:]
        return values.product(coefficient, list(over), [*under, batch])
    if not _weighted(term, labels):
        return values.product(Fraction(1), [term], [batch])
    factors = [
        _divided(factor, values, labels) if factor.number in labels else factor
        for factor in term.operands[0].operands
    ]
    return values.reduce(values.product(Fraction(1), factors, []), term.content)
