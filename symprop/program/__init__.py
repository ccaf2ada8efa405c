"""Array programs, between symbols and source: axes by role, shared values, stable forms."""

from symprop.program.build import Program, Statement, build_program
from symprop.program.cost import Cost, cost

__all__ = ["Cost", "Program", "Statement", "build_program", "cost"]
