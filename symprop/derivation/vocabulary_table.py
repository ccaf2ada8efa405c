"""The table of the vocabulary: every function with its derivatives, as symprop derives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import MatrixSymbol, Symbol

from symprop.derivation import derive
from symprop.errors import UnsupportedError
from symprop.expression.text import text
from symprop.functions import __all__ as PUBLIC
from symprop.functions.classes import is_matrix
from symprop.functions.matrices import MATRIX_FUNCTIONS, MatrixFunction, logdet
from symprop.functions.reductions import total
from symprop.functions.vocabulary import VOCABULARY, AlongAxis, Composite, Elementwise
from symprop.network import Network

N = Symbol("N", integer=True, positive=True)
REFUSED = "step 'f': "


def vocabulary_table() -> str:
    """A line for every function f and derivative: of numbers, columns, matrices, and losses.

    Functions that act entry by entry are shown for numbers, the others for columns of N entries or
    N x N matrices; see `Derivation.table` for how a line is read.
    """
    kinds = {
        "Entry by entry, of numbers": _of_kind(Elementwise),
        "Of a column of N entries": _of_kind(AlongAxis),
        "Of an N x N matrix": [*dict.fromkeys(MATRIX_FUNCTIONS.values()), logdet],
        "Short for other functions, of columns of N entries": _of_kind(Composite),
    }
    sections = []
    for title, entries in kinds.items():
        lines = [f"    {line}" for entry in entries for line in _lines(entry)]
        sections.append("\n".join([title, *lines]))
    return "\n\n".join(sections) + "\n"


def _of_kind(kind: type) -> list[Any]:
    """The entries of one kind that users call, sorted by name."""
    public = [entry for name, entry in sorted(VOCABULARY.items()) if name in PUBLIC]
    return [entry for entry in public if isinstance(entry, kind)]


def _lines(entry: Any) -> Iterator[str]:
    arguments = _arguments(entry)
    network = Network("vocabulary", weights=arguments)
    try:
        value = network.step("f", entry(*arguments))
    except UnsupportedError as error:
        yield f"f = {_call(entry, arguments)}"
        yield f"    {error.message.removeprefix(REFUSED)}"
        return
    others = [total(symbol) if is_matrix(symbol) else symbol for symbol in (value, *arguments)]
    network.loss(sum(others[1:], others[0]))
    call, written = _call(entry, arguments), text(network.steps["f"].node)
    yield f"f = {call}" + (f" = {written}" if isinstance(entry, Composite) else "")
    for row in derive(network).table():
        if row.step == "f":
            yield f"    {row.text}"
    if note := getattr(entry, "note", ""):
        yield f"    {note}"


def _call(entry: Any, arguments: Sequence[Any]) -> str:
    return f"{entry.name}({', '.join(map(str, arguments))})"


def _arguments(entry: Elementwise | AlongAxis | MatrixFunction | Composite) -> Sequence[Any]:
    match entry:
        case Elementwise():
            return entry.arguments
        case AlongAxis():
            return [MatrixSymbol("z", N, 1)]
        case MatrixFunction():
            return [MatrixSymbol("A", N, 1 if entry.result == "diagonal" else N)]
        case Composite():
            names = [name for name in entry.arguments if name != "..."]
            return [MatrixSymbol(name, N, 1) for name in names]
