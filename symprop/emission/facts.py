"""What the templates ask about a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from symprop.emission.formatting import WIDTH, Group, bracketed, quoted
from symprop.emission.module import Array, Body, Hyperparameter, Line, Module

NAME = re.compile(
    r"""
    "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'  # a string, in which there are none
    | (?<![\w.]) ([^\W\d]\w*) \b (?!=)    # no attribute, no keyword argument
    """,
    re.VERBOSE,
)
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
    return name in _names_in(body)


@lru_cache(maxsize=8)
def _names_in(body: Body) -> set[str]:
    codes = [line.code for line in (*body.lines, *body.each, *body.after)]
    return names_in([*codes, *(code for _, code in body.results)])


def read_by(body: Body, hyperparameters: Iterable[Hyperparameter]) -> list[Hyperparameter]:
    """Return the hyperparameters that the statements of a body read."""
    return [hyper for hyper in hyperparameters if uses(body, hyper.identifier)]


def names_in(codes: Iterable[str]) -> set[str]:
    """Return the names that pieces of code read or bind."""
    return {name for code in codes for name in NAME.findall(code)} - {""}


def loop(
    names: Sequence[str], lines: Sequence[Line], results: Sequence[str] = (), indent: int = 4
) -> str:
    """Return the head of a loop over samples; a name that its body does not read gets a "_"."""
    read = names_in([*(line.code for line in lines), *results])
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


def labelled_rows(module: Module) -> bool:
    """Tell whether labels that sum to 1 do so in each row of a matrix, not once a sample."""
    summing = [t.shape for t in module.targets if t.labels in ("one-hot", "probabilities")]
    return any(len(shape) > 1 + (shape[0] == "n") for shape in summing)


def counting_samples(module: Module) -> str:
    """Return an array with the batch size in its shape elsewhere than in the rows of the data."""
    shapes = {array.key: array.shape for array in module.weights}
    shapes |= {a.key: a.shape[1:] if a.shape[:1] == ("n",) else a.shape for a in module.data}
    texts = {key: [str(size) for size in shape] for key, shape in shapes.items()}
    return next((key for key, sizes in texts.items() if "n" in names_in(sizes)), "")


def inverts(module: Module) -> bool:
    """Tell whether the loss or its gradients need a matrix that is not singular."""
    codes = [line.code for body in (module.loss, module.gradients) for line in body.lines]
    return any("np.linalg." in code for code in (*codes, *module.helpers))


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
    return sorted(names_in(texts), key=lambda name: (name != "n", name))


def example(array: Array) -> str | Group:
    """Return code that draws a value of a data array, from `rng` and the sizes.

    Labels that sum to 1 do so along the last axis: the entries of a column, or of each row.
    """
    shape = tuple_code(array.shape)
    match array.labels:
        case "one-hot" | "probabilities":
            *rows, classes = array.shape
            count = tuple_code(rows) if len(rows) > 1 else "".join(map(str, rows))
            size = [f"size={count}"] if rows else []
            if array.labels == "probabilities":
                return Group("rng.dirichlet(", [f"np.ones({classes})", *size], ")")
            simple = isinstance(classes, int) or classes.isidentifier()
            divisor = classes if simple else f"({classes})"
            return Group("rng.multinomial(", ["1", f"np.ones({classes}) / {divisor}", *size], ")")
        case "binary":
            return f"rng.integers(2, size={shape})"
        case "signed":
            return f"2 * rng.integers(2, size={shape}) - 1"
        case _:
            return f"rng.standard_normal({shape})"
