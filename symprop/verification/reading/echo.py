r"""Trees back to LaTeX, sign for sign as they were read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from symprop.verification.reading.tree import (
    At,
    Bars,
    Boxed,
    Call,
    Cases,
    Comparison,
    Constant,
    Derive,
    Dots,
    Extremum,
    Fraction,
    Group,
    Indexed,
    IndexSum,
    Indicator,
    Inner,
    Listing,
    Matrix,
    Nabla,
    Name,
    Number,
    Power,
    Primed,
    Product,
    Rate,
    Root,
    Sum,
    Text,
    Transpose,
    Tree,
)


def latex(tree: Tree) -> str:
    """A tree in LaTeX, with the signs and the brackets that it was read with."""
    return _together(_spelled(tree))


# -- in LaTeX -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scripted:
    """Something with its scripts, to which more may be added."""

    core: str
    sub: str = ""
    sup: str = ""
    primes: int = 0


def _together(found: _Scripted) -> str:
    text = found.core
    text += f"_{{{found.sub}}}" if found.sub else ""
    text += "'" * found.primes
    return text + (f"^{{{found.sup}}}" if found.sup else "")


@singledispatch
def _spelled(tree: Tree) -> _Scripted:
    raise TypeError(type(tree).__name__)


def _core(rule: Callable[[Any], str]) -> Callable[[Any], _Scripted]:
    return lambda tree: _Scripted(rule(tree))


def _joined(parts: list[str], separators: tuple[str, ...]) -> str:
    return "".join(
        (f" {separators[place - 1]} " if place else "") + part for place, part in enumerate(parts)
    )


def _indices(items: tuple[str, ...], commas: tuple[int, ...]) -> str:
    text = ""
    for place, item in enumerate(items):
        if place and place in commas:
            text += ","
        elif _ends_in_command(text) and item[:1].isalpha():
            text += " "
        text += item
    return text + ("," if len(items) in commas else "")


def _ends_in_command(text: str) -> bool:
    return re.search(r"\\[A-Za-z]+$", text) is not None


@_spelled.register
def _(tree: Name) -> _Scripted:
    spelling = tree.spelling
    core = spelling.base
    sub = _indices(spelling.subscript, tree.commas)
    if spelling.style == "named":
        core = _command(core)
    elif len(core) > 1 and not core.startswith("\\"):
        core = rf"\{spelling.style or 'mathrm'}{{{_escaped(core)}}}"
    if tree.wrapped and sub:
        core, sub = f"{core}_{{{sub}}}", ""
    if spelling.style not in ("", "named") and not core.startswith(f"\\{spelling.style}{{"):
        core = rf"\{spelling.style}{{{core}}}"
    for accent in spelling.accents:
        core = rf"\{accent}{{{core}}}"
    marks = [mark for mark in spelling.marks if mark != "'"]
    return _Scripted(core, sub, "".join(marks), len(spelling.marks) - len(marks))


def _command(function: str) -> str:
    """The command of a function: two of them for the argument of a minimum."""
    return rf"\arg\{function[3:]}" if function in ("argmin", "argmax") else f"\\{function}"


def _escaped(words: str) -> str:
    for char in "_%&#$":
        words = words.replace(char, f"\\{char}")
    return words


@_spelled.register
def _(tree: Power) -> _Scripted:
    base = _spelled(tree.base)
    if tree.on_head and isinstance(tree.base, Call):
        head = _spelled(tree.base.head)
        raised = replace(head, sup=f"{head.sup} {latex(tree.exponent)}".strip())
        return _Scripted(_together(raised) + _argument(tree.base))
    return replace(base, sup=f"{base.sup} {tree.entrywise} {latex(tree.exponent)}".strip())


@_spelled.register
def _(tree: Transpose) -> _Scripted:
    base = _spelled(tree.body)
    return replace(base, sup=f"{base.sup} {'-' * tree.inverted}{tree.sign}".strip())


@_spelled.register
def _(tree: Primed) -> _Scripted:
    base = _spelled(tree.body)
    return replace(base, primes=base.primes + tree.order)


@_spelled.register
def _(tree: Rate) -> _Scripted:
    if tree.form == "below":
        return replace(_spelled(tree.of), sub=latex(tree.by))
    if tree.form == "_":
        return _Scripted(f"{tree.sign}_{{{latex(tree.by)}}} {latex(tree.of)}")
    mark = {"short": tree.sign, "delta": r"\delta"}.get(tree.form)
    if mark is None:
        return _Scripted(_rate(tree))
    by = _spelled(tree.by)
    return replace(by, core=f"{mark} {by.core}")


@_spelled.register
def _(tree: Indexed) -> _Scripted:
    return replace(_spelled(tree.body), sub=_indices(tree.indices, tree.commas))


@_spelled.register
def _(tree: Bars) -> _Scripted:
    written = tree.written or tree.brackets
    half = len(written) // 2
    core = f"{written[:half]} {latex(tree.body)} {written[half:]}"
    return _Scripted(core, sub=" ".join(tree.subscript))


def _argument(tree: Call) -> str:
    if not tree.brackets:
        return f" {latex(tree.arguments[0])}"
    half = len(tree.brackets) // 2
    inside = _joined([latex(argument) for argument in tree.arguments], tree.separators)
    return f"{tree.brackets[:half]} {inside} {tree.brackets[half:]}"


def _sum(tree: Sum) -> str:
    parts = zip(tree.signs, tree.terms, strict=True)
    return " ".join(f"{sign} {latex(term)}".strip() for sign, term in parts)


def _fraction(tree: Fraction) -> str:
    if tree.sign == "frac":
        return rf"\frac{{{latex(tree.above)}}}{{{latex(tree.below)}}}"
    return f"{latex(tree.above)} {tree.sign} {latex(tree.below)}"


def _rate(tree: Rate) -> str:
    above, below = f"{tree.sign} {latex(tree.of)}", f"{tree.sign} {latex(tree.by)}"
    if tree.form == "frac":
        return rf"\frac{{{above}}}{{{below}}}"
    return f"( {above} ) / {below}" if tree.form == "(/)" else f"{above} / {below}"


def _derive(tree: Derive) -> str:
    below = f"{tree.sign} {latex(tree.by)}"
    sign = rf"\frac{{{tree.sign}}}{{{below}}}" if tree.form == "frac" else f"{tree.sign} / {below}"
    return f"{sign} {latex(tree.body)}"


def _index_sum(tree: IndexSum) -> str:
    lower = "" if tree.lower is None else f" = {latex(tree.lower)}"
    upper = "" if tree.upper is None else f"^{{{latex(tree.upper)}}}"
    over = f"{_indices(tree.indices, tree.commas)}{lower}"
    over = over if tree.condition is None else latex(tree.condition)
    return rf"\sum_{{{over}}}{upper} {latex(tree.body)}"


def _extremum(tree: Extremum) -> str:
    return f"{_command(tree.function)}_{{{latex(tree.by)}}} {latex(tree.body)}"


def _listing(tree: Listing) -> str:
    half = len(tree.brackets) // 2
    inside = _joined([latex(item) for item in tree.items], tree.separators)
    return f"{tree.brackets[:half]} {inside} {tree.brackets[half:]}"


def _group(tree: Group) -> str:
    half = len(tree.brackets) // 2
    return f"{tree.brackets[:half]} {latex(tree.body)} {tree.brackets[half:]}"


def _boxed(tree: Boxed) -> str:
    body = latex(tree.body)
    if tree.frame == "[=]" and tree.label is not None:
        return f"[ {body} = {latex(tree.label)} ]"
    if tree.label is None:
        return rf"\{tree.frame}{{{body}}}"
    label = latex(tree.label)
    if tree.frame == "boxed":
        return rf"\underset{{{label}}}{{\boxed{{{body}}}}}"
    return rf"\{tree.frame}{{{body}}}{'_' if tree.frame == 'underbrace' else '^'}{{{label}}}"


def _matrix(tree: Matrix) -> str:
    if tree.environment == "[]":
        return "[ " + " ; ".join(" , ".join(map(latex, row)) for row in tree.rows) + " ]"
    rows = r" \\ ".join(" & ".join(map(latex, row)) for row in tree.rows)
    columns = "{c}" if tree.environment == "array" else ""
    return rf"\begin{{{tree.environment}}}{columns} {rows} \end{{{tree.environment}}}"


def _cases(tree: Cases) -> str:
    rows = (
        latex(value) + ("" if when is None else f" & {latex(when)}")
        for value, when in tree.branches
    )
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _comparison(tree: Comparison) -> str:
    shown = _joined([latex(side) for side in tree.sides], tree.relations)
    return rf"\text{{if ${shown}$}}" if tree.worded else shown


def _at(tree: At) -> str:
    points = " , ".join(map(latex, tree.points))
    return f"{latex(tree.body)} |_{{{points}}}"


def _indicator(tree: Indicator) -> str:
    condition = latex(tree.condition)
    brackets = tree.brackets.removeprefix("_")
    half = len(brackets) // 2
    shown = f"{brackets[:half]} {condition} {brackets[half:]}"
    return f"{tree.sign}_{{{shown}}}" if tree.brackets[:1] == "_" else f"{tree.sign}{shown}"


_CORES: dict[type[Tree], Callable[[Any], str]] = {
    Number: lambda tree: tree.text,
    Constant: lambda tree: tree.symbol,
    Dots: lambda tree: tree.sign,
    Text: lambda tree: rf"\text{{{_escaped(tree.words)}}}",
    Sum: _sum,
    Product: lambda tree: _joined([latex(factor) for factor in tree.factors], tree.signs),
    Fraction: _fraction,
    Root: lambda tree: rf"\sqrt{{{latex(tree.body)}}}",
    Derive: _derive,
    Nabla: lambda t: rf"\nabla{'' if t.by is None else f'_{{{latex(t.by)}}}'} {latex(t.body)}",
    At: _at,
    Call: lambda tree: latex(tree.head) + _argument(tree),
    IndexSum: _index_sum,
    Extremum: _extremum,
    Group: _group,
    Inner: lambda tree: rf"\langle {latex(tree.left)} , {latex(tree.right)} \rangle",
    Listing: _listing,
    Boxed: _boxed,
    Matrix: _matrix,
    Cases: _cases,
    Comparison: _comparison,
    Indicator: _indicator,
}
for _kind, _rule in _CORES.items():
    _spelled.register(_kind, _core(_rule))
