"""What symprop raises: one or two lines, what is wrong and what would work."""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from traceback import FrameSummary
from types import FrameType
from typing import Any

from symprop.foreign import foreign_hint


class SympropError(Exception):
    """Anything that symprop refuses; `str` gives the cause and, on a second line, the way out.

    `shows_expression` says whether the message has the expression that it is about.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.shows_expression = False

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class DeclarationError(SympropError):
    """A network that is declared wrongly."""


class ShapeError(DeclarationError):
    """Matrices that do not fit; both shapes are shown."""


class UnsupportedError(DeclarationError):
    """An expression outside the vocabulary."""


class DerivationError(SympropError):
    """A derivative that is not defined, or a form of it that is too long."""


class PointError(SympropError):
    """Values that do not fit a network, or at which it has no value itself."""


class EmissionError(SympropError):
    """A network that a target cannot express."""


class UnspecifiedError(EmissionError):
    """A network with functions that have no formula: to derive and to print, not to emit."""


class GradientError(SympropError):
    """Gradients that do not agree with finite differences."""


class TypesettingError(SympropError):
    """A printout of which no TeX engine makes a PDF."""


class FileError(SympropError):
    """A file that cannot be read, or must not be written."""


@contextmanager
def context(where: str) -> Iterator[None]:
    """Say where: put `where` in front of the message of a SympropError raised inside, once."""
    try:
        yield
    except SympropError as error:
        error.message = f"{where}: {error.message}"
        raise


# In a file of the user's ----------------------------------------------------------------------


def located(error: BaseException, path: Path) -> FileError:
    """Return what a user's Python file raised as `net.py:12: the line of code: cause`.

    The line is the innermost one of the file, or of a module beside it that it imports.
    """
    folder = path.resolve().parent
    if isinstance(error, SyntaxError) and Path(error.filename or "").parent == folder:
        where = _where(path, error.filename or "", error.lineno or 1)
        hint = foreign_hint(error, ())
        return FileError(f"{where}: {type(error).__name__}: {error.msg}", hint=hint)
    cause, hint = _cause(error)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    places = traceback.extract_tb(error.__traceback__)
    beside = [i for i, place in enumerate(places) if Path(place.filename).parent == folder]
    if not beside:
        if not isinstance(error, SympropError):
            cause, hint = f"{path}: {cause}", hint or foreign_hint(error, ())
        return FileError(cause, hint=hint)
    frame, place = frames[beside[-1]], places[beside[-1]]
    where = _where(path, place.filename, place.lineno or 1)
    running = [inner.f_code.co_name for inner in frames[beside[-1] + 1 :]]
    hint = hint or foreign_hint(error, running) or _hint(error, frame, frames[-1], place)
    return FileError(f"{where}: {cause}", hint=hint)


def _where(path: Path, filename: str, line: int) -> str:
    linecache.checkcache(filename)
    code = " ".join(linecache.getline(filename, line).split())
    code = code if len(code) <= 70 else code[:67] + "..."
    return f"{path.with_name(Path(filename).name)}:{line}" + (f": {code}" if code else "")


def _cause(error: BaseException) -> tuple[str, str]:
    if isinstance(error, SympropError):
        return error.message, error.hint
    if isinstance(error, SystemExit):
        hint = 'put what is to be run behind `if __name__ == "__main__":`'
        return "the file ends the program while it is read", hint
    try:
        said = str(error)
    except Exception:  # it is of the user's making
        said = ""
    return f"{type(error).__name__}: {said}".removesuffix(": "), ""


def _hint(error: BaseException, frame: FrameType, inner: FrameType, place: FrameSummary) -> str:
    wanted, known = "", list[str]()
    if isinstance(error, NameError):
        wanted, known = str(error.name), [*frame.f_locals, *frame.f_globals]
    elif isinstance(error, AttributeError):
        wanted, known = str(error.name), dir(error.obj)
    elif isinstance(error, ImportError) and error.name in sys.modules and "'" in str(error):
        wanted, known = str(error).split("'")[1], dir(sys.modules[error.name])
    if close := get_close_matches(wanted, known, n=1):
        return f"did you mean {close[0]}?"
    if isinstance(error, RecursionError) and inner.f_code.co_filename != place.filename:
        return "name the parts of an expression that nests so deeply: a = net.step(...)"
    if "Mix of Matrix and Scalar" in _cause(error)[0]:
        mended = _mended_sum(place, inner.f_locals.get("args", ()))
        return f"write {mended} for a number plus a matrix"
    return ""


def _mended_sum(place: FrameSummary, terms: Sequence[Any]) -> str:
    """How to write a sum of a number and a matrix: its place and SymPy's two terms are known."""
    line = linecache.getline(place.filename, place.lineno or 1).encode()
    code = line[place.colno : place.end_colno].decode() if place.lineno == place.end_lineno else ""
    at = [i for i, term in enumerate(terms) if getattr(term, "is_Matrix", False)]
    try:
        parsed = ast.parse(code, mode="eval").body
    except SyntaxError:
        parsed = None
    if not isinstance(parsed, ast.BinOp) or len(terms) != 2 or len(at) != 1:
        return "OneMatrix(rows, columns) instead of 1"
    rows, columns = terms[at[0]].shape
    number, matrix = (parsed.right, parsed.left) if at == [0] else (parsed.left, parsed.right)
    if rows == columns == 1:
        matrix = ast.Call(ast.Name("scalar"), [matrix], [])
    else:
        ones = ast.parse(f"OneMatrix({rows}, {columns})", mode="eval").body
        number = ones if ast.unparse(number) == "1" else ast.BinOp(number, ast.Mult(), ones)
    left, right = (matrix, number) if at == [0] else (number, matrix)
    return ast.unparse(ast.BinOp(left, parsed.op, right))
