"""The canonical form: what an expression means, read from SymPy, written back, evaluated."""

from symprop.expression import (  # noqa: F401  they fill the table of rules
    calls,
    definition,
    matrix_reading,
    reading,
    unspecified,
)
from symprop.expression.scope import Scope

__all__ = ["Scope"]
