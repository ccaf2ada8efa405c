"""What to write instead of what is not read: the second line of a refusal.

Each way out is code that works, for an argument `u` where there is one; tests hold it against
SymPy's own value.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from symprop.functions import __all__ as FUNCTIONS

FORMULAS: Mapping[str, str] = {
    "sec": "1/cos(u)",
    "csc": "1/sin(u)",
    "cot": "1/tan(u)",
    "sech": "1/cosh(u)",
    "csch": "1/sinh(u)",
    "coth": "1/tanh(u)",
    "asin": "atan(u/sqrt(1 - u**2))",
    "acos": "pi/2 - atan(u/sqrt(1 - u**2))",
    "acot": "atan(1/u)",
    "asinh": "log(u + sqrt(u**2 + 1))",
    "acosh": "log(u + sqrt(u**2 - 1))",
    "atanh": "log((1 + u)/(1 - u))/2",
    "sinc": "sin(u)/u",
}
"""Functions of one number outside the vocabulary, in terms of it."""

UNEVALUATED = ("Integral", "Derivative", "Limit", "Subs", "UnevaluatedExpr")
"""Classes that stand for something still to be worked out."""

ROUNDING = "its derivative is 0 or undefined: leave it out, and round what the emitted code gives"
ALONE = "a step is one expression: declare a step for each"
ARRAYS = "write it in matrices, which have two axes: MatrixSymbol, Matrix([[...]]), vstack, hstack"

CLASSES: Mapping[str, str] = {
    "Piecewise": "write relu, leaky_relu, maximum(a, b) or minimum(a, b); for f where u > v, "
    "else g: g + unit_step(u - v)*(f - g)",
    "Heaviside": "write unit_step(x), which is 0 at 0, or relu(x) for x*Heaviside(x)",
    "DiracDelta": "leave it out: symprop takes the slope of a jump as 0",
    "floor": ROUNDING,
    "ceiling": ROUNDING,
    "frac": ROUNDING,
    "Mod": ROUNDING,
    "im": "leave it out: everything is real here",
    "arg": "leave it out: everything is real here",
    "Adjoint": "matrices are real here: write A.T for it, and absolute(A) for SymPy's Abs(A)",
    "KroneckerProduct": "write B*X*A.T for KroneckerProduct(A, B) on the columns of X, or stack "
    "its blocks: vstack(hstack(A[0, 0]*B, A[0, 1]*B), ...)",
    "KroneckerDelta": "write 1 or 0 for it, or the entry Identity(n)[i, j]",
    "MatrixPermute": "write P*A with a constant P, such as Matrix([[0, 1], [1, 0]])*A",
    "PermutationMatrix": "write it as a constant matrix, such as Matrix([[0, 1], [1, 0]])",
    "Product": "write exp(total(log(x))) for a product of positive entries",
    "DotProduct": "write dot(a, b)",
    "Indexed": 'declare MatrixSymbol("w", N, 1) and write w[0, 0], or dot(w, x) for a sum over it',
    "IndexedBase": 'declare MatrixSymbol("w", N, 1)',
    "Lambda": 'name it with f = define("f", lambda u: ...) and write f(x)',
    "Equality": "give the expression itself; squared_error(a, b) penalises a difference",
    "Tuple": ALONE,
    "Dict": ALONE,
    "FiniteSet": ALONE,
    "Poly": "write p.as_expr()",
    "Order": "leave it out: write e.removeO()",
    **dict.fromkeys(UNEVALUATED, "write .doit() behind it, or give it in closed form"),
    **dict.fromkeys(("ImmutableDenseNDimArray", "ArraySymbol", "ArrayElement"), ARRAYS),
    **{name: f"write {formula} for {name}(u)" for name, formula in FORMULAS.items()},
}
"""What to write instead, by the name of SymPy's class."""


def way_out(expression: Any) -> str:
    """What to write instead of an expression whose class is not read."""
    name = getattr(type(expression), "__name__", "object")
    if name in CLASSES:
        return CLASSES[name]
    if isinstance(expression, Boolean):
        return "unit_step(u - v) is the number 1 where u > v, else 0"
    if not isinstance(expression, sympy.Expr):
        return "use symbols, MatrixSymbol and numbers"
    close = get_close_matches(name.lower(), FUNCTIONS, n=1, cutoff=0.75)
    if close:
        return f"did you mean {close[0]}?"
    if isinstance(expression, sympy.Function):
        return 'define("f", lambda u: ...) makes a function of a formula, function("f") without one'
    return "symprop.__all__ lists what is"
