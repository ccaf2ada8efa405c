r"""Update rules: what a weight becomes, `w \leftarrow w - \eta dL/dw`, the sign included.

The learning rate is eta, or the one name on the right that stands for nothing else. Where there is
none it is 1, or a number below 1 that is written there. A rule for a name such as theta, which is
not declared, is meant for every weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import (
    conventions_of,
    has_matrix_rate,
    rates_of,
    sizes_of_batches,
)
from symprop.verification.equality import Comparison, compare_sides
from symprop.verification.layouts import NUMERATOR
from symprop.verification.meaning.names import label
from symprop.verification.meaning.rates import rate
from symprop.verification.meaning.setting import Setting, UndecidableError
from symprop.verification.meaning.values import decimal, loss_name, value
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.substitution import with_names
from symprop.verification.worlds import Numeric


def weight_of(tree: t.Tree) -> t.Name | None:
    """What an update is of; None where it is no weight, nor a name for every weight."""
    left = t.bare(tree)
    if not isinstance(left, t.Name):
        return None
    if left.reference is None:
        return left
    entries = [entry for _, entry in left.reference.members]
    entries += [left.reference.entry] if left.reference.entry is not None else []
    return left if entries and all(entry.kind == "weight" for entry in entries) else None


def compare_update(
    claim: Claim, weight: t.Name, network: Network, points: Points
) -> tuple[Comparison, Claim]:
    """Whether a weight becomes what gradient descent makes of it, and for which one it does not."""
    answers = [
        (_compared(each, meant, points), meant)
        for each, meant in _for_every_weight(claim, weight, network)
    ]
    wrong = [(found, meant) for found, meant in answers if not found.is_equal]
    return wrong[0] if wrong else answers[0]


def _compared(weight: t.Name, claim: Claim, points: Points) -> Comparison:
    step = learning_rate(claim.right)
    if step is not None:
        return _with_rate(step, weight, claim, points)
    found = [_with_rate(each, weight, claim, points) for each in (ONE, *_small(claim.right))]
    return next((each for each in found if each.is_equal), found[0])


def _with_rate(step: t.Name | t.Number, weight: t.Name, claim: Claim, points: Points) -> Comparison:
    """Whether a weight becomes what gradient descent makes of it at some learning rate."""

    def sides(setting: Setting) -> tuple[Numeric, Numeric]:
        if isinstance(step, t.Number):
            setting.note(f"the learning rate is {step.text}")
        gradient = setting.in_layout("gradient")
        slope = rate(loss_name(setting), weight, "d", gradient, value)
        factor = value(step, setting)
        return value(weight, setting) - factor * slope, value(claim.right, setting)

    tried = replace(claim, left=weight)
    meant = conventions_of(tried.trees, points.network)
    usual = [each for each in meant if each.layout == "gradient"]
    found = compare_sides(sides, tried, points, conventions=usual)
    if found.is_equal or not has_matrix_rate(claim.right):
        return found
    other = [each for each in meant if each.layout == NUMERATOR]
    transposed = compare_sides(sides, tried, points, conventions=other)
    return transposed if transposed.is_equal else found


ONE = t.Number("1")


def _small(rule: t.Tree) -> Iterator[t.Number]:
    """The numbers of a rule that may be its learning rate."""
    numbers = (part for part in t.walk(rule) if isinstance(part, t.Number))
    yield from {part.text: part for part in numbers if 0 < decimal(part) < 1}.values()


def learning_rate(rule: t.Tree) -> t.Name | None:
    """The name that stands for the learning rate; None where there is none: it is 1 then."""
    known: list[t.Name] = []
    others: list[t.Name] = []
    sizes = sizes_of_batches([rule])
    for name in t.names(rule):
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and entry.kind == "rate":
            return name
        if entry is not None and entry.kind == "hyperparameter" and entry.name in RATES:
            known.append(name)
        if name.reference is None and label(name) not in sizes:
            others.append(name)
    if known:
        return known[0]
    if len({label(name) for name in others}) > 1:
        names = ", ".join(dict.fromkeys(map(label, others)))
        raise UndecidableError(f"which of {names} is the learning rate?")
    return others[0] if others else None


def is_of_numbers(claim: Claim, step: t.Name | None) -> bool:
    r"""Whether a rule has a number in the place of the gradient: `w - 0.1 \cdot 0.2`."""
    left = t.bare(claim.left)
    weight = left.reference if isinstance(left, t.Name) else None
    others = [n for n in t.names(claim.right) if n != step and n != left]
    known = all(n.reference is not None and n.reference == weight for n in others)
    numbers = any(isinstance(part, t.Number) for part in t.walk(claim.right))
    return numbers and known and not any(True for _ in rates_of(claim.right))


def is_rate(name: t.Name) -> bool:
    r"""Whether a name is one that learning rates have, `\eta` or `\alpha` or a declared one."""
    letter = name.spelling.base.removeprefix("\\")
    return name.reference is not None or letter in (*RATES, "lambda")


RATES = ("eta", "alpha", "gamma", "lr", "learning_rate", "step_size", "epsilon", "mu")
"""Names of learning rates."""


def _for_every_weight(
    claim: Claim, weight: t.Name, network: Network
) -> Iterator[tuple[t.Name, Claim]]:
    """The rule, or where it is for a name like theta, the rule for each weight."""
    if weight.reference is not None:
        yield weight, claim
        return
    for declared in network.weights:
        entry = Entry(declared.name, "weight", declared.name, declared.shape)
        meant = t.Name(weight.spelling, Reference(entry))

        def of_it(name: t.Name, meant: t.Name = meant) -> t.Name | None:
            return meant if name.spelling == weight.spelling else None

        yield meant, replace(claim, left=meant, right=with_names(claim.right, of_it))
