r"""Names, and what stands behind them: `f(x)` is a call or a product, and the declarations decide.

A declared function is called. A weight, an input, a number is multiplied. A step is both: it is
called with the argument of its definition (`f_3(a_3)`, `f_3(w_3 f_2)`) or with a name alone
(`L(w)`), else it is a factor (`f_3(1 - f_3)`). Of a name that is not declared nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.calling import behind, bracket_of, call_of, entry_of, name_of
from symprop.verification.reading.definitions import is_argument, is_function
from symprop.verification.reading.errors import UnreadableError
from symprop.verification.reading.functional import function_of
from symprop.verification.reading.functions import builtin
from symprop.verification.reading.items import Item, parted
from symprop.verification.reading.names import (
    Written,
    spelled,
    with_primes,
    with_raised,
    written_name,
)
from symprop.verification.reading.scripts import raised, with_scripts
from symprop.verification.reading.shorthand import below
from symprop.verification.reading.symbols import Entry, Reference, spelling_of
from symprop.verification.reading.tree import (
    Constant,
    Entries,
    Group,
    Name,
    Power,
    Primed,
    Product,
    Spelling,
    Tree,
    names,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

_EULER = Spelling("e")
_PI = Spelling(r"\pi")
_TRANSPOSED = ("T", r"\top")
_VALUES = set("input target weight hyperparameter size delta rate index local".split())
"""Kinds of names that are multiplied by what is in brackets behind them."""
_RATES = {
    Spelling(f"\\{letter}")
    for letter in "eta alpha gamma epsilon varepsilon lambda mu rho tau kappa".split()
}
"""Letters of learning rates: in an update they are factors."""
_WORDS = {"text", "textrm", "textnormal", "mbox", "textit", "textbf"}


def named(reader: Reader, cursor: Cursor) -> Tree:
    """A name with its scripts, called where it is a function."""
    item = cursor.take()
    written = written_name(item)
    if written is None:
        raise _unread(reader, item)
    slope = below(reader, item, written)
    if slope is not None:
        return slope
    values = reader.symbols.values(written.spelling)
    if written.primes or written.rest:
        whole = with_raised(written)
        if not _is_raised(reader, whole, values):
            whole = with_primes(written)
        if _is_raised(reader, whole, values):
            written, values = whole, reader.symbols.values(whole.spelling)
    functions = reader.symbols.functions(written.spelling)
    if not values and not functions and (constant := _constant(reader, cursor, item)):
        return constant
    if len(values) > 1 or len(functions) > 1:
        raise _several(reader, item, values, functions)
    called = function_of(reader, cursor, item, written, functions[0], values) if functions else None
    if called is not None:
        return called
    return _value(reader, cursor, item, written, values)


def _is_raised(reader: Reader, whole: Written, values: Sequence[Reference]) -> bool:
    r"""Whether a superscript is a mark: `w^2` is declared, and `w^2_{jk}` is an entry of it."""
    symbols, spelling = reader.symbols, whole.spelling
    known = symbols.is_declared(spelling) or spelling in reader.raised
    below = replace(spelling, marks=spelling.marks[:-1])
    if known or (
        symbols.is_declared(replace(spelling, subscript=())) and not symbols.is_declared(below)
    ):
        return True
    mark = spelling.marks[-1] if spelling.marks else ""
    if not mark or mark in _TRANSPOSED or not symbols.values(spelling):
        return False
    exponent = mark.isdigit() or bool(symbols.values(Spelling(mark)))
    return not (values and exponent)


def _unread(reader: Reader, item: Item) -> UnreadableError:
    if item.kind == "command":
        hint = "accents and alphabets are of one name"
        return reader.fail(rf"\{item.text} over more than a name", item.span, hint=hint)
    where = item.sub[0].span if item.sub else item.span
    hint = "subscripts are letters, numbers and words, with commas, a plus or a minus"
    return reader.fail("this is not read as a name", where, hint=hint)


def _several(
    reader: Reader, item: Item, values: Sequence[Reference], functions: Sequence[Entry]
) -> UnreadableError:
    entries = [*(r.entry for r in values), *functions]
    kinds = [f"the {e.kind} {e.name}" if e else "one of several" for e in entries]
    reason = f"{spelled((item,))} may be {' or '.join(kinds)}"
    return reader.fail(reason, item.span, hint="declare them with different LaTeX names")


# -- constants ------------------------------------------------------------------------------------


def _constant(reader: Reader, cursor: Cursor, item: Item) -> Tree | None:
    r"""Euler's number with an exponent, \pi, and the I of a sum, where no name is declared so."""
    bare = replace(item, sup=None)
    if item.kind == "letter" and item.text == "I" and item.is_bare and cursor.has_terms:
        return Constant("I", span=item.span)
    if item.kind == "letter" and item.text == r"\pi" and bare.is_bare:
        return with_scripts(reader, Constant(r"\pi", span=item.span), item)
    letter = item.kind == "letter" and item.text == "e"
    upright = item.kind == "command" and item.text == "mathrm" and item.parts[0][0].text == "e"
    if not (letter or upright) or not bare.is_bare or (letter and item.sup is None):
        return None
    if letter and reader.symbols.values(_EULER):
        return None
    euler = Constant("e", span=item.span)
    return euler if item.sup is None else raised(reader, euler, item.sup, item.span)


# -- values ---------------------------------------------------------------------------------------


