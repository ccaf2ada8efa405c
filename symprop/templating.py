"""Where the templates stand, and how they are read: what they ask for must be there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(
    autoescape: bool | Callable[[str | None], bool] = False, **more: Any
) -> Environment:
    """An environment for the templates of symprop; `more` goes to Jinja2."""
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
        **more,
    )


def templates_folder() -> Path:
    """The folder of the templates: inside an installed package, or beside it."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
