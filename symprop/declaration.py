"""What may be declared: symbols, sizes, labels, defaults. Each check has its own sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from operator import index
from typing import Any
from unicodedata import decomposition, normalize

from sympy import Basic, Expr, MatrixSymbol, Symbol

from symprop.errors import DeclarationError
from symprop.expression.nodes import SCALAR, Leaf, Shape
from symprop.expression.shapes import shape_text
from symprop.functions.classes import is_matrix

_ALIKE = "<compat>"
"""How Unicode marks a character that stands for another one of the same look."""

LABEL_KINDS = ("one-hot", "probabilities", "binary", "signed", "real")
SUMMING_TO_ONE = ("one-hot", "probabilities")


@dataclass(frozen=True)
class Declared:
    """A declared symbol: its name, SymPy's symbol, its declared shape, its LaTeX name."""

    name: str
    symbol: Any
    leaf: Leaf
    shape: Shape
    latex: str | None

    @property
    def role(self) -> str:
        """input, target, weight or hyperparameter."""
        return self.leaf.role


def name_of(symbol: Any) -> str:
    """The name of a symbol, or a name itself."""
    return str(symbol.name if isinstance(symbol, Basic) and hasattr(symbol, "name") else symbol)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint: the known name nearest to a wrong one, else all of them."""
    names = list(known)
    same = [other for other in names if other.casefold() == name.casefold()]
    close = same or get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known are " + ", ".join(names) if names else "none is declared"


# -- arguments ------------------------------------------------------------------------------------


def listed(option: str, value: Any) -> list[Any]:
    """An argument that must be a list of symbols or names."""
    if isinstance(value, str | Basic) or not isinstance(value, Iterable):
        hint = f"leave {option} out" if value is None else f"write {option}=[{value}]"
        if isinstance(value, str):
            hint = f"declare symbols, and write {option}=[x, y]"
        raise DeclarationError(f"{option}={value} is not a list", hint=hint)
    return list(value)


def by_name(option: str, value: Any) -> dict[str, Any]:
    """An argument that must be a dictionary by symbol or name."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise DeclarationError(
            f"{option}={value!r} is not a dictionary", hint=f"write {option}={{symbol: value}}"
        )
    return {name_of(symbol): entry for symbol, entry in value.items()}


def check_keys(option: str, given: Iterable[str], known: Collection[str], what: str) -> None:
    """Refuse a key that is not one of the known names."""
    for name in given:
        if name not in known:
            raise DeclarationError(
                f"{option}={{{name}: ...}}: {name!r} is not a {what}",
                hint=did_you_mean(name, known),
            )


def default_value(name: str, value: Any) -> float:
    """The default of a hyperparameter."""
    try:
        number = float("nan") if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number):
        raise DeclarationError(
            f"hyperparameter {name!r} needs a number as its default, not {value!r}",
            hint=f"write hyperparameters={{{name}: 1e-3}}",
        )
    return number


def size_value(name: str, value: Any) -> int:
    """The default of a size."""
    try:
        size = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        size = 0
    if size < 1:
        raise DeclarationError(
            f"size {name} needs a whole number from 1 on, not {value!r}",
            hint=f"write sizes={{{name}: 32}}",
        )
    return size


