"""Textbook gradients of scalar functions of matrices: an oracle that knows nothing of symprop.

Numbers in brackets are equations of the Matrix Cookbook (Petersen and Pedersen, 2012). What stands
in the columns is said in `textbook`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import (
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DiagonalOf,
    HadamardPower,
    Identity,
    Inverse,
    Matrix,
    OneMatrix,
    Rational,
    Trace,
    det,
    exp,
    hadamard_product,
    log,
    sin,
    sqrt,
)
from textbook import By, Case, Formula, Sizes, torch

import symprop as sp

# -- torch, as the textbook writes ----------------------------------------------------------------

tr, inv, power = torch.trace, torch.linalg.inv, torch.linalg.matrix_power
softplus = torch.nn.functional.softplus


def tdet(matrix: Any) -> Any:
    return torch.linalg.det(matrix)


def eye(matrix: Any) -> Any:
    """The identity matrix of as many rows."""
    return identity(matrix.shape[0])


def identity(rows: int) -> Any:
    return torch.eye(rows, dtype=torch.float64)


def ones(rows: int, columns: int = 1) -> Any:
    return torch.ones(rows, columns, dtype=torch.float64)


def entry(rows: int, columns: int, i: int, j: int) -> Any:
    """J^ij, the matrix with a 1 at i, j."""
    single = torch.zeros(rows, columns, dtype=torch.float64)
    single[i, j] = 1
    return single


def sq(matrix: Any) -> Any:
    return (matrix**2).sum()


def size(matrix: Any, axis: int) -> int:
    return int(matrix.shape[axis])


CASES: list[Case] = []


def case(
    name: str,
    letters: str,
    loss: Formula,
    value: Formula,
    by: Mapping[str, By] | str,
    **options: Any,
) -> None:
    """Put an identity into the table; `by` as text names weights without a printed gradient."""
    weights = {letter: By() for letter in by.split()} if isinstance(by, str) else by
    CASES.append(Case(name, letters, loss, value, weights, **options))


def tall(sizes: Sizes) -> bool:
    return sizes["m"] >= sizes["n"]


def at_least(**least: int) -> Callable[[Sizes], bool]:
    return lambda sizes: all(sizes[letter] >= bound for letter, bound in least.items())


# == first order: (69) to (73) ====================================================================

case(
    "(69) a'x",
    "a: n 1, x: n 1",
    lambda m: sp.scalar(m.a.T * m.x),
    lambda v: v.a.T @ v.x,
    {"x": By(lambda v: v.a, "a")},
)
case(
    "(69) x'a by dot",
    "a: n 1, x: n 1",
    lambda m: sp.dot(m.x, m.a),
    lambda v: v.x.T @ v.a,
    {"x": By(lambda v: v.a, "a")},
)
case(
    "(70) a'Xb",
    "a: m 1, b: n 1, X: m n",
    lambda m: sp.scalar(m.a.T * m.X * m.b),
    lambda v: v.a.T @ v.X @ v.b,
    {"X": By(lambda v: v.a @ v.b.T, "a*b.T")},
)
case(
    "(71) a'X'b",
    "a: n 1, b: m 1, X: m n",
    lambda m: sp.scalar(m.a.T * m.X.T * m.b),
    lambda v: v.a.T @ v.X.T @ v.b,
    {"X": By(lambda v: v.b @ v.a.T, "b*a.T")},
)
case(
    "(72) a'Xa",
    "a: n 1, X: n n",
    lambda m: sp.scalar(m.a.T * m.X * m.a),
    lambda v: v.a.T @ v.X @ v.a,
    {"X": By(lambda v: v.a @ v.a.T, "a*a.T")},
)
case(
    "(72) a'X'a",
    "a: n 1, X: n n",
    lambda m: sp.scalar(m.a.T * m.X.T * m.a),
    lambda v: v.a.T @ v.X.T @ v.a,
    {"X": By(lambda v: v.a @ v.a.T, "a*a.T")},
)
case(
    "(73) an entry",
    "X: m n",
    lambda m: m.X[0, 1],
    lambda v: v.X[0, 1],
    {"X": By(lambda v: entry(size(v.X, 0), size(v.X, 1), 0, 1))},
    fits=at_least(n=2),
)

# == second order: (76) to (91) ===================================================================

case(
    "(76) the square of the sum of all entries",
    "X: m n",
    lambda m: sp.total(m.X) ** 2,
    lambda v: v.X.sum() ** 2,
    {"X": By(lambda v: 2 * v.X.sum() * torch.ones_like(v.X), "2*total(X)*ones(m, n)")},
)
case(
    "(77) b'X'Xc",
    "b: n 1, X: m n, c: n 1",
    lambda m: sp.scalar(m.b.T * m.X.T * m.X * m.c),
    lambda v: v.b.T @ v.X.T @ v.X @ v.c,
    {"X": By(lambda v: v.X @ (v.b @ v.c.T + v.c @ v.b.T), "X*c*b.T + X*b*c.T")},
)
case(
    "(78) (Bx + b)'C(Dx + d)",
    "B: m n, x: n 1, b: m 1, C: m p, D: p n, d: p 1",
    lambda m: sp.scalar((m.B * m.x + m.b).T * m.C * (m.D * m.x + m.d)),
    lambda v: (v.B @ v.x + v.b).T @ v.C @ (v.D @ v.x + v.d),
    {
        "x": By(
            lambda v: v.B.T @ v.C @ (v.D @ v.x + v.d) + v.D.T @ v.C.T @ (v.B @ v.x + v.b),
            "B.T*C*(D*x + d) + D.T*C.T*(B*x + b)",
        )
    },
)
case(
    "(79) an entry of X'BX",
    "X: m n, B: m m",
    lambda m: (m.X.T * m.B * m.X)[0, 1],
    lambda v: (v.X.T @ v.B @ v.X)[0, 1],
    {
        "X": By(
            lambda v: (
                v.B @ v.X @ entry(size(v.X, 1), size(v.X, 1), 1, 0)
                + v.B.T @ v.X @ entry(size(v.X, 1), size(v.X, 1), 0, 1)
            )
        )
    },
    fits=at_least(n=2),
)
case(
    "(82) b'X'DXc",
    "b: n 1, X: m n, D: m m, c: n 1",
    lambda m: sp.scalar(m.b.T * m.X.T * m.D * m.X * m.c),
    lambda v: v.b.T @ v.X.T @ v.D @ v.X @ v.c,
    {
        "X": By(
            lambda v: v.D.T @ v.X @ v.b @ v.c.T + v.D @ v.X @ v.c @ v.b.T,
            "D*X*c*b.T + D.T*X*b*c.T",
        )
    },
)
case(
    "(83) (Xb + c)'D(Xb + c)",
    "X: m n, b: n 1, c: m 1, D: m m",
    lambda m: sp.scalar((m.X * m.b + m.c).T * m.D * (m.X * m.b + m.c)),
    lambda v: (v.X @ v.b + v.c).T @ v.D @ (v.X @ v.b + v.c),
    {
        "X": By(
            lambda v: (v.D + v.D.T) @ (v.X @ v.b + v.c) @ v.b.T,
            "(D*(X*b + c) + D.T*(X*b + c))*b.T",
        )
    },
)
case(
    "(84) (x - As)'W(x - As) by s",
    "x: m 1, A: m n, s: n 1, W: m m sym",
    lambda m: sp.scalar((m.x - m.A * m.s).T * m.W * (m.x - m.A * m.s)),
    lambda v: (v.x - v.A @ v.s).T @ v.W @ (v.x - v.A @ v.s),
    {"s": By(lambda v: -2 * v.A.T @ v.W @ (v.x - v.A @ v.s), "-A.T*(W*(x - A*s) + W.T*(x - A*s))")},
)
case(
    "(87) (x - As)'W(x - As) by x",
    "x: m 1, A: m n, s: n 1, W: m m sym",
    lambda m: sp.scalar((m.x - m.A * m.s).T * m.W * (m.x - m.A * m.s)),
    lambda v: (v.x - v.A @ v.s).T @ v.W @ (v.x - v.A @ v.s),
    {
        "x": By(
            lambda v: 2 * v.W @ (v.x - v.A @ v.s),
            "W*(x - A*s) + W.T*(x - A*s)",
        )
    },
)
case(
    "(88) (x - As)'W(x - As) by A",
    "x: m 1, A: m n, s: n 1, W: m m sym",
    lambda m: sp.scalar((m.x - m.A * m.s).T * m.W * (m.x - m.A * m.s)),
    lambda v: (v.x - v.A @ v.s).T @ v.W @ (v.x - v.A @ v.s),
    {"A": By(lambda v: -2 * v.W @ (v.x - v.A @ v.s) @ v.s.T, "-(W*(x - A*s) + W.T*(x - A*s))*s.T")},
)
case(
    "(85) (x - s)'W(x - s)",
    "x: n 1, s: n 1, W: n n",
    lambda m: sp.scalar((m.x - m.s).T * m.W * (m.x - m.s)),
    lambda v: (v.x - v.s).T @ v.W @ (v.x - v.s),
    {
        "x": By(lambda v: (v.W + v.W.T) @ (v.x - v.s), "W*(x - s) + W.T*(x - s)"),
        "s": By(lambda v: -(v.W + v.W.T) @ (v.x - v.s)),
        "W": By(lambda v: (v.x - v.s) @ (v.x - v.s).T, "(x - s)*(x - s).T"),
    },
)
case(
    "(90) a'X^3 b",
    "a: n 1, X: n n, b: n 1",
    lambda m: sp.scalar(m.a.T * m.X**3 * m.b),
    lambda v: v.a.T @ v.X @ v.X @ v.X @ v.b,
    {
        "X": By(
            lambda v: sum(power(v.X, r).T @ v.a @ v.b.T @ power(v.X, 2 - r).T for r in range(3)),
            "a*b.T*X.T*X.T + X.T*a*b.T*X.T + X.T*X.T*a*b.T",
        )
    },
)
case(
    "(91) a'(X^2)'X^2 b",
    "a: n 1, X: n n, b: n 1",
    lambda m: sp.scalar(m.a.T * (m.X**2).T * m.X**2 * m.b),
    lambda v: v.a.T @ (v.X @ v.X).T @ (v.X @ v.X) @ v.b,
    {
        "X": By(
            lambda v: (
                (v.X @ v.X @ v.b @ v.a.T @ v.X.T + v.X.T @ v.X @ v.X @ v.b @ v.a.T)
                + (v.X @ v.X @ v.a @ v.b.T @ v.X.T + v.X.T @ v.X @ v.X @ v.a @ v.b.T)
            )
        )
    },
)

# == traces: (99) to (125) ========================================================================

case(
    "(99) tr(X)",
    "X: n n",
    lambda m: Trace(m.X),
    lambda v: tr(v.X),
    {"X": By(lambda v: eye(v.X), "eye(n)")},
)
case(
    "(100) tr(XA)",
    "A: n m, X: m n",
    lambda m: Trace(m.X * m.A),
    lambda v: tr(v.X @ v.A),
    {"X": By(lambda v: v.A.T, "A.T")},
)
case(
    "(101) tr(AXB)",
    "A: p m, X: m n, B: n p",
    lambda m: sp.trace(m.A * m.X * m.B),
    lambda v: tr(v.A @ v.X @ v.B),
    {"X": By(lambda v: v.A.T @ v.B.T, "A.T*B.T")},
)
case(
    "(102) tr(AX'B)",
    "A: p n, X: m n, B: m p",
    lambda m: Trace(m.A * m.X.T * m.B),
    lambda v: tr(v.A @ v.X.T @ v.B),
    {"X": By(lambda v: v.B @ v.A, "B*A")},
)
case(
    "(103) tr(X'A)",
    "A: m n, X: m n",
    lambda m: Trace(m.X.T * m.A),
    lambda v: tr(v.X.T @ v.A),
    {"X": By(lambda v: v.A, "A")},
)
case(
    "(104) tr(AX')",
    "A: m n, X: m n",
    lambda m: sp.trace(m.A * m.X.T),
    lambda v: tr(v.A @ v.X.T),
    {"X": By(lambda v: v.A, "A")},
)
case(
    "(106) tr(XX)",
    "X: n n",
    lambda m: Trace(m.X * m.X),
    lambda v: tr(v.X @ v.X),
    {"X": By(lambda v: 2 * v.X.T, "2*X.T")},
)
case(
    "(107) tr(X^2 B)",
    "X: n n, B: n n",
    lambda m: Trace(m.X**2 * m.B),
    lambda v: tr(v.X @ v.X @ v.B),
    {"X": By(lambda v: (v.X @ v.B + v.B @ v.X).T, "(X*B + B*X).T")},
)
case(
    "(108) tr(X'BX)",
    "X: m n, B: m m",
    lambda m: Trace(m.X.T * m.B * m.X),
    lambda v: tr(v.X.T @ v.B @ v.X),
    {"X": By(lambda v: v.B @ v.X + v.B.T @ v.X, "B*X + B.T*X")},
)
case(
    "(109) tr(BXX')",
    "X: m n, B: m m",
    lambda m: Trace(m.B * m.X * m.X.T),
    lambda v: tr(v.B @ v.X @ v.X.T),
    {"X": By(lambda v: v.B @ v.X + v.B.T @ v.X, "B.T*X + B*X")},
)
case(
    "(110) tr(XX'B)",
    "X: m n, B: m m",
    lambda m: sp.trace(m.X * m.X.T * m.B),
    lambda v: tr(v.X @ v.X.T @ v.B),
    {"X": By(lambda v: v.B @ v.X + v.B.T @ v.X, "B.T*X + B*X")},
)
case(
    "(111) tr(XBX')",
    "X: m n, B: n n",
    lambda m: Trace(m.X * m.B * m.X.T),
    lambda v: tr(v.X @ v.B @ v.X.T),
    {"X": By(lambda v: v.X @ v.B.T + v.X @ v.B, "X*B.T + X*B")},
)
case(
    "(112) tr(BX'X)",
    "X: m n, B: n n",
    lambda m: Trace(m.B * m.X.T * m.X),
    lambda v: tr(v.B @ v.X.T @ v.X),
    {"X": By(lambda v: v.X @ v.B.T + v.X @ v.B, "X*B + X*B.T")},
)
case(
    "(114) tr(AXBX)",
    "A: n m, X: m n, B: n m",
    lambda m: Trace(m.A * m.X * m.B * m.X),
    lambda v: tr(v.A @ v.X @ v.B @ v.X),
    {
        "X": By(
            lambda v: v.A.T @ v.X.T @ v.B.T + v.B.T @ v.X.T @ v.A.T,
            "(B*X*A + A*X*B).T",
        )
    },
)
case(
    "(115) tr(X'X)",
    "X: m n",
    lambda m: Trace(m.X.T * m.X),
    lambda v: tr(v.X.T @ v.X),
    {"X": By(lambda v: 2 * v.X, "2*X")},
)
case(
    "(115) tr(XX')",
    "X: m n",
    lambda m: sp.trace(m.X * m.X.T),
    lambda v: tr(v.X @ v.X.T),
    {"X": By(lambda v: 2 * v.X, "2*X")},
)
case(
    "tr(X'X) + tr(AX), where SymPy's own derivative is 0",
    "X: m n, A: n m",
    lambda m: Trace(m.X.T * m.X) + Trace(m.A * m.X),
    lambda v: tr(v.X.T @ v.X) + tr(v.A @ v.X),
    {"X": By(lambda v: 2 * v.X + v.A.T, "A.T + 2*X")},
)
case(
    "(116) tr(B'X'CXB)",
    "B: n p, X: m n, C: m m",
    lambda m: Trace(m.B.T * m.X.T * m.C * m.X * m.B),
    lambda v: tr(v.B.T @ v.X.T @ v.C @ v.X @ v.B),
    {
        "X": By(
            lambda v: v.C.T @ v.X @ v.B @ v.B.T + v.C @ v.X @ v.B @ v.B.T,
            "C*X*B*B.T + C.T*X*B*B.T",
        )
    },
)
case(
    "(117) tr(X'BXC)",
    "X: m n, B: m m, C: n n",
    lambda m: Trace(m.X.T * m.B * m.X * m.C),
    lambda v: tr(v.X.T @ v.B @ v.X @ v.C),
    {"X": By(lambda v: v.B @ v.X @ v.C + v.B.T @ v.X @ v.C.T, "B*X*C + B.T*X*C.T")},
)
case(
    "(118) tr(AXBX'C)",
    "A: p m, X: m n, B: n n, C: m p",
    lambda m: Trace(m.A * m.X * m.B * m.X.T * m.C),
    lambda v: tr(v.A @ v.X @ v.B @ v.X.T @ v.C),
    {
        "X": By(
            lambda v: v.A.T @ v.C.T @ v.X @ v.B.T + v.C @ v.A @ v.X @ v.B,
            "A.T*C.T*X*B.T + C*A*X*B",
        )
    },
)
case(
    "(119) tr((AXB + C)(AXB + C)')",
    "A: k m, X: m n, B: n p, C: k p",
    lambda m: Trace((m.A * m.X * m.B + m.C) * (m.A * m.X * m.B + m.C).T),
    lambda v: tr((v.A @ v.X @ v.B + v.C) @ (v.A @ v.X @ v.B + v.C).T),
    {
        "X": By(
            lambda v: 2 * v.A.T @ (v.A @ v.X @ v.B + v.C) @ v.B.T,
            "2*A.T*(A*X*B + C)*B.T",
        )
    },
)
case(
    "(121) tr(X^4)",
    "X: n n",
    lambda m: Trace(m.X**4),
    lambda v: tr(power(v.X, 4)),
    {"X": By(lambda v: 4 * power(v.X, 3).T, "4*X.T*X.T*X.T")},
)
case(
    "(122) tr(AX^3)",
    "A: n n, X: n n",
    lambda m: Trace(m.A * m.X**3),
    lambda v: tr(v.A @ power(v.X, 3)),
    {
        "X": By(
            lambda v: sum((power(v.X, r) @ v.A @ power(v.X, 2 - r)).T for r in range(3)),
            "(X*X*A + X*A*X + A*X*X).T",
        )
    },
)
case(
    "(123) tr(B'X'CXX'CXB)",
    "B: n p, X: m n, C: m m",
    lambda m: Trace(m.B.T * m.X.T * m.C * m.X * m.X.T * m.C * m.X * m.B),
    lambda v: tr(v.B.T @ v.X.T @ v.C @ v.X @ v.X.T @ v.C @ v.X @ v.B),
    {
        "X": By(
            lambda v: (
                v.C @ v.X @ v.X.T @ v.C @ v.X @ v.B @ v.B.T
                + v.C.T @ v.X @ v.B @ v.B.T @ v.X.T @ v.C.T @ v.X
                + v.C @ v.X @ v.B @ v.B.T @ v.X.T @ v.C @ v.X
                + v.C.T @ v.X @ v.X.T @ v.C.T @ v.X @ v.B @ v.B.T
            )
        )
    },
)
case(
    "(124) tr(inv(X'CX)A), C symmetric",
    "X: m n, C: m m spd, A: n n",
    lambda m: Trace(Inverse(m.X.T * m.C * m.X) * m.A),
    lambda v: tr(inv(v.X.T @ v.C @ v.X) @ v.A),
    {
        "X": By(
            lambda v: -v.C @ v.X @ inv(v.X.T @ v.C @ v.X) @ (v.A + v.A.T) @ inv(v.X.T @ v.C @ v.X)
        )
    },
    fits=tall,
)
case(
    "(125) tr(inv(X'CX)(X'BX)), B and C symmetric",
    "X: m n, C: m m spd, B: m m sym",
    lambda m: sp.trace(sp.inverse(m.X.T * m.C * m.X) * (m.X.T * m.B * m.X)),
    lambda v: tr(inv(v.X.T @ v.C @ v.X) @ v.X.T @ v.B @ v.X),
    {
        "X": By(
            lambda v: (
                (-2 * v.C @ v.X @ inv(v.X.T @ v.C @ v.X) @ v.X.T @ v.B @ v.X + 2 * v.B @ v.X)
                @ inv(v.X.T @ v.C @ v.X)
            )
        )
    },
    fits=tall,
    whole=at_least(m=2),
)
case(
    "(126) tr(inv(A + X'CX)(X'BX))",
    "X: m n, C: m m spd, B: m m, A: n n spd",
    lambda m: Trace((m.A + m.X.T * m.C * m.X).I * (m.X.T * m.B * m.X)),
    lambda v: tr(inv(v.A + v.X.T @ v.C @ v.X) @ v.X.T @ v.B @ v.X),
    "X A",
)
case(
    "the square of a trace",
    "X: n n, A: n n",
    lambda m: Trace(m.A * m.X) ** 2,
    lambda v: tr(v.A @ v.X) ** 2,
    {"X": By(lambda v: 2 * tr(v.A @ v.X) * v.A.T, "2*trace(A*X)*A.T")},
)
case(
    "exp(tr(AX))",
    "A: n m, X: m n",
    lambda m: exp(Trace(m.A * m.X)),
    lambda v: torch.exp(tr(v.A @ v.X)),
    {"X": By(lambda v: torch.exp(tr(v.A @ v.X)) * v.A.T, "L*A.T")},
)
case(
    "sin(tr(X))",
    "X: n n",
    lambda m: sin(Trace(m.X)),
    lambda v: torch.sin(tr(v.X)),
    {"X": By(lambda v: torch.cos(tr(v.X)) * eye(v.X), "cos(trace(X))*eye(n)")},
)
case(
    "sin(tr(AXB)) with symprop's sin",
    "A: p m, X: m n, B: n p",
    lambda m: sp.sin(sp.trace(m.A * m.X * m.B)),
    lambda v: torch.sin(tr(v.A @ v.X @ v.B)),
    {
        "X": By(
            lambda v: torch.cos(tr(v.A @ v.X @ v.B)) * v.A.T @ v.B.T,
            "cos(trace(A*X*B))*A.T*B.T",
        )
    },
)
case(
    "log of a trace",
    "X: m n",
    lambda m: log(Trace(m.X.T * m.X)),
    lambda v: torch.log(tr(v.X.T @ v.X)),
    {"X": By(lambda v: 2 * v.X / tr(v.X.T @ v.X), "2*X/trace(X.T*X)")},
)
case(
    "a quotient of traces",
    "X: n n, A: n n",
    lambda m: Trace(m.A * m.X) / Trace(m.X.T * m.X),
    lambda v: tr(v.A @ v.X) / tr(v.X.T @ v.X),
    {"X": By(lambda v: v.A.T / tr(v.X.T @ v.X) - 2 * tr(v.A @ v.X) * v.X / tr(v.X.T @ v.X) ** 2)},
)
case(
    "the trace of an entrywise exponential",
    "X: n n",
    lambda m: Trace(sp.exp(m.X)),
    lambda v: tr(torch.exp(v.X)),
    {"X": By(lambda v: eye(v.X) * torch.exp(v.X))},
)
case(
    "tr(XX'XX')",
    "X: m n",
    lambda m: Trace(m.X * m.X.T * m.X * m.X.T),
    lambda v: tr(v.X @ v.X.T @ v.X @ v.X.T),
    {"X": By(lambda v: 4 * v.X @ v.X.T @ v.X, "4*X*X.T*X")},
)
case(
    "tr((X + X')(X + X'))",
    "X: n n",
    lambda m: Trace((m.X + m.X.T) * (m.X + m.X.T)),
    lambda v: tr((v.X + v.X.T) @ (v.X + v.X.T)),
    {"X": By(lambda v: 4 * (v.X + v.X.T), "4*(X + X.T)")},
)

# == determinants: (49) to (58) ===================================================================

case(
    "(49) det(X)",
    "X: n n",
    lambda m: Determinant(m.X),
    lambda v: tdet(v.X),
    {"X": By(lambda v: tdet(v.X) * inv(v.X).T, "L*inverse(X).T")},
)
case(
    "(51) det(AXB)",
    "A: n n inv, X: n n inv, B: n n inv",
    lambda m: Determinant(m.A * m.X * m.B),
    lambda v: tdet(v.A @ v.X @ v.B),
    {"X": By(lambda v: tdet(v.A @ v.X @ v.B) * inv(v.X).T)},
)
case(
    "(51) det(AXB) with SymPy's det, which splits",
    "A: n n inv, X: n n inv, B: n n inv",
    lambda m: det(m.A * m.X * m.B),
    lambda v: tdet(v.A @ v.X @ v.B),
    {
        "X": By(
            lambda v: tdet(v.A @ v.X @ v.B) * inv(v.X).T,
            "determinant(A)*determinant(B)*determinant(X)*inverse(X).T",
        )
    },
)
case(
    "(51) det(AXB), A and B not square",
    "A: n m, X: m m, B: m n",
    lambda m: sp.determinant(m.A * m.X * m.B),
    lambda v: tdet(v.A @ v.X @ v.B),
    {
        "X": By(
            lambda v: tdet(v.A @ v.X @ v.B) * v.A.T @ inv(v.A @ v.X @ v.B).T @ v.B.T,
            "L*A.T*inverse(A*X*B).T*B.T",
        )
    },
    fits=tall,
)
case(
    "(52) det(X'AX), X square",
    "X: n n inv, A: n n inv",
    lambda m: det(m.X.T * m.A * m.X),
    lambda v: tdet(v.X.T @ v.A @ v.X),
    {
        "X": By(
            lambda v: 2 * tdet(v.X.T @ v.A @ v.X) * inv(v.X).T,
            "2*determinant(A)*determinant(X)**2*inverse(X).T",
        )
    },
)
case(
    "(53) det(X'AX), A symmetric",
    "X: m n, A: m m spd",
    lambda m: Determinant(m.X.T * m.A * m.X),
    lambda v: tdet(v.X.T @ v.A @ v.X),
    {"X": By(lambda v: 2 * tdet(v.X.T @ v.A @ v.X) * v.A @ v.X @ inv(v.X.T @ v.A @ v.X))},
    fits=tall,
)
case(
    "(54) det(X'AX)",
    "X: m n, A: m m inv",
    lambda m: sp.determinant(m.X.T * m.A * m.X),
    lambda v: tdet(v.X.T @ v.A @ v.X),
    {
        "X": By(
            lambda v: (
                tdet(v.X.T @ v.A @ v.X)
                * (v.A @ v.X @ inv(v.X.T @ v.A @ v.X) + v.A.T @ v.X @ inv(v.X.T @ v.A.T @ v.X))
            ),
            "L*A*X*inverse(X.T*A*X) + L*A.T*X*inverse(X.T*A*X).T",
        )
    },
    fits=tall,
)
case(
    "(55) log det(X'X)",
    "X: m n",
    lambda m: log(Determinant(m.X.T * m.X)),
    lambda v: torch.logdet(v.X.T @ v.X),
    {"X": By(lambda v: 2 * v.X @ inv(v.X.T @ v.X), "2*X*inverse(X.T*X)")},
    fits=tall,
)
case(
    "(57) log det X",
    "X: n n inv",
    lambda m: log(Determinant(m.X)),
    lambda v: torch.logdet(v.X),
    {"X": By(lambda v: inv(v.X).T, "inverse(X).T")},
)
case(
    "(57) log det X with symprop's logdet",
    "X: n n inv",
    lambda m: sp.logdet(m.X),
    lambda v: torch.logdet(v.X),
    {"X": By(lambda v: inv(v.X).T, "inverse(X).T")},
)
case(
    "(57) log |det X| of a negative determinant",
    "X: n n inv",
    lambda m: sp.log(sp.absolute(sp.determinant(-2 * m.X))),
    lambda v: torch.linalg.slogdet(-2 * v.X)[1],
    {"X": By(lambda v: inv(v.X).T, "inverse(X).T")},
)
case(
    "(58) det(X^3)",
    "X: n n inv",
    lambda m: Determinant(m.X**3),
    lambda v: tdet(power(v.X, 3)),
    {"X": By(lambda v: 3 * tdet(power(v.X, 3)) * inv(v.X).T, "3*determinant(X)**3*inverse(X).T")},
)
case(
    "(58) det(X)^3",
    "X: n n inv",
    lambda m: sp.determinant(m.X) ** 3,
    lambda v: tdet(v.X) ** 3,
    {"X": By(lambda v: 3 * tdet(v.X) ** 3 * inv(v.X).T, "3*determinant(X)**3*inverse(X).T")},
)
case(
    "log det(W'W + I)",
    "W: m n",
    lambda m: log(Determinant(m.W.T * m.W + Identity(m.n))),
    lambda v: torch.logdet(v.W.T @ v.W + identity(size(v.W, 1))),
    {
        "W": By(
            lambda v: 2 * v.W @ inv(v.W.T @ v.W + identity(size(v.W, 1))),
            "2*W*inverse(W.T*W + eye(n))",
        )
    },
)
case(
    "log det(A + XBX'), A and B symmetric",
    "A: m m spd, X: m n, B: n n spd",
    lambda m: sp.logdet(m.A + m.X * m.B * m.X.T),
    lambda v: torch.logdet(v.A + v.X @ v.B @ v.X.T),
    {"X": By(lambda v: 2 * inv(v.A + v.X @ v.B @ v.X.T) @ v.X @ v.B)},
)
case(
    "log det of a sum, by a scalar",
    "A: n n spd, B: n n spd, t: positive",
    lambda m: sp.logdet(m.A + m.t * m.B),
    lambda v: torch.logdet(v.A + v.t * v.B),
    {"t": By(lambda v: tr(inv(v.A + v.t * v.B) @ v.B), "trace(inverse(A + t*B)*B)", printed=False)},
)
case(
    "(46) det(A + tB) by the scalar t",
    "A: n n inv, B: n n, t: fraction",
    lambda m: Determinant(m.A + m.t * m.B),
    lambda v: tdet(v.A + v.t * v.B),
    {
        "t": By(
            lambda v: tdet(v.A + v.t * v.B) * tr(inv(v.A + v.t * v.B) @ v.B),
            "L*trace(inverse(A + t*B)*B)",
            printed=False,
        )
    },
)
case(
    "det of a Hadamard product",
    "A: n n inv, X: n n inv",
    lambda m: Determinant(hadamard_product(m.A, m.X)),
    lambda v: tdet(v.A * v.X),
    {"X": By(lambda v: tdet(v.A * v.X) * inv(v.A * v.X).T * v.A)},
)
case(
    "the square root of det(X'X)",
    "X: m n",
    lambda m: sqrt(Determinant(m.X.T * m.X)),
    lambda v: torch.sqrt(tdet(v.X.T @ v.X)),
    {
        "X": By(
            lambda v: torch.sqrt(tdet(v.X.T @ v.X)) * v.X @ inv(v.X.T @ v.X),
            "L*X*inverse(X.T*X)",
            printed=False,
        )
    },
    fits=tall,
)
case(
    "a barrier: tr(AX) - log det X",
    "A: n n, X: n n inv",
    lambda m: Trace(m.A * m.X) - log(Determinant(m.X)),
    lambda v: tr(v.A @ v.X) - torch.logdet(v.X),
    {"X": By(lambda v: v.A.T - inv(v.X).T, "(A - inverse(X)).T")},
)

# == inverses: (59) to (64) =======================================================================

case(
    "(60) an entry of the inverse",
    "X: n n inv",
    lambda m: Inverse(m.X)[0, 1],
    lambda v: inv(v.X)[0, 1],
    {"X": By(lambda v: -inv(v.X).T @ entry(size(v.X, 0), size(v.X, 1), 0, 1) @ inv(v.X).T)},
    fits=at_least(n=2),
    whole=lambda sizes: sizes["n"] < 4,  # SymPy writes the inverse out, for minutes
)
case(
    "(61) a' inv(X) b",
    "a: n 1, X: n n inv, b: n 1",
    lambda m: sp.scalar(m.a.T * Inverse(m.X) * m.b),
    lambda v: v.a.T @ inv(v.X) @ v.b,
    {
        "X": By(
            lambda v: -inv(v.X).T @ v.a @ v.b.T @ inv(v.X).T,
            "-inverse(X).T*a*b.T*inverse(X).T",
        ),
    },
)
case(
    "(61) a' inv(X) b by a and b",
    "a: n 1, X: n n inv, b: n 1",
    lambda m: sp.scalar(m.a.T * m.X**-1 * m.b),
    lambda v: v.a.T @ inv(v.X) @ v.b,
    {
        "a": By(lambda v: inv(v.X) @ v.b, "inverse(X)*b"),
        "b": By(lambda v: inv(v.X).T @ v.a, "inverse(X).T*a"),
    },
)
case(
    "(62) det(inv(X))",
    "X: n n inv",
    lambda m: Determinant(Inverse(m.X)),
    lambda v: tdet(inv(v.X)),
    {"X": By(lambda v: -tdet(inv(v.X)) * inv(v.X).T, "-L*inverse(X).T", printed=False)},
)
case(
    "(63) tr(A inv(X) B)",
    "A: m n, X: n n inv, B: n m",
    lambda m: Trace(m.A * m.X.I * m.B),
    lambda v: tr(v.A @ inv(v.X) @ v.B),
    {
        "X": By(
            lambda v: -(inv(v.X) @ v.B @ v.A @ inv(v.X)).T,
            "-inverse(X).T*A.T*B.T*inverse(X).T",
        )
    },
)
case(
    "(64) tr(inv(X + A))",
    "X: n n inv, A: n n inv",
    lambda m: Trace((m.X + m.A).I),
    lambda v: tr(inv(v.X + v.A)),
    {
        "X": By(
            lambda v: -(inv(v.X + v.A) @ inv(v.X + v.A)).T,
            "-inverse(A + X).T*inverse(A + X).T",
        )
    },
)
case(
    "tr(inv(X)) as a power",
    "X: n n inv",
    lambda m: Trace(m.X**-1),
    lambda v: tr(inv(v.X)),
    {
        "X": By(
            lambda v: -inv(v.X).T @ inv(v.X).T,
            "-inverse(X).T*inverse(X).T",
        )
    },
)
case(
    "tr(A X^-2)",
    "A: n n, X: n n inv",
    lambda m: Trace(m.A * m.X**-2),
    lambda v: tr(v.A @ inv(v.X) @ inv(v.X)),
    {
        "X": By(
            lambda v: (
                -inv(v.X).T @ v.A.T @ inv(v.X).T @ inv(v.X).T
                - inv(v.X).T @ inv(v.X).T @ v.A.T @ inv(v.X).T
            )
        )
    },
)
case(
    "the inverse of a transpose",
    "a: n 1, X: n n inv, b: n 1",
    lambda m: sp.scalar(m.a.T * Inverse(m.X.T) * m.b),
    lambda v: v.a.T @ inv(v.X.T) @ v.b,
    {"X": By(lambda v: -inv(v.X.T) @ v.b @ v.a.T @ inv(v.X.T), "-inverse(X).T*b*a.T*inverse(X).T")},
)
case(
    "the inverse of an inverse",
    "a: n 1, X: n n inv, b: n 1",
    lambda m: sp.dot(m.a, sp.inverse(sp.inverse(m.X)) * m.b),
    lambda v: v.a.T @ v.X @ v.b,
    {"X": By(lambda v: v.a @ v.b.T, "a*b.T")},
)
case(
    "a matrix times its inverse",
    "a: n 1, X: n n inv, b: n 1",
    lambda m: sp.scalar(m.a.T * m.X.I * m.X * m.b) + sp.squared_norm(m.X),
    lambda v: v.a.T @ v.b + sq(v.X),
    {"X": By(lambda v: 2 * v.X, "2*X")},
)
case(
    "the norm of a solution, |inv(X) b|^2",
    "X: n n inv, b: n 1",
    lambda m: sp.squared_norm(sp.inverse(m.X) * m.b),
    lambda v: sq(inv(v.X) @ v.b),
    {
        "X": By(
            lambda v: -2 * inv(v.X).T @ (inv(v.X) @ v.b) @ (inv(v.X) @ v.b).T,
            "-2*inverse(X).T*inverse(X)*b*b.T*inverse(X).T",
        ),
        "b": By(lambda v: 2 * inv(v.X).T @ inv(v.X) @ v.b),
    },
)
case(
    "a resolvent: a' inv(tI - X) a",
    "X: n n, a: n 1, t: fraction",
    lambda m: sp.scalar(m.a.T * Inverse((m.t + 9) * Identity(m.n) - m.X) * m.a),
    lambda v: v.a.T @ inv((v.t + 9) * eye(v.X) - v.X) @ v.a,
    {
        "X": By(
            lambda v: (
                inv((v.t + 9) * eye(v.X) - v.X).T @ v.a @ v.a.T @ inv((v.t + 9) * eye(v.X) - v.X).T
            )
        ),
        "t": By(
            lambda v: -(v.a.T @ power(inv((v.t + 9) * eye(v.X) - v.X), 2) @ v.a),
            "-a.T*inverse((t + 9)*eye(n) - X).T*inverse((t + 9)*eye(n) - X).T*a",
        ),
    },
)
case(
    "ridge in closed form: y'X inv(X'X + tI) X'y",
    "X: m n, y: m 1, t: positive",
    lambda m: sp.scalar(m.y.T * m.X * Inverse(m.X.T * m.X + m.t * Identity(m.n)) * m.X.T * m.y),
    lambda v: v.y.T @ v.X @ inv(v.X.T @ v.X + v.t * identity(size(v.X, 1))) @ v.X.T @ v.y,
    "X y t",
)
case(
    "a Schur complement: log det(D - C inv(A) B)",
    "A: n n inv, B: n m, C: m n, D: m m inv",
    lambda m: sp.logdet(m.D + 20 * Identity(m.m) - m.C * m.A.I * m.B),
    lambda v: torch.logdet(v.D + 20 * eye(v.D) - v.C @ inv(v.A) @ v.B),
    "A B C D",
)

# == norms: (129) to (132) ========================================================================

case(
    "(129) |x - a|",
    "x: n 1, a: n 1",
    lambda m: sp.norm(m.x - m.a),
    lambda v: torch.sqrt(sq(v.x - v.a)),
    {"x": By(lambda v: (v.x - v.a) / torch.sqrt(sq(v.x - v.a)), "(x - a)/L")},
)
case(
    "(129) sqrt(x'x)",
    "x: n 1",
    lambda m: sp.sqrt(sp.scalar(m.x.T * m.x)),
    lambda v: torch.sqrt(v.x.T @ v.x),
    {"x": By(lambda v: v.x / torch.sqrt(sq(v.x)), "x/L")},
)
case(
    "(130) b'(x - a)/|x - a|",
    "x: n 1, a: n 1, b: n 1",
    lambda m: sp.scalar(m.b.T * (m.x - m.a)) / sp.norm(m.x - m.a),
    lambda v: v.b.T @ (v.x - v.a) / torch.sqrt(sq(v.x - v.a)),
    {
        "x": By(
            lambda v: (
                v.b / torch.sqrt(sq(v.x - v.a))
                - (v.x - v.a) @ (v.x - v.a).T @ v.b / torch.sqrt(sq(v.x - v.a)) ** 3
            )
        )
    },
)
case(
    "(131) |x|^2",
    "x: n 1",
    lambda m: sp.squared_norm(m.x),
    lambda v: sq(v.x),
    {"x": By(lambda v: 2 * v.x, "2*x")},
)
case(
    "(132) |X|_F^2",
    "X: m n",
    lambda m: sp.squared_norm(m.X),
    lambda v: sq(v.X),
    {"X": By(lambda v: 2 * v.X, "2*X")},
)
case(
    "|X|_F",
    "X: m n",
    lambda m: sp.frobenius(m.X),
    lambda v: torch.sqrt(sq(v.X)),
    {"X": By(lambda v: v.X / torch.sqrt(sq(v.X)), "X/L")},
)
case(
    "|X|_F as the root of a trace",
    "X: m n",
    lambda m: sqrt(Trace(m.X.T * m.X)),
    lambda v: torch.sqrt(tr(v.X.T @ v.X)),
    {"X": By(lambda v: v.X / torch.sqrt(sq(v.X)), "X/L")},
)
case(
    "|x|^3",
    "x: n 1",
    lambda m: sp.norm(m.x) ** 3,
    lambda v: torch.sqrt(sq(v.x)) ** 3,
    {"x": By(lambda v: 3 * torch.sqrt(sq(v.x)) * v.x, "3*norm(x)*x", printed=False)},
)
case(
    "|x|^3 as a power of x'x",
    "x: n 1",
    lambda m: sp.scalar(m.x.T * m.x) ** Rational(3, 2),
    lambda v: torch.sqrt(sq(v.x)) ** 3,
    {"x": By(lambda v: 3 * torch.sqrt(sq(v.x)) * v.x, "3*sqrt(x.T*x)*x")},
)
case(
    "|Wx|",
    "W: m n, x: n 1",
    lambda m: sp.norm(m.W * m.x),
    lambda v: torch.sqrt(sq(v.W @ v.x)),
    {
        "W": By(lambda v: v.W @ v.x @ v.x.T / torch.sqrt(sq(v.W @ v.x)), "W*x*x.T/L"),
        "x": By(lambda v: v.W.T @ v.W @ v.x / torch.sqrt(sq(v.W @ v.x)), "W.T*W*x/L"),
    },
)
case(
    "|Ax - b|",
    "A: m n, x: n 1, b: m 1",
    lambda m: sp.norm(m.A * m.x - m.b),
    lambda v: torch.sqrt(sq(v.A @ v.x - v.b)),
    {
        "x": By(
            lambda v: v.A.T @ (v.A @ v.x - v.b) / torch.sqrt(sq(v.A @ v.x - v.b)),
            "A.T*(A*x - b)/L",
        )
    },
)
case(
    "|Ax - b|^2",
    "A: m n, x: n 1, b: m 1",
    lambda m: sp.squared_norm(m.A * m.x - m.b),
    lambda v: sq(v.A @ v.x - v.b),
    {"x": By(lambda v: 2 * v.A.T @ (v.A @ v.x - v.b), "2*A.T*(A*x - b)")},
)
case(
    "|X - UV|_F^2",
    "X: m n, U: m p, V: p n",
    lambda m: sp.squared_norm(m.X - m.U * m.V),
    lambda v: sq(v.X - v.U @ v.V),
    {
        "U": By(lambda v: -2 * (v.X - v.U @ v.V) @ v.V.T, "-2*(X - U*V)*V.T"),
        "V": By(lambda v: -2 * v.U.T @ (v.X - v.U @ v.V), "-2*U.T*(X - U*V)"),
    },
)
case(
    "|X - UV|_F^2 with symprop's frobenius",
    "X: m n, U: m p, V: p n",
    lambda m: sp.frobenius(m.X - m.U * m.V) ** 2,
    lambda v: sq(v.X - v.U @ v.V),
    {
        "U": By(lambda v: -2 * (v.X - v.U @ v.V) @ v.V.T, "-2*(X - U*V)*V.T"),
        "V": By(lambda v: -2 * v.U.T @ (v.X - v.U @ v.V), "-2*U.T*(X - U*V)"),
    },
)
case(
    "|M o (X - UV')|_F^2, with a mask",
    "M: m n binary, X: m n, U: m p, V: n p",
    lambda m: sp.squared_norm(hadamard_product(m.M, m.X - m.U * m.V.T)),
    lambda v: sq(v.M * (v.X - v.U @ v.V.T)),
    {
        "U": By(lambda v: -2 * (v.M**2 * (v.X - v.U @ v.V.T)) @ v.V, "-2*(M.**2.*(X - U*V.T))*V"),
        "V": By(lambda v: -2 * (v.M**2 * (v.X - v.U @ v.V.T)).T @ v.U),
    },
)
case(
    "|X - XWW'|_F^2",
    "X: m n, W: n p",
    lambda m: sp.squared_norm(m.X - m.X * m.W * m.W.T),
    lambda v: sq(v.X - v.X @ v.W @ v.W.T),
    {
        "W": By(
            lambda v: (
                -2 * v.X.T @ (v.X - v.X @ v.W @ v.W.T) @ v.W
                - 2 * (v.X - v.X @ v.W @ v.W.T).T @ v.X @ v.W
            ),
            "-2*X.T*(X - X*W*W.T)*W - 2*(X - X*W*W.T).T*X*W",
        )
    },
)
case(
    "|W'W - I|_F^2",
    "W: m n",
    lambda m: sp.squared_norm(m.W.T * m.W - Identity(m.n)),
    lambda v: sq(v.W.T @ v.W - identity(size(v.W, 1))),
    {
        "W": By(
            lambda v: 4 * v.W @ (v.W.T @ v.W - identity(size(v.W, 1))),
            "4*W*(W.T*W - eye(n))",
        )
    },
)
case(
    "the sum of the norms of the rows",
    "X: m n",
    lambda m: sp.total(sp.sqrt(sp.total(HadamardPower(m.X, 2), axis=1))),
    lambda v: torch.sqrt((v.X**2).sum(1)).sum(),
    {"X": By(lambda v: v.X / torch.sqrt((v.X**2).sum(1, keepdim=True)))},
    whole=at_least(m=2),
)
case(
    "the sum of absolute values",
    "X: m n",
    lambda m: sp.total(sp.absolute(m.X)),
    lambda v: v.X.abs().sum(),
    {"X": By(lambda v: torch.sign(v.X))},
)
case(
    "|Ax - b|_1",
    "A: m n, x: n 1, b: m 1",
    lambda m: sp.l1(m.A * m.x - m.b),
    lambda v: (v.A @ v.x - v.b).abs().sum(),
    {"x": By(lambda v: v.A.T @ torch.sign(v.A @ v.x - v.b))},
)
case(
    "the largest entry of Ax",
    "A: m n, x: n 1",
    lambda m: sp.amax(m.A * m.x),
    lambda v: (v.A @ v.x).max(),
    {"x": By(lambda v: v.A[[int((v.A @ v.x).argmax())]].T)},
    whole=at_least(m=2),
)

# == (81) x'Ax, in every spelling =================================================================


def quadratic(spelling: str, loss: Formula, text: str = "A*x + A.T*x") -> None:
    case(
        f"(81) x'Ax as {spelling}",
        "A: n n, x: n 1",
        loss,
        lambda v: v.x.T @ v.A @ v.x,
        {"x": By(lambda v: (v.A + v.A.T) @ v.x, text)},
    )


quadratic("scalar(x.T*A*x)", lambda m: sp.scalar(m.x.T * m.A * m.x))
quadratic("(x.T*A*x)[0, 0]", lambda m: (m.x.T * m.A * m.x)[0, 0])
quadratic("x.T*A*x", lambda m: m.x.T * m.A * m.x)
quadratic("dot(x, A*x)", lambda m: sp.dot(m.x, m.A * m.x))
quadratic("dot(A*x, x)", lambda m: sp.dot(m.A * m.x, m.x), "A.T*x + A*x")
quadratic("Trace(A*x*x.T)", lambda m: Trace(m.A * m.x * m.x.T))
quadratic("Trace(x.T*A*x)", lambda m: Trace(m.x.T * m.A * m.x))
quadratic("trace(x*x.T*A)", lambda m: sp.trace(m.x * m.x.T * m.A))
quadratic("total(x o Ax)", lambda m: sp.total(hadamard_product(m.x, m.A * m.x)))
quadratic("total(A o xx')", lambda m: sp.total(hadamard_product(m.A, m.x * m.x.T)))
quadratic("a step", lambda m: m.step("q", m.x.T * m.A * m.x))

case(
    "(81) x'Ax by A",
    "A: n n, x: n 1",
    lambda m: sp.scalar(m.x.T * m.A * m.x),
    lambda v: v.x.T @ v.A @ v.x,
    {"A": By(lambda v: v.x @ v.x.T, "x*x.T")},
)
case(
    "x'Ax/2 - b'x",
    "A: n n, x: n 1, b: n 1",
    lambda m: sp.scalar(m.x.T * m.A * m.x) / 2 - sp.scalar(m.b.T * m.x),
    lambda v: v.x.T @ v.A @ v.x / 2 - v.b.T @ v.x,
    {"x": By(lambda v: (v.A + v.A.T) @ v.x / 2 - v.b, "A*x/2 + A.T*x/2 - b")},
)
case(
    "x'(A + A')x",
    "A: n n, x: n 1",
    lambda m: sp.scalar(m.x.T * (m.A + m.A.T) * m.x),
    lambda v: v.x.T @ (v.A + v.A.T) @ v.x,
    {
        "x": By(lambda v: 2 * (v.A + v.A.T) @ v.x, "2*(A + A.T)*x"),
        "A": By(lambda v: 2 * v.x @ v.x.T, "2*x*x.T"),
    },
)
case(
    "x'LL'x",
    "L0: n n, x: n 1",
    lambda m: sp.scalar(m.x.T * m.L0 * m.L0.T * m.x),
    lambda v: v.x.T @ v.L0 @ v.L0.T @ v.x,
    {
        "L0": By(lambda v: 2 * v.x @ v.x.T @ v.L0, "2*x*x.T*L0"),
        "x": By(lambda v: 2 * v.L0 @ v.L0.T @ v.x, "2*L0*L0.T*x"),
    },
)
case(
    "log det(LL')",
    "K: n n inv",
    lambda m: log(Determinant(m.K * m.K.T)),
    lambda v: torch.logdet(v.K @ v.K.T),
    {"K": By(lambda v: 2 * inv(v.K).T, "2*inverse(K*K.T)*K")},
)

# == functions of quadratic forms, quotients ======================================================

case(
    "log(x'Ax)",
    "A: n n spd, x: n 1",
    lambda m: log((m.x.T * m.A * m.x)[0, 0]),
    lambda v: torch.log(v.x.T @ v.A @ v.x),
    {"x": By(lambda v: (v.A + v.A.T) @ v.x / (v.x.T @ v.A @ v.x), "(A*x + A.T*x)/(x.T*A*x)")},
)
case(
    "exp(-x'Ax)",
    "A: n n spd, x: n 1",
    lambda m: sp.exp(-sp.scalar(m.x.T * m.A * m.x)),
    lambda v: torch.exp(-v.x.T @ v.A @ v.x),
    {"x": By(lambda v: -torch.exp(-v.x.T @ v.A @ v.x) * ((v.A + v.A.T) @ v.x))},
)
case(
    "exp(a'x)",
    "a: n 1, x: n 1",
    lambda m: sp.exp(m.a.T * m.x),
    lambda v: torch.exp(v.a.T @ v.x),
    {"x": By(lambda v: torch.exp(v.a.T @ v.x) * v.a, "L*a")},
)
case(
    "the Rayleigh quotient x'Ax/x'x",
    "A: n n, x: n 1",
    lambda m: sp.scalar(m.x.T * m.A * m.x) / sp.scalar(m.x.T * m.x),
    lambda v: v.x.T @ v.A @ v.x / (v.x.T @ v.x),
    {
        "x": By(
            lambda v: (
                ((v.A + v.A.T) @ v.x - 2 * (v.x.T @ v.A @ v.x) / (v.x.T @ v.x) * v.x)
                / (v.x.T @ v.x)
            ),
            "(A*x - 2*L*x + A.T*x)/(x.T*x)",
        )
    },
    whole=at_least(n=2),
)
case(
    "the Rayleigh quotient of matrix products, not made scalars",
    "A: n n, x: n 1",
    lambda m: (m.x.T * m.A * m.x)[0, 0] / (m.x.T * m.x)[0, 0],
    lambda v: v.x.T @ v.A @ v.x / (v.x.T @ v.x),
    {
        "x": By(
            lambda v: (
                ((v.A + v.A.T) @ v.x - 2 * (v.x.T @ v.A @ v.x) / (v.x.T @ v.x) * v.x)
                / (v.x.T @ v.x)
            )
        )
    },
    whole=at_least(n=2),
)
case(
    "the generalised Rayleigh quotient x'Ax/x'Bx",
    "A: n n, B: n n spd, x: n 1",
    lambda m: sp.dot(m.x, m.A * m.x) / sp.dot(m.x, m.B * m.x),
    lambda v: (v.x.T @ v.A @ v.x) / (v.x.T @ v.B @ v.x),
    {
        "x": By(
            lambda v: (
                (
                    (v.A + v.A.T) @ v.x
                    - (v.x.T @ v.A @ v.x) / (v.x.T @ v.B @ v.x) * ((v.B + v.B.T) @ v.x)
                )
                / (v.x.T @ v.B @ v.x)
            )
        )
    },
    whole=at_least(n=2),
)
case(
    "a quotient of linear forms",
    "a: n 1, b: n 1, x: n 1 positive, t: positive",
    lambda m: sp.dot(m.a, m.x) / (sp.dot(m.b, m.x) ** 2 + m.t),
    lambda v: (v.a.T @ v.x) / ((v.b.T @ v.x) ** 2 + v.t),
    {
        "x": By(
            lambda v: (
                v.a / ((v.b.T @ v.x) ** 2 + v.t)
                - 2 * (v.a.T @ v.x) * (v.b.T @ v.x) * v.b / ((v.b.T @ v.x) ** 2 + v.t) ** 2
            )
        ),
        "t": By(lambda v: -(v.a.T @ v.x) / ((v.b.T @ v.x) ** 2 + v.t) ** 2),
    },
)
case(
    "the cosine of two columns",
    "x: n 1, y: n 1",
    lambda m: sp.dot(m.x, m.y) / (sp.norm(m.x) * sp.norm(m.y)),
    lambda v: v.x.T @ v.y / torch.sqrt(sq(v.x) * sq(v.y)),
    {
        "x": By(
            lambda v: (
                v.y / torch.sqrt(sq(v.x) * sq(v.y))
                - (v.x.T @ v.y) * v.x / (sq(v.x) * torch.sqrt(sq(v.x) * sq(v.y)))
            )
        )
    },
)
case(
    "a distance of Mahalanobis",
    "x: n 1, m0: n 1, S: n n spd",
    lambda m: sp.sqrt(sp.scalar((m.x - m.m0).T * m.S.I * (m.x - m.m0))),
    lambda v: torch.sqrt((v.x - v.m0).T @ inv(v.S) @ (v.x - v.m0)),
    {
        "x": By(
            lambda v: (
                (inv(v.S) + inv(v.S).T)
                @ (v.x - v.m0)
                / (2 * torch.sqrt((v.x - v.m0).T @ inv(v.S) @ (v.x - v.m0)))
            ),
            "(inverse(S) + inverse(S).T)*(x - m0)/(2*L)",
            printed=False,
        )
    },
)
case(
    "a Gaussian kernel exp(-|x - y|^2)",
    "x: n 1, y: n 1",
    lambda m: sp.exp(-sp.squared_norm(m.x - m.y)),
    lambda v: torch.exp(-sq(v.x - v.y)),
    {"x": By(lambda v: -2 * torch.exp(-sq(v.x - v.y)) * (v.x - v.y), "-2*L*(x - y)")},
)
case(
    "a Gaussian kernel with a width",
    "x: n 1, y: n 1, s: positive",
    lambda m: sp.exp(-sp.squared_norm(m.x - m.y) / (2 * m.s**2)),
    lambda v: torch.exp(-sq(v.x - v.y) / (2 * v.s**2)),
    {
        "x": By(
            lambda v: -torch.exp(-sq(v.x - v.y) / (2 * v.s**2)) * (v.x - v.y) / v.s**2,
            "-L*(x - y)/s**2",
        ),
        "s": By(lambda v: torch.exp(-sq(v.x - v.y) / (2 * v.s**2)) * sq(v.x - v.y) / v.s**3),
    },
)
case(
    "a polynomial kernel (x'y + t)^3",
    "x: n 1, y: n 1, t: positive",
    lambda m: (sp.scalar(m.x.T * m.y) + m.t) ** 3,
    lambda v: (v.x.T @ v.y + v.t) ** 3,
    {"x": By(lambda v: 3 * (v.x.T @ v.y + v.t) ** 2 * v.y, "3*(x.T*y + t)**2*y")},
)
case(
    "(u'u)u, which SymPy takes for a power of a column",
    "a: n 1, x: n 1",
    lambda m: sp.dot(m.a, (m.x.T * m.x) * m.x),
    lambda v: sq(v.x) * (v.a.T @ v.x),
    {"x": By(lambda v: 2 * (v.a.T @ v.x) * v.x + sq(v.x) * v.a, "2*a.T*x*x + x.T*x*a")},
    whole=lambda sizes: False,
)

# == entry by entry, Hadamard products ============================================================

case(
    "the sum of sigmoids of Ax",
    "A: m n, x: n 1",
    lambda m: sp.total(sp.sigmoid(m.A * m.x)),
    lambda v: torch.sigmoid(v.A @ v.x).sum(),
    {
        "x": By(
            lambda v: v.A.T @ (torch.sigmoid(v.A @ v.x) * (1 - torch.sigmoid(v.A @ v.x))),
            "A.T*(sigmoid(A*x).*(1 - sigmoid(A*x)))",
        )
    },
)
case(
    "the sum of sigmoids, a step",
    "A: m n, x: n 1",
    lambda m: sp.total(m.step("p", sp.sigmoid(m.A * m.x))),
    lambda v: torch.sigmoid(v.A @ v.x).sum(),
    {
        "x": By(
            lambda v: v.A.T @ (torch.sigmoid(v.A @ v.x) * (1 - torch.sigmoid(v.A @ v.x))),
            "A.T*(p.*(1 - p))",
        )
    },
    whole=at_least(m=2),
)
case(
    "the sum of softplus",
    "A: m n, x: n 1",
    lambda m: sp.total(sp.softplus(m.A * m.x)),
    lambda v: softplus(v.A @ v.x).sum(),
    {"x": By(lambda v: v.A.T @ torch.sigmoid(v.A @ v.x), "A.T*sigmoid(A*x)")},
)
case(
    "the sum of tanh with SymPy's applyfunc",
    "A: m n, X: n p",
    lambda m: sp.total((m.A * m.X).applyfunc(sympy.tanh)),
    lambda v: torch.tanh(v.A @ v.X).sum(),
    {"X": By(lambda v: v.A.T @ (1 - torch.tanh(v.A @ v.X) ** 2), "A.T*(1 - tanh(A*X).**2)")},
)
case(
    "a'exp(X)b, entry by entry",
    "a: m 1, X: m n, b: n 1",
    lambda m: sp.scalar(m.a.T * sp.exp(m.X) * m.b),
    lambda v: v.a.T @ torch.exp(v.X) @ v.b,
    {"X": By(lambda v: torch.exp(v.X) * (v.a @ v.b.T))},
)
case(
    "the sum of X log X",
    "X: m n positive",
    lambda m: sp.total(hadamard_product(m.X, sp.log(m.X))),
    lambda v: (v.X * torch.log(v.X)).sum(),
    {"X": By(lambda v: torch.log(v.X) + 1, "log(X) + 1")},
)
case(
    "a relative entropy",
    "x: n 1 positive, y: n 1 positive",
    lambda m: sp.dot(m.x, sp.log(m.x) - sp.log(m.y)),
    lambda v: v.x.T @ (torch.log(v.x) - torch.log(v.y)),
    {
        "x": By(lambda v: torch.log(v.x) - torch.log(v.y) + 1, "log(x) - log(y) + 1"),
        "y": By(lambda v: -v.x / v.y, "-x./y"),
    },
)
case(
    "the sum of a Hadamard product",
    "A: m n, X: m n",
    lambda m: sp.total(hadamard_product(m.A, m.X)),
    lambda v: (v.A * v.X).sum(),
    {"X": By(lambda v: v.A, "A")},
)
case(
    "a'(A o X)b",
    "a: m 1, A: m n, X: m n, b: n 1",
    lambda m: sp.scalar(m.a.T * hadamard_product(m.A, m.X) * m.b),
    lambda v: v.a.T @ (v.A * v.X) @ v.b,
    {"X": By(lambda v: v.A * (v.a @ v.b.T), "(a*b.T).*A")},
)
case(
    "tr(X'(A o X))",
    "A: m n, X: m n",
    lambda m: Trace(m.X.T * hadamard_product(m.A, m.X)),
    lambda v: tr(v.X.T @ (v.A * v.X)),
    {"X": By(lambda v: 2 * v.A * v.X, "2*A.*X")},
)
case(
    "|X o X - A|_F^2",
    "A: m n, X: m n",
    lambda m: sp.squared_norm(hadamard_product(m.X, m.X) - m.A),
    lambda v: sq(v.X * v.X - v.A),
    {"X": By(lambda v: 4 * (v.X * v.X - v.A) * v.X, "4*(X.**2 - A).*X")},
)
case(
    "the sum of A/X, entry by entry",
    "A: m n, X: m n positive",
    lambda m: sp.total(hadamard_product(m.A, HadamardPower(m.X, -1))),
    lambda v: (v.A / v.X).sum(),
    {"X": By(lambda v: -v.A / v.X**2, "-A./X.**2")},
)
case(
    "the sum of cubes",
    "X: m n",
    lambda m: sp.total(HadamardPower(m.X, 3)),
    lambda v: (v.X**3).sum(),
    {"X": By(lambda v: 3 * v.X**2, "3*X.**2")},
)
case(
    "the sum of roots",
    "X: m n positive",
    lambda m: sp.total(sp.sqrt(m.X)),
    lambda v: torch.sqrt(v.X).sum(),
    {"X": By(lambda v: 1 / (2 * torch.sqrt(v.X)))},
)
case(
    "sines and cosines of a matrix, entry by entry",
    "A: m n, X: m n",
    lambda m: sp.dot(m.A, sp.sin(m.X)) + sp.total(sp.cos(m.X)),
    lambda v: (v.A * torch.sin(v.X)).sum() + torch.cos(v.X).sum(),
    {"X": By(lambda v: v.A * torch.cos(v.X) - torch.sin(v.X))},
)
case(
    "the sum of all entries of a product, 1'AX1",
    "A: m n, X: n p",
    lambda m: sp.scalar(OneMatrix(1, m.m) * m.A * m.X * OneMatrix(m.p, 1)),
    lambda v: (v.A @ v.X).sum(),
    {"X": By(lambda v: v.A.T @ ones(size(v.A, 0), size(v.X, 1)))},
)
case(
    "the mean of all entries",
    "X: m n",
    lambda m: sp.mean(m.X),
    lambda v: v.X.mean(),
    {"X": By(lambda v: torch.ones_like(v.X) / v.X.numel(), "ones(m, n)/(m*n)")},
)
case(
    "the variance of a column",
    "x: n 1",
    lambda m: sp.mean(HadamardPower(m.x - sp.mean(m.x) * OneMatrix(m.n, 1), 2)),
    lambda v: ((v.x - v.x.mean()) ** 2).mean(),
    {"x": By(lambda v: 2 * (v.x - v.x.mean()) / size(v.x, 0), "2*(x - total(x)/n)/n")},
    whole=at_least(n=2),
)
case(
    "the sum of max(X, A), entry by entry",
    "A: m n, X: m n",
    lambda m: sp.total(sp.maximum(m.X, m.A)),
    lambda v: torch.maximum(v.X, v.A).sum(),
    {"X": By(lambda v: (v.X > v.A) * 1.0)},
)
case(
    "a scalar inside an entrywise function of a matrix",
    "X: m n, s, t",
    lambda m: sp.total(sp.tanh(m.s * m.X + m.t * OneMatrix(m.m, m.n))),
    lambda v: torch.tanh(v.s * v.X + v.t).sum(),
    {
        "s": By(lambda v: ((1 - torch.tanh(v.s * v.X + v.t) ** 2) * v.X).sum()),
        "t": By(lambda v: (1 - torch.tanh(v.s * v.X + v.t) ** 2).sum()),
        "X": By(lambda v: v.s * (1 - torch.tanh(v.s * v.X + v.t) ** 2)),
    },
)
case(
    "powers of a matrix with a scalar exponent",
    "X: m n positive, t",
    lambda m: sp.total(HadamardPower(m.X, m.t)),
    lambda v: (v.X**v.t).sum(),
    {
        "X": By(lambda v: v.t * v.X ** (v.t - 1), "t*X.**(t - 1)"),
        "t": By(lambda v: (v.X**v.t * torch.log(v.X)).sum()),
    },
)
case(
    "an outer product: |xy' - A|_F^2",
    "A: m n, x: m 1, y: n 1",
    lambda m: sp.squared_norm(m.x * m.y.T - m.A),
    lambda v: sq(v.x @ v.y.T - v.A),
    {
        "x": By(lambda v: 2 * (v.x @ v.y.T - v.A) @ v.y, "2*(x*y.T - A)*y"),
        "y": By(lambda v: 2 * (v.x @ v.y.T - v.A).T @ v.x),
    },
)

# == functions along an axis ======================================================================

case(
    "logsumexp(Ax)",
    "A: m n, x: n 1",
    lambda m: sp.logsumexp(m.A * m.x),
    lambda v: torch.logsumexp(v.A @ v.x, 0),
    {"x": By(lambda v: v.A.T @ torch.softmax(v.A @ v.x, 0), "A.T*softmax(A*x)")},
    fits=at_least(m=2),
)
case(
    "logsumexp(Ax + b), written out",
    "A: m n, x: n 1, b: m 1",
    lambda m: sp.log(sp.total(sp.exp(m.A * m.x + m.b))),
    lambda v: torch.logsumexp(v.A @ v.x + v.b, 0),
    {
        "x": By(
            lambda v: v.A.T @ torch.softmax(v.A @ v.x + v.b, 0),
            "A.T*exp(A*x + b)/total(exp(A*x + b))",
        )
    },
)
case(
    "a'softmax(x)",
    "a: n 1, x: n 1",
    lambda m: sp.dot(m.a, sp.softmax(m.x)),
    lambda v: v.a.T @ torch.softmax(v.x, 0),
    {
        "x": By(
            lambda v: (
                (
                    torch.diag(torch.softmax(v.x, 0)[:, 0])
                    - torch.softmax(v.x, 0) @ torch.softmax(v.x, 0).T
                )
                @ v.a
            ),
            "softmax(x).*(a - total(a.*softmax(x)))",
        )
    },
    fits=at_least(n=2),
)
case(
    "a'softmax(x) with a step",
    "a: n 1, x: n 1",
    lambda m: sp.dot(m.a, m.step("p", sp.softmax(m.x))),
    lambda v: v.a.T @ torch.softmax(v.x, 0),
    {
        "x": By(
            lambda v: torch.softmax(v.x, 0) * (v.a - v.a.T @ torch.softmax(v.x, 0)),
            "p.*(a - total(a.*p))",
        )
    },
    fits=at_least(n=2),
)
case(
    "softmax of the rows of a matrix",
    "A: m n, X: m n",
    lambda m: sp.dot(m.A, sp.softmax(m.X, axis=1)),
    lambda v: (v.A * torch.softmax(v.X, 1)).sum(),
    {
        "X": By(
            lambda v: (
                torch.softmax(v.X, 1) * (v.A - (v.A * torch.softmax(v.X, 1)).sum(1, keepdim=True))
            )
        )
    },
    fits=at_least(n=2),
)
case(
    "log_softmax of the columns of a matrix",
    "A: m n, X: m n",
    lambda m: sp.dot(m.A, sp.log_softmax(m.X, axis=0)),
    lambda v: (v.A * torch.log_softmax(v.X, 0)).sum(),
    {"X": By(lambda v: v.A - torch.softmax(v.X, 0) * v.A.sum(0, keepdim=True))},
    fits=at_least(m=2),
)
case(
    "the sum of squares of the sums of the columns",
    "X: m n",
    lambda m: sp.squared_norm(sp.total(m.X, axis=0)),
    lambda v: (v.X.sum(0) ** 2).sum(),
    {"X": By(lambda v: 2 * ones(size(v.X, 0)) @ v.X.sum(0, keepdim=True))},
)
case(
    "the largest entry of each row",
    "X: m n, a: m 1",
    lambda m: sp.dot(m.a, sp.amax(m.X, axis=1)),
    lambda v: (v.a[:, 0] * v.X.amax(1)).sum(),
    "X a",
    fits=at_least(n=2, m=2),
)
case(
    "attention of columns of weights",
    "Q: m n, K: p n, V: p k, A: m k",
    lambda m: sp.dot(m.A, sp.softmax(m.Q * m.K.T / sqrt(m.n), axis=1) * m.V),
    lambda v: (v.A * (torch.softmax(v.Q @ v.K.T / size(v.Q, 1) ** 0.5, 1) @ v.V)).sum(),
    "Q K V",
    fits=at_least(p=2),
)

# == diagonals ====================================================================================

case(
    "a'diag(x)b",
    "a: n 1, x: n 1, b: n 1",
    lambda m: sp.scalar(m.a.T * DiagMatrix(m.x) * m.b),
    lambda v: v.a.T @ torch.diag(v.x[:, 0]) @ v.b,
    {"x": By(lambda v: v.a * v.b, "a.*b")},
)
case(
    "tr(diag(x)A) with symprop's diag",
    "x: n 1, A: n n",
    lambda m: sp.trace(sp.diag(m.x) * m.A),
    lambda v: tr(torch.diag(v.x[:, 0]) @ v.A),
    {"x": By(lambda v: torch.diag(v.A)[:, None], "diagonal(A)")},
)
case(
    "x'diag(w)x",
    "x: n 1, w: n 1",
    lambda m: sp.scalar(m.x.T * DiagMatrix(m.w) * m.x),
    lambda v: v.x.T @ torch.diag(v.w[:, 0]) @ v.x,
    {
        "x": By(lambda v: 2 * v.w * v.x, "2*w.*x"),
        "w": By(lambda v: v.x**2, "x.**2"),
    },
)
case(
    "tr(diag(x)Adiag(x)B)",
    "x: n 1, A: n n, B: n n",
    lambda m: Trace(DiagMatrix(m.x) * m.A * DiagMatrix(m.x) * m.B),
    lambda v: tr(torch.diag(v.x[:, 0]) @ v.A @ torch.diag(v.x[:, 0]) @ v.B),
    {"x": By(lambda v: (v.A * v.B.T + v.A.T * v.B) @ v.x)},
)
case(
    "the diagonal of a matrix: a'diag(X)",
    "a: n 1, X: n n",
    lambda m: sp.dot(m.a, sp.diag(m.X)),
    lambda v: v.a[:, 0] @ torch.diag(v.X),
    {"X": By(lambda v: torch.diag(v.a[:, 0]), "diag(a)")},
)
case(
    "the diagonal of a product, DiagonalOf",
    "A: n m, X: m n",
    lambda m: sp.squared_norm(DiagonalOf(m.A * m.X)),
    lambda v: (torch.diag(v.A @ v.X) ** 2).sum(),
    {"X": By(lambda v: 2 * v.A.T @ torch.diag(torch.diag(v.A @ v.X)))},
)
case(
    "log det diag(x)",
    "x: n 1 positive",
    lambda m: sp.logdet(sp.diag(m.x)),
    lambda v: torch.log(v.x).sum(),
    {"x": By(lambda v: 1 / v.x, "1./x")},
)
case(
    "optimal design: log det(X'diag(w)X)",
    "X: m n, w: m 1 positive",
    lambda m: sp.logdet(m.X.T * DiagMatrix(m.w) * m.X),
    lambda v: torch.logdet(v.X.T @ torch.diag(v.w[:, 0]) @ v.X),
    {
        "w": By(
            lambda v: torch.diag(v.X @ inv(v.X.T @ torch.diag(v.w[:, 0]) @ v.X) @ v.X.T)[:, None]
        ),
        "X": By(
            lambda v: 2 * torch.diag(v.w[:, 0]) @ v.X @ inv(v.X.T @ torch.diag(v.w[:, 0]) @ v.X),
            "2*diag(w)*X*inverse(X.T*diag(w)*X)",
        ),
    },
    fits=tall,
)
case(
    "a diagonal matrix inside an inverse",
    "a: n 1, A: n n spd, x: n 1 positive",
    lambda m: sp.scalar(m.a.T * Inverse(m.A + DiagMatrix(m.x)) * m.a),
    lambda v: v.a.T @ inv(v.A + torch.diag(v.x[:, 0])) @ v.a,
    {
        "x": By(
            lambda v: (
                -(inv(v.A + torch.diag(v.x[:, 0])).T @ v.a)
                * (inv(v.A + torch.diag(v.x[:, 0])) @ v.a)
            )
        )
    },
)
case(
    "the diagonal of the diagonal matrix of a column",
    "a: n 1, x: n 1",
    lambda m: sp.dot(m.a, DiagonalOf(DiagMatrix(m.x))),
    lambda v: v.a.T @ v.x,
    {"x": By(lambda v: v.a, "a")},
)

# == entries, slices, stacks, blocks ==============================================================

case(
    "entries of a matrix",
    "X: m n",
    lambda m: m.X[0, 1] ** 2 * m.X[1, 0] + sp.exp(m.X[0, 0]),
    lambda v: v.X[0, 1] ** 2 * v.X[1, 0] + torch.exp(v.X[0, 0]),
    "X",
    fits=at_least(m=2, n=2),
)
case(
    "an entry from the end",
    "X: m n",
    lambda m: m.X[m.m - 1, m.n - 1] ** 2 + m.X[0, m.n - 1],
    lambda v: v.X[-1, -1] ** 2 + v.X[0, -1],
    "X",
)
case(
    "an entry of a column",
    "x: n 1, a: n 1",
    lambda m: m.x[0, 0] * sp.dot(m.a, m.x),
    lambda v: v.x[0, 0] * (v.a.T @ v.x),
    {"x": By(lambda v: v.x[0, 0] * v.a + (v.a.T @ v.x) * entry(size(v.x, 0), 1, 0, 0))},
)
case(
    "an entry of a product",
    "A: m n, x: n 1",
    lambda m: (m.A * m.x)[1, 0] ** 2,
    lambda v: (v.A @ v.x)[1, 0] ** 2,
    {"x": By(lambda v: 2 * (v.A @ v.x)[1, 0] * v.A[[1]].T)},
    fits=at_least(m=2),
)
case(
    "the norm of the first two rows",
    "X: m n",
    lambda m: sp.squared_norm(m.X[0:2, :]),
    lambda v: sq(v.X[0:2]),
    {"X": By(lambda v: 2 * torch.cat([v.X[:2], 0 * v.X[2:]]))},
    fits=at_least(m=2),
)
case(
    "the product of a slice with a column",
    "X: m n, a: n 1, b: m 1",
    lambda m: sp.scalar(m.b[0:2, :].T * m.X[0:2, :] * m.a),
    lambda v: v.b[0:2].T @ v.X[0:2] @ v.a,
    "X a b",
    fits=at_least(m=2),
)
case(
    "a column of a matrix",
    "X: m n, a: m 1",
    lambda m: sp.scalar(m.a.T * m.X[:, 1]) ** 2,
    lambda v: (v.a.T @ v.X[:, 1:2]) ** 2,
    "X a",
    fits=at_least(n=2),
)
case(
    "all rows but the last",
    "X: m n",
    lambda m: sp.squared_norm(m.X[0 : m.m - 1, :]),
    lambda v: sq(v.X[:-1]),
    "X",
    fits=at_least(m=2),
)
case(
    "differences of neighbours",
    "x: n 1",
    lambda m: sp.squared_norm(m.x[1 : m.n, :] - m.x[0 : m.n - 1, :]),
    lambda v: sq(v.x[1:] - v.x[:-1]),
    "x",
    fits=at_least(n=2),
)
case(
    "a convolution by slices",
    "x: n 1, w: 3 1, y: n 1",
    lambda m: sp.squared_norm(
        m.w[0, 0] * m.x[0 : m.n - 2, :]
        + m.w[1, 0] * m.x[1 : m.n - 1, :]
        + m.w[2, 0] * m.x[2 : m.n, :]
        - m.y[2 : m.n, :]
    ),
    lambda v: sq(v.w[0, 0] * v.x[:-2] + v.w[1, 0] * v.x[1:-1] + v.w[2, 0] * v.x[2:] - v.y[2:]),
    "x w",
    fits=at_least(n=3),
)
case(
    "a stack of columns",
    "A: p k, x: m 1, y: n 1, b: p 1",
    lambda m: sp.squared_norm(sp.vstack(m.x, m.y)) + sp.dot(m.b, m.A * OneMatrix(m.k, 1)),
    lambda v: sq(torch.cat([v.x, v.y])) + v.b.T @ v.A @ ones(size(v.A, 1)),
    {"x": By(lambda v: 2 * v.x, "2*x"), "y": By(lambda v: 2 * v.y, "2*y")},
)
case(
    "a matrix times a stack of columns",
    "A: k 5, x: 2 1, y: 3 1",
    lambda m: sp.squared_norm(m.A * sp.vstack(m.x, m.y)),
    lambda v: sq(v.A @ torch.cat([v.x, v.y])),
    {
        "x": By(lambda v: 2 * v.A[:, :2].T @ v.A @ torch.cat([v.x, v.y])),
        "y": By(lambda v: 2 * v.A[:, 2:].T @ v.A @ torch.cat([v.x, v.y])),
        "A": By(lambda v: 2 * v.A @ torch.cat([v.x, v.y]) @ torch.cat([v.x, v.y]).T),
    },
)
case(
    "matrices side by side",
    "A: m n, B: m p, a: m 1",
    lambda m: sp.squared_norm(m.a.T * sp.hstack(m.A, m.B)),
    lambda v: sq(v.a.T @ torch.cat([v.A, v.B], 1)),
    {
        "A": By(lambda v: 2 * v.a @ v.a.T @ v.A, "2*a*a.T*A"),
        "B": By(lambda v: 2 * v.a @ v.a.T @ v.B, "2*a*a.T*B"),
    },
)
case(
    "a weight stacked with itself",
    "x: n 1, a: m 1, W: m n",
    lambda m: sp.squared_norm(sp.hstack(m.W * m.x, m.a, m.W * m.x)),
    lambda v: sq(torch.cat([v.W @ v.x, v.a, v.W @ v.x], 1)),
    {"W": By(lambda v: 4 * v.W @ v.x @ v.x.T, "4*W*x*x.T")},
)
case(
    "a block matrix in a quadratic form",
    "A: m m, B: m n, C: n m, D: n n, x: m 1, y: n 1",
    lambda m: sp.dot(
        sp.vstack(m.x, m.y),
        BlockMatrix([[m.A, m.B], [m.C, m.D]]) * sp.vstack(m.x, m.y),
    ),
    lambda v: v.x.T @ v.A @ v.x + v.x.T @ v.B @ v.y + v.y.T @ v.C @ v.x + v.y.T @ v.D @ v.y,
    {
        "x": By(lambda v: (v.A + v.A.T) @ v.x + v.B @ v.y + v.C.T @ v.y),
        "B": By(lambda v: v.x @ v.y.T, "x*y.T"),
    },
)
case(
    "the norm of a block matrix",
    "A: m m, B: m n, C: p m, D: p n",
    lambda m: sp.squared_norm(BlockMatrix([[m.A, m.B], [m.C, m.D]])),
    lambda v: sq(v.A) + sq(v.B) + sq(v.C) + sq(v.D),
    {"A": By(lambda v: 2 * v.A, "2*A"), "D": By(lambda v: 2 * v.D, "2*D")},
)
case(
    "log det of a block matrix",
    "A: m m spd, B: m n, D: n n spd",
    lambda m: sp.logdet(
        BlockMatrix([[m.A + 9 * Identity(m.m), m.B], [m.B.T, m.D + 9 * Identity(m.n)]])
    ),
    lambda v: torch.logdet(
        torch.cat(
            [
                torch.cat([v.A + 9 * eye(v.A), v.B], 1),
                torch.cat([v.B.T, v.D + 9 * eye(v.D)], 1),
            ]
        )
    ),
    "A B D",
)
case(
    "an explicit matrix of symbols",
    "w11, w12, w21, w22, x: 2 1",
    lambda m: sp.squared_norm(Matrix([[m.w11, m.w12], [m.w21, m.w22]]) * m.x),
    lambda v: (v.w11 * v.x[0] + v.w12 * v.x[1]) ** 2 + (v.w21 * v.x[0] + v.w22 * v.x[1]) ** 2,
    {
        "w12": By(lambda v: 2 * (v.w11 * v.x[0] + v.w12 * v.x[1])[0] * v.x[1, 0]),
        "w21": By(lambda v: 2 * (v.w21 * v.x[0] + v.w22 * v.x[1])[0] * v.x[0, 0]),
    },
)
case(
    "the determinant of an explicit matrix of symbols",
    "a, b, c, d",
    lambda m: Matrix([[m.a, m.b], [m.c, m.d]]).det(),
    lambda v: v.a * v.d - v.b * v.c,
    {
        "a": By(lambda v: v.d, "d"),
        "b": By(lambda v: -v.c, "-c"),
        "c": By(lambda v: -v.b, "-b"),
        "d": By(lambda v: v.a, "a"),
    },
)
case(
    "an explicit matrix of symbols in a determinant, unevaluated",
    "a: fraction, b: fraction, c: fraction, X: 2 2",
    lambda m: sp.determinant(Matrix([[m.a + 2, m.b], [m.c, m.a - 3]]) + m.X),
    lambda v: (v.a + 2 + v.X[0, 0]) * (v.a - 3 + v.X[1, 1]) - (v.b + v.X[0, 1]) * (v.c + v.X[1, 0]),
    "a b c X",
)
case(
    "a constant explicit matrix",
    "x: 2 1",
    lambda m: sp.scalar(m.x.T * Matrix([[1, 2], [3, 4]]) * m.x),
    lambda v: v.x[0] ** 2 + 5 * v.x[0] * v.x[1] + 4 * v.x[1] ** 2,
    {
        "x": By(
            lambda v: torch.stack([2 * v.x[0] + 5 * v.x[1], 5 * v.x[0] + 8 * v.x[1]]),
            "[1, 2; 3, 4]*x + [1, 3; 2, 4]*x",
        )
    },
)
case(
    "an explicit column of symbols and entries",
    "a, x: 3 1, W: n 3",
    lambda m: sp.squared_norm(m.W * Matrix([m.a, m.x[0, 0] * m.a, m.x[2, 0]])),
    lambda v: sq(v.W @ torch.stack([v.a, v.x[0, 0] * v.a, v.x[2, 0]])[:, None]),
    "a x W",
)
case(
    "a rotation",
    "t, x: 2 1, y: 2 1",
    lambda m: sp.squared_norm(
        Matrix([[sympy.cos(m.t), -sympy.sin(m.t)], [sympy.sin(m.t), sympy.cos(m.t)]]) * m.x - m.y
    ),
    lambda v: (
        (torch.cos(v.t) * v.x[0] - torch.sin(v.t) * v.x[1] - v.y[0]) ** 2
        + (torch.sin(v.t) * v.x[0] + torch.cos(v.t) * v.x[1] - v.y[1]) ** 2
    ),
    "t x",
)

# == statistics and networks ======================================================================

case(
    "ridge regression",
    "X: m n, y: m 1, w: n 1, t: positive",
    lambda m: sp.squared_norm(m.X * m.w - m.y) + m.t * sp.squared_norm(m.w),
    lambda v: sq(v.X @ v.w - v.y) + v.t * sq(v.w),
    {
        "w": By(
            lambda v: 2 * v.X.T @ (v.X @ v.w - v.y) + 2 * v.t * v.w,
            "2*X.T*(X*w - y) + 2*t*w",
        )
    },
    samples="m",
)
case(
    "weighted least squares (y - Xw)'S(y - Xw)",
    "X: m n, y: m 1, w: n 1, S: m m sym",
    lambda m: sp.scalar((m.y - m.X * m.w).T * m.S * (m.y - m.X * m.w)),
    lambda v: (v.y - v.X @ v.w).T @ v.S @ (v.y - v.X @ v.w),
    {"w": By(lambda v: -2 * v.X.T @ v.S @ (v.y - v.X @ v.w))},
)
case(
    "least squares of several outputs, half",
    "X: m n, Y: m p, W: n p",
    lambda m: sp.half_squared_error(m.Y, m.X * m.W),
    lambda v: sq(v.Y - v.X @ v.W) / 2,
    {"W": By(lambda v: -v.X.T @ (v.Y - v.X @ v.W), "-X.T*(Y - X*W)")},
    samples="m",
)
case(
    "logistic regression",
    "X: m n, y: m 1 binary, w: n 1",
    lambda m: sp.binary_cross_entropy(m.y, sp.sigmoid(m.X * m.w)),
    lambda v: (softplus(v.X @ v.w) - v.y * (v.X @ v.w)).sum(),
    {"w": By(lambda v: v.X.T @ (torch.sigmoid(v.X @ v.w) - v.y), "-X.T*(y - sigmoid(X*w))")},
    samples="m",
    labels={"y": "binary"},
)
case(
    "logistic regression with a step",
    "X: m n, y: m 1 binary, w: n 1, t: positive",
    lambda m: (
        sp.binary_cross_entropy(m.y, m.step("p", sp.sigmoid(m.X * m.w)))
        + m.t * sp.squared_norm(m.w)
    ),
    lambda v: (softplus(v.X @ v.w) - v.y * (v.X @ v.w)).sum() + v.t * sq(v.w),
    {
        "w": By(
            lambda v: v.X.T @ (torch.sigmoid(v.X @ v.w) - v.y) + 2 * v.t * v.w,
            "X.T*(p - y) + 2*t*w",
        )
    },
    samples="m",
    labels={"y": "binary"},
)
case(
    "logistic regression by softplus",
    "X: m n, y: m 1 binary, w: n 1",
    lambda m: sp.total(sp.softplus(m.X * m.w)) - sp.scalar(m.y.T * m.X * m.w),
    lambda v: (softplus(v.X @ v.w) - v.y * (v.X @ v.w)).sum(),
    {
        "w": By(
            lambda v: v.X.T @ (torch.sigmoid(v.X @ v.w) - v.y),
            "X.T*sigmoid(X*w) - X.T*y",
        )
    },
    samples="m",
    labels={"y": "binary"},
)
case(
    "logistic regression with labels -1 and 1",
    "X: m n, y: m 1 signed, w: n 1",
    lambda m: sp.total(sp.softplus(-hadamard_product(m.y, m.X * m.w))),
    lambda v: softplus(-v.y * (v.X @ v.w)).sum(),
    {"w": By(lambda v: -v.X.T @ (v.y * torch.sigmoid(-v.y * (v.X @ v.w))))},
    samples="m",
    labels={"y": "signed"},
)
case(
    "the logistic loss of labels -1 and 1",
    "X: m n, y: m 1 signed, w: n 1",
    lambda m: sp.logistic_loss(m.y, m.X * m.w),
    lambda v: softplus(-v.y * (v.X @ v.w)).sum(),
    {"w": By(lambda v: -v.X.T @ (v.y * torch.sigmoid(-v.y * (v.X @ v.w))))},
    samples="m",
    labels={"y": "signed"},
)
case(
    "softmax regression of a batch",
    "X: m n, Y: m p onehot, W: n p",
    lambda m: sp.cross_entropy(m.Y, sp.softmax(m.X * m.W, axis=1)),
    lambda v: -(v.Y * torch.log_softmax(v.X @ v.W, 1)).sum(),
    {
        "W": By(
            lambda v: v.X.T @ (torch.softmax(v.X @ v.W, 1) - v.Y),
            "X.T*(softmax(X*W, axis=1) - Y)",
        )
    },
    samples="m",
    labels={"Y": "one-hot"},
    fits=at_least(p=2),
)
case(
    "softmax regression of one sample",
    "x: n 1, y: p 1 onehot, W: p n, b: p 1",
    lambda m: sp.cross_entropy(m.y, m.step("q", sp.softmax(m.W * m.x + m.b))),
    lambda v: -(v.y * torch.log_softmax(v.W @ v.x + v.b, 0)).sum(),
    {
        "W": By(lambda v: (torch.softmax(v.W @ v.x + v.b, 0) - v.y) @ v.x.T, "(q - y)*x.T"),
        "b": By(lambda v: torch.softmax(v.W @ v.x + v.b, 0) - v.y, "q - y"),
    },
    labels={"y": "one-hot"},
    fits=at_least(p=2),
)
case(
    "Poisson regression",
    "X: m n, y: m 1 positive, w: n 1",
    lambda m: sp.total(sp.exp(m.X * m.w)) - sp.dot(m.y, m.X * m.w),
    lambda v: torch.exp(v.X @ v.w).sum() - v.y.T @ v.X @ v.w,
    {
        "w": By(
            lambda v: v.X.T @ (torch.exp(v.X @ v.w) - v.y),
            "X.T*exp(X*w) - X.T*y",
        )
    },
    samples="m",
)
case(
    "the log-likelihood of a Gaussian",
    "x: n 1, mu: n 1, S: n n spd",
    lambda m: (
        -sp.scalar((m.x - m.mu).T * Inverse(m.S) * (m.x - m.mu)) / 2
        - log(Determinant(m.S)) / 2
        - m.n * log(2 * sympy.pi) / 2
    ),
    lambda v: (
        -(v.x - v.mu).T @ inv(v.S) @ (v.x - v.mu) / 2
        - torch.logdet(v.S) / 2
        - size(v.x, 0) * 0.9189385332046727
    ),
    {
        "mu": By(lambda v: inv(v.S) @ (v.x - v.mu)),
        "S": By(
            lambda v: (inv(v.S).T @ (v.x - v.mu) @ (v.x - v.mu).T @ inv(v.S).T - inv(v.S).T) / 2,
            "inverse(S).T*(x - mu)*(x - mu).T*inverse(S).T/2 - inverse(S).T/2",
        ),
    },
)
case(
    "the log-likelihood of a Gaussian by its precision",
    "x: n 1, mu: n 1, P: n n spd",
    lambda m: sp.logdet(m.P) / 2 - sp.dot(m.x - m.mu, m.P * (m.x - m.mu)) / 2,
    lambda v: torch.logdet(v.P) / 2 - (v.x - v.mu).T @ v.P @ (v.x - v.mu) / 2,
    {
        "P": By(
            lambda v: inv(v.P).T / 2 - (v.x - v.mu) @ (v.x - v.mu).T / 2,
            "inverse(P).T/2 - (x - mu)*(x - mu).T/2",
        )
    },
)
case(
    "the log-likelihood of a whole sample of a Gaussian",
    "X: m n, mu: n 1, S: n n spd",
    lambda m: (
        -sp.trace(
            (m.X - OneMatrix(m.m, 1) * m.mu.T)
            * sp.inverse(m.S)
            * (m.X - OneMatrix(m.m, 1) * m.mu.T).T
        )
        / 2
        - m.m * sp.logdet(m.S) / 2
    ),
    lambda v: (
        -tr((v.X - v.mu.T) @ inv(v.S) @ (v.X - v.mu.T).T) / 2 - size(v.X, 0) * torch.logdet(v.S) / 2
    ),
    {
        "mu": By(lambda v: (inv(v.S) + inv(v.S).T) @ (v.X - v.mu.T).sum(0, keepdim=True).T / 2),
        "S": By(
            lambda v: (
                (
                    (inv(v.S) @ (v.X - v.mu.T).T @ (v.X - v.mu.T) @ inv(v.S)).T
                    - size(v.X, 0) * inv(v.S).T
                )
                / 2
            )
        ),
    },
    samples="m",
)
case(
    "a Gaussian of one variable",
    "x: n 1, mu, s: positive",
    lambda m: sp.squared_norm(m.x - m.mu * OneMatrix(m.n, 1)) / (2 * m.s**2) + m.n * log(m.s),
    lambda v: sq(v.x - v.mu) / (2 * v.s**2) + size(v.x, 0) * torch.log(v.s),
    {
        "mu": By(lambda v: -(v.x - v.mu).sum() / v.s**2),
        "s": By(lambda v: size(v.x, 0) / v.s - sq(v.x - v.mu) / v.s**3),
    },
)
case(
    "Student's t",
    "x: n 1, mu: n 1, S: n n spd, nu: positive",
    lambda m: (
        (m.nu + m.n) / 2 * log(1 + sp.scalar((m.x - m.mu).T * Inverse(m.S) * (m.x - m.mu)) / m.nu)
    ),
    lambda v: (
        (v.nu + size(v.x, 0)) / 2 * torch.log(1 + (v.x - v.mu).T @ inv(v.S) @ (v.x - v.mu) / v.nu)
    ),
    "mu S nu",
)
case(
    "the divergence of two Gaussians",
    "A: n n spd, B: n n spd, a: n 1, b: n 1",
    lambda m: (
        (
            Trace(m.B.I * m.A)
            + sp.scalar((m.b - m.a).T * m.B.I * (m.b - m.a))
            - m.n
            + sp.logdet(m.B)
            - sp.logdet(m.A)
        )
        / 2
    ),
    lambda v: (
        (
            tr(inv(v.B) @ v.A)
            + (v.b - v.a).T @ inv(v.B) @ (v.b - v.a)
            - size(v.a, 0)
            + torch.logdet(v.B)
            - torch.logdet(v.A)
        )
        / 2
    ),
    {
        "A": By(lambda v: (inv(v.B).T - inv(v.A).T) / 2, "(inverse(B)/2 - inverse(A)/2).T"),
        "a": By(lambda v: -(inv(v.B) + inv(v.B).T) @ (v.b - v.a) / 2),
        "B": By(
            lambda v: (
                (inv(v.B).T - inv(v.B).T @ (v.A.T + (v.b - v.a) @ (v.b - v.a).T) @ inv(v.B).T) / 2
            )
        ),
    },
)
case(
    "the marginal likelihood of a Gaussian process",
    "K: n n spd, y: n 1, s: positive",
    lambda m: (
        sp.scalar(m.y.T * Inverse(m.K + m.s**2 * Identity(m.n)) * m.y)
        + sp.logdet(m.K + m.s**2 * Identity(m.n))
    ),
    lambda v: v.y.T @ inv(v.K + v.s**2 * eye(v.K)) @ v.y + torch.logdet(v.K + v.s**2 * eye(v.K)),
    {
        "s": By(
            lambda v: (
                -2 * v.s * sq(inv(v.K + v.s**2 * eye(v.K)).T @ v.y)
                + 2 * v.s * tr(inv(v.K + v.s**2 * eye(v.K)))
            )
        )
    },
)
case(
    "factor analysis: log det(WW' + diag(d)) + tr(inv(WW' + diag(d))S)",
    "W: m n, d: m 1 positive, S: m m sym",
    lambda m: (
        sp.logdet(m.W * m.W.T + sp.diag(m.d)) + Trace(Inverse(m.W * m.W.T + sp.diag(m.d)) * m.S)
    ),
    lambda v: (
        torch.logdet(v.W @ v.W.T + torch.diag(v.d[:, 0]))
        + tr(inv(v.W @ v.W.T + torch.diag(v.d[:, 0])) @ v.S)
    ),
    "W d",
)
case(
    "Fisher's criterion w'Aw/w'Bw",
    "A: n n sym, B: n n spd, w: n 1",
    lambda m: -log((m.w.T * m.B * m.w)[0, 0] ** -1 * (m.w.T * m.A * m.A * m.w)[0, 0]),
    lambda v: -torch.log((v.w.T @ v.A @ v.A @ v.w) / (v.w.T @ v.B @ v.w)),
    {
        "w": By(
            lambda v: (
                2 * v.B @ v.w / (v.w.T @ v.B @ v.w)
                - 2 * v.A @ v.A @ v.w / (v.w.T @ v.A @ v.A @ v.w)
            )
        )
    },
    whole=at_least(n=2),
)
case(
    "principal components: -tr(W'SW)",
    "S: n n, W: n p",
    lambda m: -Trace(m.W.T * m.S * m.W),
    lambda v: -tr(v.W.T @ v.S @ v.W),
    {"W": By(lambda v: -(v.S + v.S.T) @ v.W, "-S*W - S.T*W")},
)
case(
    "a two-layer sigmoid network, by both weights",
    "x: n 1, y: p 1, W1: m n, W2: p m",
    lambda m: sp.half_squared_error(m.y, m.W2 * m.step("h", sp.sigmoid(m.W1 * m.x))),
    lambda v: sq(v.y - v.W2 @ torch.sigmoid(v.W1 @ v.x)) / 2,
    {
        "W1": By(
            lambda v: (
                -(
                    (v.W2.T @ (v.y - v.W2 @ torch.sigmoid(v.W1 @ v.x)))
                    * torch.sigmoid(v.W1 @ v.x)
                    * (1 - torch.sigmoid(v.W1 @ v.x))
                )
                @ v.x.T
            ),
            "-((W2.T*(y - W2*h)).*h.*(1 - h))*x.T",
        ),
        "W2": By(
            lambda v: -(v.y - v.W2 @ torch.sigmoid(v.W1 @ v.x)) @ torch.sigmoid(v.W1 @ v.x).T,
            "-(y - W2*h)*h.T",
        ),
    },
)
case(
    "a tied autoencoder",
    "x: n 1, W: m n, b: m 1, c: n 1",
    lambda m: sp.squared_norm(m.x - m.W.T * sp.sigmoid(m.W * m.x + m.b) - m.c),
    lambda v: sq(v.x - v.W.T @ torch.sigmoid(v.W @ v.x + v.b) - v.c),
    "W b c",
)
case(
    "word vectors with negative samples",
    "u: n 1, v0: n 1, K: m n",
    lambda m: -sp.log(sp.sigmoid(sp.dot(m.u, m.v0))) - sp.total(sp.log(sp.sigmoid(-m.K * m.v0))),
    lambda v: softplus(-v.u.T @ v.v0).sum() + softplus(v.K @ v.v0).sum(),
    {
        "v0": By(lambda v: -torch.sigmoid(-v.u.T @ v.v0) * v.u + v.K.T @ torch.sigmoid(v.K @ v.v0)),
        "u": By(lambda v: -torch.sigmoid(-v.u.T @ v.v0) * v.v0),
    },
)
case(
    "a support vector machine, squared",
    "X: m n, y: m 1 signed, w: n 1, t: positive",
    lambda m: (
        m.t * sp.squared_norm(m.w)
        + sp.squared_norm(sp.relu(OneMatrix(m.m, 1) - hadamard_product(m.y, m.X * m.w)))
    ),
    lambda v: v.t * sq(v.w) + sq(torch.relu(1 - v.y * (v.X @ v.w))),
    {"w": By(lambda v: 2 * v.t * v.w - 2 * v.X.T @ (v.y * torch.relu(1 - v.y * (v.X @ v.w))))},
    samples="m",
    labels={"y": "signed"},
)
case(
    "the hinge loss",
    "X: m n, y: m 1 signed, w: n 1",
    lambda m: sp.hinge_loss(m.y, m.X * m.w),
    lambda v: torch.relu(1 - v.y * (v.X @ v.w)).sum(),
    {"w": By(lambda v: -v.X.T @ (v.y * (v.y * (v.X @ v.w) < 1)))},
    samples="m",
    labels={"y": "signed"},
)
case(
    "layer normalisation with a learned scale",
    "x: n 1, g: n 1, a: n 1",
    lambda m: sp.dot(
        m.a,
        hadamard_product(
            m.g,
            (m.x - sp.mean(m.x) * OneMatrix(m.n, 1))
            / sp.sqrt(
                sp.mean(HadamardPower(m.x - sp.mean(m.x) * OneMatrix(m.n, 1), 2)) + Rational(1, 10)
            ),
        ),
    ),
    lambda v: (
        v.a * v.g * (v.x - v.x.mean()) / torch.sqrt(((v.x - v.x.mean()) ** 2).mean() + 0.1)
    ).sum(),
    "x g",
    whole=at_least(n=2),
)
case(
    "a factorisation of three matrices",
    "X: m n, A: m p, B: p k, C: k n",
    lambda m: sp.squared_norm(m.X - m.A * m.B * m.C),
    lambda v: sq(v.X - v.A @ v.B @ v.C),
    {
        "B": By(
            lambda v: -2 * v.A.T @ (v.X - v.A @ v.B @ v.C) @ v.C.T,
            "-2*A.T*(X - A*B*C)*C.T",
        )
    },
)
case(
    "a penalty beside data, of a weight that is transposed",
    "V: m n, A: n n, W: n m, s",
    lambda m: (
        -sp.dot(m.s * m.V * OneMatrix(m.n, m.n) * m.A, hadamard_product(m.W.T, m.W.T))
        + sp.squared_norm(m.W) / 7
    ),
    lambda v: -(v.s * v.V @ ones(size(v.V, 1), size(v.V, 1)) @ v.A * v.W.T**2).sum() + sq(v.W) / 7,
    "A W s",
)
case(
    "a weight that is averaged in two ways",
    "y: n 1, z: m 1, s",
    lambda m: sp.scalar(
        (m.s * sp.total(OneMatrix(m.m, 1) * m.y.T, axis=1)).T
        * DiagMatrix(m.z)
        * (m.s * sp.total(OneMatrix(m.m, 1) * m.y.T, axis=1))
    ),
    lambda v: v.s**2 * v.y.sum() ** 2 * v.z.sum(),
    {
        "y": By(lambda v: 2 * v.s**2 * v.y.sum() * v.z.sum() * ones(size(v.y, 0))),
        "z": By(lambda v: v.s**2 * v.y.sum() ** 2 * ones(size(v.z, 0))),
    },
    whole=at_least(m=2),
)
