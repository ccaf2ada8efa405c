"""What a template is given: every piece of a module, decided before the template sees it.

A template loops over these records and lays them out. Mathematics, array layout, names and
the wording of formulas are settled here, so that two targets differ in their template alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """One statement of a function body and the formula that it computes.

    `code` starts at column 0 of its body; a statement too long for one line is already broken,
    its further lines indented relative to the first. `formula` is "" where code speaks for itself.
    """

    code: str
    formula: str = ""


@dataclass(frozen=True)
class Size:
    """A symbolic size: a keyword of `init_params`.

    `source` is code that reads the size off `params` or the data, or None where no array shows it
    as an axis of its own.
    """

    key: str
    identifier: str
    default: int | None
    source: str | None


@dataclass(frozen=True)
class Array:
    """A declared input, target or weight.

    `key` is the declared name (any text: dictionary key, name in a .npz file), `identifier` the
    Python name it has in the module. `shape` is the shape of the array; an entry is a whole number
    or code over size identifiers ("N", "D + 1"). Data have the batch first, spelt "n".
    `labels` is the declared kind of a target, or None.
    """

    key: str
    identifier: str
    shape: tuple[int | str, ...]
    labels: str | None = None


@dataclass(frozen=True)
class Hyperparameter:
    """A scalar keyword argument of the emitted functions; `default` is code."""

    key: str
    identifier: str
    default: str


@dataclass(frozen=True)
class Buffer:
    """An array of a workspace: its name in the statements, and code that makes it.

    `entries` is "float", "bool", "zeros", "ones", or "count": the number of samples.
    """

    identifier: str
    shape: tuple[int | str, ...]
    entries: str


@dataclass(frozen=True)
class Body:
    """The statements of one function.

    An array target uses `lines` alone. A scalar target runs `lines` once, `each` once a sample
    (inside its loop over the batch) and `after` once more when the loop is done.
    `results` pairs a key with the code of its value: the outputs, or the gradients where the
    statements do not write these into the workspace themselves. `buffers` are the arrays that an
    array target writes into, `sizes` the statements that read the sizes in their shapes.
    """

    lines: tuple[Line, ...]
    results: tuple[tuple[str, str], ...]
    each: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    buffers: tuple[Buffer, ...] = ()
    sizes: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Module:
    """A training module, ready to be laid out.

    `loss` and `gradients` both leave the loss of the batch in the local name `value`.
    `data` tells whether there are inputs or targets at all: a plain function of its weights has
    none. `minibatches` is False where the batch size is in a shape elsewhere than in the rows of
    the data. `threshold` is the value above which an output means the class that is labelled 1.
    `averaged` tells whether the loss is a mean over the samples. `imports` are the functions of
    math that statements call by their names.
    """

    name: str
    equations: tuple[str, ...]
    notes: tuple[str, ...]
    inputs: tuple[Array, ...]
    targets: tuple[Array, ...]
    weights: tuple[Array, ...]
    hyperparameters: tuple[Hyperparameter, ...]
    sizes: tuple[Size, ...]
    helpers: tuple[str, ...]
    forward: Body
    loss: Body
    gradients: Body
    outputs: tuple[Array, ...]
    minibatches: bool
    threshold: float = 0.5
    averaged: bool = True
    imports: tuple[str, ...] = ()

    @property
    def data(self) -> tuple[Array, ...]:
        """Inputs, then targets, in the order of the emitted signatures."""
        return self.inputs + self.targets