def check_text(what: str, text: str) -> None:
    """Refuse a text that no file can hold: one with half a character, a lone surrogate."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        whole = "".join(char for char in text if not "\ud800" <= char <= "\udfff")
        raise DeclarationError(
            f"{what} is no text that a file can hold: {text!r}",
            hint=f"write {whole!r}" if whole.strip() else "choose another",
        )


def check_alike(name: str, met: dict[str, str]) -> None:
    """Refuse a name that looks like one that was met before; `met` is by what names look like.

    The signs of the micro and of the ohm are Greek letters to a reader, an accent may be a
    character of its own: in a formula nobody could tell them apart.
    """
    look = name
    if not name.isascii():
        apart = (normalize("NFKC", c) if decomposition(c).startswith(_ALIKE) else c for c in name)
        look = normalize("NFC", "".join(apart))
    other = met.setdefault(look, name)
    if other != name:
        raise DeclarationError(
            f"the names {name!r} and {other!r} look alike: {name!a} and {other!a}",
            hint="give one of them another name",
        )


def latex_text(name: str, value: Any) -> str | None:
    """A LaTeX name."""
    if value is not None and not isinstance(value, str):
        raise DeclarationError(
            f"the LaTeX name of {name!r} is not text: {value!r}", hint=r"write latex=r'\omega'"
        )
    check_text(f"the LaTeX name of {name!r}", value or "")
    return value


# -- symbols --------------------------------------------------------------------------------------


def check_symbol(symbol: Any, role: str) -> None:
    """Refuse what is not a real Symbol or MatrixSymbol with a proper shape."""
    name = name_of(symbol)
    if not isinstance(symbol, Symbol | MatrixSymbol):
        shown = " ".join(repr(symbol).split())[:60]
        raise DeclarationError(
            f"{role} {shown} is not a Symbol or MatrixSymbol",
            hint='declare it with Symbol("x", real=True) or MatrixSymbol("x", D, 1)',
        )
    if not name.strip():
        raise DeclarationError(f"the name of this {role} is empty", hint="give its symbol a name")
    check_text(f"the name of this {role}", name)
    if not is_matrix(symbol):
        complex_only = symbol.is_complex and symbol.is_real is None
        if symbol.is_integer or symbol.is_real is False or complex_only:
            raise DeclarationError(
                f"{role} {name!r} is not a real variable", hint=f"write Symbol({name!r}, real=True)"
            )
        return
    if role == "hyperparameter":
        raise DeclarationError(
            f"hyperparameter {name!r} is a matrix", hint="declare it as a weight or an input"
        )
    if any(extent.is_Integer and extent < 1 for extent in symbol.shape):
        raise DeclarationError(
            f"{role} {name!r} has the shape {shape_text(symbol.shape)}",
            hint="sizes are whole numbers from 1 on, or symbols",
        )


def declared_shape(symbol: Any) -> Shape:
    """The shape as declared, whole numbers as Python's; () for a Symbol."""
    if not is_matrix(symbol):
        return SCALAR
    return tuple(int(extent) if extent.is_Integer else extent for extent in symbol.shape)


def canonical_shape(shape: Shape) -> Shape:
    """The shape that calculations see: 1 x 1 is a scalar."""
    return SCALAR if not shape or (shape[0] == 1 and shape[1] == 1) else shape


def label_axis(name: str, kind: Any, shape: Shape, samples: Any) -> int | None:
    """The axis along which labels of this kind sum to 1, or None; refuses an unknown kind."""
    if kind is not None and kind not in LABEL_KINDS:
        raise DeclarationError(
            f"labels={{{name}: {kind!r}}}: no such kind of label",
            hint=did_you_mean(str(kind), LABEL_KINDS),
        )
    if kind not in SUMMING_TO_ONE:
        return None
    if not canonical_shape(shape):
        raise DeclarationError(
            f"{kind} labels {name!r} need a column with an entry for each class, not a scalar",
            hint='use labels={...: "binary"} for 0 and 1',
        )
    if samples is not None and shape[0] == samples:
        if shape[1] == 1:
            raise DeclarationError(
                f"{kind} labels {name!r} need an entry for each class, not one a sample",
                hint=f'declare them {samples} x V, or use labels={{...: "binary"}} for 0 and 1',
            )
        return 1
    return 0 if shape[1] == 1 else 1


def check_samples(samples: Any, data: Iterable[Declared]) -> None:
    """Refuse a number of samples that is not the first size of an input or target."""
    firsts = [entry.shape[0] for entry in data if entry.shape]
    if samples is None or (isinstance(samples, Symbol) and samples in firsts):
        return
    hint = 'data of the whole batch have a sample a row: MatrixSymbol("X", n, D)'
    if not isinstance(samples, Symbol):
        hint = f"write samples=n with a size symbol n; {hint}"
    elif str(samples) in map(str, firsts):
        hint = "the size has that name but other assumptions: make each size symbol once"
    raise DeclarationError(
        f"samples={samples!r}: no input or target has that first size", hint=hint
    )


def with_article(noun: str) -> str:
    """A noun with its article: "an input", "a weight"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def size_symbols(declared: Iterable[Declared]) -> dict[str, Any]:
    """The symbols in declared shapes, by name; two different ones of one name are refused."""
    found: dict[str, Any] = {}
    for entry in declared:
        for extent in entry.shape:
            for symbol in sorted(extent.free_symbols, key=str) if isinstance(extent, Expr) else ():
                check_text("the name of a size", symbol.name)
                if found.setdefault(symbol.name, symbol) != symbol:
                    raise DeclarationError(
                        f"two different symbols are called {symbol.name!r}, as a size of "
                        f"{entry.name!r} and before",
                        hint="make each size symbol once, with the same assumptions",
                    )
    return found
