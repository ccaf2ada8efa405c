"""Formulas worked out in floats by NumPy alone: whether two of them really differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

import mpmath
import numpy as np

from symprop.derivation import derive
from symprop.errors import PointError
from symprop.network import Network
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.echo import latex
from symprop.verification.worlds import PRECISION


def evaluated(tree: t.Tree, values: Mapping[str, Any]) -> Any:
    """A formula in floats, by NumPy; KeyError or TypeError for what this does not know."""
    return _RULES[type(tree)](tree, values)


def _name(tree: t.Name, values: Mapping[str, Any]) -> Any:
    assert tree.reference is not None and tree.reference.entry is not None
    found = values[tree.reference.entry.name]
    indices = [int(index) - 1 for index in tree.reference.indices if index.isdigit()]
    if len(indices) < len(tree.reference.indices):
        raise KeyError("an index that is a letter")
    if not indices:
        return found
    return found[tuple(indices)] if len(indices) == 2 else np.ravel(found)[indices[0]]


def _product(tree: t.Product, values: Mapping[str, Any]) -> Any:
    result = evaluated(tree.factors[0], values)
    for sign, factor in zip(tree.signs, tree.factors[1:], strict=True):
        other = evaluated(factor, values)
        number = np.ndim(result) == 0 or np.ndim(other) == 0
        if sign in (r"\odot", r"\circ") or number:
            if not number and np.shape(result) != np.shape(other):
                raise ValueError("shapes")
            result = result * other
        else:
            result = result @ other
        result = result[0, 0] if np.shape(result) == (1, 1) else result
    return result


def _sum(tree: t.Sum, values: Mapping[str, Any]) -> Any:
    parts = [evaluated(term, values) for term in tree.terms]
    if len({np.shape(p) for p in parts if np.shape(p)}) > 1:
        raise ValueError("shapes")
    return sum(-p if s == "-" else p for p, s in zip(parts, tree.signs, strict=True))


def _power(tree: t.Power, values: Mapping[str, Any]) -> Any:
    base = evaluated(tree.base, values)
    exponent = evaluated(tree.exponent, values)
    if np.ndim(base) and not tree.entrywise and base.shape[0] == base.shape[1]:
        return np.linalg.matrix_power(base, int(exponent))
    return base**exponent


def _transpose(tree: t.Transpose, values: Mapping[str, Any]) -> Any:
    found = evaluated(tree.body, values)
    return np.transpose(np.linalg.inv(found) if tree.inverted else found)


def _indexed(tree: t.Indexed, values: Mapping[str, Any]) -> Any:
    return np.ravel(evaluated(tree.body, values))[int(tree.indices[0]) - 1]


def _matrix(tree: t.Matrix, values: Mapping[str, Any]) -> Any:
    return np.array([[evaluated(entry, values) for entry in row] for row in tree.rows])


def _indicator(tree: t.Indicator, values: Mapping[str, Any]) -> Any:
    left, right = (evaluated(side, values) for side in tree.condition.sides)  # type: ignore[attr-defined]
    return np.asarray((left > right) * 1.0)


def _sigma(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    r"\sigma": _sigma,
    r"\tanh": np.tanh,
    r"\exp": np.exp,
    r"\log": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
}


def _softmax(u: Any) -> Any:
    return np.exp(u) / np.sum(np.exp(u))


FUNCTIONS[r"\operatorname{softmax}"] = _softmax
FUNCTIONS[r"\operatorname{sign}"] = np.sign


def _any(name: str, others: list[Any]) -> Callable[[Any], Any]:
    """Some smooth function in the place of one without a formula."""
    rng = Random(name)
    height, pace, phase = (rng.uniform(0.5, 1.5) for _ in range(3))
    return lambda u: height * np.sin(pace * u + phase + sum(np.sum(other) for other in others))


def _call(tree: t.Call, values: Mapping[str, Any]) -> Any:
    head = tree.head.body if isinstance(tree.head, t.Primed) else tree.head
    arguments = [evaluated(argument, values) for argument in tree.arguments]
    function = FUNCTIONS.get(latex(head)) or _any(latex(head), arguments[1:])
    argument = arguments[0]
    if isinstance(tree.head, t.Primed):
        return (function(argument + 1e-6) - function(argument - 1e-6)) / 2e-6
    return function(argument)


_RULES: dict[type[t.Tree], Callable[[Any, Mapping[str, Any]], Any]] = {
    t.Name: _name,
    t.Number: lambda tree, values: float(tree.text),
    t.Group: lambda tree, values: evaluated(tree.body, values),
    t.Sum: _sum,
    t.Product: _product,
    t.Fraction: lambda tree, v: evaluated(tree.above, v) / evaluated(tree.below, v),
    t.Power: _power,
    t.Transpose: _transpose,
    t.Call: _call,
    t.Indexed: _indexed,
    t.Matrix: _matrix,
    t.Indicator: _indicator,
    t.Root: lambda tree, values: np.sqrt(evaluated(tree.body, values)),
}


def differ(one: t.Tree, other: t.Tree, values: Mapping[str, Any]) -> bool | None:
    """Whether two formulas differ at a point; None where that is not known.

    A formula of which the shapes do not fit differs from every other one.
    """
    try:
        right = evaluated(one, values)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError):
        return None
    try:
        wrong = evaluated(other, values)
    except ValueError:
        return True
    except (KeyError, TypeError, ZeroDivisionError, AttributeError):
        return None
    if np.ndim(right) and np.shape(right) == np.shape(wrong)[::-1] != np.shape(wrong):
        return None if np.allclose(right, np.transpose(wrong)) else True  # another layout
    if np.shape(right) != np.shape(wrong):
        return True
    scale = np.max(np.abs(right)) + np.max(np.abs(wrong))
    distance = np.max(np.abs(np.asarray(right) - np.asarray(wrong)))
    if not np.isfinite(distance) or 0 < distance <= 1e-5 * scale:
        return None
    return bool(distance > 0)


def point(network: Network) -> dict[str, Any]:
    """A value for every name of a network, upstream gradients among them, as floats."""
    with mpmath.workdps(PRECISION):
        world = next(iter(Points(network)))
        deltas = {}
        for upstream in derive(network).upstreams:
            with suppress(KeyError, PointError):
                deltas[upstream.delta.name] = _floats(world.upstream(upstream.delta.name))
        deltas |= {f"delta_{name}": _floats(value) for name, value in world.gradients.items()}
    values = {name: _floats(value) for name, value in world.values.items()}
    sizes = {name: float(size) for name, size in world.point.sizes.items()}
    return {**values, **deltas, **sizes, "eta": 0.37}


def _floats(value: Any) -> Any:
    return value.astype(float) if isinstance(value, np.ndarray) else float(value)
