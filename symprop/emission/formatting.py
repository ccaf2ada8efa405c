"""Text of a user's made safe for Python source, and lines as `ruff format` keeps them."""

from __future__ import annotations

import textwrap
import unicodedata
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symprop.emission.module import Line

WIDTH = 88
INDENT = "    "
ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return a string literal as `ruff format` writes it: double quotes unless these cost more."""
    if text.isidentifier():
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in text)
    return quote + body.replace(quote, "\\" + quote) + quote


def quoted_help(text: str) -> str:
    """Return the literal of a text that argparse shows, in which a % stands for itself."""
    return quoted(_one_line(text).replace("%", "%%"))


def doc(text: str) -> str:
    """Return a text as one line that is safe anywhere inside a docstring."""
    if text.isidentifier():
        return text
    return _one_line(text).replace("\\", "\\\\").replace('"', "'")


def comment(text: str) -> str:
    """Return a text as one line that is safe behind a #."""
    return _one_line(text)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(map(_shown, line))


def _shown(character: str) -> str:
    return character if character.isprintable() else _escape(character)


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def member(key: str) -> str:
    """Return the name that an array has in a .npz file: its key, percent-encoded where needed.

    "file" is an argument of `numpy.savez`, "/" and the like mean something to a zip file.
    """
    if key.isidentifier() and key not in ("file", "allow_pickle"):
        return key
    name = urllib.parse.quote(key, safe=" ()[]{}^+=,", errors="surrogatepass").replace(".", "%2E")
    if name in ("", "file", "allow_pickle"):
        return f"%{key}"
    return name


@dataclass(frozen=True)
class Group:
    """Items between brackets: `before` ends with the opening one, `after` starts with the other.

    `single` is what a lone item needs behind it on one line: the comma of a tuple.
    """

    before: str
    items: Sequence[str | Group]
    after: str
    single: str = ""

    def flat(self) -> str:
        """Return the group on one line."""
        inside = ", ".join(i if isinstance(i, str) else i.flat() for i in self.items)
        return self.before + inside + self.single * (len(self.items) == 1) + self.after

    def laid_out(self, indent: int, further: str = "") -> str:
        """Return the group on one line if it fits with what comes further, else one item a line."""
        pad = " " * indent
        line = pad + self.flat()
        if not self.items or ("\n" not in line and len(line + further) <= WIDTH):
            return line + further
        inner = indent + len(INDENT)
        lines = [
            _indented(item, " " * inner) + ","
            if isinstance(item, str)
            else item.laid_out(inner, ",")
            for item in self.items
        ]
        return "\n".join([pad + self.before, *lines, pad + self.after + further])


def bracketed(
    before: str, items: Sequence[str | Group], after: str, indent: int = 0, single: str = ""
) -> str:
    """Lay out items between brackets: on one line if they fit, else one a line."""
    return Group(before, items, after, single).laid_out(indent)


def unpacked(names: Sequence[str], call: str, arguments: Sequence[str], indent: int = 0) -> str:
    """Lay out `a, b = call(c, d)`."""
    pad = " " * indent
    left = ", ".join(names)
    if len(f"{pad}{left} = {call}(") > WIDTH:
        left = "\n".join(["(", *(f"{pad}{INDENT}{name}," for name in names), f"{pad})"])
        right = bracketed(f") = {call}(", arguments, ")", indent)
        return pad + left.removesuffix(f"{pad})") + right
    return bracketed(f"{left} = {call}(", arguments, ")", indent)


def taken_apart(names: Sequence[str], code: str, indent: int = 0) -> str:
    """Lay out `a, b = code`; more names than fit on a line take the items of `code` in parts."""
    lines: list[str] = []
    start = 0
    while start < len(names):
        stop = min(len(names), start + WIDTH)  # no line holds more
        while len(line := _taken(names, start, stop, code, indent)) > WIDTH and stop > start + 1:
            stop -= 1
        lines.append(line)
        start = stop
    return "\n".join(lines)


def _taken(names: Sequence[str], start: int, stop: int, code: str, indent: int) -> str:
    left = ", ".join(names[start:stop])
    left = f"({left},)" if stop == start + 1 else left
    first, last = str(start) if start else "", str(stop) if stop < len(names) else ""
    part = f"[{first}:{last}]" if first or last else ""
    return f"{' ' * indent}{left} = {code}{part}"


def returned(values: Sequence[str], indent: int = 0) -> str:
    """Lay out the return of a value, or of several as a tuple."""
    pad = " " * indent
    line = f"{pad}return {', '.join(values)}" if values else f"{pad}return ()"
    if len(line) <= WIDTH:
        return line
    if len(values) == 1:
        return f"{pad}return (\n{pad}{INDENT}{values[0]}\n{pad})"
    return bracketed("return (", values, ")", indent)


def assigned(target: str, code: str, indent: int = 0) -> str:
    """Lay out `target = code`, in parentheses on lines of its own where it is too long."""
    pad = " " * indent
    line = _indented(f"{target} = {code}", pad)
    if "\n" in code or len(line) <= WIDTH:
        return line
    return f"{pad}{target} = (\n{pad}{INDENT}{code}\n{pad})"


def laid_out(line: Line, indent: int = 0) -> str:
    """Lay out a statement and its formula: behind it where they fit, else above it."""
    pad = " " * indent
    code = _indented(line.code, pad)
    if not line.formula:
        return code
    formula = comment(line.formula)
    behind = f"{code}  # {formula}"
    if "\n" not in code and columns(behind) <= WIDTH:
        return behind
    above = _wrapped(formula, f"{pad}# ", f"{pad}#   ")
    return "\n".join([*above, code])


def _indented(code: str, pad: str) -> str:
    """Code with every line moved to the right."""
    if "\n" not in code:
        return pad + code
    return "\n".join([pad + line if line else "" for line in code.split("\n")])


def columns(text: str) -> int:
    """How wide a text is: `ruff format` counts wide characters twice."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def paragraph(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Return a safe text, wrapped for a docstring."""
    return "\n".join(_wrapped(doc(text), " " * indent, " " * (indent + hanging)))


def _wrapped(text: str, first: str, further: str) -> list[str]:
    if 0 < len(text) <= WIDTH - len(first) and text.isprintable() and not text.endswith(" "):
        return [first + text]  # as textwrap has it, which takes the text apart to see
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[Sequence[str]], indent: int = 0) -> str:
    """Lay out rows of safe texts as columns of a docstring; the last column is wrapped."""
    rows = [[doc(cell) for cell in row] for row in rows]
    if not rows:
        return ""
    widths = [min(max(map(len, column)), 30) for column in zip(*rows, strict=True)][:-1]
    lines: list[str] = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lead = " " * indent + "  ".join([*cells, ""])
        lines += _wrapped(row[-1], lead, " " * (indent + sum(widths) + 2 * len(widths)))
    return "\n".join(lines)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as prose: "x", "x and y", "x, y and z"."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
