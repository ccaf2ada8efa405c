"""Functions of a whole matrix: inverse, determinant, trace, diagonals.

The rules are those of the Matrix Cookbook (Petersen and Pedersen 2012), with g the upstream
gradient and f the own value: for f = inverse(A) (59), determinant (49), log det (57), trace (99).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from sympy import Determinant, DiagMatrix, DiagonalOf, Inverse, Trace

from symprop.errors import ShapeError
from symprop.functions.classes import as_expression, is_matrix
from symprop.functions.vocabulary import Code

MATRIX_FUNCTIONS: dict[type, MatrixFunction] = {}
"""The entry behind a SymPy class."""


@dataclass(frozen=True, eq=False)
class MatrixFunction:
    """A function of a whole matrix; of a scalar, which is a 1 x 1 matrix, it is `of_scalar`.

    `build` makes the SymPy expression. `result` is "scalar", "matrix", "column" or "diagonal": what
    becomes of a k x k matrix, or for "diagonal" of a column with k entries. `pull` gives the
    gradient by the argument A from the upstream gradient g and the own value f, in operations of
    matrices. `numeric` is the value on a NumPy array, `exact` on an explicit SymPy matrix; the
    emitted code works on a stack of matrices. `of_rectangle` is what to write for a matrix that is
    not square.
    """

    name: str
    build: Callable[[Any], Any]
    result: str
    of_scalar: Callable[[Any], Any]
    pull: Callable[[Any, Any, Any], Any]
    numeric: Callable[[Any], Any]
    exact: Callable[[Any], Any]
    latex: str
    numpy: Code
    of_rectangle: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.build, type):
            MATRIX_FUNCTIONS[self.build] = self

    def __call__(self, argument: Any) -> Any:
        """The function of a matrix expression, as a SymPy expression."""
        argument = as_expression(argument)
        if not is_matrix(argument):
            return self.of_scalar(argument)
        rows, columns = argument.shape
        if self.result == "diagonal" and columns != 1:
            raise ShapeError(
                f"{self.name} needs a column, not {rows} x {columns}",
                hint="write diagonal(A) for the diagonal of a square matrix",
            )
        if self.result != "diagonal" and sympy.S(rows - columns).is_zero is False:
            raise self.not_square(rows, columns)
        return self.build(argument)

    def not_square(self, rows: Any, columns: Any) -> ShapeError:
        """The refusal of a matrix that is not square."""
        return ShapeError(
            f"{self.name} needs a square matrix, not {rows} x {columns}",
            hint=self.of_rectangle,
        )

    def __repr__(self) -> str:
        return self.name


inverse = MatrixFunction(
    name="inverse",
    build=Inverse,
    result="matrix",
    of_scalar=lambda a: 1 / a,
    pull=lambda g, f, A: -(f.T @ g @ f.T),
    numeric=np.linalg.inv,
    exact=lambda A: A.inv(),
    latex="{}^{{-1}}",
    numpy=Code("np.linalg.inv({})"),
    of_rectangle="write HadamardPower(x, -1) for 1/x entry by entry; inverse(A.T*A)*A.T is the "
    "pseudo-inverse of a tall A",
)

determinant = MatrixFunction(
    name="determinant",
    build=Determinant,
    result="scalar",
    of_scalar=lambda a: a,
    pull=lambda g, f, A: g * f * A.of(inverse).T,
    numeric=np.linalg.det,
    exact=lambda A: A.det(),
    latex=r"\det {}",
    numpy=Code("np.linalg.det({})"),
    of_rectangle="A.T*A is square: write determinant(A.T*A)",
)


def _logdet(A: Any) -> Any:
    """Through the determinant and not through slogdet, which knows no complex step."""
    return np.log(np.linalg.det(A))


logdet = MatrixFunction(
    name="logdet",
    build=lambda A: sympy.log(Determinant(A)),
    result="scalar",
    of_scalar=sympy.log,
    pull=lambda g, f, A: g * A.of(inverse).T,
    numeric=_logdet,
    exact=lambda A: sympy.log(A.det()),
    latex=r"\log\det {}",
    numpy=Code(
        "logdet({})",
        '''
def logdet(a):
    """log(det(a)) without overflow; nan where the determinant is negative."""
    sign, log_abs = np.linalg.slogdet(a)
    return np.where(sign >= 0, log_abs, np.nan)
''',
    ),
    of_rectangle="A.T*A is square: write logdet(A.T*A)",
)
"""The logarithm of the determinant, the form of log(determinant(A)) that does not overflow."""

logabsdet = MatrixFunction(
    name="logabsdet",
    build=lambda A: sympy.log(sympy.Abs(Determinant(A))),
    result="scalar",
    of_scalar=lambda a: sympy.log(sympy.Abs(a)),
    pull=lambda g, f, A: g * A.of(inverse).T,
    numeric=lambda A: np.log(np.abs(np.linalg.det(A))),
    exact=lambda A: sympy.log(sympy.Abs(A.det())),
    latex=r"\log\left|\det {}\right|",
    numpy=Code("np.linalg.slogdet({})[1]"),
)
"""The form of log(absolute(determinant(A))) that does not overflow."""

trace = MatrixFunction(
    name="trace",
    build=Trace,
    result="scalar",
    of_scalar=lambda a: a,
    pull=lambda g, f, A: g * A.identity(),
    numeric=np.trace,
    exact=lambda A: A.trace(),
    latex=r"\operatorname{{tr}}\left({}\right)",
    numpy=Code("np.trace({}, axis1=-2, axis2=-1)"),
    of_rectangle="write total(A) for the sum of all entries, or trace(A.T*B)",
)

diagonal: MatrixFunction = MatrixFunction(
    name="diagonal",
    build=DiagonalOf,
    result="column",
    of_scalar=lambda a: a,
    pull=lambda g, f, A: g.of(diagonal_matrix),
    numeric=lambda A: np.diagonal(A)[:, None],
    exact=lambda A: sympy.Matrix([A[i, i] for i in range(A.rows)]),
    latex=r"\operatorname{{diagonal}}\left({}\right)",
    numpy=Code("np.diagonal({}, axis1=-2, axis2=-1)"),
    of_rectangle="a slice A[0:k, 0:k] is square; diag(x) makes a matrix of a column",
)

diagonal_matrix: MatrixFunction = MatrixFunction(
    name="diag",
    build=DiagMatrix,
    result="diagonal",
    of_scalar=lambda a: a,
    pull=lambda g, f, x: g.of(diagonal),
    numeric=lambda x: np.diag(x[:, 0]),
    exact=lambda x: sympy.diag(*x),
    latex=r"\operatorname{{diag}}\left({}\right)",
    numpy=Code(
        "diag({})",
        '''
def diag(x):
    """The matrix with the entries of x on its diagonal and zeros elsewhere."""
    return x[..., None] * np.eye(x.shape[-1], dtype=x.dtype)
''',
    ),
)


def diag(argument: Any) -> Any:
    """As NumPy's: the diagonal matrix of a column, or the diagonal of a square matrix."""
    argument = as_expression(argument)
    column = not is_matrix(argument) or argument.shape[1] == 1
    return (diagonal_matrix if column else diagonal)(argument)
