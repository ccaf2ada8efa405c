"""Functions of several pieces: steps, signs, the larger and the smaller of two.

What is taken where the pieces meet stands beside each: the slope of relu is 0 at 0, the larger of
two equal numbers is the first.
"""

from __future__ import annotations

import sympy
from sympy import Piecewise, S

from symprop.functions.classes import f, u, v
from symprop.functions.vocabulary import SYMPY_FUNCTIONS, Code, Elementwise

unit_step = Elementwise(
    name="unit_step",
    value=Piecewise((1, u > 0), (0, True)),
    derivative=S.Zero,
    latex=r"\left[{} > 0\right]",
    numpy=Code("np.heaviside({}, 0)"),
    python=Code("{} > 0"),
    kink=u,
    note="unit_step jumps at 0; it is 0 there, and so is its derivative.",
)
"""1 where the argument is positive, else 0: the derivative of relu, 0 at 0."""

relu = Elementwise(
    name="relu",
    value=Piecewise((u, u > 0), (0, True)),
    derivative=unit_step(u),
    latex=r"\operatorname{{relu}}\left({}\right)",
    numpy=Code("np.maximum({}, 0)"),
    python=Code("0.0 if {0} <= 0.0 else {0}"),
    kink=u,
    note="relu has no derivative at 0; 0 is taken there.",
)

sign = Elementwise(
    name="sign",
    value=sympy.sign(u),
    derivative=S.Zero,
    latex=r"\operatorname{{sign}}\left({}\right)",
    numpy=Code("np.sign({})"),
    python=Code("1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0"),
    sympy_class=sympy.sign,
    kink=u,
    note="sign jumps at 0; its derivative is taken as 0 there too.",
)

absolute = Elementwise(
    name="absolute",
    value=sympy.Abs(u),
    derivative=sign(u),
    latex=r"\left|{}\right|",
    numpy=Code("np.abs({})"),
    python=Code("abs({})"),
    kink=u,
    note="absolute has no derivative at 0; 0 is taken there.",
)

SYMPY_FUNCTIONS[sympy.Abs] = absolute  # read, not made: Abs takes its argument apart, matrices too

maximum = Elementwise(
    name="maximum",
    value=Piecewise((u, u >= v), (v, True)),
    derivatives=(1 - unit_step(v - u), unit_step(v - u)),
    arguments=(u, v),
    latex=r"\max\left({}\right)",
    numpy=Code("np.maximum({})"),
    python=Code("{1} if {1} > {0} else {0}"),
    kink=u - v,
    note="Of two equal arguments, maximum takes the first, also in its derivative.",
)
"""The larger of two; the first one at a tie, so that its derivative there is 1."""

minimum = Elementwise(
    name="minimum",
    value=Piecewise((u, u <= v), (v, True)),
    derivatives=(1 - unit_step(u - v), unit_step(u - v)),
    arguments=(u, v),
    latex=r"\min\left({}\right)",
    numpy=Code("np.minimum({})"),
    python=Code("{1} if {1} < {0} else {0}"),
    kink=u - v,
    note="Of two equal arguments, minimum takes the first, also in its derivative.",
)
"""The smaller of two; the first one at a tie, so that its derivative there is 1."""

direction = Elementwise(
    name="direction",
    value=Piecewise((0, sympy.Eq(v, 0)), (u / v, True)),
    derivatives=(1 / v, -f / v),
    arguments=(u, v),
    latex=r"\operatorname{{direction}}\left({}\right)",
    numpy=Code(
        "direction({})",
        '''
def direction(z, length):
    """z/length; 0 where the length is 0, in which case z is 0 too."""
    return np.divide(z, length, out=np.zeros_like(z), where=length > 0)
''',
    ),
    python=Code("{0} / {1} if {1} > 0.0 else 0.0"),
)
"""An entry of x/|x|, given |x|: the derivative of the norm, taken as 0 where x is 0."""
