r"""Derivatives by their names and derivatives still to be taken, as numbers.

Between a step and a direct argument, `\partial` means the local derivative, with all other steps
held fixed; of the loss, with `d`, and where the argument is not a direct one, everything in between
follows. That of the loss is read off the derivation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symprop.expression.nodes import leaves
from symprop.verification.meaning.batches import is_outside, mean_gradient, require_constant
from symprop.verification.meaning.names import VALUED, chosen, label, place_of, samples, split
from symprop.verification.meaning.setting import (
    MisfitError,
    Setting,
    UndecidableError,
    plain,
)
from symprop.verification.reading.symbols import Entry
from symprop.verification.reading.tree import Call, Indexed, Listing, Name, Tree, bare, names
from symprop.verification.worlds import Numeric, Values, step


def rate(
    of: Tree, by: Tree, sign: str, setting: Setting, value: Any, *, direct: bool = False
) -> Numeric:
    """The derivative of an expression by a name; `value` works out expressions.

    `direct`: all other steps are held fixed, whatever the sign is. By several names it is a row.
    """
    if several := variables(by):
        found = [rate(of, each, sign, setting, value, direct=direct) for each in several]
        return _row(found, by)
    body = _called(bare(of), by)
    if isinstance(bare(by), Name) and _is_free(bare(by)):
        return _by_free(body, bare(by), setting, value)
    variable, entry, indices = _variable(by, setting)
    step = _step_of(body, setting)
    if is_outside(setting) and (step is None or not step.is_loss or any(samples(body))):
        require_constant(entry, by.span)
    partial = sign != "d" and not setting.conventions.total
    held = direct or (partial and _is_local(body, step, entry, setting))
    if setting.moved is not None:
        raise UndecidableError("a derivative inside of a derivative", of.span)
    if step is None:
        changes, axes = _of_expression(body, entry, held, setting, value)
    elif entry.name == step.name and not step.indices and not indices:
        raise UndecidableError(f"a derivative of {label(variable)} by itself", of.span)
    elif step.is_loss and not held:
        changes, axes = _of_loss(variable, entry, setting), 0
    else:
        changes, axes = _of_step(step, entry, held, variable, setting)
    return _lying(changes, axes, entry, indices, variable, setting)


@dataclass(frozen=True)
class _Step:
    """A step that is differentiated, and which entry of it."""

    name: str
    is_loss: bool
    indices: tuple[str, ...]
    written: Name


def _of_loss(variable: Name, entry: Entry, setting: Setting) -> Any:
    """The gradient of the loss, read off the derivation."""
    if is_outside(setting):
        return mean_gradient(entry, setting, variable.span)
    found = setting.world.gradients.get(entry.name)
    if found is None:
        why = f"there is no derivative by {label(variable)}: its entries sum to 1"
        raise UndecidableError(why, variable.span)
    return np.asarray(found, dtype=object)


def _of_step(
    step: _Step, entry: Entry, held: bool, variable: Name, setting: Setting
) -> tuple[Any, int]:
    """The derivatives of a step, or of one entry of it, and how many axes its value has."""
    world = setting.world
    if entry.name == step.name:
        shape = np.shape(world.values[step.name])
        size = int(np.prod(shape))
        identity = np.array([[int(i == j) for j in range(size)] for i in range(size)], dtype=object)
        found = np.frompyfunc(world.arithmetic.number, 1, 1)(identity).reshape(*shape, *shape)
    else:
        found = np.asarray(world.slopes(step.name, entry.name, held=held), dtype=object)
    axes = np.ndim(world.values[step.name])
    if not step.indices:
        return found, axes
    last = np.moveaxis(found, range(axes), range(-axes, 0))
    entry_wise = _at_entry(last, last.ndim - axes, step.indices, step.written, setting)
    left = entry_wise.ndim - (last.ndim - axes)
    return np.moveaxis(entry_wise, range(-left, 0), range(left)), left


def _of_expression(
    body: Tree, entry: Entry, held: bool, setting: Setting, value: Any
) -> tuple[Any, int]:
    """The derivatives of an expression, and how many axes its value has."""

    def observed(values: Values) -> Numeric:
        return value(body, setting.at(values))

    for _ in range(COST * np.size(setting.values[entry.name])):
        setting.record.spend()
    base = observed(setting.values)
    changes = setting.world.rate(observed, entry.name, held=held)
    return np.asarray(changes, dtype=object), np.ndim(base)


COST = 60
"""Moving one entry of a name counts as working out so many parts of a formula."""


def variables(by: Tree) -> tuple[Tree, ...]:
    """The names of a list that a derivative is taken by; () where it is one name."""
    return by.items if isinstance(by, Listing) else ()


def _row(found: list[Numeric], by: Tree) -> Numeric:
    if any(np.ndim(each) for each in found):
        raise UndecidableError("a derivative by several names, one of them a matrix", by.span)
    return np.array([found], dtype=object)


def _called(body: Tree, by: Tree) -> Tree:
    """The step that is written with its arguments, L(W): their change is that of the step."""
    if not isinstance(body, Call) or not isinstance(body.head, Name):
        return body
    reference = body.head.reference
    entry = None if reference is None else reference.entry
    own = entry is not None and entry.kind in ("step", "loss")
    return body.head if own and not (isinstance(bare(by), Name) and _is_free(bare(by))) else body


def _is_free(name: Tree) -> bool:
    return isinstance(name, Name) and name.reference is None


def _by_free(body: Tree, by: Tree, setting: Setting, value: Any) -> Numeric:
    """The derivative by a letter that is not declared, of an expression that has it."""
    assert isinstance(by, Name)  # the caller looked
    known = label(by)
    if isinstance(body, Name) or all(label(found) != known for found in names(body)):
        raise UndecidableError(f"{known} is not declared", by.span)
    here = setting.free(known)
    far = step()
    above, below = (value(body, setting.with_free(known, here + move)) for move in (far, -far))
    return (above - below) / (2 * far)


def _variable(by: Tree, setting: Setting) -> tuple[Name, Entry, tuple[str, ...]]:
    """What a derivative is taken by: a declared name or an entry of it."""
    variable = _whole(bare(by))
    if not isinstance(variable, Name):
        raise UndecidableError("a derivative by an expression", by.span, hint="name it as a step")
    if variable.reference is None:
        raise UndecidableError(f"{label(variable)} is not declared", by.span)
    entry, indices = chosen(variable.reference, variable, setting)
    if entry.kind == "local":
        raise UndecidableError(f"a derivative by {label(variable)}", by.span, hint="write it out")
    if entry.kind not in VALUED:
        raise UndecidableError(
            f"a derivative by {label(variable)}, which is a {entry.kind}", by.span
        )
    return variable, entry, split(entry, indices)[0]


def _whole(variable: Tree) -> Tree:
    """The name with the indices of `[W]_{ij}`, which is W_{ij}; all else as it is."""
    if not isinstance(variable, Indexed):
        return variable
    name = bare(variable.body)
    if not isinstance(name, Name) or name.reference is None:
        return variable
    reference = replace(name.reference, indices=(*name.reference.indices, *variable.indices))
    return replace(name, reference=reference)


def _step_of(body: Tree, setting: Setting) -> _Step | None:
    """The step or the loss that an expression is by its name, or one entry of it."""
    if not isinstance(body, Name) or body.reference is None:
        return None
    entry, indices = chosen(body.reference, body, setting)
    if entry.kind not in ("step", "loss"):
        return None
    return _Step(entry.name, entry.kind == "loss", split(entry, indices)[0], body)


def _is_local(body: Tree, step: _Step | None, by: Entry, setting: Setting) -> bool:
    """Whether a partial derivative holds the other steps fixed: it is of a direct argument."""
    if step is not None:
        node = setting.world.network.steps[step.name].node
        return not step.is_loss and any(leaf.name == by.name for leaf in leaves(node))
    named = isinstance(body, Name)
    return not named and any(
        found.reference is not None and found.reference.entry == by for found in names(body)
    )


# -- how derivatives lie --------------------------------------------------------------------------

OF_NUMBER = {
    "gradient": "the derivative of a number has the shape of what it is taken by",
    "numerator": "the derivative of a number by a column is a row (numerator layout)",
    "denominator": "the derivative of a number has the shape of what it is taken by",
}
OF_NUMBER_BY_MATRIX = OF_NUMBER | {
    "numerator": "the derivative of a number by a matrix lies as its transpose (numerator layout)"
}
OF_COLUMN = {
    "gradient": "a Jacobian has a row for each entry of what is derived (numerator layout)",
    "numerator": "a Jacobian has a row for each entry of what is derived (numerator layout)",
    "denominator": "a Jacobian has a column for each entry of what is derived (denominator layout)",
}
ENTRYWISE = "the derivative of a function entry by entry is written as a column"
BLOCKS = "the derivative by a matrix is a block of rows for each entry of what is derived"
LAYOUT_NOTES = frozenset(
    note for notes in (OF_NUMBER, OF_NUMBER_BY_MATRIX, OF_COLUMN) for note in notes.values()
) | {ENTRYWISE, BLOCKS}
"""What is noted of how derivatives lie."""


def _lying(
    changes: Any, value_axes: int, by: Entry, indices: tuple[str, ...], name: Name, setting: Setting
) -> Numeric:
    """All derivatives as a number or a matrix, by the layout in force.

    The axes of `changes` are those of the value, `value_axes` of them, then those of the argument.
    """
    if indices and np.ndim(changes) > value_axes:
        changes = _at_entry(changes, value_axes, indices, name, setting)
    value, argument = changes.shape[:value_axes], changes.shape[value_axes:]
    layout = setting.conventions.layout
    if not argument:
        found = changes if value else changes[()]
        return plain(found.T if value and layout == "denominator" else found)
    if not value:
        setting.note((OF_NUMBER if 1 in argument else OF_NUMBER_BY_MATRIX)[layout])
        return plain(changes if layout != "numerator" else changes.T)
    if 1 in value and 1 in argument:
        jacobian = changes.reshape(max(value), max(argument))
        if setting.conventions.entrywise:
            setting.note(ENTRYWISE)
            return _diagonal(jacobian, name).reshape(argument)
        setting.note(OF_COLUMN[layout])
        return plain(jacobian.T if layout == "denominator" else jacobian)
    if setting.conventions.entrywise and value == argument:
        setting.note(ENTRYWISE)
        return _entry_by_entry(changes, name)
    setting.note(BLOCKS)
    return changes.reshape(-1, argument[1])  # a block of rows for each entry


def _at_entry(
    changes: Any, value_axes: int, indices: tuple[str, ...], name: Name, setting: Setting
) -> Any:
    place = place_of(indices, changes.shape[value_axes:], name, setting)
    return np.asarray(changes[(..., *place)], dtype=object)


def _diagonal(jacobian: Any, name: Name) -> Numeric:
    rows, columns = jacobian.shape
    if rows != columns or any(
        jacobian[i, j] != 0 for i in range(rows) for j in range(rows) if i != j
    ):
        raise MisfitError(f"it does not act entry by entry on {label(name)}", name.span)
    return np.diagonal(jacobian).reshape(-1, 1).copy()


def _entry_by_entry(changes: Any, name: Name) -> Numeric:
    rows, columns = changes.shape[:2]
    found = np.empty((rows, columns), dtype=object)
    for i, j in np.ndindex(rows, columns):
        others = changes[i, j].copy()
        found[i, j], others[i, j] = others[i, j], 0
        if any(entry != 0 for entry in others.flat):
            raise MisfitError(f"it does not act entry by entry on {label(name)}", name.span)
    return found
