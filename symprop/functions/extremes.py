"""The largest and the smallest entry of columns or rows, and where they stand."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Piecewise

from symprop.functions.classes import u
from symprop.functions.vocabulary import AlongAxis, Code


def _first(z: list[Expr], largest: bool) -> list[Expr]:
    """1 for the first largest (smallest) entry, else 0."""
    sign = 1 if largest else -1
    found = []
    for place, entry in enumerate(z):
        before = [sign * entry > sign * other for other in z[:place]]
        after = [sign * entry >= sign * other for other in z[place + 1 :]]
        found.append(Piecewise((1, And(*before, *after)), (0, True)))
    return found


def _one_hot(name: str, which: str) -> Code:
    return Code(
        f"{name}({{}}, axis={{axis}})",
        f'''
def {name}(z, axis):
    """1 at the first {which} entry along an axis, else 0."""
    places = np.expand_dims(np.{name.removesuffix("_one_hot")}(z, axis=axis), axis)
    found = np.zeros_like(z)
    np.put_along_axis(found, places, 1, axis=axis)
    return found
''',
    )


argmax_one_hot = AlongAxis(
    name="argmax_one_hot",
    value=lambda z: _first(z, largest=True),
    of_equals=None,
    pull=None,
    reduces=False,
    latex=r"\operatorname{{one\,hot}}\left(\arg\max {}\right)",
    numpy=_one_hot("argmax_one_hot", "largest"),
)

argmin_one_hot = AlongAxis(
    name="argmin_one_hot",
    value=lambda z: _first(z, largest=False),
    of_equals=None,
    pull=None,
    reduces=False,
    latex=r"\operatorname{{one\,hot}}\left(\arg\min {}\right)",
    numpy=_one_hot("argmin_one_hot", "smallest"),
)

amax = AlongAxis(
    name="amax",
    value=lambda z: [sympy.Max(*z)],
    of_equals=u,
    pull=lambda g, f, total, of: g * of(argmax_one_hot),
    reduces=True,
    latex=r"\max\left({}\right)",
    numpy=Code("np.max({}, axis={axis})"),
    kink=argmax_one_hot,
    note="Of equal largest entries, amax takes the first, also in its derivative.",
)
"""The largest entry; the first of equal ones takes the gradient."""

amin = AlongAxis(
    name="amin",
    value=lambda z: [sympy.Min(*z)],
    of_equals=u,
    pull=lambda g, f, total, of: g * of(argmin_one_hot),
    reduces=True,
    latex=r"\min\left({}\right)",
    numpy=Code("np.min({}, axis={axis})"),
    kink=argmin_one_hot,
    note="Of equal smallest entries, amin takes the first, also in its derivative.",
)
"""The smallest entry; the first of equal ones takes the gradient."""
