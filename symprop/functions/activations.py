"""Elementwise functions: each entry is the whole of what symprop knows about it.

Derivatives are written as a person would fold them: sigma' = sigma(1 - sigma).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import HadamardPower, Piecewise, S

from symprop.functions.classes import as_expression, f, is_matrix, u
from symprop.functions.vocabulary import Code, Elementwise

exp = Elementwise(
    name="exp",
    value=sympy.exp(u),
    derivative=f,
    latex=r"e^{{{}}}",
    numpy=Code("np.exp({})"),
    python=Code("math.exp({})"),
    sympy_class=sympy.exp,
)

tanh = Elementwise(
    name="tanh",
    value=sympy.tanh(u),
    derivative=1 - f**2,
    latex=r"\tanh\left({}\right)",
    numpy=Code("np.tanh({})"),
    python=Code("math.tanh({})"),
    sympy_class=sympy.tanh,
)

sigmoid = Elementwise(
    name="sigmoid",
    value=1 / (1 + sympy.exp(-u)),
    derivative=f * (1 - f),
    latex=r"\sigma\left({}\right)",
    numpy=Code(
        "sigmoid({})",
        '''
def sigmoid(z):
    """1/(1 + exp(-z)), entry by entry, without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
''',
    ),
    python=Code(
        "sigmoid({})",
        '''
def sigmoid(z):
    """1/(1 + exp(-z)), without overflow."""
    e = math.exp(-abs(z))
    return (1.0 if z >= 0 else e) / (1.0 + e)
''',
    ),
)

softplus = Elementwise(
    name="softplus",
    value=sympy.log(1 + sympy.exp(u)),
    derivative=sigmoid(u),
    latex=r"\log\left(1 + e^{{{}}}\right)",
    numpy=Code("np.logaddexp(0, {})"),
    python=Code(
        "softplus({})",
        '''
def softplus(z):
    """log(1 + exp(z)), without overflow."""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))
''',
    ),
)

unit_step = Elementwise(
    name="unit_step",
    value=Piecewise((1, u > 0), (0, True)),
    derivative=S.Zero,
    latex=r"\left[{} > 0\right]",
    numpy=Code("np.heaviside({}, 0)"),
    python=Code("{} > 0"),
    kink=u,
)
"""1 where the argument is positive, else 0: the derivative of relu, 0 at 0."""

relu = Elementwise(
    name="relu",
    value=Piecewise((u, u > 0), (0, True)),
    derivative=unit_step(u),
    latex=r"\operatorname{{relu}}\left({}\right)",
    numpy=Code("np.maximum({}, 0)"),
    python=Code("max({}, 0.0)"),
    kink=u,
)

log = Elementwise(
    name="log",
    value=sympy.log(u),
    derivative=1 / u,
    latex=r"\log\left({}\right)",
    numpy=Code("np.log({})"),
    python=Code("math.log({})"),
    sympy_class=sympy.log,
    stable={"exp": u, "sigmoid": -softplus(-u)},
    domain=u,
)


def sqrt(argument: Any) -> Any:
    """The square root of a scalar or of every entry of a matrix: the power 1/2."""
    argument = as_expression(argument)
    return HadamardPower(argument, S.Half) if is_matrix(argument) else sympy.sqrt(argument)
