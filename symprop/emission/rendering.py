"""Laying a `Module` out as source text: the templates, and the filters they use.

The templates hold the runtime around the mathematics (checks, training, files, command line);
the filters here see to it that what they write is what `ruff format` would leave alone, and
that any text of a user's (the name of a network, of a weight) is harmless where it lands.
"""

from __future__ import annotations

import ast
import re
import textwrap
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from symprop.emission.module import Array, Body, Line, Module

WIDTH = 88
INDENT = "    "

CLASSES = ("one-hot", "binary", "signed")
"""The kinds of labels that are classes, for which an accuracy means something."""

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def render(template: str, module: Module) -> str:
    """Return the source text that a template, such as "numpy/module.py.jinja", makes of a module.

    Where the user's own words are so long that a line cannot be broken, or hold characters that
    may be mistaken for ASCII ones, the text opens with a directive that tells ruff so.
    """
    text = _environment().get_template(template).render(module=module)
    rules = []
    if not text.isascii():
        rules = ["E501", "RUF001", "RUF002", "RUF003"]  # E501: some characters are two wide
    elif any(len(line) > WIDTH for line in text.splitlines()):
        rules = ["E501"]
    return f"# ruff: noqa: {', '.join(rules)}, RUF100\n{text}" if rules else text


def templates_folder() -> Path:
    """Return the folder of the templates: inside an installed package, or beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Python; `quoted`, `doc` and `comment` make text safe
    )
    environment.filters.update(
        quoted=quoted,
        quoted_help=quoted_help,
        doc=doc,
        laid_out=laid_out,
        shape_text=shape_text,
        tuple_code=tuple_code,
        shape_items=shape_items,
        member=member,
        file_name=file_name,
        example=example,
        identifiers=identifiers,
        listed=listed,
    )
    environment.globals.update(
        bracketed=bracketed,
        group=Group,
        unpacked=unpacked,
        returned=returned,
        assigned=assigned,
        paragraph=paragraph,
        table=table,
        keyed=keyed,
        uses=uses,
        loop=loop,
        batched=batched,
        all_batched=all_batched,
        accuracy=accuracy,
        derived_sizes=derived_sizes,
        size_names_in=size_names_in,
        label_kinds=label_kinds,
    )
    return environment


# Text of a user's, made safe -----------------------------------------------------------------


def quoted(text: str) -> str:
    """Return a string literal as `ruff format` writes it: double quotes unless these cost more."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in text)
    return quote + body.replace(quote, "\\" + quote) + quote


def quoted_help(text: str) -> str:
    """Return the literal of a text that argparse shows, in which a % stands for itself."""
    return quoted(_one_line(text).replace("%", "%%"))


def doc(text: str) -> str:
    """Return a text as one line that is safe anywhere inside a docstring."""
    return _one_line(text).replace("\\", "\\\\").replace('"', "'")


def comment(text: str) -> str:
    """Return a text as one line that is safe behind a #."""
    return _one_line(text)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else _escape(c) for c in " ".join(text.split()))


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


def file_name(name: str) -> str:
    """Return a file name to speak of a network's module by."""
    return (re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:20].rstrip("_") or "module") + ".py"


# Layout, as ruff format keeps it --------------------------------------------------------------


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
            textwrap.indent(item, " " * inner) + ","
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
    line = textwrap.indent(f"{target} = {code}", pad)
    if "\n" in code or len(line) <= WIDTH:
        return line
    expression = ast.parse(code, mode="eval").body
    if isinstance(expression, ast.Call) and not code.rstrip().startswith("("):
        called = ast.get_source_segment(code, expression.func)
        parts = [ast.get_source_segment(code, part) or "" for part in expression.args]
        for keyword in expression.keywords:
            parts.append(f"{keyword.arg}={ast.get_source_segment(code, keyword.value)}")
        return bracketed(f"{target} = {called}(", parts, ")", indent)
    return f"{pad}{target} = (\n{pad}{INDENT}{code}\n{pad})"


def laid_out(line: Line, indent: int = 0) -> str:
    """Lay out a statement and its formula: behind it where they fit, else above it."""
    pad = " " * indent
    code = textwrap.indent(line.code, pad)
    formula = comment(line.formula)
    if not formula:
        return code
    behind = f"{code}  # {formula}"
    if "\n" not in code and len(behind) <= WIDTH:
        return behind
    above = _wrapped(formula, f"{pad}# ", f"{pad}#   ")
    return "\n".join([*above, code])


