"""Exercises: a printout with right-hand sides left blank, and the answers on a sheet of their own.

`places` finds what can be asked for, `choice` what is, and what has to give way because it would
show an answer (`answers`); `sheets` makes the two documents of it.
"""

from symprop.printout.exercise.make import make_exercise
from symprop.printout.exercise.sheets import Exercise

__all__ = ["Exercise", "make_exercise"]
