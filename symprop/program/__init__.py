"""Array programs, between symbols and source: axes by role, shared values, stable forms."""

from symprop.program.build import Program, Statement, build_program

__all__ = ["Program", "Statement", "build_program"]
