r"""What a formula says, as it is printed: an unevaluated tree.

Nothing is simplified or put in another order, brackets and the signs between factors are kept. Two
trees are equal when they say the same in the same way, wherever in a text they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from symprop.verification.reading.errors import NOWHERE, Span, UnreadableError

if TYPE_CHECKING:
    from symprop.verification.reading.symbols import Reference

DerivativeSign: TypeAlias = Literal["d", r"\partial", r"\delta"]


@dataclass(frozen=True)
class Tree:
    """A part of a formula; `span` is where it stands in the text, and makes no difference."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True, repr=False)

    @cached_property
    def parts(self) -> tuple[Tree, ...]:
        """The trees that it is made of, from left to right."""
        kind = type(self)
        if kind not in _PARTS:
            _PARTS[kind] = tuple(each.name for each in fields(kind) if each.name != "span")
        found: list[Tree] = []
        for name in _PARTS[kind]:
            part = getattr(self, name)
            if isinstance(part, Tree):
                found.append(part)
            elif isinstance(part, tuple):
                found.extend(_trees(part))
        return tuple(found)

    @cached_property
    def is_moved(self) -> bool:
        """Whether something in it is differentiated by moving it a little."""
        own = isinstance(self, Rate | Derive | Primed)
        return own or any(part.is_moved for part in self.parts)


_PARTS: dict[type[Tree], tuple[str, ...]] = {}
"""The fields of each kind of tree in which parts may be."""


# -- names and numbers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    r"""How a name is written: `\hat{y}_{1i}^{(l)*}` in its parts.

    `base` is one letter (`y`, `\beta`) or a word (`loss`); `style` an alphabet (`mathcal`); accents
    go from the inside out. Subscripts are never arithmetic: `1i` is the items "1" and "i", `K-1` is
    one item. `marks` stand above: `(l)`, `*`, `\prime`, none of them a power.
    """

    base: str
    style: str = ""
    accents: tuple[str, ...] = ()
    subscript: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Name(Tree):
    """A name, and what it refers to; None where nothing of that name is declared.

    `commas`: behind how many items of its subscript there is a comma. `wrapped`: whether its accent
    or its alphabet also covers the subscript.
    """

    spelling: Spelling
    reference: Reference | None = field(default=None, compare=False, repr=False)
    commas: tuple[int, ...] = field(default=(), compare=False, repr=False)
    wrapped: bool = field(default=False, compare=False, repr=False)

    @cached_property
    def is_moved(self) -> bool:
        """Whether something is in what a text has defined it as."""
        entry = None if self.reference is None else self.reference.entry
        own = None if entry is None else entry.definition
        return own is not None and own.is_moved


@dataclass(frozen=True)
class Number(Tree):
    """A number with the digits as they are printed: 1.80 has two decimals."""

    text: str


@dataclass(frozen=True)
class Constant(Tree):
    r"""Euler's number `e`, or `\pi`, `\infty`; a `\mathbf{1}` or `\mathbf{I}` of fitting size."""

    symbol: str


@dataclass(frozen=True)
class Dots(Tree):
    """Something left out, as in `a_1 + ... + a_n`; `sign` is the command."""

    sign: str


@dataclass(frozen=True)
class Text(Tree):
    """Words: a remark, or a condition in prose; never interpreted."""

    words: str


@dataclass(frozen=True)
class Unread(Tree):
    """What was not read, in a reading that goes on behind an error."""

    error: UnreadableError = field(compare=False)


