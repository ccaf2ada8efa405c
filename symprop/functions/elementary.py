"""The elementary functions: exponentials, logarithms, roots, trigonometric functions."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import HadamardPower, S

from symprop.functions.activations import log_softplus, softplus
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

expm1 = Elementwise(
    name="expm1",
    value=sympy.exp(u) - 1,
    derivative=f + 1,
    latex=r"\left(e^{{{}}} - 1\right)",
    numpy=Code("np.expm1({})"),
    python=Code("math.expm1({})"),
)
"""exp(u) - 1, whose digits are right where u is small."""

log = Elementwise(
    name="log",
    value=sympy.log(u),
    derivative=1 / u,
    latex=r"\log\left({}\right)",
    numpy=Code("np.log({})"),
    python=Code("math.log({})"),
    sympy_class=sympy.log,
    stable={"exp": u, "sigmoid": -softplus(-u), "softplus": log_softplus(u)},
    domain=u,
)

log1p = Elementwise(
    name="log1p",
    value=sympy.log(1 + u),
    derivative=1 / (1 + u),
    latex=r"\log\left(1 + {}\right)",
    numpy=Code("np.log1p({})"),
    python=Code("math.log1p({})"),
    domain=1 + u,
)
"""log(1 + u), whose digits are right where u is small."""

sin = Elementwise(
    name="sin",
    value=sympy.sin(u),
    derivative=sympy.cos(u),
    latex=r"\sin\left({}\right)",
    numpy=Code("np.sin({})"),
    python=Code("math.sin({})"),
    sympy_class=sympy.sin,
)

cos = Elementwise(
    name="cos",
    value=sympy.cos(u),
    derivative=-sympy.sin(u),
    latex=r"\cos\left({}\right)",
    numpy=Code("np.cos({})"),
    python=Code("math.cos({})"),
    sympy_class=sympy.cos,
)

tan = Elementwise(
    name="tan",
    value=sympy.tan(u),
    derivative=1 + f**2,
    latex=r"\tan\left({}\right)",
    numpy=Code("np.tan({})"),
    python=Code("math.tan({})"),
    sympy_class=sympy.tan,
)

atan = Elementwise(
    name="atan",
    value=sympy.atan(u),
    derivative=1 / (1 + u**2),
    latex=r"\arctan\left({}\right)",
    numpy=Code("np.arctan({})"),
    python=Code("math.atan({})"),
    sympy_class=sympy.atan,
)

sinh = Elementwise(
    name="sinh",
    value=sympy.sinh(u),
    derivative=sympy.cosh(u),
    latex=r"\sinh\left({}\right)",
    numpy=Code("np.sinh({})"),
    python=Code("math.sinh({})"),
    sympy_class=sympy.sinh,
)

cosh = Elementwise(
    name="cosh",
    value=sympy.cosh(u),
    derivative=sympy.sinh(u),
    latex=r"\cosh\left({}\right)",
    numpy=Code("np.cosh({})"),
    python=Code("math.cosh({})"),
    sympy_class=sympy.cosh,
)


def sqrt(argument: Any) -> Any:
    """The square root of a scalar or of every entry of a matrix: the power 1/2."""
    argument = as_expression(argument)
    return HadamardPower(argument, S.Half) if is_matrix(argument) else sympy.sqrt(argument)