def _value(
    reader: Reader, cursor: Cursor, item: Item, written: Written, values: Sequence[Reference]
) -> Tree:
    reference = values[0] if values else None
    if (
        reference is None
        and item.kind == "word"
        and item.style in _WORDS
        and not bracket_of(cursor)
    ):
        hint = r"words stand behind a formula, after \quad"
        raise reader.fail(f"the words {item.text!r} inside of a formula", item.span, hint=hint)
    name = name_of(item, written, reference)
    _check_index(reader, cursor, item)
    scripted = bool(written.rest)
    called = None if scripted else _called(reader, cursor, name, written.primes)
    if called is not None:
        return called
    tree: Tree = name
    if written.primes:
        tree = _primed(item, written, name)
    if not written.rest:
        return tree
    tree = raised(reader, tree, written.rest, item.span)
    declared = isinstance(tree, Power) and name.spelling == _EULER and not _is_number(tree)
    if declared and isinstance(tree, Power):
        other = Power(Constant("e", span=item.span), tree.exponent, span=tree.span)
        if isinstance(_definition(name), Entries) or _is_of_python(name):
            return reader.choose(other, tree, "what has another name on paper is not meant")
        return reader.choose(tree, other, "e is declared, so it is not Euler's number")
    return tree


def _is_of_python(name: Name) -> bool:
    """Whether a name is the one in Python of what is declared with another one in LaTeX."""
    entry = entry_of(name)
    return entry is not None and spelling_of(entry.latex) != name.spelling


def _definition(name: Name) -> Tree | None:
    entry = entry_of(name)
    return None if entry is None else entry.definition


def _primed(item: Item, written: Written, name: Name) -> Tree:
    """A prime at a matrix or at the value of a function; any other name with a prime is its own."""
    entry = entry_of(name)
    if entry is not None and (entry.shape or is_function(entry)):
        return Primed(name, written.primes, span=item.span)
    return name_of(item, with_primes(written), None)


def _check_index(reader: Reader, cursor: Cursor, item: Item) -> None:
    """Refuse `x[0]` in plain text: it may be an entry or a product."""
    bracket = bracket_of(cursor)
    if reader.plain and bracket is not None and bracket.text == "[]":
        if bracket.span.start == item.span.end:
            hint = "write x_1 for an entry, x*(1) for a product"
            raise reader.fail("square brackets behind a name", bracket.span, hint=hint)


def _is_number(tree: Tree) -> bool:
    return isinstance(tree, Power) and not any(names(tree.exponent))


def _called(reader: Reader, cursor: Cursor, name: Name, primes: int) -> Tree | None:
    """A value with brackets behind it as a call; None where it is a factor of a product."""
    bracket = bracket_of(cursor)
    if bracket is None:
        return None
    several = len(list(parted(bracket.parts[0], ",", ";"))) > 1
    entry = entry_of(name)
    if entry is None:
        return _unknown(reader, cursor, name, bracket, several, primes)
    if entry.kind in _VALUES or (bracket.text == "[]" and not several):
        if several and bracket.text == "()" and entry.kind in _VALUES:
            what = f"{entry.name} is {_article(entry.kind)}, no function"
            raise reader.fail(what, bracket.span, hint="one thing stands in brackets behind it")
        return None
    arguments, separators = reader.inside(bracket)
    call: Tree = call_of(name, primes, arguments, separators, bracket)
    if several or primes:
        return behind(reader, cursor, call, bracket)
    (argument,) = arguments
    mentions = any(entry_of(found) == entry for found in names(argument))
    alone = isinstance(argument, Name) and not mentions
    if is_argument(arguments, entry, reader.symbols):
        return behind(reader, cursor, call, bracket)
    if alone:
        other = entry_of(argument)
        if other is None or not reader.symbols.depends_on(entry.name, other.name):
            product = Product((name, Group(argument, bracket.text)), ("",), span=call.span)
            call = reader.choose(call, product, "with a name alone in brackets it is a call")
        return behind(reader, cursor, call, bracket)
    if is_function(entry) and not mentions:
        factor = reader.factor(cursor)
        taken = Product((name, factor), ("",), span=call.span)
        return reader.choose(
            taken, call, "it is no call: this is not the argument of its definition"
        )
    return None


def _unknown(
    reader: Reader, cursor: Cursor, name: Name, bracket: Item, several: bool, primes: int
) -> Tree | None:
    """Brackets behind a name that is not declared: a call where it can be nothing else."""
    family = name.reference is not None
    operator = name.spelling.style in ("operatorname", *_WORDS)
    if several or primes or operator:
        arguments, separators = reader.inside(bracket)
        certain = call_of(name, primes, arguments, separators, bracket)
        return behind(reader, cursor, certain, bracket)
    letter = replace(name.spelling, subscript=(), marks=())
    if family or (reader.in_rule and letter in _RATES):
        return None
    (inside,), _ = reader.inside(bracket)
    if any(found == name for found in names(inside)):
        return None  # y(1 - y): the value of a function is not in its argument
    call: Tree = call_of(name, 0, (inside,), (), bracket)
    product = Product((name, Group(inside, bracket.text)), ("",), span=call.span)
    if isinstance(inside, Name):
        call = reader.choose(call, product, "with a name alone in brackets it is a call")
        return behind(reader, cursor, call, bracket)
    what = f"{spelled_name(name)} is not declared: a call or a product"
    hint = f"declare it, define it before, or write {spelled_name(name)} \\cdot (...)"
    raise reader.ambiguous(what, call, product, hint=hint)


def spelled_name(name: Name) -> str:
    """A name as it is written, for messages."""
    from symprop.verification.reading.echo import latex

    return latex(name)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def is_undeclared(item: Item, reader: Reader) -> Written | None:
    """The name that an item is, where nothing is declared or built in under it."""
    written = written_name(item)
    if written is None or written.rest or written.primes:
        return None
    spelling = written.spelling
    known = reader.symbols.values(spelling) or reader.symbols.functions(spelling)
    return None if known or builtin(spelling) or spelling == _PI else written