def paragraph(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Return a safe text, wrapped for a docstring."""
    return "\n".join(_wrapped(doc(text), " " * indent, " " * (indent + hanging)))


def _wrapped(text: str, first: str, further: str) -> list[str]:
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


# What the templates ask about a module --------------------------------------------------------


def identifiers(arrays: Iterable[Array]) -> list[str]:
    """Return the Python names of arrays."""
    return [array.identifier for array in arrays]


def tuple_code(shape: Sequence[int | str]) -> str:
    """Return a shape as code over the sizes: `(N, D + 1)`, `(N,)`, `()`."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def shape_text(array: Array) -> str:
    """Return the shape of an array for a reader: "(n, D)", or "a scalar"."""
    return tuple_code(array.shape)


def keyed(key: str, before: str, items: Sequence[str], after: str, single: str = "") -> Group:
    """Return an item of a dict whose value is a group."""
    return Group(f"{quoted(key)}: {before}", items, after, single)


def shape_items(shape: Sequence[int | str]) -> list[str]:
    """Return the sizes of a shape as literals; the symbolic ones are text."""
    return [str(size) if isinstance(size, int) else quoted(size) for size in shape]


def uses(body: Body, name: str) -> bool:
    """Tell whether the statements of a body read a name, outside comments and strings."""
    codes = [line.code for line in (*body.lines, *body.each, *body.after)]
    return name in _names([*codes, *(code for _, code in body.results)])


def _names(codes: Iterable[str]) -> set[str]:
    nodes = (node for code in codes for node in ast.walk(ast.parse(code)))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def loop(
    names: Sequence[str], lines: Sequence[Line], results: Sequence[str] = (), indent: int = 4
) -> str:
    """Return the head of a loop over samples; a name that its body does not read gets a "_"."""
    read = _names([*(line.code for line in lines), *results])
    names = [name if name in read else f"_{name}" for name in names]
    line = f"{' ' * indent}for {', '.join(names)} in samples:"
    if len(names) > 1 and len(line) <= WIDTH:
        return line
    return bracketed("for (", names, ") in samples:", indent, ",")


def batched(module: Module) -> list[Array]:
    """Return the data that have a sample axis."""
    return [array for array in module.data if array.shape[:1] == ("n",)]


def all_batched(arrays: Iterable[Array]) -> bool:
    """Tell whether all of these arrays have a sample axis."""
    return all(array.shape[:1] == ("n",) for array in arrays)


def accuracy(module: Module) -> str:
    """Return the kind of classes an accuracy is of, "" where there is none to speak of."""
    if len(module.outputs) != 1 or len(module.targets) != 1:
        return ""
    target = module.targets[0]
    if module.outputs[0].shape != target.shape or target not in batched(module):
        return ""
    return target.labels if target.labels in CLASSES else ""


def label_kinds(module: Module) -> list[str]:
    """Return the kinds of labels whose values are to be checked, each once, in order."""
    kinds = [target.labels for target in module.targets if target.labels not in (None, "real")]
    return list(dict.fromkeys(kind for kind in kinds if kind))


def derived_sizes(module: Module) -> list[tuple[str, str, list[str]]]:
    """Return the sizes that are computed from others: text, code over `sizes`, the names in it."""
    shapes = [array.shape for array in (*module.weights, *module.data)]
    texts = dict.fromkeys(size for shape in shapes for size in shape if isinstance(size, str))
    found = []
    for text in texts:
        names = sorted({n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)})
        if text not in names:
            pattern = "|".join(rf"\b{re.escape(name)}\b" for name in names)
            code = re.sub(pattern, lambda match: f'sizes["{match[0]}"]', text)
            found.append((text, code, names))
    return found


def size_names_in(arrays: Iterable[Array]) -> list[str]:
    """Return the names in the shapes of arrays, the batch size "n" first."""
    texts = [str(size) for array in arrays for size in array.shape]
    return sorted(_names(texts), key=lambda name: (name != "n", name))


def example(array: Array) -> str | Group:
    """Return code that draws a value of a data array, from `rng` and the sizes."""
    shape = tuple_code(array.shape)
    match array.labels:
        case "one-hot" | "probabilities":
            inner = array.shape[1:] if array.shape[:1] == ("n",) else array.shape
            factors = [str(size) if str(size).isidentifier() else f"({size})" for size in inner]
            factors = [
                str(size) if isinstance(size, int) else f
                for size, f in zip(inner, factors, strict=True)
            ]
            entries = str(inner[0]) if len(inner) == 1 else " * ".join(factors)
            divisor = factors[0] if len(inner) == 1 else f"({entries})"
            samples = ["size=n"] if len(inner) < len(array.shape) else []
            if array.labels == "one-hot":
                code = Group(
                    "rng.multinomial(", ["1", f"np.ones({entries}) / {divisor}", *samples], ")"
                )
            else:
                code = Group("rng.dirichlet(", [f"np.ones({entries})", *samples], ")")
            if len(inner) == 1:
                return code
            return Group(f"{code.flat()}.reshape(", [str(size) for size in array.shape], ")")
        case "binary":
            return f"rng.integers(2, size={shape})"
        case "signed":
            return f"2 * rng.integers(2, size={shape}) - 1"
        case _:
            return f"rng.standard_normal({shape})"
