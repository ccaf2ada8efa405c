"""The printed table of the vocabulary: nothing is missing, and well-known lines are as known."""

from __future__ import annotations

from symprop.derivation.vocabulary_table import vocabulary_table
from symprop.functions import __all__ as PUBLIC
from symprop.functions.vocabulary import VOCABULARY

KNOWN = """
    f = relu(u)
        df/du = unit_step(u)
        relu has no derivative at 0; 0 is taken there.
    f = sigmoid(u)
        df/du = f*(1 - f)
    f = tanh(u)
        df/du = 1 - f**2
    f = softmax(z)
        df/dz = diag(f) - f*f.T  (Jacobian)
    f = inverse(A)
        df/dA: dA receives -f.T*delta_f*f.T
    f = determinant(A)
        df/dA = f*inverse(A).T
    f = cross_entropy(y, p) = -total(y.*log(p))
        df/dy = -log(p)
        df/dp = -y./p
    f = half_squared_error(y, y_hat) = total((y - y_hat).**2)/2
        df/dy = y - y_hat
        df/dy_hat = -(y - y_hat)
"""


def test_every_function_has_its_line() -> None:
    table = vocabulary_table()
    for name in VOCABULARY:
        assert (f"f = {name}(" in table) == (name in PUBLIC), name
    for name in ("inverse", "determinant", "logdet", "trace", "diagonal", "diag"):
        assert f"f = {name}(" in table


def test_well_known_derivatives_are_printed_as_known() -> None:
    table = vocabulary_table().splitlines()
    for line in KNOWN.strip("\n").splitlines():
        assert line in table
    for place, line in enumerate(table):
        if line.startswith("    f = "):
            assert table[place + 1].startswith("        "), line
