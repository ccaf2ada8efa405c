"""The networks that a Python file declares: FILE or FILE:NAME on the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symprop.errors import FileError
from symprop.files import running

if TYPE_CHECKING:
    from symprop.network import Network


def split_argument(argument: str) -> tuple[Path, str]:
    """Split FILE[:NAME]."""
    file, colon, name = argument.rpartition(":")
    if colon and name.isidentifier() and not Path(argument).exists():
        return Path(file), name
    return Path(argument), ""


@contextmanager
def _names(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Network]]]:
    """Run a file; give all its names, and those of its networks, each network once."""
    from symprop.network import Network  # before the file runs: never a module beside it

    with running(path) as names:
        found: dict[str, Network] = {}
        for name, value in names.items():
            if isinstance(value, Network) and all(value is not other for other in found.values()):
                found[name] = value
        yield names, found


def network_of(argument: str) -> Network:
    """The network that FILE[:NAME] means."""
    path, name = split_argument(argument)
    with _names(path) as (names, found):
        if name:
            return _named(path, name, names, list(found))
        if len(found) > 1:
            raise FileError(
                f"{path} declares {len(found)} networks: {', '.join(found)}",
                hint=f"say which one: {path}:{next(iter(found))}",
            )
    return _some(path, found)[0]


def networks_of(path: Path) -> list[Network]:
    """All networks of a file."""
    return list(networks_by_name(path).values())


def networks_by_name(path: Path) -> dict[str, Network]:
    """All networks of a file, by the first variable that holds each."""
    with _names(path) as (_, found):
        _some(path, found)
        return found


def _some(path: Path, found: Mapping[str, Network]) -> list[Network]:
    if not found:
        hint = 'no variable in it holds one, as net in net = Network("mlp", ...) does'
        raise FileError(f"{path} declares no network", hint=hint)
    return list(found.values())


def _named(path: Path, name: str, names: Mapping[str, Any], known: list[str]) -> Network:
    """The network that a variable holds, or that a function makes."""
    from symprop.network import Network

    if name not in names:
        makers = [other for other, value in names.items() if inspect.isfunction(value)]
        close = get_close_matches(name, [*known, *makers], n=1)
        hint = f"did you mean {close[0]}?" if close else f"it declares {', '.join(known) or 'none'}"
        raise FileError(f"{path} has no network {name!r}", hint=hint)
    value = names[name]
    if inspect.isfunction(value):
        try:
            inspect.signature(value).bind()
        except TypeError as error:
            hint = "a function that makes a network needs a default for each argument"
            raise FileError(f"{path}: {name}() cannot be called: {error}", hint=hint) from None
        value, name = value(), f"what {name}() returns"
    if not isinstance(value, Network):
        raise FileError(f"{path}: {name} is no Network, but of type {type(value).__name__}")
    return value
