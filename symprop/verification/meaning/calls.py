"""Functions by their names: of the vocabulary, the user's own, unspecified.

A call is made of symbols first and read as the call of a network is, so that it means the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import isfinite
from typing import Any
from weakref import WeakKeyDictionary

import mpmath
import numpy as np
from sympy import MatrixSymbol, Symbol, preorder_traversal

from symprop.errors import DeclarationError, ShapeError, SympropError
from symprop.expression import Scope
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Along, Leaf, Node, Unspecified, walk
from symprop.functions.unspecified import Function, UnspecifiedFunction
from symprop.network import Network
from symprop.verification.meaning.setting import (
    MisfitError,
    NoValueError,
    Setting,
    UndecidableError,
    shape_of,
)
from symprop.verification.reading.errors import NOWHERE, Span
from symprop.verification.worlds import Numeric

KINKS = "{} is not at its kink, where it has no derivative"

GROWING = ("exp", "expm1", "sinh", "cosh")
"""Functions that grow as exponentials do."""
EXTRA = {"sec": "1/cos", "csc": "1/sin", "cot": "cos/sin", "coth": "cosh/sinh"}
EXTRA |= {"sech": "1/cosh", "csch": "1/sinh"}


def called(
    name: str, arguments: Sequence[Numeric], setting: Setting, order: int = 0, span: Span = NOWHERE
) -> Numeric:
    """A function of values, or its derivative of some order where it is one of one argument."""
    if order:
        declared = name in own_functions(setting.world.network)
        if len(arguments) != 1 and (declared or order > 1):
            raise UndecidableError(f"{name}' has {len(arguments)} arguments", span)
        if _has_kink(name, setting):
            setting.note(KINKS.format(name))
        return _differenced(name, arguments, setting, order, span)
    if name in EXTRA:
        above, below = EXTRA[name].split("/")
        over = mpmath.mpf(1) if above == "1" else called(above, arguments, setting, span=span)
        return over / called(below, arguments, setting, span=span)
    network = setting.world.network
    own, function = own_functions(network).get(name), function_of(name, network)
    if function is None:
        raise UndecidableError(
            f"{name} is no function of the network or of symprop",
            span,
            hint=f"declare it: activation({name!r}), function({name!r}), define({name!r}, ...)",
        )
    wanted = None if own is None else own.arguments
    if wanted is not None and wanted != len(arguments):
        known = f"{wanted} argument{'s' * (wanted > 1)}"
        raise UndecidableError(f"{name} has {known} in the network, not {len(arguments)}", span)
    if name == "diag" and len(arguments) == 1 and shape_of(arguments[0])[:1] == (1,):
        arguments = [arguments[0].T]  # of a row it is what it is of the column
    shapes = tuple(map(shape_of, arguments))
    try:
        if name in ALONG_AXIS and len(shapes) == 1:
            function = _along(function, name, shapes[0], setting)
        node, names = _node(function, shapes)
    except UndecidableError:
        raise
    except ShapeError as error:
        raise MisfitError(f"{name} does not take this: {error.message}", span) from error
    except SympropError as error:
        raise UndecidableError(f"{name} does not take this: {error.message}", span) from error
    except (TypeError, ValueError) as error:
        raise UndecidableError(f"{name} does not take this: {error}", span) from error
    if name in GROWING:
        require_moderate(arguments[0])
    values = dict(zip(names, arguments, strict=True))
    return evaluate(node, values, {}, arithmetic=setting.world.arithmetic)


def _differenced(
    name: str, arguments: Sequence[Numeric], setting: Setting, order: int, span: Span
) -> Numeric:
    """A derivative by the first argument entry by entry, of any order, by central differences."""
    argument, *others = arguments
    return slope_of(
        lambda moved: called(name, [moved, *others], setting, span=span), argument, order
    )


def slope_of(function: Callable[[Numeric], Numeric], argument: Numeric, order: int) -> Numeric:
    """The derivative of a function that goes entry by entry, of any order."""
    far = mpmath.mpf(10) ** -(mpmath.mp.dps // 4)  # how far the argument is moved
    total: Any = 0
    for place in range(order + 1):
        weight = mpmath.binomial(order, place) * (-1) ** place
        total = total + weight * function(argument + (order - 2 * place) * far)
    return total / (2 * far) ** order


def _has_kink(name: str, setting: Setting) -> bool:
    function = function_of(name, setting.world.network)
    entry = getattr(function, "entry", function)
    return getattr(entry, "kink", None) is not None


def function_of(name: str, network: Network) -> Callable[..., Any] | None:
    """A function of a network or of the vocabulary by its name."""
    own = own_functions(network).get(name)
    return _of_vocabulary(name) if own is None else own.call


ALONG_AXIS = ("softmax", "log_softmax", "logsumexp")
"""Functions that a matrix is given to row by row or column by column."""


def _along(
    function: Callable[..., Any], name: str, shape: tuple[int, ...], setting: Setting
) -> Callable[..., Any]:
    """Such a function of a matrix: along the axis that the network has it along."""
    if len(shape) != 2 or 1 in shape:
        return function
    nodes = (part for step in setting.world.network.steps.values() for part in walk(step.node))
    axes = {p.axis for p in nodes if isinstance(p, Along) and p.entry.name == name}
    if len(axes) != 1:
        raise UndecidableError(f"along which axis {name} goes is not said")
    (axis,) = axes
    setting.note(f"{name} goes along each {'column' if axis == 0 else 'row'}")
    return _with_axis(function, axis)


@cache
def _with_axis(function: Callable[..., Any], axis: int) -> Callable[..., Any]:
    return lambda argument: function(argument, axis=axis)


@cache
def _of_vocabulary(name: str) -> Callable[..., Any] | None:
    return getattr(import_module("symprop.functions"), name, None)


@dataclass(frozen=True)
class Own:
    """A function of a network itself; `arguments` is how many it has, None where that may vary."""

    call: Callable[..., Any]
    arguments: int | None = None


_OWN: WeakKeyDictionary[Network, tuple[int, dict[str, Own]]] = WeakKeyDictionary()
"""What was found in networks, and how many steps they had then."""


def own_functions(network: Network) -> dict[str, Own]:
    """The functions that are not of the vocabulary, by their names, as they are called."""
    steps, found = _OWN.get(network, (-1, {}))
    if steps != len(network.steps):
        found = dict(_own(network))
        _OWN[network] = len(network.steps), found
    return found


def _own(network: Network) -> Iterator[tuple[str, Own]]:
    for step in network.steps.values():
        for part in (*map(type, preorder_traversal(step.expression)), *walk(step.node)):
            entry = getattr(part, "entry", None)
            if isinstance(entry, UnspecifiedFunction):
                if isinstance(part, Unspecified) and not entry.by:
                    function = Function(entry, part.value_shape)
                    yield entry.symbol, Own(function, len(part.children))
            elif callable(entry) and not isinstance(entry, property):
                yield getattr(entry, "symbol", getattr(entry, "name", "")), Own(entry)


@cache
def _node(
    function: Callable[..., Any], shapes: tuple[tuple[int, ...], ...]
) -> tuple[Node, tuple[str, ...]]:
    """A call of placeholders in canonical form, and the names of these."""
    names = tuple(f"argument_{place}" for place in range(len(shapes)))
    symbols = [
        MatrixSymbol(name, *shape) if shape else Symbol(name, real=True)
        for name, shape in zip(names, shapes, strict=True)
    ]
    leaves = {
        name: Leaf(name, shape, "input", rank)
        for rank, (name, shape) in enumerate(zip(names, shapes, strict=True))
    }
    scope = Scope(leaves, {}, lambda name: DeclarationError(f"{name} is not declared"))
    return scope.read(function(*symbols)), names


LARGEST_EXPONENT = 10**6


def require_moderate(exponent: Numeric) -> None:
    """NoValueError for an exponent of which the power is beyond all numbers worked with."""
    entries = exponent.flat if isinstance(exponent, np.ndarray) else (exponent,)
    if any(abs(entry) > LARGEST_EXPONENT for entry in entries):
        raise NoValueError("a power is too large")


def entrywise_power(base: Numeric, exponent: Numeric, setting: Setting) -> Numeric:
    """A power entry by entry."""
    require_moderate(exponent)
    return setting.world.arithmetic.power(base, exponent)


def is_finite(value: Numeric) -> bool:
    """Whether all entries are real and finite numbers."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return bool(np.isfinite(value).all())
    entries = value.flat if isinstance(value, np.ndarray) else (value,)
    return all(map(_is_finite_number, entries))


def _is_finite_number(entry: Any) -> bool:
    if type(entry) is mpmath.mpf:
        _, mantissa, exponent, _ = entry._mpf_
        return bool(mantissa or not exponent)  # no number and the infinities have an exponent alone
    return isinstance(entry, (int, float)) and isfinite(entry)
