"""What is refused: wrong or unsupported declarations, what is said of them, and how to mend them.

Each case makes the mistake, has the exact message and way out, and the mended declaration, written
as the way out proposes; that one must be derived, emitted and right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from sympy import (
    Derivative,
    Dummy,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    Integral,
    KroneckerDelta,
    KroneckerProduct,
    Matrix,
    MatrixPermute,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Symbol,
    ZeroMatrix,
    hadamard_product,
    oo,
    symbols,
)
from sympy.combinatorics import Permutation
from sympy.matrices.expressions.slice import MatrixSlice

import symprop
from symprop import Network
from symprop.errors import (
    DeclarationError,
    DerivationError,
    EmissionError,
    GradientError,
    PointError,
    ShapeError,
    SympropError,
    UnspecifiedError,
    UnsupportedError,
)

x, y, w, b = symbols("x y w b", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
X, h, W, Q, A = (
    MatrixSymbol(name, *shape)
    for name, shape in zip("XhWQA", [(D, 1), (N, 1), (N, D), (N, N), (2, 2)], strict=True)
)
P, r = MatrixSymbol("P", 3, 4), MatrixSymbol("r", 1, N)
t, U = MatrixSymbol("t", V, 1), MatrixSymbol("U", V, D)
DATA = (x, X)
WEIGHTS = (w, b, W, h, Q, A, P, r)

Make = Callable[[], Any]

# Mistakes are made with these, so they have no types here.
activation: Any = symprop.activation
check_gradients: Any = symprop.check_gradients
define: Any = symprop.define
derive: Any = symprop.derive
emit: Any = symprop.emit
function: Any = symprop.function
load: Any = symprop.load


@dataclass(frozen=True)
class Refusal:
    """A mistake, what is said of it, and the declaration mended: a Network, or None."""

    name: str
    make: Make
    kind: type[SympropError]
    message: str
    hint: str
    mended: Make


def network(**changed: Any) -> Any:
    """A network that has declared all of the symbols above but the targets."""
    return Network("net", **{"inputs": DATA, "weights": WEIGHTS, **changed})


def using(expression: Any) -> Network:
    """A network whose loss is the squared norm of an expression."""
    used = {symbol.name for symbol in sympy.S(expression).free_symbols}
    net = Network(
        "mended",
        inputs=[symbol for symbol in DATA if symbol.name in used],
        weights=[symbol for symbol in WEIGHTS if symbol.name in used],
    )
    net.loss(symprop.squared_norm(net.step("a", expression)))
    return net


def step(
    name: str, wrong: Make, kind: type[SympropError], message: str, hint: str, right: Make
) -> Refusal:
    """A mistake in the expression of the step `a`."""

    def make() -> Any:
        return network().step("a", wrong())

    return Refusal(name, make, kind, message, hint, lambda: using(right()))


def scalars(**changed: Any) -> Network:
    """A network of one input, one target and one weight."""
    return Network("net", **{"inputs": [x], "targets": [y], "weights": [w], **changed})


def with_loss(loss: Any, **changed: Any) -> Network:
    """A network of one input, one target and one weight, with its loss."""
    net = scalars(**changed)
    net.loss(loss)
    return net


def classifier(kind: str, loss: Callable[..., Any]) -> Network:
    """A linear layer for targets `t` of a kind, `z` its excitations; the loss is made of both."""
    net = Network("net", inputs=[X], targets=[t], weights=[U], labels={t: kind})
    z = net.step("z", U * X)
    net.loss(loss(t, z))
    return net


def nested(depth: int) -> Any:
    """A function of a function of ... `w`."""
    expression = w
    for _ in range(depth):
        expression = symprop.sigmoid(expression)
    return expression


def halves() -> Network:
    """A column of 2*M rows, its halves multiplied."""
    M = Symbol("M", integer=True, positive=True)
    column = MatrixSymbol("column", 2 * M, 1)
    net = Network("net", weights=[column])
    net.loss(symprop.dot(column[:M, :], column[M:, :]))
    return net


def stepwise() -> Network:
    """The total of rows, its inner product in a step of its own."""
    net = Network("net", inputs=[X], weights=[W])
    s = net.step("s", X.T * X)
    net.loss(symprop.squared_norm(symprop.total(s * W, axis=1)))
    return net


def twice() -> Any:
    """Two steps of one name."""
    net = network()
    net.step("a", w * x)
    return net.step("a", w)


def reserved() -> Any:
    """A step with the name of an upstream gradient."""
    net = network()
    net.step("a", w * x)
    return net.step("delta_a", w)


def named_loss() -> Network:
    """A weight and a loss that both might be called L."""
    weight = MatrixSymbol("L", 2, 2)
    net = Network("net", weights=[weight])
    net.loss(symprop.l2(weight), name="loss")
    return net


def with_output(name: str) -> Network:
    """A prediction, an error, and an output of a name."""
    net = scalars(outputs=[name])
    y_hat = net.step("y_hat", w * x)
    e = net.step("e", y - y_hat)
    net.loss(e**2)
    return net


def whole_batch(**changed: Any) -> Network:
    """A linear regression declared for n samples, without any labels."""
    data, target = MatrixSymbol("X", n, 3), MatrixSymbol("y", n, 1)
    weight = MatrixSymbol("w", 3, 1)
    options: dict[str, Any] = {"inputs": [data], "targets": [target], "weights": [weight]}
    net = Network("net", **options, **{"samples": n, **changed})
    net.loss(symprop.squared_error(target, data * weight))
    return net


def clashing(body: Any) -> Network:
    """Two steps with a function g: u**2, and another body or an activation."""
    net = scalars()
    a = net.step("a", define("g", lambda u: u**2)(w * x))
    other = activation("g") if body is None else define("g", body)
    net.loss(other(a))
    return net


def unspecified(expression: Any) -> None:
    """Derived, but not emitted."""
    derive(using(expression))


def sized(extent: Any) -> Network:
    """The mean of N entries, by its definition."""
    weight = MatrixSymbol("B", extent, 1)
    net = Network("net", weights=[weight])
    net.loss(symprop.total(weight) / N)
    return net


def layers() -> Any:
    """The derivation of a classifier of two layers."""
    W1, W2 = MatrixSymbol("W1", N, D), MatrixSymbol("W2", V, N)
    data = MatrixSymbol("x", D, 1)
    net = Network("layers", inputs=[data], targets=[t], weights=[W1, W2])
    hidden = net.step("h", symprop.tanh(W1 * data))
    p = net.step("p", symprop.softmax(net.step("z", W2 * hidden)))
    net.loss(symprop.cross_entropy(t, p))
    return derive(net)


def exponents() -> Any:
    """The derivation of a power whose exponent holds a sum of matrices."""
    net = Network("exponents", inputs=[X], weights=[w, h, W])
    a = net.step("a", symprop.total(h - 2 * W * X) / 3)
    net.loss(w**a)
    return derive(net)


# -- lines of a file in which SymPy, NumPy or Python itself fails ---------------------------------

DECLARED = """\
import math
import numpy as np
import sympy
from sympy import *
from symprop import *
N, D = symbols("N D", integer=True, positive=True)
w, x = symbols("w x", real=True)
h, X, W = MatrixSymbol("h", N, 1), MatrixSymbol("X", D, 1), MatrixSymbol("W", N, D)
Q, P, c = MatrixSymbol("Q", N, N), MatrixSymbol("P", 3, 4), MatrixSymbol("c", 3, 1)
net = Network("net", inputs=[X], weights=[w, x, h, W, Q, P, c])
"""
"""What stands above the line; symprop's functions come after SymPy's, and so are the ones meant."""


@dataclass(frozen=True)
class Line:
    """An expression, how its error begins, the way out, and the expression mended by it."""

    wrong: str
    error: str
    hint: str
    right: str


INSIDE = "rows and columns are counted from 0; a slice goes forwards and ends inside: A[0:2, :]"
FITTING = "transpose a factor, change the order, or use hadamard_product entry by entry"
SQUARE = "A.T*A is square; HadamardPower(A, p) acts entry by entry"
DECISION = "write maximum(u, v), relu(u) or unit_step(u - v) instead of asking if u > v"
FUNCTIONS = "use the functions of symprop, not of math or NumPy"

LINES: Sequence[Line] = (
    Line(
        "1 - h",
        "TypeError: Mix of Matrix and Scalar symbols",
        "write OneMatrix(N, 1) - h for a number plus a matrix",
        "OneMatrix(N, 1) - h",
    ),
    Line(
        "h.T * h + 1",
        "TypeError: Mix of Matrix and Scalar symbols",
        "write scalar(h.T * h) + 1 for a number plus a matrix",
        "scalar(h.T * h) + 1",
    ),
    Line(
        "hadamard_product(w, h)",
        "TypeError: Mix of Matrix and Scalar symbols",
        "write w*A for a number times a matrix",
        "w*h",
    ),
    Line(
        "w ** (total(h - 2*W*X) / 3)",
        "TypeError: Mix of Matrix and Scalar symbols",
        "SymPy takes this apart and fails: give its totals or traces steps of their own",
        'w ** net.step("b", total(h - 2*W*X) / 3)',
    ),
    Line(
        "1 / h",
        "NotImplementedError",
        "write HadamardPower(A, -1) for 1/A entry by entry, or inverse(A)",
        "HadamardPower(h, -1)",
    ),
    Line(
        "2**h",
        "NotImplementedError: Matrix Power not defined",
        "write exp(log(b)*A), of symprop, for b to the power of every entry",
        "exp(log(2)*h)",
    ),
    Line("abs(h)", "NotImplementedError", "write absolute(A)", "absolute(h)"),
    Line(
        "Max(h, W*X)",
        "ValueError: The argument",
        "write maximum(a, b) or minimum(a, b), which act entry by entry",
        "maximum(h, W*X)",
    ),
    Line("P[3, 0]", "IndexError: Invalid indices (3, 0)", INSIDE, "P[2, 0]"),
    Line("P[0:5, :]", "IndexError", INSIDE, "P[0:2, :]"),
    Line("W[::-1, :]", "IndexError", INSIDE, "W[0:2, :]"),
    Line("W[5]", "IndexError", "write A[i, j] for an entry, A[i, :] for a row", "W[0, :]"),
    Line("P * c", "ShapeError", FITTING, "P.T * c"),
    Line("P + c", "ShapeError: Matrices have mismatching shape", FITTING, "P * P.T * c + c"),
    Line("P**2", "NonSquareMatrixError", SQUARE, "HadamardPower(P, 2)"),
    Line("Inverse(P)", "NonSquareMatrixError", SQUARE, "Inverse(P * P.T)"),
    Line(
        "BlockMatrix([[Q, h], [X.T, W]])",
        "ValueError: When there are not the same number of rows",
        "write vstack(hstack(A, B), hstack(C, D)), which says what does not fit",
        "vstack(hstack(Q, h), hstack(h.T, w))",
    ),
    Line(
        "ZeroMatrix(N, N).I * h",
        "NonInvertibleMatrixError",
        "the matrix has no inverse; A + lam*Identity(n) may have one",
        "inverse(ZeroMatrix(N, N) + w*Identity(N)) * h",
    ),
    Line("np.tanh(w)", "TypeError: loop of ufunc", FUNCTIONS, "tanh(w)"),
    Line("np.tanh(h)", "TypeError", FUNCTIONS, "tanh(h)"),
    Line("math.tanh(w)", "TypeError: Cannot convert expression to float", FUNCTIONS, "tanh(w)"),
    Line("h.applyfunc(np.tanh)", "TypeError: loop of ufunc", FUNCTIONS, "h.applyfunc(tanh)"),
    Line("max(w, 0)", "TypeError: cannot determine truth value", DECISION, "maximum(w, 0)"),
    Line("w if w > 0 else 0", "TypeError: cannot determine truth value", DECISION, "relu(w)"),
    Line("w @ x", "TypeError: unsupported operand", "write w*x for scalars", "w * x"),
    Line("w.T", "AttributeError", "a scalar has no transpose: leave it out", "w"),
    Line("Q.H", "AttributeError", "write A.T: everything is real here", "Q.T"),
    Line(
        "Q.norm()",
        "AttributeError",
        "write norm(x) of a column, frobenius(A) of a matrix",
        "frobenius(Q)",
    ),
    Line(
        "W.sum()",
        "AttributeError",
        "write total(A), total(A, axis=0) or total(A, axis=1)",
        "total(W, axis=0)",
    ),
    Line(
        "W.mean()",
        "AttributeError",
        "write mean(A), mean(A, axis=0) or mean(A, axis=1)",
        "mean(W, axis=1)",
    ),
    Line(
        "W.dot(X)",
        "AttributeError",
        "write A*B for the matrix product, dot(a, b) for columns",
        "W * X",
    ),
    Line(
        'MatrixSymbol("B", 3)',
        "TypeError: MatrixSymbol",
        'write MatrixSymbol("x", D, 1) for a column',
        "c",
    ),
    Line(
        'MatrixSymbol("B", -1, 2)',
        "ValueError: The dimension specification",
        "sizes are whole numbers from 1 on, or symbols for them",
        "c",
    ),
    Line(
        'Network("b", weight=[w])',
        "TypeError: Network.__init__() got an unexpected keyword argument",
        'write Network("mlp", inputs=[x], targets=[y], weights=[w]); help(Network) lists all',
        "w",
    ),
)


# -- shapes ----------------------------------------------------------------------------------------

SHAPES: Sequence[Refusal] = (
    step(
        "a sum of two sizes",
        lambda: W * X + X,
        ShapeError,
        "step 'a': cannot add N x 1 and D x 1, in W*X + X",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: W * X + OneMatrix(N, D) * X,
    ),
    step(
        "a column plus a row",
        lambda: h + r,
        ShapeError,
        "step 'a': cannot add N x 1 and 1 x N, in h + r",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: h + r.T,
    ),
    step(
        "a product of two sizes",
        lambda: W * h,
        ShapeError,
        "step 'a': cannot multiply N x D by N x 1, in W*h",
        "transpose a factor, change the order, or use hadamard_product entry by entry",
        lambda: W.T * h,
    ),
    step(
        "a product whose second factors do not fit",
        lambda: Q * W * h,
        ShapeError,
        "step 'a': cannot multiply N x D by N x 1, in Q*W*h",
        "transpose a factor, change the order, or use hadamard_product entry by entry",
        lambda: Q * W * W.T * h,
    ),
    step(
        "a Hadamard product of two sizes",
        lambda: HadamardProduct(h, X),
        ShapeError,
        "step 'a': cannot multiply entry by entry N x 1 and D x 1, in HadamardProduct(h, X)",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: hadamard_product(h, W * X),
    ),
    step(
        "a Hadamard product of a column and a row",
        lambda: hadamard_product(h, r),
        ShapeError,
        "step 'a': cannot multiply entry by entry N x 1 and 1 x N, in HadamardProduct(h, r)",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: hadamard_product(h, r.T),
    ),
    step(
        "a column added to a matrix",
        lambda: W + OneMatrix(N, 1),
        ShapeError,
        "step 'a': cannot add N x D and N x 1, in W + OneMatrix(N, 1)",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: W + OneMatrix(N, D),
    ),
    step(
        "a broadcast that is none",
        lambda: W + h,
        ShapeError,
        "step 'a': cannot add N x D and N x 1, in W + h",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: W + h * OneMatrix(1, D),
    ),
    step(
        "whole sizes among symbolic ones",
        lambda: P * X,
        ShapeError,
        "step 'a': cannot multiply 3 x 4 by D x 1, in P*X",
        "transpose a factor, change the order, or use hadamard_product entry by entry",
        lambda: P.T * P,
    ),
    step(
        "blocks of different widths",
        lambda: symprop.vstack(Q, X),
        ShapeError,
        "step 'a': cannot stack N x N and D x 1, in vstack(Q, X)",
        "they need the same number of columns: transpose one, or use hstack",
        lambda: symprop.vstack(Q, r),
    ),
    step(
        "blocks of different heights",
        lambda: symprop.hstack(h, X),
        ShapeError,
        "step 'a': cannot put side by side N x 1 and D x 1, in hstack(h, X)",
        "they need the same number of rows: transpose one, or use vstack",
        lambda: symprop.hstack(h, W * X),
    ),
    step(
        "a number beside a column",
        lambda: symprop.hstack(h, w),
        ShapeError,
        "step 'a': cannot put side by side N x 1 and 1 x 1, in hstack(h, w)",
        "they need the same number of rows: transpose one, or use vstack",
        lambda: symprop.vstack(h, w),
    ),
    step(
        "an inverse of a rectangle",
        lambda: W.I,
        ShapeError,
        "step 'a': inverse needs a square matrix, not N x D, in W**(-1)",
        "write HadamardPower(x, -1) for 1/x entry by entry; inverse(A.T*A)*A.T is the "
        "pseudo-inverse of a tall A",
        lambda: symprop.inverse(W.T * W) * W.T,
    ),
    step(
        "an inverse of whole sizes",
        lambda: symprop.inverse(P),
        ShapeError,
        "inverse needs a square matrix, not 3 x 4",
        "write HadamardPower(x, -1) for 1/x entry by entry; inverse(A.T*A)*A.T is the "
        "pseudo-inverse of a tall A",
        lambda: symprop.inverse(P * P.T) * P,
    ),
    step(
        "an inverse of a column",
        lambda: h / X,
        ShapeError,
        "step 'a': inverse needs a square matrix, not D x 1, in X**(-1)",
        "write HadamardPower(x, -1) for 1/x entry by entry; inverse(A.T*A)*A.T is the "
        "pseudo-inverse of a tall A",
        lambda: HadamardPower(X, -1) * h.T,
    ),
    step(
        "an inverse of equal entries",
        lambda: symprop.inverse(OneMatrix(N, N)) * h,
        UnsupportedError,
        "step 'a': a matrix of equal entries has no inverse, in OneMatrix(N, N)**(-1)",
        "A + lam*Identity(n) may have one",
        lambda: symprop.inverse(OneMatrix(N, N) + w * Identity(N)) * h,
    ),
    step(
        "a determinant of equal entries",
        lambda: symprop.determinant(w * OneMatrix(N, N)) * h,
        UnsupportedError,
        "step 'a': the determinant of a matrix of equal entries is 0, in "
        "Determinant(OneMatrix(N, N))",
        "A + lam*Identity(n) may have another one",
        lambda: symprop.determinant(w * OneMatrix(N, N) + w * Identity(N)) * h,
    ),
    step(
        "a determinant of a rectangle",
        lambda: sympy.Determinant(W),
        ShapeError,
        "step 'a': determinant needs a square matrix, not N x D, in Determinant(W)",
        "A.T*A is square: write determinant(A.T*A)",
        lambda: symprop.determinant(W.T * W),
    ),
    step(
        "a log-determinant of a rectangle",
        lambda: symprop.logdet(W),
        ShapeError,
        "step 'a': determinant needs a square matrix, not N x D, in Determinant(W)",
        "A.T*A is square: write determinant(A.T*A)",
        lambda: symprop.logdet(W.T * W),
    ),
    step(
        "a trace of a rectangle",
        lambda: sympy.Trace(W),
        ShapeError,
        "step 'a': trace needs a square matrix, not N x D, in Trace(W)",
        "write total(A) for the sum of all entries, or trace(A.T*B)",
        lambda: symprop.trace(W.T * W),
    ),
    step(
        "a trace of a column",
        lambda: sympy.Trace(h),
        ShapeError,
        "step 'a': trace needs a square matrix, not N x 1, in Trace(h)",
        "write total(A) for the sum of all entries, or trace(A.T*B)",
        lambda: symprop.total(h),
    ),
    step(
        "a diagonal of a rectangle",
        lambda: symprop.diagonal(W),
        ShapeError,
        "step 'a': diagonal needs a square matrix, not N x D, in diagonal(W)",
        "a slice A[0:k, 0:k] is square; diag(x) makes a matrix of a column",
        lambda: symprop.diagonal(W[0:2, 0:2]),
    ),
    step(
        "a diagonal matrix of a matrix",
        lambda: sympy.DiagMatrix(W),
        ShapeError,
        "step 'a': diag needs a column, not N x D, in DiagMatrix(W)",
        "write diagonal(A) for the diagonal of a square matrix",
        lambda: symprop.diagonal(Q),
    ),
    step(
        "a power of a column",
        lambda: h**2,
        ShapeError,
        "step 'a': h is N x 1: only a square matrix has powers, in h**2",
        "write HadamardPower(h, 2) for entry by entry",
        lambda: HadamardPower(h, 2),
    ),
    step(
        "a power of a rectangle",
        lambda: W**2,
        ShapeError,
        "step 'a': W is N x D: only a square matrix has powers, in W**2",
        "write HadamardPower(W, 2) for entry by entry",
        lambda: HadamardPower(W, 2),
    ),
    step(
        "a column as exponent",
        lambda: HadamardPower(h, h),
        ShapeError,
        "step 'a': an exponent must be a scalar, not N x 1, in HadamardPower(h, h)",
        "write exp(hadamard_product(B, log(A))) for entries of A to those of B",
        lambda: symprop.exp(hadamard_product(h, symprop.log(hadamard_product(h, h)))),
    ),
    step(
        "the one entry of a column",
        lambda: symprop.scalar(h),
        ShapeError,
        "step 'a': scalar needs a 1 x 1 matrix, not N x 1, in scalar(h)",
        "add up its entries with total(...)",
        lambda: symprop.total(h),
    ),
    step(
        "a dot product of two sizes",
        lambda: symprop.dot(h, X),
        ShapeError,
        "step 'a': dot needs arguments of one shape, not N x 1 and D x 1, in dot(h, X)",
        "transpose one of them, or take scalar(...) of a 1 x 1",
        lambda: symprop.dot(h, W * X),
    ),
    step(
        "a dot product of a column and a row",
        lambda: symprop.dot(h, r),
        ShapeError,
        "step 'a': dot needs arguments of one shape, not N x 1 and 1 x N, in dot(h, r)",
        "transpose one of them, or take scalar(...) of a 1 x 1",
        lambda: symprop.dot(h, r.T),
    ),
    step(
        "a maximum of two sizes",
        lambda: symprop.maximum(h, X),
        ShapeError,
        "step 'a': cannot apply maximum to N x 1 and D x 1, in maximum(h, X)",
        "transpose one of them, or repeat it by a product with OneMatrix(...)",
        lambda: symprop.maximum(h, W * X),
    ),
    step(
        "a norm of a matrix",
        lambda: symprop.norm(W),
        UnsupportedError,
        "step 'a': there are several norms of a matrix, N x D, in norm(W)",
        "write frobenius(...) for the root of the sum of its squared entries",
        lambda: symprop.frobenius(W),
    ),
    step(
        "a column used as a scalar",
        lambda: Symbol("h", real=True) * x,
        ShapeError,
        "step 'a': h is N x 1, but is used as a scalar, in h*x",
        "use the MatrixSymbol that was declared, or that step returned",
        lambda: h * x,
    ),
    step(
        "a scalar used as a column",
        lambda: MatrixSymbol("w", N, 1),
        ShapeError,
        "step 'a': w is declared a scalar, but is used as N x 1",
        "use the MatrixSymbol that was declared, or that step returned",
        lambda: w * h,
    ),
    step(
        "a matrix used with other sizes",
        lambda: MatrixSymbol("W", D, N) * h,
        ShapeError,
        "step 'a': W is declared N x D, but is used as D x N, in W*h",
        "use the MatrixSymbol that was declared, or that step returned",
        lambda: W.T * h,
    ),
    step(
        "sizes with other assumptions",
        lambda: MatrixSymbol("h", Symbol("N"), 1),
        ShapeError,
        "step 'a': h is declared N x 1, but is used as N x 1",
        "the sizes have one name but other assumptions: make each size symbol once",
        lambda: h,
    ),
    step(
        "a size that nothing shows",
        lambda: OneMatrix(Symbol("K", integer=True), 1),
        UnsupportedError,
        "step 'a': no declared matrix shows the size K, in OneMatrix(K, 1)",
        "use a size of an input, target or weight",
        lambda: OneMatrix(N, 1) * w + h,
    ),
    step(
        "an empty matrix",
        lambda: Matrix(0, 2, []),
        ShapeError,
        "step 'a': a 0 x 2 matrix is empty, in Matrix(0, 2, [])",
        "give it a row and a column",
        lambda: Matrix(1, 2, [w, b]),
    ),
    step(
        "a matrix with ten thousand entries and more",
        lambda: sympy.ones(101, 100),
        UnsupportedError,
        "step 'a': a 101 x 100 matrix is too large to be given entry by entry, "
        "in a long ImmutableDenseMatrix",
        'declare it as an input, MatrixSymbol("A", D, N), and give its values as data',
        lambda: P,
    ),
    Refusal(
        "a loss that is a matrix",
        lambda: network().loss(W * X),
        ShapeError,
        "loss 'L': the loss must be a scalar, but is N x 1, in W*X",
        "add up its entries with total(...) or take scalar(...) of a 1 x 1",
        lambda: using(symprop.total(W * X)),
    ),
)


# -- what SymPy misreads without a word ------------------------------------------------------------

MISREADINGS: Sequence[Refusal] = (
    step(
        "SymPy's exp of a matrix",
        lambda: sympy.exp(Q),
        UnsupportedError,
        "step 'a': SymPy's exp takes no matrix, in exp(Q)",
        "write symprop.exp(...), which acts entry by entry",
        lambda: symprop.exp(Q),
    ),
    step(
        "SymPy's tanh of a product",
        lambda: sympy.tanh(W * X),
        UnsupportedError,
        "step 'a': SymPy's tanh takes no matrix, in tanh(W*X)",
        "write symprop.tanh(...), which acts entry by entry",
        lambda: symprop.tanh(W * X),
    ),
    step(
        "SymPy's log of a column",
        lambda: sympy.log(h),
        UnsupportedError,
        "step 'a': SymPy's log takes no matrix, in log(h)",
        "write symprop.log(...), which acts entry by entry",
        lambda: symprop.log(hadamard_product(h, h)),
    ),
    step(
        "SymPy's Abs of a column",
        lambda: sympy.Abs(h),
        UnsupportedError,
        "step 'a': Adjoint is not supported, in Adjoint(h.T)",
        "matrices are real here: write A.T for it, and absolute(A) for SymPy's Abs(A)",
        lambda: symprop.absolute(h),
    ),
    step(
        "a matrix divided by a matrix",
        lambda: h / (W * X),
        ShapeError,
        "step 'a': inverse needs a square matrix, not N x 1, in (W*X)**(-1)",
        "write HadamardPower(x, -1) for 1/x entry by entry; inverse(A.T*A)*A.T is the "
        "pseudo-inverse of a tall A",
        lambda: hadamard_product(h, HadamardPower(W * X, -1)),
    ),
    step(
        "SymPy's Max as a function of entries",
        lambda: h.applyfunc(Max),
        UnsupportedError,
        "step 'a': applyfunc of a function that changes nothing, as SymPy's Max and Min "
        "of one number do, in Lambda(_x, _x).(h)",
        "leave it out, or write relu(A), maximum(A, b), amax(A, axis=0)",
        lambda: symprop.relu(h),
    ),
    step(
        "a function that is not one of entries",
        lambda: h.applyfunc(lambda u: u * h),
        UnsupportedError,
        "step 'a': _d*h does not act entry by entry, in Lambda(_d, _d*h).(h)",
        "use sums, products, powers and functions of numbers, with scalars beside",
        lambda: hadamard_product(h, h),
    ),
    Refusal(
        "a matrix that SymPy takes for a column",
        lambda: network().step("a", symprop.total((X.T * X) * W, axis=1)),
        ShapeError,
        "step 'a': SymPy takes total(X.T*X*W, axis=1) as a number; it is N x 1",
        "give the product inside it a step of its own",
        lambda: stepwise(),
    ),
    step(
        "a power that is no MatPow",
        lambda: sympy.Pow(Q, 2, evaluate=False),
        UnsupportedError,
        "step 'a': Q**2 is no power that SymPy would make of a matrix",
        "write Q**2, or HadamardPower entry by entry",
        lambda: Q**2,
    ),
    step(
        "a sum that is no matrix product",
        lambda: sympy.Sum(symprop.tanh(h[i, 0]), (i, 0, N - 1)),
        UnsupportedError,
        "step 'a': the sum Sum(tanh(h[i, 0]), (i, 0, N - 1)) is no product of matrices",
        "write dot(a, b), total(...) or scalar(x.T*A*x) for it",
        lambda: symprop.total(symprop.tanh(h)),
    ),
    step(
        "a sum of neighbours",
        lambda: sympy.Sum(h[i, 0] * h[i + 1, 0], (i, 0, N - 2)),
        UnsupportedError,
        "step 'a': the sum Sum(h[i, 0]*h[i + 1, 0], (i, 0, N - 2)) is no product of matrices",
        "write dot(a, b), total(...) or scalar(x.T*A*x) for it",
        lambda: symprop.dot(h[: N - 1, 0], h[1:, 0]),
    ),
    step(
        "a conjugate transpose",
        lambda: Q.adjoint() * h,
        UnsupportedError,
        "step 'a': Adjoint is not supported, in Adjoint(Q)",
        "matrices are real here: write A.T for it, and absolute(A) for SymPy's Abs(A)",
        lambda: Q.T * h,
    ),
)


# -- classes outside the vocabulary ----------------------------------------------------------------

CLASSES: Sequence[Refusal] = (
    step(
        "a Kronecker product",
        lambda: KroneckerProduct(A, A),
        UnsupportedError,
        "step 'a': KroneckerProduct is not supported, in KroneckerProduct(A, A)",
        "write B*X*A.T for KroneckerProduct(A, B) on the columns of X, or stack its "
        "blocks: vstack(hstack(A[0, 0]*B, A[0, 1]*B), ...)",
        lambda: symprop.vstack(
            symprop.hstack(A[0, 0] * A, A[0, 1] * A), symprop.hstack(A[1, 0] * A, A[1, 1] * A)
        ),
    ),
    step(
        "a Kronecker delta",
        lambda: KroneckerDelta(0, N - 1) * w,
        UnsupportedError,
        "step 'a': KroneckerDelta(0, N - 1) is 1 or 0, depending on the sizes",
        "write 1 or 0 for it, or the entry Identity(n)[i, j]",
        lambda: (Q + Identity(N))[0, N - 1] * w,
    ),
    step(
        "a Kronecker delta of free indices",
        lambda: KroneckerDelta(i, j) * w,
        UnsupportedError,
        "step 'a': the index i is neither a whole number nor made of sizes, in "
        "KroneckerDelta(i, j)",
        "write a number, as in A[0, 1]; to choose a row by data, multiply by a one-hot row",
        lambda: 1 * w,
    ),
    step(
        "Piecewise",
        lambda: Piecewise((w, w > b), (b, True)),
        UnsupportedError,
        "step 'a': Piecewise is not supported, in Piecewise((w, b < w), (b, True))",
        "write relu, leaky_relu, maximum(a, b) or minimum(a, b); for f where u > v, "
        "else g: g + unit_step(u - v)*(f - g)",
        lambda: b + symprop.unit_step(w - b) * (w - b),
    ),
    step(
        "Piecewise inside applyfunc",
        lambda: h.applyfunc(lambda u: Piecewise((u, u > 0), (0, True))),
        UnsupportedError,
        "step 'a': Piecewise is not supported, in Piecewise((_d, _d > 0), (0, True))",
        "write relu, leaky_relu, maximum(a, b) or minimum(a, b); for f where u > v, "
        "else g: g + unit_step(u - v)*(f - g)",
        lambda: h.applyfunc(symprop.relu),
    ),
    step(
        "Heaviside",
        lambda: sympy.Heaviside(w) * w,
        UnsupportedError,
        "step 'a': Heaviside is not supported, in Heaviside(w)",
        "write unit_step(x), which is 0 at 0, or relu(x) for x*Heaviside(x)",
        lambda: symprop.unit_step(w) * w,
    ),
    step(
        "a delta function",
        lambda: sympy.DiracDelta(w) + w,
        UnsupportedError,
        "step 'a': DiracDelta is not supported, in DiracDelta(w)",
        "leave it out: symprop takes the slope of a jump as 0",
        lambda: w,
    ),
    step(
        "rounding",
        lambda: sympy.floor(w),
        UnsupportedError,
        "step 'a': floor is not supported, in floor(w)",
        "its derivative is 0 or undefined: leave it out, and round what the emitted code gives",
        lambda: w,
    ),
    step(
        "a remainder",
        lambda: sympy.Mod(w, 2),
        UnsupportedError,
        "step 'a': Mod is not supported, in Mod(w, 2)",
        "its derivative is 0 or undefined: leave it out, and round what the emitted code gives",
        lambda: w,
    ),
    step(
        "an integral",
        lambda: Integral(w * x, (w, 0, b)),
        UnsupportedError,
        "step 'a': Integral is not supported, in Integral(w*x, (w, 0, b))",
        "write .doit() behind it, or give it in closed form",
        lambda: Integral(w * x, (w, 0, b)).doit(),
    ),
    step(
        "a derivative",
        lambda: Derivative(w**2, w),
        UnsupportedError,
        "step 'a': Derivative is not supported, in Derivative(w**2, w)",
        "write .doit() behind it, or give it in closed form",
        lambda: Derivative(w**2, w).doit(),
    ),
    step(
        "a limit",
        lambda: sympy.Limit(sympy.sin(w * b) / b, b, 0),
        UnsupportedError,
        "step 'a': Limit is not supported, in Limit(sin(b*w)/b, b, 0, dir='+')",
        "write .doit() behind it, or give it in closed form",
        lambda: sympy.Limit(sympy.sin(w * b) / b, b, 0).doit(),
    ),
    step(
        "a product of entries",
        lambda: sympy.Product(h[i, 0], (i, 0, N - 1)),
        UnsupportedError,
        "step 'a': Product is not supported, in Product(h[i, 0], (i, 0, N - 1))",
        "write exp(total(log(x))) for a product of positive entries",
        lambda: symprop.exp(symprop.total(symprop.log(hadamard_product(h, h)))),
    ),
    step(
        "a matrix with its rows exchanged",
        lambda: MatrixPermute(A, Permutation([1, 0])),
        UnsupportedError,
        "step 'a': MatrixPermute is not supported, in MatrixPermute(A, (0 1), 0)",
        "write P*A with a constant P, such as Matrix([[0, 1], [1, 0]])*A",
        lambda: Matrix([[0, 1], [1, 0]]) * A,
    ),
    step(
        "SymPy's dot product",
        lambda: sympy.DotProduct(h, h),
        UnsupportedError,
        "step 'a': DotProduct is not supported, in DotProduct(h, h)",
        "write dot(a, b)",
        lambda: symprop.dot(h, h),
    ),
    step(
        "an indexed base",
        lambda: sympy.IndexedBase("w")[0] * x,
        UnsupportedError,
        "step 'a': Indexed is not supported, in w[0]",
        'declare MatrixSymbol("w", N, 1) and write w[0, 0], or dot(w, x) for a sum over it',
        lambda: h[0, 0] * x,
    ),
    step(
        "an array of three axes",
        lambda: sympy.Array([[[w]]]),
        UnsupportedError,
        "step 'a': ImmutableDenseNDimArray is not supported, in [[[w]]]",
        "write it in matrices, which have two axes: MatrixSymbol, Matrix([[...]]), vstack, hstack",
        lambda: Matrix([[w]]),
    ),
    step(
        "a comparison",
        lambda: w > b,
        UnsupportedError,
        "step 'a': StrictGreaterThan is not supported, in w > b",
        "unit_step(u - v) is the number 1 where u > v, else 0",
        lambda: symprop.unit_step(w - b) * w,
    ),
    step(
        "an equation",
        lambda: sympy.Eq(w, x),
        UnsupportedError,
        "step 'a': Equality is not supported, in Eq(w, x)",
        "give the expression itself; squared_error(a, b) penalises a difference",
        lambda: symprop.squared_error(w, x),
    ),
    step(
        "a tuple",
        lambda: sympy.Tuple(w, b),
        UnsupportedError,
        "step 'a': Tuple is not supported, in (w, b)",
        "a step is one expression: declare a step for each",
        lambda: w,
    ),
    step(
        "a function of nobody",
        lambda: sympy.zeta(w),
        UnsupportedError,
        "step 'a': zeta is not supported, in zeta(w)",
        'define("f", lambda u: ...) makes a function of a formula, function("f") without one',
        lambda: define("f", lambda u: 1 / u**2)(w),
    ),
    step(
        "a slip of a function",
        lambda: sympy.erfi(w),
        UnsupportedError,
        "step 'a': erfi is not supported, in erfi(w)",
        "did you mean erf?",
        lambda: symprop.erf(w),
    ),
    step(
        "an inverse function",
        lambda: sympy.asinh(w),
        UnsupportedError,
        "step 'a': asinh is not supported, in asinh(w)",
        "write log(u + sqrt(u**2 + 1)) for asinh(u)",
        lambda: symprop.log(w + symprop.sqrt(w**2 + 1)),
    ),
    step(
        "a reciprocal function",
        lambda: sympy.sech(w),
        UnsupportedError,
        "step 'a': sech is not supported, in sech(w)",
        "write 1/cosh(u) for sech(u)",
        lambda: 1 / symprop.cosh(w),
    ),
    step(
        "a Lambda that is not called",
        lambda: sympy.Lambda(w, w**2),
        UnsupportedError,
        "step 'a': Lambda is not supported, in Lambda(w, w**2)",
        'name it with f = define("f", lambda u: ...) and write f(x)',
        lambda: define("f", lambda u: u**2)(w),
    ),
    step(
        "a symbolic matrix power",
        lambda: Q**w,
        UnsupportedError,
        "step 'a': the matrix power Q**w is not supported",
        "whole exponents up to 64 are; HadamardPower(Q, w) acts entry by entry",
        lambda: HadamardPower(hadamard_product(Q, Q), w),
    ),
    step(
        "a root of a matrix",
        lambda: sympy.sqrt(Q),
        UnsupportedError,
        "step 'a': the matrix power Q**(1/2) is not supported",
        "whole exponents up to 64 are; HadamardPower(Q, 1/2) acts entry by entry",
        lambda: HadamardPower(hadamard_product(Q, Q), Rational(1, 2)),
    ),
    step(
        "an endless matrix power",
        lambda: Q**1000,
        UnsupportedError,
        "step 'a': the matrix power Q**1000 is not supported",
        "whole exponents up to 64 are; HadamardPower(Q, 1000) acts entry by entry",
        lambda: Q**3,
    ),
    step(
        "an entry that is chosen by data",
        lambda: W[0, w],
        UnsupportedError,
        "step 'a': the index w is neither a whole number nor made of sizes, in W[0, w]",
        "write a number, as in A[0, 1]; to choose a row by data, multiply by a one-hot row",
        lambda: W[0, 1],
    ),
    step(
        "half an index",
        lambda: W[1.5, 0],
        UnsupportedError,
        "step 'a': the index 1.50000000000000 is neither a whole number nor made of "
        "sizes, in W[1.5, 0]",
        "write a number, as in A[0, 1]; to choose a row by data, multiply by a one-hot row",
        lambda: W[1, 0],
    ),
    Refusal(
        "a half of a size",
        lambda: network().step("a", h[: N / 2, :]),
        UnsupportedError,
        "step 'a': the index N/2 is not a whole number for all sizes, in h[:N/2, :]",
        "declare a size for it: a matrix of 2*M rows has the halves A[:M, :], A[M:, :]",
        lambda: halves(),
    ),
    step(
        "a slice backwards",
        lambda: MatrixSlice(P, (2, 0, -1), (0, 4)),
        UnsupportedError,
        "step 'a': the slice P[2:0:-1, :] has the step -1",
        "steps are whole numbers from 1 on",
        lambda: P[0:2, :],
    ),
    step(
        "softmax of a matrix without an axis",
        lambda: symprop.softmax(W),
        UnsupportedError,
        "softmax of a matrix, N x D, needs an axis",
        "write softmax(..., axis=0) for columns or axis=1 for rows",
        lambda: symprop.softmax(W, axis=1),
    ),
    step(
        "softmax of a scalar",
        lambda: symprop.softmax(w),
        ShapeError,
        "softmax needs a column or a matrix, not a scalar, in softmax(w)",
        "of one number it is a constant; write sigmoid(u) for two classes",
        lambda: symprop.sigmoid(w),
    ),
    step(
        "the largest entry of a matrix without an axis",
        lambda: symprop.amax(W),
        UnsupportedError,
        "amax of a matrix, N x D, needs an axis",
        "write amax(..., axis=0) for columns or axis=1 for rows",
        lambda: symprop.amax(W, axis=0),
    ),
    step(
        "an axis that is none",
        lambda: symprop.total(W, axis=2),
        UnsupportedError,
        "total: axis=2 is not an axis of a matrix",
        "use axis=0 for columns or axis=1 for rows",
        lambda: symprop.total(W, axis=1),
    ),
    step(
        "an axis as PyTorch calls it",
        lambda: symprop.softmax(W, dim=1),
        UnsupportedError,
        "softmax: got an unexpected keyword argument 'dim'",
        "write softmax(A, axis=None)",
        lambda: symprop.softmax(W, axis=1),
    ),
    step(
        "an axis by name",
        lambda: symprop.mean(W, axis="rows"),
        UnsupportedError,
        "mean: axis='rows' is not an axis of a matrix",
        "use axis=0 for columns or axis=1 for rows",
        lambda: symprop.mean(W, axis=1),
    ),
    step(
        "too many arguments",
        lambda: symprop.sigmoid(w, b),
        UnsupportedError,
        "sigmoid: too many positional arguments",
        "write sigmoid(u)",
        lambda: symprop.sigmoid(w),
    ),
    step(
        "an argument too few",
        lambda: symprop.squared_error(w),
        UnsupportedError,
        "squared_error takes 2 arguments, not 1",
        "write squared_error(y, y_hat)",
        lambda: symprop.squared_error(w, b),
    ),
    step(
        "a penalty of nothing",
        lambda: symprop.l1(),
        UnsupportedError,
        "l1 takes one or several arguments, not 0",
        "write l1(w, ...)",
        lambda: symprop.l1(w, W),
    ),
    step(
        "an argument by another name",
        lambda: symprop.leaky_relu(w, alpha=Rational(1, 5)),
        UnsupportedError,
        "leaky_relu: got an unexpected keyword argument 'alpha'",
        "write leaky_relu(u, slope=1/100)",
        lambda: symprop.leaky_relu(w, slope=Rational(1, 5)),
    ),
    step(
        "too deep nesting",
        lambda: nested(500),
        UnsupportedError,
        "step 'a': the expression nests too deeply",
        "split it into several steps",
        lambda: nested(50),
    ),
)


# -- numbers ---------------------------------------------------------------------------------------

NUMBERS: Sequence[Refusal] = (
    step(
        "a complex number",
        lambda: I * w,
        UnsupportedError,
        "step 'a': the expression is complex, in I*w",
        "write it in real numbers: the real and the imaginary part apart",
        lambda: w,
    ),
    step(
        "a root of a negative number",
        lambda: (-1) ** Rational(1, 3) * w,
        UnsupportedError,
        "step 'a': the expression is complex, in (-1)**(1/3)",
        "write it in real numbers: the real and the imaginary part apart",
        lambda: -w,
    ),
    step(
        "a negative number to a power",
        lambda: (-2) ** w,
        UnsupportedError,
        "step 'a': the expression is complex, in (-2)**w",
        "write it in real numbers: the real and the imaginary part apart",
        lambda: 2**w,
    ),
    step(
        "a complex number of Python",
        lambda: w * (1 + 2j),
        UnsupportedError,
        "step 'a': the expression is complex, in 2.0*I",
        "write it in real numbers: the real and the imaginary part apart",
        lambda: w,
    ),
    step(
        "infinity",
        lambda: oo * w,
        UnsupportedError,
        "step 'a': oo is not a finite number, in oo*w",
        "use a number or a symbol, and look for what is divided by 0",
        lambda: 10**6 * w,
    ),
    step(
        "not a number",
        lambda: float("nan") + w,
        UnsupportedError,
        "step 'a': nan is not a finite number",
        "use a number or a symbol, and look for what is divided by 0",
        lambda: w,
    ),
    step(
        "a division by 0",
        lambda: w / sympy.S(0),
        UnsupportedError,
        "step 'a': zoo is not a finite number, in zoo*w",
        "use a number or a symbol, and look for what is divided by 0",
        lambda: w / 2,
    ),
    step(
        "a power of 0",
        lambda: sympy.S(0) ** w,
        UnsupportedError,
        "step 'a': a power of 0 divides by 0 or has no derivative, in 0**w",
        "write the value that is meant, 0 or 1, or a power of a symbol",
        lambda: b**2 * w,
    ),
    step(
        "a power of zeros",
        lambda: HadamardPower(ZeroMatrix(N, 1), -1) + h,
        UnsupportedError,
        "step 'a': a power of 0 divides by 0 or has no derivative, in "
        "HadamardPower(ZeroMatrix(N, 1), -1)",
        "write the value that is meant, 0 or 1, or a power of a symbol",
        lambda: h,
    ),
    step(
        "a number too large for floats",
        lambda: 10**400 * w,
        UnsupportedError,
        "step 'a': a number is not finite as a float, in "
        "10000000000000000000000000000000000000000000000000000000000000000000000000000...",
        "use a smaller one: floats end at 1e308",
        lambda: 10**30 * w,
    ),
    step(
        "a number too small for floats",
        lambda: w / 10**400,
        UnsupportedError,
        "step 'a': a number is 0 as a float, in "
        "w/100000000000000000000000000000000000000000000000000000000000000000000000000...",
        "use a larger one, or 0: floats begin at 1e-308",
        lambda: w / 10**30,
    ),
    step(
        "an exponent too large for floats",
        lambda: w ** (10**400),
        UnsupportedError,
        "step 'a': a number is not finite as a float, in "
        "w**10000000000000000000000000000000000000000000000000000000000000000000000000...",
        "use a smaller one: floats end at 1e308",
        lambda: w**10,
    ),
)


# -- what is no expression -------------------------------------------------------------------------

NO_EXPRESSIONS: Sequence[Refusal] = (
    step(
        "code as an expression",
        lambda: "__import__('os').system('exit 1')",
        UnsupportedError,
        "step 'a': \"__import__('os').system('exit 1')\" is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: w,
    ),
    step(
        "text as an expression",
        lambda: "w*x",
        UnsupportedError,
        "step 'a': 'w*x' is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: w * x,
    ),
    step(
        "text as an argument",
        lambda: symprop.sigmoid("w"),
        UnsupportedError,
        "'w' is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: symprop.sigmoid(w),
    ),
    step(
        "text as a block",
        lambda: symprop.vstack("h", w),
        UnsupportedError,
        "'h' is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: symprop.vstack(h, w),
    ),
    step(
        "a list",
        lambda: [w, x],
        UnsupportedError,
        "step 'a': [w, x] is not a SymPy expression",
        "write Matrix(...) for a matrix of known entries, MatrixSymbol for any other",
        lambda: Matrix([w, x]),
    ),
    step(
        "an array",
        lambda: np.ones((2, 2)),
        UnsupportedError,
        "step 'a': array([[1., 1.], [1., 1.]]) is not a SymPy expression",
        "write Matrix(...) for a matrix of known entries, MatrixSymbol for any other",
        lambda: Matrix(np.ones((2, 2), dtype=int)) * w,
    ),
    step(
        "nothing",
        lambda: None,
        UnsupportedError,
        "step 'a': None is not a SymPy expression",
        "use symbols, MatrixSymbol and numbers",
        lambda: w,
    ),
    step(
        "a function that is not called",
        lambda: symprop.sigmoid,
        UnsupportedError,
        "step 'a': sigmoid is not a SymPy expression",
        "call it with its arguments",
        lambda: symprop.sigmoid(w),
    ),
    step(
        "a set",
        lambda: {w, x},
        UnsupportedError,
        "step 'a': FiniteSet is not supported, in {w, x}",
        "a step is one expression: declare a step for each",
        lambda: w,
    ),
    step(
        "truth",
        lambda: True,
        UnsupportedError,
        "step 'a': BooleanTrue is not supported, in True",
        "unit_step(u - v) is the number 1 where u > v, else 0",
        lambda: symprop.unit_step(w) * w,
    ),
    Refusal(
        "code as a network's loss",
        lambda: with_loss("__import__('os')"),
        UnsupportedError,
        "loss 'L': \"__import__('os')\" is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: with_loss(w * x),
    ),
)


# -- names -----------------------------------------------------------------------------------------

NAMES: Sequence[Refusal] = (
    step(
        "a slip of the pen",
        lambda: Symbol("ww", real=True) * x,
        DeclarationError,
        "step 'a': 'ww' is not defined, in ww*x",
        "did you mean 'w'?",
        lambda: w * x,
    ),
    step(
        "an undefined matrix",
        lambda: MatrixSymbol("Z", N, D) * X,
        DeclarationError,
        "step 'a': 'Z' is not defined, in Z*X",
        "known are x, X, w, b, W, h, Q, A, P, r, D, N",
        lambda: W * X,
    ),
    step(
        "code as an undefined name",
        lambda: Symbol("__import__('os')") * w,
        DeclarationError,
        "step 'a': \"__import__('os')\" is not defined, in __import__('os')*w",
        "known are x, X, w, b, W, h, Q, A, P, r, D, N",
        lambda: w,
    ),
    step(
        "a Dummy",
        lambda: Dummy("w") * x,
        UnsupportedError,
        "step 'a': the Dummy w stands for nothing, in _w*x",
        "use the symbol that was declared",
        lambda: w * x,
    ),
    Refusal(
        "a step of a taken name",
        lambda: network().step("w", x),
        DeclarationError,
        "step 'w': the name is taken, by a weight",
        "choose another name",
        lambda: using(w),
    ),
    Refusal(
        "a step named as an input",
        lambda: network().step("x", w),
        DeclarationError,
        "step 'x': the name is taken, by an input",
        "choose another name",
        lambda: using(w),
    ),
    Refusal(
        "a step named as a size",
        lambda: network().step("N", w),
        DeclarationError,
        "step 'N': the name is taken, by a size",
        "choose another name",
        lambda: using(w),
    ),
    Refusal(
        "two steps of one name",
        lambda: twice(),
        DeclarationError,
        "step 'a': the name is taken, by a step",
        "choose another name",
        lambda: using(w),
    ),
    Refusal(
        "a reserved name",
        lambda: reserved(),
        DeclarationError,
        "step 'delta_a': the name 'delta_a' is reserved for the upstream gradient of 'a'",
        "choose another name",
        lambda: using(w),
    ),
    Refusal(
        "a step without a name",
        lambda: network().step(w * x, "a"),
        DeclarationError,
        "a step needs a name, not w*x",
        'write net.step("a1", ...)',
        lambda: using(w * x),
    ),
    Refusal(
        "a network without a name",
        lambda: Network("", weights=[w]),
        DeclarationError,
        "a network needs a name, not ''",
        'write Network("mlp", ...)',
        lambda: using(w),
    ),
    Refusal(
        "a loss named as a weight",
        lambda: Network("net", weights=[MatrixSymbol("L", 2, 2)]).loss(
            symprop.l2(MatrixSymbol("L", 2, 2))
        ),
        DeclarationError,
        "loss 'L': the name is taken, by a weight",
        'choose another name, such as name="loss"',
        lambda: named_loss(),
    ),
    Refusal(
        "a symbol without a name",
        lambda: scalars(weights=[Symbol("", real=True)]),
        DeclarationError,
        "network 'net': the name of this weight is empty",
        "give its symbol a name",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "an output that is no step",
        lambda: with_output("yhat"),
        DeclarationError,
        "loss 'L': output 'yhat' is not a step",
        "did you mean 'y_hat'?",
        lambda: with_output("y_hat"),
    ),
    Refusal(
        "an output that needs the target",
        lambda: with_output("e"),
        DeclarationError,
        "loss 'L': output 'e' depends on a target",
        "forward is given the inputs alone; choose an earlier step",
        lambda: with_output("y_hat"),
    ),
    Refusal(
        "LaTeX that is no text",
        lambda: network().step("a", w * x, latex=3),
        DeclarationError,
        "step 'a': the LaTeX name of 'a' is not text: 3",
        "write latex=r'\\omega'",
        lambda: using(w * x),
    ),
    Refusal(
        "LaTeX of nothing",
        lambda: scalars(latex={b: "b"}),
        DeclarationError,
        "network 'net': latex={b: ...}: 'b' is not a declared symbol",
        "known are x, y, w",
        lambda: with_loss(w * x, latex={w: r"\omega"}),
    ),
)


# -- inputs, targets, weights, sizes ---------------------------------------------------------------

SYMBOLS: Sequence[Refusal] = (
    Refusal(
        "a symbol instead of a list",
        lambda: scalars(inputs=x),
        DeclarationError,
        "network 'net': inputs=x is not a list",
        "write inputs=[x]",
        lambda: with_loss(w * x, inputs=[x]),
    ),
    Refusal(
        "text as an input",
        lambda: scalars(inputs=["x"]),
        DeclarationError,
        "network 'net': input 'x' is not a Symbol or MatrixSymbol",
        'declare it with Symbol("x", real=True) or MatrixSymbol("x", D, 1)',
        lambda: with_loss(w * x),
    ),
    Refusal(
        "names as inputs",
        lambda: scalars(inputs="x y"),
        DeclarationError,
        "network 'net': inputs=x y is not a list",
        "declare symbols, and write inputs=[x, y]",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "an expression as an input",
        lambda: scalars(inputs=[x + 1]),
        DeclarationError,
        "network 'net': input x + 1 is not a Symbol or MatrixSymbol",
        'declare it with Symbol("x", real=True) or MatrixSymbol("x", D, 1)',
        lambda: with_loss(w * x),
    ),
    Refusal(
        "an entry as a weight",
        lambda: scalars(weights=[W[0, 0]]),
        DeclarationError,
        "network 'net': weight W[0, 0] is not a Symbol or MatrixSymbol",
        'declare it with Symbol("x", real=True) or MatrixSymbol("x", D, 1)',
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a matrix of symbols as a weight",
        lambda: scalars(weights=[Matrix([w, b])]),
        DeclarationError,
        "network 'net': weight Matrix([ [w], [b]]) is not a Symbol or MatrixSymbol",
        'declare it with Symbol("x", real=True) or MatrixSymbol("x", D, 1)',
        lambda: with_loss((w + b) * x, weights=[w, b]),
    ),
    Refusal(
        "a weight twice",
        lambda: scalars(weights=[w, w]),
        DeclarationError,
        "network 'net': 'w' is declared twice, as weight and as weight",
        "leave one of them out",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "two symbols of one name",
        lambda: scalars(weights=[w, Symbol("w")]),
        DeclarationError,
        "network 'net': 'w' is declared twice, as weight and as weight",
        "give one of them another name",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a target that is a weight",
        lambda: scalars(weights=[w, y]),
        DeclarationError,
        "network 'net': 'y' is declared twice, as target and as weight",
        "give one of them another name",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a whole number as a weight",
        lambda: scalars(weights=[Symbol("k", integer=True)]),
        DeclarationError,
        "network 'net': weight 'k' is not a real variable",
        "write Symbol('k', real=True)",
        lambda: with_loss(Symbol("k", real=True) * x, weights=[Symbol("k", real=True)]),
    ),
    Refusal(
        "a complex weight",
        lambda: scalars(weights=[Symbol("k", complex=True)]),
        DeclarationError,
        "network 'net': weight 'k' is not a real variable",
        "write Symbol('k', real=True)",
        lambda: with_loss(Symbol("k", real=True) * x, weights=[Symbol("k", real=True)]),
    ),
    Refusal(
        "a size as a weight",
        lambda: scalars(inputs=[X], weights=[Symbol("D", real=True)]),
        DeclarationError,
        "network 'net': 'D' is both a size and a weight",
        "give one of them another name",
        lambda: with_loss(w * symprop.total(X), inputs=[X]),
    ),
    Refusal(
        "two sizes of one name",
        lambda: scalars(weights=[h, MatrixSymbol("B", Symbol("N"), 1)]),
        DeclarationError,
        "network 'net': two different symbols are called 'N', as a size of 'B' and before",
        "make each size symbol once, with the same assumptions",
        lambda: with_loss(
            symprop.dot(h, MatrixSymbol("B", N, 1)), weights=[h, MatrixSymbol("B", N, 1)]
        ),
    ),
    Refusal(
        "a size of 0",
        lambda: scalars(weights=[MatrixSymbol("B", 0, 1)]),
        DeclarationError,
        "network 'net': weight 'B' has the shape 0 x 1",
        "sizes are whole numbers from 1 on, or symbols",
        lambda: with_loss(
            symprop.total(MatrixSymbol("B", 2, 1)), weights=[MatrixSymbol("B", 2, 1)]
        ),
    ),
    Refusal(
        "weights of None",
        lambda: scalars(weights=None),
        DeclarationError,
        "network 'net': weights=None is not a list",
        "leave weights out",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "no weight",
        lambda: with_loss(x, weights=[]),
        DeclarationError,
        "loss 'L': there is no weight to differentiate by",
        "declare what it is: weights=[...]",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a weight without effect",
        lambda: with_loss(w * x, weights=[w, b]),
        DeclarationError,
        "loss 'L': the loss does not depend on weight 'b'",
        "use it in a step that leads to the loss, or leave it out of weights",
        lambda: with_loss(w * x + b, weights=[w, b]),
    ),
    Refusal(
        "a weight that cancels",
        lambda: with_loss(w * x + b - b, weights=[w, b]),
        DeclarationError,
        "loss 'L': the loss does not depend on weight 'b'",
        "use it in a step that leads to the loss, or leave it out of weights",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a weight that softmax loses",
        lambda: with_loss(symprop.total(symprop.softmax(w * X)), inputs=[X]),
        DeclarationError,
        "loss 'L': the loss does not depend on weight 'w'",
        "use it in a step that leads to the loss, or leave it out of weights",
        lambda: with_loss(symprop.total(symprop.log_softmax(w * X)), inputs=[X]),
    ),
    Refusal(
        "a default size that is broken",
        lambda: scalars(inputs=[X], sizes={D: 2.5}),
        DeclarationError,
        "network 'net': size D needs a whole number from 1 on, not 2.5",
        "write sizes={D: 32}",
        lambda: with_loss(w * symprop.total(X), inputs=[X], sizes={D: 32}),
    ),
    Refusal(
        "a default of no size",
        lambda: scalars(inputs=[X], sizes={N: 3}),
        DeclarationError,
        "network 'net': sizes={N: ...}: 'N' is not a size of a declared matrix",
        "known are D",
        lambda: with_loss(w * symprop.total(X), inputs=[X], sizes={D: 3}),
    ),
    Refusal(
        "a step behind the loss",
        lambda: with_loss(w * x).step("a", w),
        DeclarationError,
        "step 'a' comes after the loss",
        "declare it before",
        lambda: with_loss(w * x),
    ),
    Refusal(
        "a second loss",
        lambda: with_loss(w * x).loss(w),
        DeclarationError,
        "the network has a loss already: 'L'",
        "add losses up in one expression",
        lambda: with_loss(w * x + w),
    ),
)


# -- hyperparameters -------------------------------------------------------------------------------

HYPERPARAMETERS: Sequence[Refusal] = (
    Refusal(
        "a list of hyperparameters",
        lambda: scalars(hyperparameters=[b]),
        DeclarationError,
        "network 'net': hyperparameters=[b] is not a dictionary",
        "write hyperparameters={symbol: value}",
        lambda: with_loss(w * x + b * w**2, hyperparameters={b: 1e-3}),
    ),
    Refusal(
        "a hyperparameter without a default",
        lambda: scalars(hyperparameters={b: None}),
        DeclarationError,
        "network 'net': hyperparameter 'b' needs a number as its default, not None",
        "write hyperparameters={b: 1e-3}",
        lambda: with_loss(w * x + b * w**2, hyperparameters={b: 1e-3}),
    ),
    Refusal(
        "text as a default",
        lambda: scalars(hyperparameters={b: "1e-3"}),
        DeclarationError,
        "network 'net': hyperparameter 'b' needs a number as its default, not '1e-3'",
        "write hyperparameters={b: 1e-3}",
        lambda: with_loss(w * x + b * w**2, hyperparameters={b: 1e-3}),
    ),
    Refusal(
        "an infinite default",
        lambda: scalars(hyperparameters={b: oo}),
        DeclarationError,
        "network 'net': hyperparameter 'b' needs a number as its default, not oo",
        "write hyperparameters={b: 1e-3}",
        lambda: with_loss(w * x + b * w**2, hyperparameters={b: 1e-3}),
    ),
    Refusal(
        "a matrix as a hyperparameter",
        lambda: scalars(hyperparameters={h: 1}),
        DeclarationError,
        "network 'net': hyperparameter 'h' is a matrix",
        "declare it as a weight or an input",
        lambda: with_loss(w * symprop.total(h), inputs=[h]),
    ),
    Refusal(
        "a weight as a hyperparameter",
        lambda: scalars(hyperparameters={w: 1}),
        DeclarationError,
        "network 'net': 'w' is declared twice, as weight and as hyperparameter",
        "give one of them another name",
        lambda: with_loss(w * x),
    ),
)


# -- labels and losses -----------------------------------------------------------------------------

LABELS: Sequence[Refusal] = (
    Refusal(
        "cross_entropy of binary labels",
        lambda: classifier("binary", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
        DeclarationError,
        "loss 'L': cross_entropy does not fit the binary labels of t, in "
        "cross_entropy(t, softmax(z))",
        "use binary_cross_entropy(y, p) for 0/1 labels",
        lambda: classifier(
            "binary", lambda y, z: symprop.binary_cross_entropy(y, symprop.sigmoid(z))
        ),
    ),
    Refusal(
        "cross_entropy of signed labels",
        lambda: classifier("signed", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
        DeclarationError,
        "loss 'L': cross_entropy does not fit the signed labels of t, in "
        "cross_entropy(t, softmax(z))",
        "use binary_cross_entropy((y + OneMatrix(V, 1))/2, p) for -1/+1 labels",
        lambda: classifier(
            "signed",
            lambda y, z: symprop.binary_cross_entropy(
                (y + OneMatrix(V, 1)) / 2, symprop.sigmoid(z)
            ),
        ),
    ),
    Refusal(
        "cross_entropy of real labels",
        lambda: classifier("real", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
        DeclarationError,
        "loss 'L': cross_entropy does not fit the real labels of t, in cross_entropy(t, "
        "softmax(z))",
        "use mean_squared_error(y, y_hat) for real targets",
        lambda: classifier("real", symprop.mean_squared_error),
    ),
    Refusal(
        "binary_cross_entropy of signed labels",
        lambda: classifier(
            "signed", lambda y, z: symprop.binary_cross_entropy(y, symprop.sigmoid(z))
        ),
        DeclarationError,
        "loss 'L': binary_cross_entropy does not fit the signed labels of t, in "
        "binary_cross_entropy(t, sigmoid(z))",
        "use binary_cross_entropy((y + OneMatrix(V, 1))/2, p), which maps -1/+1 labels to 0/1",
        lambda: classifier(
            "signed",
            lambda y, z: symprop.binary_cross_entropy(
                (y + OneMatrix(V, 1)) / 2, symprop.sigmoid(z)
            ),
        ),
    ),
    Refusal(
        "binary_cross_entropy of real labels",
        lambda: classifier(
            "real", lambda y, z: symprop.binary_cross_entropy(y, symprop.sigmoid(z))
        ),
        DeclarationError,
        "loss 'L': binary_cross_entropy does not fit the real labels of t, in "
        "binary_cross_entropy(t, sigmoid(z))",
        "use mean_squared_error(y, y_hat) for real targets",
        lambda: classifier("real", symprop.mean_squared_error),
    ),
    Refusal(
        "logistic_loss of one-hot labels",
        lambda: classifier("one-hot", symprop.logistic_loss),
        DeclarationError,
        "loss 'L': logistic_loss does not fit the one-hot labels of t, in logistic_loss(t, z)",
        "use cross_entropy(y, softmax(z)) for one-hot labels",
        lambda: classifier("one-hot", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
    ),
    Refusal(
        "logistic_loss of probabilities labels",
        lambda: classifier("probabilities", symprop.logistic_loss),
        DeclarationError,
        "loss 'L': logistic_loss does not fit the probabilities labels of t, in "
        "logistic_loss(t, z)",
        "use cross_entropy(y, softmax(z)) for probabilities",
        lambda: classifier(
            "probabilities", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))
        ),
    ),
    Refusal(
        "logistic_loss of binary labels",
        lambda: classifier("binary", symprop.logistic_loss),
        DeclarationError,
        "loss 'L': logistic_loss does not fit the binary labels of t, in logistic_loss(t, z)",
        "use binary_cross_entropy(y, sigmoid(z)) for 0/1 labels",
        lambda: classifier(
            "binary", lambda y, z: symprop.binary_cross_entropy(y, symprop.sigmoid(z))
        ),
    ),
    Refusal(
        "logistic_loss of real labels",
        lambda: classifier("real", symprop.logistic_loss),
        DeclarationError,
        "loss 'L': logistic_loss does not fit the real labels of t, in logistic_loss(t, z)",
        "use mean_squared_error(y, y_hat) for real targets",
        lambda: classifier("real", symprop.mean_squared_error),
    ),
    Refusal(
        "hinge_loss of one-hot labels",
        lambda: classifier("one-hot", symprop.hinge_loss),
        DeclarationError,
        "loss 'L': hinge_loss does not fit the one-hot labels of t, in hinge_loss(t, z)",
        "use cross_entropy(y, softmax(z)) for one-hot labels",
        lambda: classifier("one-hot", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
    ),
    Refusal(
        "hinge_loss of probabilities labels",
        lambda: classifier("probabilities", symprop.hinge_loss),
        DeclarationError,
        "loss 'L': hinge_loss does not fit the probabilities labels of t, in hinge_loss(t, z)",
        "use cross_entropy(y, softmax(z)) for probabilities",
        lambda: classifier(
            "probabilities", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))
        ),
    ),
    Refusal(
        "hinge_loss of binary labels",
        lambda: classifier("binary", symprop.hinge_loss),
        DeclarationError,
        "loss 'L': hinge_loss does not fit the binary labels of t, in hinge_loss(t, z)",
        "use hinge_loss(2*y - OneMatrix(V, 1), z), which maps 0/1 labels to -1/+1",
        lambda: classifier("binary", lambda y, z: symprop.hinge_loss(2 * y - OneMatrix(V, 1), z)),
    ),
    Refusal(
        "hinge_loss of real labels",
        lambda: classifier("real", symprop.hinge_loss),
        DeclarationError,
        "loss 'L': hinge_loss does not fit the real labels of t, in hinge_loss(t, z)",
        "use mean_squared_error(y, y_hat) for real targets",
        lambda: classifier("real", symprop.mean_squared_error),
    ),
    Refusal(
        "zero_one_loss of one-hot labels",
        lambda: classifier("one-hot", symprop.zero_one_loss),
        UnsupportedError,
        "loss 'L': zero_one_loss cannot be trained with: it is piecewise constant, so "
        "that its derivative is 0 or undefined, in zero_one_loss(t, z)",
        "train with cross_entropy, binary_cross_entropy or hinge_loss; evaluate(...) of "
        "the emitted module gives the error rate",
        lambda: classifier("one-hot", lambda y, z: symprop.cross_entropy(y, symprop.softmax(z))),
    ),
    Refusal(
        "a loss with the target behind",
        lambda: classifier(
            "binary", lambda y, z: symprop.binary_cross_entropy(symprop.sigmoid(z), y)
        ),
        DeclarationError,
        "loss 'L': binary_cross_entropy takes the target first, in "
        "binary_cross_entropy(sigmoid(z), t)",
        "write binary_cross_entropy(t, sigmoid(z))",
        lambda: classifier(
            "binary", lambda y, z: symprop.binary_cross_entropy(y, symprop.sigmoid(z))
        ),
    ),
    Refusal(
        "losses of two shapes",
        lambda: network(targets=[t]).loss(symprop.squared_error(t, h)),
        ShapeError,
        "loss 'L': squared_error needs arguments of one shape, not V x 1 and N x 1, in "
        "squared_error(t, h)",
        "transpose one of them, or take scalar(...) of a 1 x 1",
        lambda: classifier("real", symprop.squared_error),
    ),
    Refusal(
        "an unknown kind",
        lambda: scalars(labels={y: "onehot"}),
        DeclarationError,
        "network 'net': labels={y: 'onehot'}: no such kind of label",
        "did you mean 'one-hot'?",
        lambda: with_loss(symprop.squared_error(y, w * x), labels={y: "real"}),
    ),
    Refusal(
        "labels of an input",
        lambda: scalars(labels={x: "binary"}),
        DeclarationError,
        "network 'net': labels={x: ...}: 'x' is not a target",
        "known are y",
        lambda: with_loss(symprop.squared_error(y, w * x), labels={y: "binary"}),
    ),
    Refusal(
        "a list of labels",
        lambda: scalars(labels=["binary"]),
        DeclarationError,
        "network 'net': labels=['binary'] is not a dictionary",
        "write labels={symbol: value}",
        lambda: with_loss(symprop.squared_error(y, w * x), labels={y: "binary"}),
    ),
    Refusal(
        "one-hot labels of a scalar",
        lambda: scalars(labels={y: "one-hot"}),
        DeclarationError,
        "network 'net': one-hot labels 'y' need a column with an entry for each class, "
        "not a scalar",
        'use labels={...: "binary"} for 0 and 1',
        lambda: with_loss(
            symprop.binary_cross_entropy(y, symprop.sigmoid(w * x)), labels={y: "binary"}
        ),
    ),
    Refusal(
        "one-hot labels without classes",
        lambda: whole_batch(labels={MatrixSymbol("y", n, 1): "one-hot"}),
        DeclarationError,
        "network 'net': one-hot labels 'y' need an entry for each class, not one a sample",
        'declare them n x V, or use labels={...: "binary"} for 0 and 1',
        lambda: whole_batch(labels={MatrixSymbol("y", n, 1): "binary"}),
    ),
)


# -- samples ---------------------------------------------------------------------------------------

SAMPLES: Sequence[Refusal] = (
    Refusal(
        "a number of samples",
        lambda: whole_batch(samples=5),
        DeclarationError,
        "network 'net': samples=5: no input or target has that first size",
        "write samples=n with a size symbol n; data of the whole batch have a sample a "
        'row: MatrixSymbol("X", n, D)',
        lambda: whole_batch(samples=n),
    ),
    Refusal(
        "samples by name",
        lambda: whole_batch(samples="n"),
        DeclarationError,
        "network 'net': samples='n': no input or target has that first size",
        "write samples=n with a size symbol n; data of the whole batch have a sample a "
        'row: MatrixSymbol("X", n, D)',
        lambda: whole_batch(samples=n),
    ),
    Refusal(
        "samples that no data have",
        lambda: whole_batch(samples=N),
        DeclarationError,
        "network 'net': samples=N: no input or target has that first size",
        'data of the whole batch have a sample a row: MatrixSymbol("X", n, D)',
        lambda: whole_batch(samples=n),
    ),
    Refusal(
        "samples with other assumptions",
        lambda: whole_batch(samples=Symbol("n")),
        DeclarationError,
        "network 'net': samples=n: no input or target has that first size",
        "the size has that name but other assumptions: make each size symbol once",
        lambda: whole_batch(samples=n),
    ),
)


# -- functions of one's own ------------------------------------------------------------------------

OWN: Sequence[Refusal] = (
    Refusal(
        "a function of a taken name",
        lambda: define("sigmoid", lambda u: u),
        DeclarationError,
        "sigmoid is in the vocabulary already",
        "use symprop.sigmoid, or choose another name",
        lambda: using(define("my_sigmoid", lambda u: 1 / (1 + symprop.exp(-u)))(h)),
    ),
    Refusal(
        "code as a function's name",
        lambda: define("__import__('os')", lambda u: u),
        DeclarationError,
        "define needs the name of a function, not \"__import__('os')\"",
        'write define("f_1"): letters, digits and "_"; latex= is free',
        lambda: using(define("f_1", lambda u: u**2)(h)),
    ),
    Refusal(
        "code as a body",
        lambda: define("f", "__import__('os')"),
        DeclarationError,
        "define 'f': the body is no function but \"__import__('os')\"",
        'write define("f", lambda u: ...)',
        lambda: using(define("f", lambda u: u**2)(h)),
    ),
    Refusal(
        "a body of no argument",
        lambda: define("f", lambda: 3),
        DeclarationError,
        "define 'f': the body needs one or several plain arguments",
        'write define("f", lambda u, v: ...)',
        lambda: using(define("f", lambda u, v: u * v)(h, w)),
    ),
    Refusal(
        "a body that asks",
        lambda: define("f", lambda u: u if u > 0 else 0),
        UnsupportedError,
        "define 'f': the body of f fails: TypeError: cannot determine truth value of "
        "Relational: u > 0",
        "write maximum(u, v), relu(u) or unit_step(u) instead of asking if u > v",
        lambda: using(define("f", lambda u: symprop.maximum(u, 0))(h)),
    ),
    Refusal(
        "a body of NumPy",
        lambda: define("f", lambda u: np.tanh(u)),
        UnsupportedError,
        "define 'f': the body of f fails: TypeError: loop of ufunc does not support "
        "argument 0 of type Symbol which has no callable tanh method",
        "use the functions of symprop, not of math or NumPy",
        lambda: using(define("f", lambda u: symprop.tanh(u))(h)),
    ),
    Refusal(
        "a body that gives nothing",
        lambda: define("f", lambda u: None),
        UnsupportedError,
        "define 'f': the body of f gives no expression but None",
        "let it return the formula",
        lambda: using(define("f", lambda u: u**2)(h)),
    ),
    Refusal(
        "a body with a name from outside",
        lambda: define("f", lambda u: u * w),
        UnsupportedError,
        "define 'f': the body of f uses w, which is no argument of it",
        'write define("f", lambda u, w: ...), or layer=True',
        lambda: using(define("f", lambda u, w: u * w)(h, w)),
    ),
    Refusal(
        "a body that is a layer",
        lambda: define("f", lambda u: OneMatrix(3, 1) * u),
        UnsupportedError,
        "define 'f': the body of f gives a matrix, not a number",
        "write layer=True for a function of whole matrices",
        lambda: using(define("f", lambda u: OneMatrix(3, 1) * u, layer=True)(w)),
    ),
    Refusal(
        "a call with too many arguments",
        lambda: define("f", lambda u: u**2)(w, b),
        UnsupportedError,
        "f: too many positional arguments",
        "write f(u)",
        lambda: using(define("f", lambda u: u**2)(w)),
    ),
    Refusal(
        "a layer whose argument is missing",
        lambda: define("dense", lambda W, x: W * x, layer=True)(W),
        UnsupportedError,
        "dense: missing a required argument: 'x'",
        "write dense(W, x)",
        lambda: using(define("dense", lambda W, x: W * x, layer=True)(W, X)),
    ),
    Refusal(
        "a layer whose arguments do not fit",
        lambda: network().step("a", define("dense", lambda W, x: W * x, layer=True)(W, h)),
        ShapeError,
        "step 'a': in dense: cannot multiply N x D by N x 1, in W*h",
        "transpose a factor, change the order, or use hadamard_product entry by entry",
        lambda: using(define("dense", lambda W, x: W.T * x, layer=True)(W, h)),
    ),
    Refusal(
        "one name for two functions",
        lambda: clashing(lambda u: u**3),
        UnsupportedError,
        "loss 'L': g is defined in two ways, in g(a)",
        "two functions need two names",
        lambda: clashing(lambda u: u**2),
    ),
    Refusal(
        "one name for a function and an activation",
        lambda: clashing(None),
        UnsupportedError,
        "loss 'L': g is defined in two ways, in g(a)",
        "two functions need two names",
        lambda: clashing(lambda u: u**2),
    ),
    Refusal(
        "one name with one argument and with two",
        lambda: using(function("g")(w, b) + function("g")(w)),
        UnsupportedError,
        "step 'a': g has 2 arguments here, but had 1 before, in g(w, b)",
        "two functions need two names",
        lambda: unspecified(function("g")(w, b) + function("g_1")(w)),
    ),
    Refusal(
        "an activation of two arguments",
        lambda: activation("f")(w, b),
        UnsupportedError,
        "f is an activation, of 1 argument, not 2",
        'write function("f") for one of several arguments',
        lambda: unspecified(function("f")(w, b)),
    ),
    Refusal(
        "an activation with a taken name",
        lambda: activation("relu"),
        DeclarationError,
        "relu is in the vocabulary already",
        "use symprop.relu, or choose another name",
        lambda: unspecified(activation("f_1")(w)),
    ),
    Refusal(
        "a shape that is none",
        lambda: function("f", shape=(N,)),
        DeclarationError,
        "f: shape=(N,) is no shape of a matrix",
        "write shape=(N, 1)",
        lambda: unspecified(function("f", shape=(N, 1))(h)),
    ),
    Refusal(
        "an unspecified column by a matrix",
        lambda: derive(using(function("f", shape=(N, 1))(W))),
        DerivationError,
        "the derivative of f, N x 1, by an argument that is N x D, is no matrix: "
        "nothing can be said of it",
        "let it be a number, or take the argument apart into columns",
        lambda: unspecified(function("f")(W)),
    ),
)


# -- long equations --------------------------------------------------------------------------------

EQUATIONS: Sequence[Refusal] = (
    Refusal(
        "a long equation of two shapes",
        lambda: Network.from_expression(
            "net", symprop.total(W * h), inputs=[x, X], targets=[y], weights=[W, h]
        ),
        ShapeError,
        "network 'net': loss 'L': cannot multiply N x D by N x 1, in W*h",
        "transpose a factor, change the order, or use hadamard_product entry by entry",
        lambda: Network.from_expression(
            "net", symprop.total(W.T * h), inputs=[x, X], targets=[y], weights=[W, h]
        ),
    ),
    Refusal(
        "a long equation that is a matrix",
        lambda: Network.from_expression(
            "net", symprop.sigmoid(W * X), inputs=[x, X], targets=[y], weights=[W]
        ),
        ShapeError,
        "network 'net': loss 'L': the loss must be a scalar, but is N x 1, in sigmoid(a1)",
        "add up its entries with total(...) or take scalar(...) of a 1 x 1",
        lambda: Network.from_expression(
            "net", symprop.total(symprop.sigmoid(W * X)), inputs=[x, X], targets=[y], weights=[W]
        ),
    ),
    Refusal(
        "a long equation with an undefined name",
        lambda: Network.from_expression(
            "net", (y - symprop.sigmoid(b * x)) ** 2, inputs=[x, X], targets=[y], weights=[w]
        ),
        DeclarationError,
        "network 'net': 'b' is not defined",
        "known are x, X, y, w, D",
        lambda: Network.from_expression(
            "net", (y - symprop.sigmoid(w * x)) ** 2, inputs=[x, X], targets=[y], weights=[w]
        ),
    ),
    Refusal(
        "a long equation with Piecewise",
        lambda: Network.from_expression(
            "net",
            (y - symprop.sigmoid(Piecewise((w, w > 0), (0, True)) * x)) ** 2,
            inputs=[x, X],
            targets=[y],
            weights=[w],
        ),
        UnsupportedError,
        "network 'net': Piecewise is not supported, in Piecewise((w, w > 0), (0, True))",
        "write relu, leaky_relu, maximum(a, b) or minimum(a, b); for f where u > v, "
        "else g: g + unit_step(u - v)*(f - g)",
        lambda: Network.from_expression(
            "net",
            (y - symprop.sigmoid(symprop.relu(w) * x)) ** 2,
            inputs=[x, X],
            targets=[y],
            weights=[w],
        ),
    ),
    Refusal(
        "code as a long equation",
        lambda: Network.from_expression(
            "net", "__import__('os')", inputs=[x, X], targets=[y], weights=[w]
        ),
        UnsupportedError,
        "network 'net': \"__import__('os')\" is not a SymPy expression",
        "write it without quotes: text is never executed",
        lambda: Network.from_expression(
            "net", (y - w * x) ** 2, inputs=[x, X], targets=[y], weights=[w]
        ),
    ),
)


# -- emission --------------------------------------------------------------------------------------

EMISSION: Sequence[Refusal] = (
    Refusal(
        "code for an activation without a formula",
        lambda: emit(derive(using(activation("f_1")(w)))),
        UnspecifiedError,
        "step 'a': f_1 is unspecified, in f_1(w)",
        'give it a formula: f_1 = define("f_1", lambda u: ...)',
        lambda: using(define("f_1", lambda u: u**2)(w)),
    ),
    Refusal(
        "code for a loss without a formula",
        lambda: emit(derive(with_loss(function("l")(y, w * x)))),
        UnspecifiedError,
        "loss 'L': l is unspecified, in l(y, w*x)",
        'give it a formula: l = define("l", lambda u, v: ...)',
        lambda: with_loss(define("l", lambda u, v: (u - v) ** 2)(y, w * x)),
    ),
    Refusal(
        "plain Python for matrices",
        lambda: emit(derive(using(W * X)), target="python"),
        EmissionError,
        "network 'mended' has matrices, and plain Python has no arrays",
        'emit it with target="numpy"',
        lambda: load(derive(using(W * X)), target="numpy") and None,
    ),
    Refusal(
        "a target that is none",
        lambda: emit(derive(using(w)), target="torch"),
        EmissionError,
        "no target 'torch'",
        "the targets are numpy, python",
        lambda: load(derive(using(w)), target="python") and None,
    ),
    Refusal(
        "code of a network",
        lambda: emit(using(w)),
        DerivationError,
        "emit needs a derivation, not Network",
        "write emit(derive(net))",
        lambda: load(derive(using(w))) and None,
    ),
    Refusal(
        "a check of a network",
        lambda: check_gradients(using(w)),
        DerivationError,
        "check_gradients needs a derivation, not Network",
        "write check_gradients(derive(net))",
        lambda: check_gradients(derive(using(w))) and None,
    ),
    Refusal(
        "a check of no samples",
        lambda: check_gradients(derive(using(w)), samples=0),
        GradientError,
        "check_gradients: samples is 0",
        "give a whole number from 1 on",
        lambda: check_gradients(derive(using(w)), samples=1) and None,
    ),
    Refusal(
        "a derivation of an expression",
        lambda: derive(w * x),
        DeclarationError,
        "derive needs a Network, not Mul",
        'declare net = Network("mlp", ...) and its loss, and write derive(net)',
        lambda: using(w * x),
    ),
    Refusal(
        "a derivation without a loss",
        lambda: derive(network()),
        DeclarationError,
        "network 'net' has no loss",
        "declare it with net.loss(...)",
        lambda: using(w * x),
    ),
    Refusal(
        "a size that no array shows",
        lambda: emit(derive(sized(N * V))),
        EmissionError,
        "no array has an axis of the size N alone",
        "declare a size of its own for what N stands in",
        lambda: sized(N),
    ),
)


# -- what is asked of a derivation -----------------------------------------------------------------

DERIVATIONS: Sequence[Refusal] = (
    Refusal(
        "a partial by nothing",
        lambda: layers().partial("w1"),
        DeclarationError,
        "'w1' is not in network 'layers'",
        "did you mean 'W1'?",
        lambda: layers().partial("W1") and None,
    ),
    Refusal(
        "a partial by an expression",
        lambda: layers().partial(W[0, 0]),
        DeclarationError,
        "'W[0, 0]' is not in network 'layers'",
        "known are x, t, W1, W2, h, z, p, L",
        lambda: layers().partial("W1") and None,
    ),
    Refusal(
        "a form that is none",
        lambda: layers().partial("W1", form="short"),
        DerivationError,
        "no form 'short'",
        'the forms are "steps", "delta" and "expanded"',
        lambda: layers().partial("W1", form="delta") and None,
    ),
    Refusal(
        "a local derivative by no argument",
        lambda: layers().local("p", "h"),
        DerivationError,
        "'h' is not a direct argument of step 'p'",
        "its arguments are z",
        lambda: layers().local("p", "z") and None,
    ),
    Refusal(
        "a local derivative of an input",
        lambda: layers().local("x", "W1"),
        DerivationError,
        "'x' is not a step but an input",
        "the steps are h, z, p, L",
        lambda: layers().local("z", "h") and None,
    ),
    Refusal(
        "a layout that is none",
        lambda: layers().jacobian("p", "z", layout="row"),
        DerivationError,
        "no layout 'row'",
        'the layouts are "numerator" and "denominator"',
        lambda: layers().jacobian("p", "z", layout="denominator") and None,
    ),
    Refusal(
        "a Jacobian with three axes",
        lambda: layers().jacobian("h", "W1"),
        DerivationError,
        "d(h)/d(W1), N x 1 by N x D, is no single matrix",
        "declare whole numbers for the sizes, or ask for upstream(W1)",
        lambda: layers().upstream("W1") and None,
    ),
    Refusal(
        "a Jacobian written out in symbolic sizes",
        lambda: layers().jacobian("p", "z", explicit=True),
        DerivationError,
        "d(p)/d(z), V x 1 by V x 1, is written out entry by entry",
        "declare whole numbers for the sizes, or ask for upstream(z)",
        lambda: layers().jacobian("p", "z") and None,
    ),
    Refusal(
        "a Jacobian of an input",
        lambda: layers().jacobian("x", "z"),
        DerivationError,
        "'x' is not a step but an input",
        "the steps are h, z, p, L",
        lambda: layers().jacobian("p", "z") and None,
    ),
    Refusal(
        "a path that is no matrix",
        lambda: list(layers().paths("W1")),
        DerivationError,
        "d(h)/d(W1), N x 1 by N x D, is no single matrix",
        "declare whole numbers for the sizes, or ask for upstream(W1)",
        lambda: layers().upstream("W1") and None,
    ),
    Refusal(
        "a power that SymPy cannot write",
        lambda: exponents().partial(w, form="expanded"),
        DerivationError,
        "SymPy makes no power whose exponent is total(-2*W*X + h)/3 - 1",
        'give the exponent a step of its own, and take form="steps" or "delta"',
        lambda: exponents().partial(w, form="steps") and None,
    ),
    Refusal(
        "a trace without a value",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2}),
        PointError,
        "no value is given for weight w",
        "every input, target and weight needs one",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace of nothing",
        lambda: derive(with_loss((y - w * x) ** 2)).trace(None),
        PointError,
        "no value is given for input x, target y, weight w",
        "every input, target and weight needs one",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace with a value too many",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3, b: 3}),
        PointError,
        "'b' is not a declared symbol",
        "known are x, y, w",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace at a step",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3, "L": 3}),
        PointError,
        "'L' is a step: its value follows",
        "leave it out",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace at text",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: "__import__('os')", y: 2, w: 3}),
        PointError,
        "the value of x holds \"__import__('os')\", which is no finite real number",
        "give numbers, lists of numbers, arrays or SymPy matrices",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace at infinity",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: oo, y: 2, w: 3}),
        PointError,
        "the value of x holds 'oo', which is no finite real number",
        "give numbers, lists of numbers, arrays or SymPy matrices",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace at a list",
        lambda: derive(with_loss((y - w * x) ** 2)).trace([1, 2, 3]),
        DeclarationError,
        "values=[1, 2, 3] is not a dictionary",
        "write values={symbol: value}",
        lambda: derive(with_loss((y - w * x) ** 2)).trace({x: 1, y: 2, w: 3}) and None,
    ),
    Refusal(
        "a trace at rows of two lengths",
        lambda: derive(using(W * X)).trace({X: [1, 2], W: [[1, 2], [1]]}),
        PointError,
        "the value of W is no matrix: its rows have different lengths",
        "give a list of rows of equal lengths",
        lambda: derive(using(W * X)).trace({X: [1, 2], W: [[1, 2], [1, 3]]}) and None,
    ),
    Refusal(
        "a trace at another shape",
        lambda: derive(using(W * X)).trace({X: [1, 2], W: [[1, 2, 3]]}),
        PointError,
        "W is declared N x D with N = 1, D = 2, but its value is 1 x 3",
        "give values of one size each to all that have it",
        lambda: derive(using(W * X)).trace({X: [1, 2, 3], W: [[1, 2, 3]]}) and None,
    ),
    Refusal(
        "a trace at a matrix without rows",
        lambda: derive(using(W * X)).trace({X: [1, 2], W: [1, 2]}),
        PointError,
        "W is declared N x D, but its value is a list of 2",
        "give a list of rows",
        lambda: derive(using(W * X)).trace({X: [1, 2], W: [[1, 2]]}) and None,
    ),
    Refusal(
        "a trace at labels of another kind",
        lambda: derive(classifier("binary", symprop.squared_error)).trace(
            {X: [1], U: [[1], [2]], t: [0, 2]}
        ),
        PointError,
        "t is declared binary, and its value is not",
        "give 0 or 1",
        lambda: (
            derive(classifier("binary", symprop.squared_error)).trace(
                {X: [1], U: [[1], [2]], t: [0, 1]}
            )
            and None
        ),
    ),
    Refusal(
        "a trace where nothing has a value",
        lambda: derive(using(symprop.log(w))).trace({w: 0}),
        PointError,
        "step 'a' has no finite real value at this point: log(w), where w = 0",
        "look at what it divides by, and at the arguments of logs and roots",
        lambda: derive(using(symprop.log(w))).trace({w: 1}) and None,
    ),
    Refusal(
        "a trace of a function without a formula",
        lambda: derive(using(activation("f_1")(w))).trace({w: 1}),
        UnsupportedError,
        "step 'a': f_1 is unspecified: it has no value",
        'give it a formula: f_1 = define("f_1", lambda u: ...)',
        lambda: derive(using(define("f_1", lambda u: u**2)(w))).trace({w: 1}) and None,
    ),
)


REFUSALS = (
    *SHAPES,
    *MISREADINGS,
    *CLASSES,
    *NUMBERS,
    *NO_EXPRESSIONS,
    *NAMES,
    *SYMBOLS,
    *HYPERPARAMETERS,
    *LABELS,
    *SAMPLES,
    *OWN,
    *EQUATIONS,
    *EMISSION,
    *DERIVATIONS,
)
