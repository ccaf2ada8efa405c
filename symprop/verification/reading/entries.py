r"""What names refer to: the entries of a table of symbols."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from symprop.expression.nodes import Node, Shape
from symprop.verification.reading.building import rows_of
from symprop.verification.reading.errors import UnreadableError
from symprop.verification.reading.items import Item
from symprop.verification.reading.names import with_raised, written_name
from symprop.verification.reading.tokens import latex_tokens
from symprop.verification.reading.tree import Spelling
from symprop.verification.reading.words import as_word

if TYPE_CHECKING:
    from symprop.verification.reading.tree import Tree

Kind: TypeAlias = Literal[
    "input",
    "target",
    "weight",
    "hyperparameter",
    "step",
    "loss",
    "delta",
    "function",
    "size",
    "rate",
    "local",
    "index",
]


@dataclass(frozen=True)
class Entry:
    r"""What a name stands for.

    `kind` "delta" is the upstream gradient of a step, "function" a user's own or one of the
    vocabulary, "rate" the learning rate, "local" what the text itself defines, `definition` then.
    `shape` is None where it is not known; `node` is the definition of a step or the loss. A
    function that the text defines has `parameters`, the names of its arguments in the definition.
    """

    name: str
    kind: Kind
    latex: str
    shape: Shape | None = None
    node: Node | None = field(default=None, compare=False, repr=False)
    definition: Tree | None = field(default=None, compare=False, repr=False)
    parameters: tuple[Spelling, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Reference:
    """What a name refers to: an entry, one entry or sample of it, or one of several entries.

    `indices` are the subscripts beyond the declared name, or `(i)` where a sample is meant by the
    mark of `x^{(i)}`; of a row they are i and ":". `members` are the declared w1, w2 for the w_i of
    which `indices` has the i, by their numbers, "1,2" where there are several; `entry` is None
    then.
    """

    entry: Entry | None
    indices: tuple[str, ...] = ()
    members: tuple[tuple[str, Entry], ...] = ()


WHOLE = ":"
"""The index of an axis that is taken as a whole: X_{i,:} is a row of X."""
RATE = Entry("eta", "rate", r"\eta", ())
"""The learning rate, where no eta is declared."""


def spelling_of(latex: str) -> Spelling | None:
    """How a name is spelled that is given in LaTeX; None where it is more than a name."""
    try:
        rows = rows_of(latex_tokens(latex), latex)
    except UnreadableError:
        return None
    if len(rows) != 1 or len(rows[0].cells) != 1:
        return None
    items: tuple[Item, ...] = as_word(rows[0].cells[0])
    written = written_name(items[0]) if len(items) == 1 else None
    return None if written is None else with_raised(written).spelling
