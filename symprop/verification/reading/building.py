r"""Tokens put together to items: rows, cells, scripts, arguments, brackets, environments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symprop.verification.reading import commands
from symprop.verification.reading.commanding import command_items
from symprop.verification.reading.errors import Span, UnreadableError
from symprop.verification.reading.items import DEPTH_LIMIT, Item, Items, Row
from symprop.verification.reading.tokens import Token

_BRACED = "write it in braces behind it"
_BETWEEN = (r"\intertext", r"\shortintertext")
"""Commands for words between two rows."""
_NO_ARGUMENT = ("}", "&", r"\\", "^", "_")


def rows_of(tokens: Sequence[Token], source: str, *, plain: bool = False) -> tuple[Row, ...]:
    r"""The rows of a formula or a block, parted at `\\`; environments of rows are opened."""
    builder = Builder(tokens, source, plain)
    rows = builder.rows("")
    return tuple(row for row in rows if any(row.cells))


def rows_one_by_one(
    tokens: Sequence[Token], source: str, *, plain: bool = False
) -> Iterator[Row | UnreadableError]:
    """The rows of a block of which one cannot be built: each by itself, or its error."""
    for chunk in _chunks(_without_layout(list(tokens))):
        try:
            yield from rows_of(chunk, source, plain=plain)
        except UnreadableError as error:
            yield error


def _without_layout(tokens: list[Token]) -> list[Token]:
    """The tokens inside of an environment of rows, where they are all in one."""
    for name in commands.LAYOUTS:
        opening = [r"\begin", "{", *name, "}"]
        closing = [r"\end", "{", *name, "}"]
        texts = [token.text for token in tokens[: len(opening)]]
        if texts == opening and [t.text for t in tokens[-len(closing) :]] == closing:
            return tokens[len(opening) : -len(closing)]
    return tokens


def _chunks(tokens: list[Token]) -> Iterator[list[Token]]:
    r"""Tokens between `\\` outside of braces and environments."""
    depth = 0
    chunk: list[Token] = []
    for token in tokens:
        if token.text == "*" and not chunk and not token.spaced:
            continue  # of the line break before it
        depth += (token.text in ("{", r"\begin")) - (token.text in ("}", r"\end"))
        if token.text == r"\\" and depth <= 0:
            yield chunk
            chunk, depth = [], 0
        else:
            chunk.append(token)
    yield chunk


class Builder:
    """Builds items of tokens; `plain`: exponents and roots may take round brackets."""

    def __init__(self, tokens: Sequence[Token], source: str, plain: bool) -> None:
        self.plain = plain
        self.tokens = list(tokens)
        self.source = source
        self.place = 0
        self.depth = 0

    # -- tokens -------------------------------------------------------------------------------

    @property
    def next(self) -> str:
        """The next token, "" at the end."""
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def take(self) -> Token:
        """The next token, which is there."""
        token = self.tokens[self.place]
        self.place += 1
        return token

    def fail(self, reason: str, span: Span, hint: str = "") -> UnreadableError:
        """The error to raise."""
        return UnreadableError(reason, self.source, span, hint=hint)

    @property
    def last(self) -> Span:
        """The place of the token taken last."""
        return self.tokens[self.place - 1].span

    def here(self) -> Span:
        """The place of the next token, or behind the last one."""
        if self.place < len(self.tokens):
            return self.tokens[self.place].span
        end = self.tokens[-1].span.end if self.tokens else 0
        return Span(end, end + 1)

    def deeper(self, span: Span) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.fail(f"nested more than {DEPTH_LIMIT} deep", span)

    # -- rows and sequences -------------------------------------------------------------------

    def rows(self, end: str, begin: Span | None = None) -> list[Row]:
        r"""Rows up to `\end{...}` of an environment, which is taken, or the end of the text."""
        rows: list[Row] = []
        cells: list[Items] = []
        start = self.here()
        while True:
            items = self.sequence(("&", r"\\", r"\end", *_BETWEEN))
            opened = self.opened(items)
            if opened is not None:
                rows += opened
                items = ()
            cells.append(items)
            stop = self.next
            if stop == "}" or stop in commands.CLOSING:
                raise self.fail(
                    f"{stop} closes nothing", self.here(), "a bracket is missing before"
                )
            if stop != "&":
                rows.append(Row(tuple(cells), start.to(self.here())))
                cells = []
            if not stop:
                break
            token = self.take()
            if stop == r"\\":
                self.skip_row_space()
                start = self.here()
            elif stop in _BETWEEN:
                rows.append(Row((command_items(self, token),), token.span))
                start = self.here()
            elif stop == r"\end":
                self.close_environment(token, end)
                return rows
        if end:
            where = begin or start
            raise self.fail(rf"\begin{{{end}}} is not closed", where, rf"write \end{{{end}}}")
        return rows

    def opened(self, items: Items) -> list[Row] | None:
        """The rows of an environment of statements that stands alone in its cell."""
        shown = [item for item in items if item.kind != "gap"]
        if not shown or shown[0].kind != "environment" or shown[0].text not in commands.LAYOUTS:
            return None
        first, *after = shown
        if any(item.text not in ".,;" for item in after):
            raise self.fail(rf"what stands behind \end{{{first.text}}} is not read", after[0].span)
        return [Row(cells, _span_of(cells, first.span)) for cells in first.rows]

    def skip_row_space(self) -> None:
        r"""The `*` and the `[4pt]` that may follow `\\`."""
        if self.plain:
            return
        if self.next == "*" and not self.tokens[self.place].spaced:
            self.take()
        if self.next == "[" and not self.tokens[self.place].spaced:
            written = "".join(token.text for token in self.tokens[self.place : self.place + 6])
            inside = written[1:].partition("]")[0]
            if "]" in written and inside.strip("-.0123456789") in ("pt", "ex", "em", "mm", "cm"):
                while self.take().text != "]":
                    pass

    def sequence(self, stops: tuple[str, ...], inside: bool = False) -> Items:
        """Items up to one of `stops`, which stays; `inside` brackets, line breaks are dropped."""
        items: list[Item] = []
        while self.next and self.next not in stops:
            text = self.next
            if inside and text in ("&", r"\\"):
                self.line_break()
            elif text in ("^", "_", "'"):
                items.append(self.scripted(items.pop() if items else self.nothing()))
            elif text == "}" or text in commands.CLOSING or text in ("&", r"\\", r"\end"):
                break
            else:
                items += self.transposed() or self.item()
        return tuple(items)

    def transposed(self) -> Items:
        r"""`{}^t V`, as the transpose is written in French, as V^T; none where there is no such."""
        start = self.place
        if [token.text for token in self.tokens[start : start + 3]] != ["{", "}", "^"]:
            return ()
        self.place += 2
        top = self.argument(self.take())
        if len(top) == 1 and top[0].is_bare and top[0].text in ("t", "T", r"\top"):
            items: Items = ()
            while self.next and not items:
                items = self.item()
            if len(items) == 1 and items[0].kind in ("letter", "word", "command", "fence"):
                base = self.scripted(items[0]) if self.next in ("^", "_", "'") else items[0]
                return (replace(base, sup=(*(base.sup or ()), replace(top[0], text="T"))),)
        self.place = start
        return ()

    def line_break(self) -> None:
        r"""A `\\` or `&` inside of brackets, with the words that stand behind `&&`."""
        token = self.take()
        if token.text == r"\\":
            return self.skip_row_space()
        if self.next != "&":
            return None
        self.take()
        words = self.sequence(("&", r"\\", r"\end"))
        if any(item.kind not in ("word", "gap") for item in words):
            raise self.fail("a new column inside of brackets", token.span, "close them before")
        return None

    def nothing(self) -> Item:
        raise self.fail(f"{self.next} stands behind nothing", self.here(), "write what it is of")

    # -- scripts ------------------------------------------------------------------------------

    def scripted(self, base: Item) -> Item:
        """A base with the scripts that follow."""
        sub, sup, primes = base.sub, base.sup, base.primes
        while self.next in ("^", "_", "'"):
            mark = self.take()
            if mark.text == "'":
                primes += 1
                continue
            script = self.argument(mark)
            if script and all(item.text == r"\prime" and item.is_bare for item in script):
                primes += len(script)
            elif mark.text == "_" and sub is None:
                sub = script
            elif mark.text == "^" and (sup is None or base.braced):
                sup = (*(sup or ()), *script)  # {W^{(2)}}^T looks like W^{(2)T}
                base = replace(base, braced=False)
            else:
                hint = "put brackets around what the first one stands at"
                raise self.fail(f"a second {mark.text} at the same base", mark.span, hint)
        span = base.span.to(self.last)
        return replace(base, sub=sub, sup=sup, primes=primes, span=span)

    def argument(self, command: Token) -> Items:
        """What a command or a script takes: a group, one command, one character, one digit."""
        if not self.next or self.next in commands.CLOSING or self.next in _NO_ARGUMENT:
            raise self.fail(f"{command.text} lacks an argument", command.span, _BRACED)
        if self.next == "{":
            return self.braced()
        if self.plain:
            return self.plain_argument(command)
        token = self.tokens[self.place]
        if token.text[0].isdigit() and len(token.text) > 1:
            return (self.first_digit(token),)
        if token.text in commands.OPENING or token.text == r"\left":
            hint = f"write {command.text}{{...}}"
            raise self.fail(f"{command.text} takes one bracket alone here", token.span, hint)
        self.deeper(token.span)
        found = self.item()
        self.depth -= 1
        if not found:
            raise self.fail(f"{command.text} lacks an argument", command.span, _BRACED)
        return found

    def plain_argument(self, command: Token) -> Items:
        """What a power or a root takes in plain text: brackets, or one thing with its sign."""
        if self.next in ("+", "-"):
            return (*self.item(), *self.argument(command))
        self.deeper(self.here())
        found = self.item()
        self.depth -= 1
        if len(found) == 1 and found[0].kind == "fence" and found[0].text == "()":
            return found[0].parts[0]
        return found

    def first_digit(self, token: Token) -> Item:
        """TeX takes one digit; the others stay."""
        middle = token.span.start + 1
        rest = Token(token.text[1:], Span(middle, token.span.end))
        self.tokens[self.place] = rest
        return Item("number", token.text[0], span=Span(token.span.start, middle))

    def braced(self) -> Items:
        """The items between braces; braces around a whole group are one pair."""
        brace = self.take()
        self.deeper(brace.span)
        items = self.sequence(("}",), inside=True)
        self.depth -= 1
        if self.next != "}":
            raise self.mismatch(brace, "}")
        self.take()
        while len(items) == 1 and items[0].kind == "group" and items[0].is_bare:
            items = items[0].parts[0]
        return items

    # -- items --------------------------------------------------------------------------------

    def item(self) -> Items:
        """The next item; none where the token makes no difference, several from a group."""
        token = self.take()
        text = token.text
        if text == "{":
            self.place -= 1
            return self.group(token)
        if text in commands.OPENING:
            return (self.fence(token),)
        if text.startswith("\\"):
            return command_items(self, token)
        both = text + (self.next or "")
        if both in commands.NAMING and not self.tokens[self.place].spaced:
            return (Item("sign", both, span=token.span.to(self.take().span)),)
        return (Item(self.kind(token), text, span=token.span, spaced=token.spaced),)

    def kind(self, token: Token) -> str:
        """Whether a character is a sign, a number or a letter."""
        text = token.text
        if text in commands.PLAIN_SIGNS or text == ":=":
            return "sign"
        if text[0] in ".0123456789":
            return "number"
        if text.isascii() and text.isalpha():
            return "letter"
        hint = "signs of mathematics are written as LaTeX commands"
        raise self.fail(f"the character {text[:1]!r} is not read here", token.span, hint)

    def group(self, brace: Token) -> Items:
        """Braces show nothing: their items, or a group where scripts stand at the whole."""
        items = self.braced()
        span = brace.span.to(self.last)
        if self.next not in ("^", "_", "'"):
            return items
        if len(items) == 1:
            return (replace(items[0], span=span, braced=True),)
        if not items:
            return ()
        return (Item("group", "{}", (items,), span=span),)

    def fence(self, opening: Token) -> Item:
        """Brackets of which the opening one is taken, with all that is in them."""
        closing = commands.OPENING[opening.text]
        self.deeper(opening.span)
        inside = self.sequence((closing,), inside=True)
        self.depth -= 1
        if self.next != closing:
            raise self.mismatch(opening, closing)
        end = self.take()
        return Item("fence", opening.text + closing, (inside,), span=opening.span.to(end.span))

    def mismatch(self, opening: Token, closing: str) -> UnreadableError:
        if self.next:
            reason = f"{self.next} where {closing} is needed to close {opening.text}"
            line = f"{opening.text} stands in column {opening.span.start + 1}"
            return self.fail(reason, self.here(), line)
        return self.fail(f"{opening.text} is not closed", opening.span, f"write {closing}")

    # -- environments -------------------------------------------------------------------------

    def environment(self, begin: Token) -> Item:
        r"""An environment of which the `\begin` is taken."""
        name = self.environment_name(begin)
        if name not in commands.ENVIRONMENTS:
            hint = "read are align, gather, split, cases, bmatrix and their kin"
            span = begin.span.to(self.here())
            raise self.fail(f"the environment {name} is not read", span, hint)
        if name in commands.WITH_COUNT or name == "array":
            self.argument(begin)
        self.deeper(begin.span)
        rows = self.rows(name, begin.span)
        self.depth -= 1
        span = begin.span.to(self.last)
        cells = tuple(row.cells for row in rows)
        if name not in commands.LAYOUTS:
            cells = tuple(row for row in cells if any(row))
        return Item("environment", commands.SAME_ENVIRONMENT.get(name, name), rows=cells, span=span)

    def environment_name(self, command: Token) -> str:
        name = ""
        if self.next == "{":
            self.take()
            while self.next and self.next != "}" and len(name) < 20:
                name += self.take().text
            if self.next == "}":
                self.take()
                return name.removesuffix("*")
        raise self.fail(f"{command.text} lacks the name of an environment", command.span)

    def close_environment(self, end: Token, name: str) -> None:
        found = self.environment_name(end)
        if found != name:
            wanted = rf"\end{{{name}}}" if name else "the end of the formula"
            raise self.fail(rf"\end{{{found}}} where {wanted} is needed", end.span)


def _span_of(cells: Sequence[Items], default: Span) -> Span:
    """The stretch from the first item of some cells to the last one."""
    spans = [item.span for items in cells for item in items]
    return spans[0].to(spans[-1]) if spans else default
