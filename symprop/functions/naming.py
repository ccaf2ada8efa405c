"""The name of a user's own function: an identifier that the vocabulary has not taken."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sympy import Symbol, latex

from symprop.errors import DeclarationError
from symprop.functions.vocabulary import VOCABULARY


def checked_name(name: Any, maker: str) -> str:
    """`name`, or a DeclarationError where it is no name of a new function.

    `maker` is what the user has called: "define", "activation", "function".
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise DeclarationError(
            f"{maker} needs the name of a function, not {name!r}",
            hint=f'write {maker}("f_1"): letters, digits and "_"; latex= is free',
        )
    offered = import_module("symprop.functions").__all__  # which imports this module itself
    if name in VOCABULARY or name in offered:
        raise DeclarationError(
            f"{name} is in the vocabulary already",
            hint=f"use symprop.{name}, or choose another name",
        )
    return name


def latex_name(name: str, given: Any) -> str:
    """The LaTeX of a name: as given, else as SymPy writes a symbol of that name."""
    if given is not None and not isinstance(given, str):
        raise DeclarationError(
            f"the LaTeX name of {name!r} is not text: {given!r}", hint=r"write latex=r'\ell'"
        )
    return given or str(latex(Symbol(name)))
