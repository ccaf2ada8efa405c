"""A user's own functions by name: within a network one name means one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import eq
from typing import Any

from symprop.errors import UnsupportedError
from symprop.expression.scope import Scope


@dataclass(frozen=True)
class Meaning:
    """What is known of a function.

    `count` is the number of its arguments. `kind` is, for one without a formula, how it is applied,
    "" where that does not show yet. `formula` is its canonical form, or the layer that it is.
    """

    count: int
    kind: str = ""
    formula: Any = None


def claim(scope: Scope, name: str, meaning: Meaning, same: Callable[[Any, Any], bool] = eq) -> None:
    """Let `name` mean this in what `scope` reads; UnsupportedError where it means something else.

    `same` compares two formulas.
    """
    known: Meaning = scope.functions.get(name, meaning)
    if known.count != meaning.count:
        arguments = "1 argument" if meaning.count == 1 else f"{meaning.count} arguments"
        problem = f"has {arguments} here, but had {known.count} before"
    elif known.kind and meaning.kind and known.kind != meaning.kind:
        problem = f"is {meaning.kind} here, but {known.kind} before"
    elif not same(known.formula, meaning.formula):
        problem = "is defined in two ways"
    else:
        scope.functions[name] = replace(known, kind=known.kind or meaning.kind)
        return
    raise UnsupportedError(f"{name} {problem}", hint="two functions need two names")
