"""What the templates ask about a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from symprop.emission.formatting import WIDTH, Group, bracketed, quoted
from symprop.emission.module import Array, Body, Line, Module

CLASSES = ("one-hot", "binary", "signed")
"""The kinds of labels that are classes, for which an accuracy means something."""


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