# -- arithmetic -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum(Tree):
    """Terms, each with its sign: "+", "-", or "" for a first one without."""

    terms: tuple[Tree, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Product(Tree):
    r"""Factors and, between each two, how they are joined.

    "" for side by side, `\cdot`, `\times`, `*`, `@`; or all of them `\odot` or `\circ`, which go
    entry by entry and bind less tightly: `A b \odot c` is (A b) entry by entry times c. `\otimes`,
    the product of a column and a row, is one of these.
    """

    factors: tuple[Tree, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Fraction(Tree):
    r"""One above the other: `frac` with a bar, `/` on one line, `\oslash` entry by entry."""

    above: Tree
    below: Tree
    sign: str = "frac"


@dataclass(frozen=True)
class Power(Tree):
    r"""A power. `entrywise`: `\odot` or `\circ` before the exponent, "" without.

    `on_head`: the exponent stands at the name of a function, `\tanh^2(x)`.
    """

    base: Tree
    exponent: Tree
    entrywise: str = ""
    on_head: bool = False


@dataclass(frozen=True)
class Root(Tree):
    """A square root."""

    body: Tree


@dataclass(frozen=True)
class Transpose(Tree):
    r"""A transpose; `sign` is `T` or `\top`. `inverted`: of the inverse, `A^{-\top}`."""

    body: Tree
    sign: str
    inverted: bool = False


@dataclass(frozen=True)
class Primed(Tree):
    r"""A derivative by a prime: of a function (`\sigma'`) or of an expression, `(1/x)'`.

    At a matrix or an expression of matrices it may mean the transpose.
    """

    body: Tree
    order: int


# -- derivatives ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate(Tree):
    r"""A derivative by its name, `\frac{\partial L}{\partial w}` or `dL/dw`, not taken.

    `of` may be any expression, `by` is a name, an expression in brackets or a list of names.
    `form` is "frac", "/" on one line, "(/)" with brackets above: `(d w x)/dw`, or "short" for
    the derivative of the loss by its variable alone, `dW`, "delta" for `\delta h`, "below" for
    `L_w`, "_" for `\partial_w L`.
    """

    of: Tree
    by: Tree
    sign: DerivativeSign
    form: str = "frac"


@dataclass(frozen=True)
class Derive(Tree):
    r"""A derivative still to be taken: `\frac{d}{dw} \{ ... \}`."""

    by: Tree
    body: Tree
    sign: DerivativeSign
    form: str = "frac"


@dataclass(frozen=True)
class Nabla(Tree):
    r"""`\nabla w`, the derivative of the loss by w; with `by` it is `\nabla_w L`."""

    body: Tree
    by: Tree | None = None


@dataclass(frozen=True)
class At(Tree):
    r"""An expression at a point, `f|_{x=1,y=2}`, or of the rest held fixed: `|_{\text{direct}}`."""

    body: Tree
    points: tuple[Tree, ...]
    opened: bool = field(default=False, compare=False)


# -- functions, sums, brackets --------------------------------------------------------------------


@dataclass(frozen=True)
class Call(Tree):
    r"""A function of its arguments; `head` is a name, or a name with a prime.

    `brackets` are `()`, `[]`, `\{\}`, or "" as in `\log x`; `separators` the signs between the
    arguments, "," or ";".
    """

    head: Tree
    arguments: tuple[Tree, ...]
    brackets: str = "()"
    separators: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexSum(Tree):
    r"""A sum over indices, `\sum_{i=1}^N`: the bounds are None where only the indices are given.

    `condition` is that of `\sum_{i \neq j}`, on the index and another one.
    """

    indices: tuple[str, ...]
    body: Tree
    lower: Tree | None = None
    upper: Tree | None = None
    commas: tuple[int, ...] = field(default=(), compare=False, repr=False)
    condition: Tree | None = None


@dataclass(frozen=True)
class Extremum(Tree):
    r"""`\arg\min_w`, `\min_w`, `\max_i` of an expression; `function` is "argmin", "min", ..."""

    function: str
    by: Tree
    body: Tree


@dataclass(frozen=True)
class Indexed(Tree):
    """One entry of an expression in brackets or of a call: `(W x)_i`."""

    body: Tree
    indices: tuple[str, ...]
    commas: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Entries(Tree):
    """The column or the matrix of which an expression is the entry at some indices."""

    body: Tree
    indices: tuple[str, ...]


@dataclass(frozen=True)
class Group(Tree):
    r"""Brackets around one expression: `()`, `[]`, `\{\}`."""

    body: Tree
    brackets: str = "()"


@dataclass(frozen=True)
class Inner(Tree):
    r"""`\langle u, v \rangle`: all products of an entry and the same of the other one, added up."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Bars(Tree):
    r"""`|x|`, the absolute value of every entry, or `\|x\|`, a norm; with its subscript.

    Of a square matrix `|X|` is the determinant, with the brackets "det". `written` is how the bars
    are written.
    """

    body: Tree
    brackets: str = "||"
    subscript: tuple[str, ...] = ()
    written: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Listing(Tree):
    r"""Several expressions in brackets; `separators` are "," or ";", "" for side by side."""

    items: tuple[Tree, ...]
    brackets: str
    separators: tuple[str, ...]


@dataclass(frozen=True)
class Boxed(Tree):
    r"""What is framed or braced and perhaps labelled; `frame` is `boxed`, `underbrace`, ..."""

    body: Tree
    frame: str
    label: Tree | None = None


@dataclass(frozen=True)
class Matrix(Tree):
    """A matrix written out, row by row."""

    rows: tuple[tuple[Tree, ...], ...]
    environment: str = "bmatrix"


@dataclass(frozen=True)
class Cases(Tree):
    """Values, each with its condition, which is a Comparison, words, or None."""

    branches: tuple[tuple[Tree, Tree | None], ...]


@dataclass(frozen=True)
class Comparison(Tree):
    """A condition: sides with relations between them, `j \\neq k`.

    `worded`: it stands in a text, `if $j = k$`.
    """

    sides: tuple[Tree, ...]
    relations: tuple[str, ...]
    worded: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True)
class Indicator(Tree):
    r"""1 where the condition holds, entry by entry, else 0: `[a > 0]`, `\mathbf{1}\{a > 0\}`.

    `sign` is what stands before the brackets; where the condition is below it these begin with "_",
    which is all of them where there are none.
    """

    condition: Tree
    sign: str = ""
    brackets: str = "[]"


# -- walking --------------------------------------------------------------------------------------


def children(tree: Tree) -> tuple[Tree, ...]:
    """The parts of a tree, from left to right."""
    return tree.parts


def _trees(value: object) -> Iterator[Tree]:
    if isinstance(value, Tree):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _trees(part)


def walk(tree: Tree) -> Iterator[Tree]:
    """A tree and everything in it, from left to right."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.parts))


def names(tree: Tree) -> Iterator[Name]:
    """All names of a tree, from left to right, each as often as it stands there."""
    return (found for found in walk(tree) if isinstance(found, Name))


def replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    """A tree with one part of it, this very object, replaced by another."""
    if tree is old:
        return new
    parts = {each.name: getattr(tree, each.name) for each in fields(tree)}
    made = {name: _replaced(part, old, new) for name, part in parts.items()}
    changed = {name: part for name, part in made.items() if part is not parts[name]}
    return replace(tree, **changed) if changed else tree


def _replaced(value: object, old: Tree, new: Tree) -> Any:
    if isinstance(value, tuple):
        parts = tuple(_replaced(part, old, new) for part in value)
        same = all(part is before for part, before in zip(parts, value, strict=True))
        return value if same else parts
    return replaced(value, old, new) if isinstance(value, Tree) else value


def bare(tree: Tree) -> Tree:
    """What stands inside brackets and boxes."""
    while isinstance(tree, Group | Boxed):
        tree = tree.body
    return tree
