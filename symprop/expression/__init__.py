"""The canonical form: what an expression means, read from SymPy, written back, evaluated."""

from symprop.expression import calls, reading  # noqa: F401  they fill the table of rules
from symprop.expression.scope import Scope

__all__ = ["Scope"]
