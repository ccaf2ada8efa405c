"""How tightly a piece of notation holds together, and so where it needs brackets."""

from __future__ import annotations

from typing import TypeAlias

from symprop.printout.notation.markup import Markup

ADD, BIG, MULTIPLY, POWER, ATOM = range(5)
"""From a sum up to a single name; BIG is a sum sign, which takes in all that follows it."""

Piece: TypeAlias = tuple[Markup, int]
"""Notation, and how tightly it holds together."""
