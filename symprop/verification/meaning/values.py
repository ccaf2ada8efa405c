"""The rules: what each kind of tree is worth in a setting."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import mpmath
import numpy as np

from symprop.expression.evaluation import scaled
from symprop.verification.meaning.applications import Given, call, is_function
from symprop.verification.meaning.batches import is_outside, is_over_samples, outside, terms
from symprop.verification.meaning.blocks import contracted, is_no_matrix, require_number
from symprop.verification.meaning.calls import called, entrywise_power, is_finite
from symprop.verification.meaning.columns import entries
from symprop.verification.meaning.conditions import RELATIONS, holds, side_of
from symprop.verification.meaning.dots import filled
from symprop.verification.meaning.extrema import extremum
from symprop.verification.meaning.names import (
    chosen,
    entry_of,
    is_kronecker,
    is_value,
    named,
    split,
)
from symprop.verification.meaning.points import at_point, ranges
from symprop.verification.meaning.rates import rate
from symprop.verification.meaning.repeating import repeated
from symprop.verification.meaning.setting import (
    MisfitError,
    NoValueError,
    Setting,
    UndecidableError,
    plain,
    shape_of,
    shape_text,
)
from symprop.verification.meaning.uses import at_its_use
from symprop.verification.reading import tree as t
from symprop.verification.reading.structures import DETERMINANT
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
    key = (id(tree), *sorted(setting.indices.items())) if setting.indices else id(tree)
    if key not in memo:
        memo[key] = tree, _worked_out(tree, setting)  # the part is kept, so its id is its own
    return memo[key][1]


def _worked_out(tree: t.Tree, setting: Setting) -> Numeric:
    setting.record.spend()
    found = setting.world.kept(plain(_value(tree, setting)))
    if not isinstance(tree, _CLOSED) and not is_finite(found):
        raise NoValueError("a value is not real and finite")
    return found


_CLOSED = (t.Group, t.Boxed, t.Sum, t.Product, t.Transpose)
"""What these make of finite numbers is finite, for numbers of many digits."""


@singledispatch
def _value(tree: t.Tree, setting: Setting) -> Numeric:
    raise UndecidableError(f"a {type(tree).__name__.lower()} has no value", tree.span)


# -- names, numbers, brackets ---------------------------------------------------------------------


@_value.register
def _(tree: t.Name, setting: Setting) -> Numeric:
    if tree.reference is not None and not is_kronecker(tree):
        entry, left = chosen(tree.reference, tree, setting)
        if entry.definition is not None:
            return _defined(tree, entry, split(entry, left)[0], setting)
    of_batch = outside(tree, setting) if is_outside(setting) else None
    return named(tree, setting) if of_batch is None else of_batch


def _defined(name: t.Name, entry: Entry, indices: tuple[str, ...], setting: Setting) -> Numeric:
    """What a name stands for that is defined by a formula, or an entry of it."""
    assert entry.definition is not None  # the caller looked
    whole = value(entry.definition, setting)
    if isinstance(entry.definition, t.Nabla) and entry.kind == "delta":
        by = entry.definition.by
        letter = by.spelling.base if isinstance(by, t.Name) else ""
        loss = setting.world.network.require_loss().name
        setting.note(rf"\delta of a layer is the derivative of {loss} by its {letter}")
    return entry_of(whole, indices, name, setting) if indices else whole


@_value.register
def _(tree: t.Number, setting: Setting) -> Numeric:
    return decimal(tree)


@_value.register
def _(tree: Given, setting: Setting) -> Numeric:
    return tree.value


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
    return _sized(tree.symbol, size, setting)


def _sized(symbol: str, size: int | str, setting: Setting) -> Numeric:
    r"""A constant that has a size, n or n \times k."""
    number = setting.world.arithmetic.number
    extents = [_extent(part.strip(), setting) for part in str(size).split(r"\times")]
    found = SIZED[symbol](*extents)
    return np.frompyfunc(lambda entry: number(int(entry)), 1, 1)(found)


def _extent(size: str, setting: Setting) -> int:
    return int(size) if size.isdigit() else setting.world.point.sizes[size]


def _ones(rows: int, columns: int = 1) -> Any:
    return np.ones((rows, columns))


SIZED: dict[str, Callable[..., Any]] = {
    "1": _ones,
    r"\mathbf{1}": _ones,
    r"\mathbb{1}": _ones,
    r"\mathbf{I}": np.eye,
    r"\mathbb{I}": np.eye,
    "I": np.eye,
}
"""A column of ones and the identity, of the size that fits; ones in the shape that is said."""


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
        if total is None:
            total = -found if sign == "-" else found
        else:
            added = np.subtract if sign == "-" else np.add
            total, found = repeated(total, found, setting)
            total = _entrywise(added, total, found, "added", term)
    return total


@_value.register
def _(tree: t.Product, setting: Setting) -> Numeric:
    signed = filled(list(zip(("", *tree.signs), tree.factors, strict=True)), setting)
    factors = [value(factor, setting) for _, factor in signed]
    result = factors[0]
    first: t.Tree | None = signed[0][1]
    for (sign, part), factor in zip(signed[1:], factors[1:], strict=True):
        if sign in ENTRYWISE:
            result, factor = repeated(result, factor, setting)
            result = _entrywise(np.multiply, result, factor, "multiplied entry by entry", part)
        elif sign == r"\otimes":
            result = _outer(result, factor, part)
        elif sign == "*" and _are_alike(result, factor):
            setting.note("* goes entry by entry, as in NumPy")
            result = result * factor
        elif sign == r"\cdot" and _are_vectors(result, factor):
            result = (result * factor).sum()
        else:
            summed = contracted(result, factor, part, setting)
            if summed is None and first is not None:
                summed = contracted(factor, result, first, setting)
            if summed is None and any(map(is_no_matrix, (first, part))):
                require_number(result, factor, part)
            result = plain(_multiplied(result, factor, part)) if summed is None else summed
        first = None
    return result


def _outer(left: Numeric, right: Numeric, part: t.Tree) -> Numeric:
    """A column times a row, of two columns."""
    if any(len(shape) != 2 or shape[1] != 1 for shape in (shape_of(left), shape_of(right))):
        shapes = f"{shape_text(left)} and {shape_text(right)}"
        raise UndecidableError(f"this product of what are no two columns, {shapes}", part.span)
    return left @ right.T


def _are_alike(left: Numeric, right: Numeric) -> bool:
    """Whether two matrices can be multiplied entry by entry, and in no other way."""
    shape = shape_of(left)
    return shape == shape_of(right) and len(set(shape)) == 2


def _are_vectors(left: Numeric, right: Numeric) -> bool:
    """Whether two values are both columns, or both rows, of one length, as in `w \\cdot x`."""
    shape = shape_of(left)
    return shape == shape_of(right) and len(shape) == 2 and 1 in shape and shape != (1, 1)


def _multiplied(left: Numeric, right: Numeric, part: t.Tree) -> Numeric:
    if not shape_of(left) or not shape_of(right):
        return scaled(left, right)
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
    above, below = repeated(above, below, setting)
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
    used = at_its_use(tree, setting)
    if used is not None:
        return value(used, setting)
    if isinstance(power := t.bare(tree.by), t.Power):
        return _by_power(tree, power, setting)
    return rate(tree.of, tree.by, tree.sign, setting, value)


def _by_power(tree: t.Rate, power: t.Power, setting: Setting) -> Numeric:
    r"""`\frac{\partial L}{\partial \sigma^2}`: the derivative by \sigma over that of its square."""
    base, exponent = value(power.base, setting), value(power.exponent, setting)
    if shape_of(base) or shape_of(exponent) or base <= 0:
        raise NoValueError("a derivative by the power of what is not positive")
    found = rate(tree.of, power.base, tree.sign, setting, value)
    return found / (exponent * base ** (exponent - 1))


@_value.register
def _(tree: t.Derive, setting: Setting) -> Numeric:
    return rate(tree.body, tree.by, tree.sign, setting, value)


@_value.register
def _(tree: t.Nabla, setting: Setting) -> Numeric:
    if tree.by is None:
        of, by = _of_and_by(tree.body, setting)
        return rate(of, by, "d", setting.in_layout("gradient"), value)
    if not shape_of(value(tree.body, setting)):
        setting = setting.in_layout("gradient")
    return rate(tree.body, tree.by, "d", setting, value)


def _of_and_by(body: t.Tree, setting: Setting) -> tuple[t.Tree, t.Tree]:
    r"""What a nabla without a subscript is of, and by: `\nabla w` is of the loss, `\nabla E(w)`."""
    body = t.bare(body)
    if isinstance(body, t.Call) and is_value(body.head) and len(body.arguments) == 1:
        return body.head, body.arguments[0]
    weights = setting.world.network.weights
    if is_value(body, "loss") and len(weights) == 1:
        entry = Entry(weights[0].name, "weight", weights[0].name, weights[0].shape)
        return body, t.Name(t.Spelling(entry.name), Reference(entry))
    if is_value(body, "loss"):
        named = ", ".join(weight.name for weight in weights)
        raise UndecidableError(f"by what it is taken is not said: {named}", body.span)
    return loss_name(setting), body


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
    for each in _terms(tree, setting):
        found = value(tree.body, each)
        total = found if total is None else _entrywise(np.add, total, found, "added", tree.body)
    return mpmath.mpf(0) if total is None else total


def _terms(tree: t.IndexSum, setting: Setting) -> list[Setting]:
    """The settings of the terms of a sum."""
    if setting.world.network.per_sample and is_over_samples(tree):
        return terms(tree, setting)
    return [setting.with_indices(numbers) for numbers in ranges(tree, setting, value)]


@_value.register
def _(tree: t.Extremum, setting: Setting) -> Numeric:
    return extremum(tree, setting, value)


@_value.register
def _(tree: t.Indexed, setting: Setting) -> Numeric:
    if tree.indices == ("+",):
        return _positive(value(tree.body, setting), setting)
    constant = t.bare(tree.body)
    if isinstance(constant, t.Constant) and constant.symbol in SIZED and len(tree.indices) == 1:
        (size,) = tree.indices  # 1_n is the column of n ones
        sizes = [part.strip() for part in size.split(r"\times")]
        if all(each.isdigit() or each in setting.world.point.sizes for each in sizes):
            return _sized(constant.symbol, size, setting)
        if size not in setting.indices:
            return value(constant, setting)
    brackets = t.Name(t.Spelling("(...)"), span=tree.span)
    rated = t.bare(tree.body)
    if isinstance(rated, t.Rate) and not shape_of(value(rated.of, setting)):
        setting = setting.in_layout("gradient")  # an entry of dL/dW is dL/dW_ij for everybody
    return entry_of(value(tree.body, setting), tree.indices, brackets, setting)


def _positive(found: Numeric, setting: Setting) -> Numeric:
    """The positive part of a number or of every entry, `(1 - m)_+`."""
    zero = setting.world.arithmetic.number(0)
    return np.frompyfunc(lambda entry: entry if entry > 0 else zero, 1, 1)(found)


@_value.register
def _(tree: t.Entries, setting: Setting) -> Numeric:
    return entries(tree, setting, value)


@_value.register
def _(tree: t.Inner, setting: Setting) -> Numeric:
    left, right = value(tree.left, setting), value(tree.right, setting)
    products = _entrywise(np.multiply, left, right, "multiplied entry by entry", tree)
    return products.sum() if shape_of(products) else products


@_value.register
def _(tree: t.Bars, setting: Setting) -> Numeric:
    found = value(tree.body, setting)
    name = BARS.get(tree.brackets) or NORMS.get(tree.subscript)
    if name is None:
        raise UndecidableError("this norm", tree.span)
    return called(name, [found], setting, span=tree.span)


BARS = {"||": "absolute", DETERMINANT: "determinant"}
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
