"""Calls: of functions, of steps that are written as functions, of derivatives of both.

What works out the arguments is handed over as `value`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from symprop.expression import nodes
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import leaves, walk
from symprop.verification.meaning.calls import ALONG_AXIS, called, slope_of
from symprop.verification.meaning.names import axes_of, chosen, entry_of, split
from symprop.verification.meaning.rates import rate
from symprop.verification.meaning.setting import (
    MisfitError,
    Setting,
    UndecidableError,
    shape_of,
    shape_text,
)
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.substitution import with_names
from symprop.verification.worlds import Numeric

Value = Callable[[t.Tree, Setting], Numeric]
"""What gives a tree its value in a setting."""


def is_function(name: t.Name) -> bool:
    """Whether a name stands for a function."""
    entry = None if name.reference is None else name.reference.entry
    return entry is not None and entry.kind == "function"


def call(tree: t.Call, setting: Setting, value: Value) -> Numeric:
    """The value of a call."""
    head: t.Tree = tree.head
    order = 0
    if isinstance(head, t.Rate):
        return _rate_at(head, tree, setting, value)
    if isinstance(head, t.Primed):
        order, head = head.order, head.body
    if not isinstance(head, t.Name) or head.reference is None:
        raise UndecidableError("this function is not declared", tree.head.span)
    entry = chosen(head.reference, head, setting)[0]
    if entry.definition is not None and entry.kind == "function":
        return _defined(entry, tree, order, setting, value)
    if entry.kind in ("step", "loss") and order:
        return _slope_of_step(entry, tree, order, setting, value)
    if entry.kind in ("step", "loss"):
        return _step_at(entry, tree, setting, value)
    if isinstance(tree.head, t.Name) and entry.name in ALONG and len(tree.arguments) == 1:
        whole = _column_of(tree.arguments[0])
        if whole is not None:
            setting.note(f"{entry.name} of an entry is that entry of the {entry.name} of all")
            found = called(entry.name, [value(whole[0], setting)], setting, 0, tree.span)
            return entry_of(found, whole[1], whole[0], setting)
    arguments = [value(argument, setting) for argument in tree.arguments]
    return called(entry.name, arguments, setting, order, tree.span)


@dataclass(frozen=True)
class Given(t.Tree):
    """A value in the place of a parameter, in the definition of a function."""

    value: Any = field(compare=False)


def _defined(entry: Entry, tree: t.Call, order: int, setting: Setting, value: Value) -> Numeric:
    """A function that the text defines, or its derivative."""
    arguments = [value(argument, setting) for argument in tree.arguments]
    definition, parameters = entry.definition, entry.parameters
    if definition is None or len(parameters) != len(arguments) or (order and len(arguments) > 1):
        raise UndecidableError(f"{entry.name} is not defined for this", tree.span)

    def function(*given: Numeric) -> Numeric:
        known = dict(zip(parameters, map(Given, given), strict=True))
        return value(with_names(definition, lambda name: known.get(name.spelling)), setting)

    return slope_of(function, arguments[0], order) if order else function(*arguments)


ALONG = ("softmax", "log_softmax")
"""Functions of a whole column that are written with one entry of it."""


def _column_of(argument: t.Tree) -> tuple[t.Name, tuple[str, ...]] | None:
    """The column that an argument is one entry of, and which one; None where it is none."""
    name = t.bare(argument)
    if not isinstance(name, t.Name) or name.reference is None or name.reference.entry is None:
        return None
    entry = name.reference.entry
    indices, sample = split(entry, name.reference.indices)
    if len(indices) != 1 or len(axes_of(entry)) != 1:
        return None
    reference = replace(name.reference, indices=(sample,) if sample else ())
    return replace(name, reference=reference), indices


def _step_at(entry: Entry, tree: t.Call, setting: Setting, value: Value) -> Numeric:
    """A step that is written as a function: its value, where what stands there leads to it.

    Of something else it is worked out there: s(x) is sigmoid(x) where s = sigmoid(beta) is declared
    and x is not.
    """
    below = setting.world.below(entry.name)
    if all(_leads_to(below, argument) for argument in tree.arguments):
        return setting.values[entry.name]
    function = _function_of_step(entry, setting)
    if function is None and all(_leads_to(below, a) or _is_free(a) for a in tree.arguments):
        return setting.values[entry.name]  # f(x, w), where x0, x1, ... are declared
    if function is None or len(tree.arguments) != 1:
        raise UndecidableError(f"{entry.name} is not declared as a function of this", tree.span)
    given = value(tree.arguments[0], setting)
    if shape_of(given) != shape_of(setting.values[entry.name]):
        raise MisfitError(f"{entry.name} is no function of {shape_text(given)}", tree.span)
    return function(given)


def _is_free(tree: t.Tree) -> bool:
    name = t.bare(tree)
    return isinstance(name, t.Name) and name.reference is None


def _leads_to(below: set[str], argument: t.Tree) -> bool:
    """Whether an argument is one of some names, or a step of these that is written as a call."""
    body = t.bare(argument)
    body = body.head if isinstance(body, t.Call) else body
    reference = body.reference if isinstance(body, t.Name) else None
    entries = () if reference is None else (reference.entry, *(e for _, e in reference.members))
    return any(entry is not None and entry.name in below for entry in entries)


def _rate_at(head: t.Rate, tree: t.Call, setting: Setting, value: Value) -> Numeric:
    r"""The derivative of a function at its arguments: `\frac{\partial l}{\partial h}(h, y)`."""
    by = t.bare(head.by)
    places = [k for k, argument in enumerate(tree.arguments) if t.bare(argument) == by]
    function = head.of
    if not isinstance(function, t.Name) or not is_function(function) or len(places) != 1:
        raise UndecidableError("a derivative of a function by none of its arguments", tree.span)
    arguments = [value(argument, setting) for argument in tree.arguments]
    assert function.reference is not None and function.reference.entry is not None  # a function
    name = function.reference.entry.name

    def at(argument: Numeric) -> Numeric:
        given = [*arguments[: places[0]], argument, *arguments[places[0] + 1 :]]
        return called(name, given, setting, span=tree.span)

    here = arguments[places[0]]
    if name in ALONG_AXIS:  # something is noted of it each time
        return _slope_at(at, here, tree)
    slope = partial(_slope_at, at, here, tree)
    return setting.world.slope_at(name, places[0], arguments, slope)


def _slope_at(function: Callable[[Numeric], Numeric], here: Numeric, tree: t.Call) -> Numeric:
    """The derivative of a function of numbers, or of a number by the entries of a matrix."""
    if not shape_of(here):
        return slope_of(function, here, 1)
    if shape_of(function(here)):
        raise UndecidableError("a Jacobian at arguments", tree.span)
    found = np.empty(here.shape, dtype=object)
    for index in np.ndindex(here.shape):

        def along(entry: Numeric, index: tuple[int, ...] = index) -> Numeric:
            moved = here.copy()
            moved[index] = entry
            return function(moved)

        found[index] = slope_of(along, here[index], 1)
    return found


def _slope_of_step(
    entry: Entry, tree: t.Call, order: int, setting: Setting, value: Value
) -> Numeric:
    """The derivative of a step that is a function of one argument: s'(z) where s = tanh(z)."""
    function = _function_of_step(entry, setting)
    by = _by_one_of(entry, tree, setting, value) if function is None and order == 1 else None
    if by is not None:
        return rate(t.Name(t.Spelling(entry.name), Reference(entry)), by, "d", setting, value)
    if function is None or len(tree.arguments) != 1:
        raise UndecidableError(f"by what {entry.name} is differentiated is not said", tree.span)
    given = value(tree.arguments[0], setting)
    if shape_of(given) != shape_of(setting.values[entry.name]):
        raise MisfitError(f"{entry.name} is no function of {shape_text(given)}", tree.span)
    return slope_of(function, given, order)


