"""What SymPy, NumPy and Python raise in a line of the user's, and what to write there."""

from __future__ import annotations

from collections.abc import Sequence

INSIDE = "rows and columns are counted from 0; a slice goes forwards and ends inside: A[0:2, :]"
FITTING = "transpose a factor, change the order, or use hadamard_product entry by entry"
SQUARE = "A.T*A is square; HadamardPower(A, p) acts entry by entry"
BLOCKS = "write vstack(hstack(A, B), hstack(C, D)), which says what does not fit"
DECISION = "write maximum(u, v), relu(u) or unit_step(u - v) instead of asking if u > v"
NETWORK = 'write Network("mlp", inputs=[x], targets=[y], weights=[w]); help(Network) lists all'
ENCODING = "save the file as text in UTF-8"
FUNCTIONS = "use the functions of symprop, not of math or NumPy"

HINTS: Sequence[tuple[str, str]] = (
    (
        "factor_terms",
        "SymPy takes this apart and fails: give its totals or traces steps of their own",
    ),
    ("hadamard_product __new__: Mix", "write w*A for a number times a matrix"),
    ("__rtruediv__", "write HadamardPower(A, -1) for 1/A entry by entry, or inverse(A)"),
    ("__rpow__", "write exp(log(b)*A), of symprop, for b to the power of every entry"),
    ("__abs__", "write absolute(A)"),
    ("is not comparable", "write maximum(a, b) or minimum(a, b), which act entry by entry"),
    ("Invalid indices", INSIDE),
    ("__getitem__ __new__", INSIDE),
    ("Single indexing", "write A[i, j] for an entry, A[i, :] for a row"),
    ("not aligned", FITTING),
    ("mismatching shape", FITTING),
    ("size mismatch", FITTING),
    ("non-square", SQUARE),
    ("is not a block matrix", BLOCKS),
    ("det == 0", "the matrix has no inverse; A + lam*Identity(n) may have one"),
    ("loop of ufunc", FUNCTIONS),
    ("__array__", FUNCTIONS),
    ("__float__", FUNCTIONS),
    ("truth value of Relational", DECISION),
    ("operand type(s) for @", "write w*x for scalars"),
    ("MatrixSymbol.__new__()", 'write MatrixSymbol("x", D, 1) for a column'),
    ("dimension specification", "sizes are whole numbers from 1 on, or symbols for them"),
    ("Network.__init__()", NETWORK),
    ("null bytes", ENCODING),
    ("can't decode byte", ENCODING),
    ("no attribute 'T'", "a scalar has no transpose: leave it out"),
    ("no attribute 'H'", "write A.T: everything is real here"),
    ("no attribute 'norm'", "write norm(x) of a column, frobenius(A) of a matrix"),
    ("no attribute 'sum'", "write total(A), total(A, axis=0) or total(A, axis=1)"),
    ("no attribute 'mean'", "write mean(A), mean(A, axis=0) or mean(A, axis=1)"),
    ("no attribute 'dot'", "write A*B for the matrix product, dot(a, b) for columns"),
)
"""A part of the message, behind the names of the functions that were running, and the way out."""


def foreign_hint(error: BaseException, running: Sequence[str]) -> str:
    """What to write instead, or ""; `running` names the functions called, the innermost last."""
    try:
        found = f"{' '.join(running)}: {error}"
    except Exception:  # an error of the user's making, that cannot be printed
        return ""
    return next((hint for part, hint in HINTS if part in found), "")
