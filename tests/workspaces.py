"""Workspaces of emitted modules: full of nan, or watched for arrays of a wrong shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


class FullOfNan:
    """NumPy, but for arrays that are made empty: these hold nan, or True."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def empty(self, shape: Any, kind: Any) -> Any:
        return np.full(shape, True if kind is bool else np.nan, kind)

    def empty_like(self, array: Any, **options: Any) -> Any:
        return np.full_like(array, np.nan, **options)


class Watched:
    """NumPy, but for functions that write to an array: its shape must be that of the result."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        return _Watching(found) if callable(found) and not isinstance(found, type) else found


class _Watching:
    def __init__(self, function: Any) -> None:
        self._function = function

    def __getattr__(self, name: str) -> Any:
        return _Watching(getattr(self._function, name))

    def __call__(self, *arguments: Any, out: Any = None, **options: Any) -> Any:
        if out is None:
            return self._function(*arguments, **options)
        everywhere = {key: option for key, option in options.items() if key != "where"}
        alone = self._function(*map(_copied, arguments), **everywhere)
        assert np.shape(alone) == out.shape, (self._function, np.shape(alone), out.shape)
        return self._function(*arguments, out=out, **options)


def _copied(argument: Any) -> Any:
    if isinstance(argument, list):
        return [_copied(each) for each in argument]
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def alike(module: Any, params: Any, data: Any) -> tuple[Any, Any]:
    """Arguments as a call with a workspace takes them: checked, of one type."""
    if not data:
        return module._alike(module._weights(params, {}))[0], ()
    params, *data = module._alike(*module._checked(params, *data))
    return params, data


def workspace_of_nan(module: Any, params: Any, data: Any) -> Any:
    """A workspace in which what is read before it is written shows."""
    module.np = FullOfNan()
    try:
        return module.make_workspace(params, *data)
    finally:
        module.np = np


def watched_call(module: Any, params: Any, data: Any) -> Any:
    """Loss and gradients; AssertionError: an array has another shape than what it is given."""
    module.np = Watched()
    try:
        return module.loss_and_gradients(params, *data)
    finally:
        module.np = np


def assert_same(found: Any, expected: Any) -> None:
    """The same loss and gradients, bit for bit."""
    (value, gradients), (reference, by_name) = found, expected
    assert value == reference
    assert list(gradients) == list(by_name)
    for key, gradient in by_name.items():
        np.testing.assert_array_equal(gradients[key], gradient, err_msg=key)


@dataclass(frozen=True)
class Recorded:
    """A call of a function that writes to an array: its name, the shape of what it writes.

    `memory` tells where that lies, `arguments` where the arrays lie that it reads.
    """

    name: str
    out: tuple[int, ...]
    memory: int
    arguments: tuple[int, ...]

    @property
    def in_place(self) -> bool:
        """Whether it writes over an argument."""
        return self.memory in self.arguments


class _Recording:
    """NumPy, but for the arithmetic entry by entry, whose calls are noted."""

    def __init__(self) -> None:
        self.calls: list[Recorded] = []

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name)
        if not isinstance(function, np.ufunc):
            return function

        def noted(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            read = [place(each) for each in arguments if isinstance(each, np.ndarray)]
            self.calls.append(Recorded(name, np.shape(result), place(result), tuple(read)))
            return result

        for method in ("reduce", "outer"):
            setattr(noted, method, getattr(function, method))
        return noted


def place(array: Any) -> int:
    """Where the entries of an array lie."""
    return int(np.asarray(array).__array_interface__["data"][0])


def recorded_calls(module: Any, params: Any, data: Any) -> list[Recorded]:
    """The calls entry by entry, in order, of one call of loss_and_gradients."""
    params, data = alike(module, params, data)
    workspace = module.make_workspace(params, *data)
    module.np = watching = _Recording()
    try:
        module.loss_and_gradients(params, *data, workspace=workspace)
    finally:
        module.np = np
    return watching.calls