def _by_one_of(entry: Entry, tree: t.Call, setting: Setting, value: Value) -> t.Name | None:
    """The argument, where it is one of those that a number depends on: E'(w)."""
    name = t.bare(tree.arguments[0]) if len(tree.arguments) == 1 else None
    if not isinstance(name, t.Name) or not _leads_to(setting.world.below(entry.name), name):
        return None
    return None if shape_of(setting.values[entry.name]) else name


def _function_of_step(entry: Entry, setting: Setting) -> Callable[[Numeric], Numeric] | None:
    """What a step makes of its argument, where that is one alone and it goes entry by entry."""
    world = setting.world
    node = world.network.steps[entry.name].node
    below = list(dict.fromkeys(leaf for leaf in leaves(node)))
    entrywise = all(isinstance(part, _ENTRY_BY_ENTRY) for part in walk(node))
    if len(below) != 1 or below[0].shape != node.shape or (node.shape and not entrywise):
        return None

    def function(argument: Numeric) -> Numeric:
        values = {**setting.values, below[0].name: argument}
        return evaluate(node, values, world.point.sizes, arithmetic=world.arithmetic)

    return function


_ENTRY_BY_ENTRY = (
    nodes.Apply, nodes.Sum, nodes.Product, nodes.Power,
    nodes.Leaf, nodes.Number, nodes.Constant, nodes.Ones,
)  # fmt: skip
