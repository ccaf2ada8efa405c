"""Activation functions: each entry is the whole of what symprop knows about it.

Derivatives are written as a person would fold them: sigma' = sigma(1 - sigma).
"""

from __future__ import annotations

import sympy
from sympy import Piecewise, Rational, S, Symbol

from symprop.functions.classes import f, u
from symprop.functions.piecewise import minimum, unit_step
from symprop.functions.vocabulary import Code, Elementwise

slope, alpha, beta = (Symbol(name, real=True) for name in ("slope", "alpha", "beta"))

tanh = Elementwise(
    name="tanh",
    value=sympy.tanh(u),
    derivative=1 - f**2,
    latex=r"\tanh\left({}\right)",
    numpy=Code("np.tanh({})"),
    python=Code("math.tanh({})"),
    sympy_class=sympy.tanh,
)

SIGMOID_OF_ARRAYS = '''
def sigmoid(z, out=None, e=None):
    """1/(1 + exp(-z)), entry by entry, without overflow."""
    power = np.exp(np.negative(np.abs(z, out=e), out=e), out=e)
    top = np.maximum(np.greater_equal(z, 0, out=out), power, out=out)  # 1 or exp(z)
    return np.divide(top, np.add(power, 1, out=e), out=out)
'''

sigmoid = Elementwise(
    name="sigmoid",
    value=1 / (1 + sympy.exp(-u)),
    derivative=f * (1 - f),
    latex=r"\sigma\left({}\right)",
    numpy=Code("sigmoid({})", SIGMOID_OF_ARRAYS, takes_out=True, scratch=("e",)),
    python=Code("1.0 / (1.0 + math.exp(-{0})) if {0} > -700.0 else math.exp({0})"),
)

softplus = Elementwise(
    name="softplus",
    value=sympy.log(1 + sympy.exp(u)),
    derivative=sigmoid(u),
    latex=r"\log\left(1 + e^{{{}}}\right)",
    numpy=Code("np.logaddexp(0, {})"),
    python=Code("{0} + math.log1p(math.exp(-{0})) if {0} > 0.0 else math.log1p(math.exp({0}))"),
)

log_softplus = Elementwise(
    name="log_softplus",
    value=sympy.log(softplus.value),
    derivative=sympy.exp(-softplus(-u) - f),
    latex=r"\log\log\left(1 + e^{{{}}}\right)",
    numpy=Code(
        "log_softplus({})",
        '''
def log_softplus(z):
    """log(log(1 + exp(z))), entry by entry; far below 0 that is z."""
    return np.where(z < -37, z, np.log(np.logaddexp(0, np.maximum(z, -37))))
''',
    ),
    python=Code(
        "log_softplus({})",
        '''
def log_softplus(z):
    """log(log(1 + exp(z))); far below 0 that is z."""
    return z if z < -37 else math.log(max(z, 0.0) + math.log1p(math.exp(-abs(z))))
''',
    ),
)
"""The logarithm of softplus, which alone would be 0 there."""

leaky_step = Elementwise(
    name="leaky_step",
    value=Piecewise((1, u > 0), (slope, True)),
    derivatives=(S.Zero, 1 - unit_step(u)),
    arguments=(u, slope),
    latex=r"\operatorname{{prelu}}'\left({}\right)",
    numpy=Code(
        "leaky_step({})",
        '''
def leaky_step(z, slope):
    """1 where z is positive, else slope, entry by entry."""
    return np.where(z > 0, np.ones_like(z), slope)
''',
    ),
    python=Code("1.0 if {0} > 0.0 else {1}"),
    kink=u,
    note="leaky_step jumps at 0; it is the slope there.",
)
"""1 where the first argument is positive, else the second: the derivative of prelu."""

prelu = Elementwise(
    name="prelu",
    value=Piecewise((u, u > 0), (slope * u, True)),
    derivatives=(leaky_step(u, slope), minimum(u, S.Zero)),
    arguments=(u, slope),
    latex=r"\operatorname{{prelu}}\left({}\right)",
    numpy=Code(
        "prelu({})",
        '''
def prelu(z, slope):
    """z where it is positive, else slope*z, entry by entry."""
    return np.where(z > 0, z, slope * z)
''',
    ),
    python=Code("{0} if {0} > 0.0 else {1} * {0}"),
    kink=u,
    note="prelu has no derivative at 0; its slope is taken there.",
)
"""At 0 the derivative by the argument is the slope."""

leaky_relu = Elementwise(
    name="leaky_relu",
    value=prelu.value,
    derivatives=prelu.derivatives,
    arguments=(u, slope),
    defaults={slope: Rational(1, 100)},
    latex=r"\operatorname{{leaky\,relu}}\left({}\right)",
    numpy=Code(
        "leaky_relu({})",
        '''
def leaky_relu(z, slope=0.01):
    """z where it is positive, else slope*z, entry by entry."""
    return np.where(z > 0, z, slope * z)
''',
    ),
    python=Code("{0} if {0} > 0.0 else {1} * {0}"),
    kink=u,
    note="leaky_relu has no derivative at 0; its slope is taken there.",
)
"""At 0 the derivative by the argument is the slope."""

elu = Elementwise(
    name="elu",
    value=Piecewise((u, u > 0), (alpha * (sympy.exp(u) - 1), True)),
    derivatives=(
        alpha * sympy.exp(minimum(u, S.Zero)) + (1 - alpha) * unit_step(u),
        sympy.exp(minimum(u, S.Zero)) - 1,
    ),
    arguments=(u, alpha),
    defaults={alpha: S.One},
    latex=r"\operatorname{{elu}}\left({}\right)",
    numpy=Code(
        "elu({})",
        '''
def elu(z, alpha=1.0):
    """z where it is positive, else alpha*(exp(z) - 1), entry by entry."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
''',
    ),
    python=Code(
        "elu({})",
        '''
def elu(z, alpha=1.0):
    """z where it is positive, else alpha*(exp(z) - 1)."""
    return z if z > 0 else alpha * math.expm1(z)
''',
    ),
    kink=u,
    note="elu has no derivative at 0 unless alpha is 1; alpha is taken there.",
)
"""At 0 the derivative by the argument is alpha."""

silu = Elementwise(
    name="silu",
    value=u / (1 + sympy.exp(-beta * u)),
    derivatives=(
        sigmoid(beta * u) + beta * f * (1 - sigmoid(beta * u)),
        u * f * (1 - sigmoid(beta * u)),
    ),
    arguments=(u, beta),
    defaults={beta: S.One},
    latex=r"\operatorname{{silu}}\left({}\right)",
    numpy=Code(
        "silu({})",
        '''
def silu(z, beta=1.0):
    """z*sigmoid(beta*z), entry by entry."""
    return z * sigmoid(beta * z)
''',
        needs={"sigmoid": SIGMOID_OF_ARRAYS},
    ),
    python=Code(
        "silu({})",
        '''
def silu(z, beta=1.0):
    """z*sigmoid(beta*z), without overflow."""
    e = math.exp(-abs(beta * z))
    return z * (1.0 if beta * z > 0 else e) / (1.0 + e)
''',
    ),
)

swish = silu
"""The other name of silu."""
