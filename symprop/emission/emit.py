"""From a derivation to the source text of a training module, and to the module itself."""

from __future__ import annotations

import importlib.abc
import importlib.util
from collections.abc import Callable
from types import ModuleType

from symprop.derivation import Derivation
from symprop.emission.module import Module
from symprop.emission.numpy_module import numpy_module
from symprop.emission.python_module import python_module
from symprop.emission.rendering import render
from symprop.errors import EmissionError
from symprop.expression.collecting import uncollected
from symprop.expression.depth import deep_expressions
from symprop.program import Program, build_program

TARGETS: dict[str, Callable[[Program], Module]] = {
    "numpy": numpy_module,
    "python": python_module,
}
"""What makes the pieces of a module, for each target; its template has the target's name."""


def emit(derivation: Derivation, target: str = "numpy") -> str:
    """The source of a training module: NumPy, or plain Python for a scalar network.

    It imports nothing of symprop. Raises EmissionError for an unknown target, and for plain
    Python where the network has matrices.
    """
    if not isinstance(target, str) or target not in TARGETS:
        raise EmissionError(f"no target {target!r}", hint="the targets are " + ", ".join(TARGETS))
    derivation = Derivation.checked(derivation, "emit")
    with deep_expressions(), uncollected():
        module = TARGETS[target](build_program(derivation))
        return render(f"{target}/module.py.jinja", module)


def load(derivation: Derivation, target: str = "numpy") -> ModuleType:
    """The emitted module, imported: the same text as `emit` gives."""
    source = emit(Derivation.checked(derivation, "load"), target)
    name = f"symprop_emitted_{target}"
    spec = importlib.util.spec_from_loader(name, _TextLoader(source))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _TextLoader(importlib.abc.InspectLoader):
    """Imports a module from its text."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, fullname: str) -> str:
        return self._source

    def is_package(self, fullname: str) -> bool:
        return False
