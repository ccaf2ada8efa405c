"""The rules: what each kind of tree is worth in a setting."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import mpmath
import numpy as np

from symprop.verification.meaning.applications import call, is_function
from symprop.verification.meaning.blocks import contracted
from symprop.verification.meaning.calls import called, entrywise_power, is_finite
from symprop.verification.meaning.conditions import RELATIONS, holds, side_of
from symprop.verification.meaning.dots import filled
from symprop.verification.meaning.names import (
    entry_of,
    named,
    split,
)
from symprop.verification.meaning.points import at_point, ranges
from symprop.verification.meaning.rates import rate
from symprop.verification.meaning.setting import (
    MisfitError,
    NoValueError,
    Setting,
    UndecidableError,
    plain,
    shape_of,
    shape_text,
)
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.worlds import Numeric

ENTRYWISE = (r"\odot", r"\circ")


def value(tree: t.Tree, setting: Setting) -> Numeric:
    """The value of a tree: a number, or a two-dimensional array.

    Raises UndecidableError where it means nothing certain, MisfitError where shapes do not fit,
    NoValueError where it is not real and finite in this world.
    """
    memo = setting.record.memo if setting.moved is None else None
    if memo is None:
        return _worked_out(tree, setting)
    key = (id(tree), *sorted(setting.indices.items()))
    if key not in memo:
        memo[key] = tree, _worked_out(tree, setting)  # the part is kept, so its id is its own
    return memo[key][1]


def _worked_out(tree: t.Tree, setting: Setting) -> Numeric:
    setting.record.spend()
    found = plain(_value(tree, setting))
    if not is_finite(found):
        raise NoValueError("a value is not real and finite")
    return found


@singledispatch
def _value(tree: t.Tree, setting: Setting) -> Numeric:
    raise UndecidableError(f"a {type(tree).__name__.lower()} has no value", tree.span)


# -- names, numbers, brackets ---------------------------------------------------------------------


@_value.register
def _(tree: t.Name, setting: Setting) -> Numeric:
    reference = tree.reference
    if reference is not None and reference.entry is not None and reference.entry.definition:
        whole = value(reference.entry.definition, setting)
        indices = split(reference.entry, reference.indices)[0]
        return entry_of(whole, indices, tree, setting) if indices else whole
    return named(tree, setting)


@_value.register
def _(tree: t.Number, setting: Setting) -> Numeric:
    return decimal(tree)


def decimal(number: t.Number) -> Any:
    """A printed number, to all digits; .5 is one, too."""
    return mpmath.mpf(f"0{number.text}" if number.text.startswith(".") else number.text)


CONSTANTS: dict[str, Callable[[], Any]] = {"e": lambda: +mpmath.e, r"\pi": lambda: +mpmath.pi}


@_value.register
def _(tree: t.Constant, setting: Setting) -> Numeric:
    if tree.symbol in CONSTANTS:
        return CONSTANTS[tree.symbol]()
    size = dict(setting.conventions.constants).get(tree.span.start)
    if size is None or tree.symbol not in SIZED:
        raise UndecidableError(f"the size of {tree.symbol} is not said", tree.span)
    number = setting.world.arithmetic.number
    extent = size if isinstance(size, int) else setting.world.point.sizes[size]
    found = SIZED[tree.symbol](extent)
    return np.frompyfunc(lambda entry: number(int(entry)), 1, 1)(found)


SIZED: dict[str, Callable[[int], Any]] = {
    r"\mathbf{1}": lambda extent: np.ones((extent, 1)),
    r"\mathbf{I}": np.eye,
    "I": np.eye,
}
"""A column of ones and the identity, of the size that fits."""


@_value.register
def _(tree: t.Group, setting: Setting) -> Numeric:
    return value(tree.body, setting)


@_value.register
def _(tree: t.Boxed, setting: Setting) -> Numeric:
    return value(tree.body, setting)


@_value.register
def _(tree: t.Dots, setting: Setting) -> Numeric:
    raise UndecidableError("dots leave something out", tree.span, hint="write it for some k")


# -- arithmetic -----------------------------------------------------------------------------------


@_value.register
def _(tree: t.Sum, setting: Setting) -> Numeric:
    total: Any = None
    for sign, term in filled(list(zip(tree.signs, tree.terms, strict=True)), setting):
        found = value(term, setting)
        found = -found if sign == "-" else found
        total = found if total is None else _entrywise(np.add, total, found, "added", term)
    return total


@_value.register
def _(tree: t.Product, setting: Setting) -> Numeric:
    signed = filled(list(zip(("", *tree.signs), tree.factors, strict=True)), setting)
    factors = [value(factor, setting) for _, factor in signed]
    result = factors[0]
    for (sign, part), factor in zip(signed[1:], factors[1:], strict=True):
        if sign in ENTRYWISE:
            result = _entrywise(np.multiply, result, factor, "multiplied entry by entry", part)
        else:
            summed = contracted(result, factor, part, setting)
            result = plain(_multiplied(result, factor, part)) if summed is None else summed
    return result


def _multiplied(left: Numeric, right: Numeric, part: t.Tree) -> Numeric:
    if not shape_of(left) or not shape_of(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise MisfitError(
            f"{shape_text(left)} times {shape_text(right)} does not fit",
            part.span,
            hint="a product entry by entry is written with \\odot",
        )
    return left @ right


def _entrywise(
    function: Callable[..., Any], left: Numeric, right: Numeric, done: str, part: t.Tree
) -> Numeric:
    one, other = shape_of(left), shape_of(right)
    if one and other and one != other:
        raise MisfitError(f"{shape_text(left)} and {shape_text(right)} cannot be {done}", part.span)
    return function(left, right)


@_value.register
def _(tree: t.Fraction, setting: Setting) -> Numeric:
    above, below = value(tree.above, setting), value(tree.below, setting)
    parts = below.flat if shape_of(below) else (below,)
    if any(part == 0 for part in parts):
        raise NoValueError("a division by zero")
    return _entrywise(np.divide, above, below, "divided", tree.below)


@_value.register
def _(tree: t.Power, setting: Setting) -> Numeric:
    base, exponent = value(tree.base, setting), value(tree.exponent, setting)
    if shape_of(exponent):
        if shape_of(base):
            raise MisfitError("a matrix to the power of a matrix", tree.span)
        return entrywise_power(base, exponent, setting)
    square = len(shape_of(base)) == 2 and base.shape[0] == base.shape[1]
    if not square or tree.entrywise or tree.on_head:
        return entrywise_power(base, exponent, setting)
    if exponent == -1:
        return called("inverse", [base], setting, span=tree.span)
    if exponent == int(exponent) and 0 < exponent <= 16:
        found = base
        for _ in range(int(exponent) - 1):
            found = found @ base
        return found
    raise UndecidableError("this power of a matrix", tree.span)


@_value.register
def _(tree: t.Root, setting: Setting) -> Numeric:
    return entrywise_power(value(tree.body, setting), mpmath.mpf(1) / 2, setting)


@_value.register
def _(tree: t.Transpose, setting: Setting) -> Numeric:
    found = value(tree.body, setting)
    if tree.inverted:
        found = called("inverse", [found], setting, span=tree.span)
    return found.T if shape_of(found) else found


@_value.register
def _(tree: t.Primed, setting: Setting) -> Numeric:
    inside = t.bare(tree.body)
    variables = dict.fromkeys(name for name in t.names(inside) if not is_function(name))
    if isinstance(inside, t.Name) or len(variables) != 1:
        found = value(tree.body, setting)
        if shape_of(found):
            return found.T
        raise UndecidableError("by what this is differentiated is not said", tree.span)
    if tree.order != 1:
        raise UndecidableError("a second derivative", tree.span)
    return rate(inside, next(iter(variables)), "d", setting, value)


# -- derivatives ----------------------------------------------------------------------------------


@_value.register
def _(tree: t.Rate, setting: Setting) -> Numeric:
    return rate(tree.of, tree.by, tree.sign, setting, value)


@_value.register
def _(tree: t.Derive, setting: Setting) -> Numeric:
    return rate(tree.body, tree.by, tree.sign, setting, value)


@_value.register
def _(tree: t.Nabla, setting: Setting) -> Numeric:
    if tree.by is None:
        return rate(loss_name(setting), tree.body, "d", setting.in_layout("gradient"), value)
    if not shape_of(value(tree.body, setting)):
        setting = setting.in_layout("gradient")
    return rate(tree.body, tree.by, "d", setting, value)


def loss_name(setting: Setting) -> t.Name:
    """The loss as a name in a tree."""
    loss = setting.world.network.require_loss()
    entry = Entry(loss.name, "loss", loss.name, (), loss.node)
    return t.Name(t.Spelling(loss.name), Reference(entry))


@_value.register
def _(tree: t.At, setting: Setting) -> Numeric:
    body = t.bare(tree.body)
    words = [point for point in tree.points if isinstance(point, t.Text)]
    if len(words) == len(tree.points) and isinstance(body, t.Rate):
        return rate(body.of, body.by, body.sign, setting, value, direct=True)
    return value(body, at_point(tree, setting, value))


# -- functions, sums, brackets --------------------------------------------------------------------


@_value.register
def _(tree: t.Call, setting: Setting) -> Numeric:
    return call(tree, setting, value)


@_value.register
def _(tree: t.IndexSum, setting: Setting) -> Numeric:
    total: Any = None
    for numbers in ranges(tree, setting, value):
        found = value(tree.body, setting.with_indices(numbers))
        total = found if total is None else _entrywise(np.add, total, found, "added", tree.body)
    return mpmath.mpf(0) if total is None else total


@_value.register
def _(tree: t.Indexed, setting: Setting) -> Numeric:
    brackets = t.Name(t.Spelling("(...)"), span=tree.span)
    return entry_of(value(tree.body, setting), tree.indices, brackets, setting)


@_value.register
def _(tree: t.Bars, setting: Setting) -> Numeric:
    found = value(tree.body, setting)
    name = {"||": "absolute", "|": "absolute"}.get(tree.brackets) or NORMS.get(tree.subscript)
    if name is None:
        raise UndecidableError("this norm", tree.span)
    return called(name, [found], setting, span=tree.span)


NORMS = {(): "norm", ("2",): "norm", ("F",): "frobenius", ("1",): "l1"}
"""The functions that norms are, by what stands below their bars."""


@_value.register
def _(tree: t.Matrix, setting: Setting) -> Numeric:
    return _blocks([[value(entry, setting) for entry in row] for row in tree.rows], tree)


@_value.register
def _(tree: t.Listing, setting: Setting) -> Numeric:
    return _blocks([[value(entry, setting) for entry in tree.items]], tree)


def _blocks(rows: list[list[Numeric]], tree: t.Tree) -> Numeric:
    arrays = [
        [found if shape_of(found) else np.array([[found]], dtype=object) for found in row]
        for row in rows
    ]
    try:
        return np.block(arrays)
    except ValueError:
        raise MisfitError("the parts of this matrix do not fit together", tree.span) from None


@_value.register
def _(tree: t.Cases, setting: Setting) -> Numeric:
    for branch, condition in tree.branches:
        if condition is None or holds(condition, setting, value):
            return value(branch, setting)
    raise UndecidableError("no case applies", tree.span)


@_value.register
def _(tree: t.Indicator, setting: Setting) -> Numeric:
    condition = tree.condition
    if not isinstance(condition, t.Comparison) or len(condition.sides) != 2:
        raise UndecidableError("this condition", tree.span)
    left, right = (side_of(side, setting, value) for side in condition.sides)
    if condition.relations[0] not in RELATIONS:
        raise UndecidableError("this condition", tree.span)
    holds = RELATIONS[condition.relations[0]]
    found = np.frompyfunc(lambda a, b: mpmath.mpf(1 if holds(a, b) else 0), 2, 1)
    return found(left, right)
