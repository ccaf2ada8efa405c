"""The chain rule for a network of matrices: an upstream gradient for each step, and the weights.

A gradient has the shape of what it is taken by. Of columns, the gradient of an argument is the
transposed Jacobian times the gradient of the value, summed over the direct uses.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derivation.sweep import Upstream
from symprop.expression.nodes import Leaf, Shape
from symprop.network import Step
from symprop.printout.expressions import Added, Chain, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.sections.material import Material, is_linear_in


def delta_parts(material: Material) -> Iterator[Block]:
    """A part for each step backwards, then one for each weight."""
    yield Paragraph(
        (
            "A gradient has the shape of what it is taken by; Jacobians of columns are in "
            "numerator layout.",
        )
    )
    for step in material.visited[1:]:
        inner = [u for u in material.upstream.values() if u.step is step and u.value != step.leaf]
        yield Part(("The gradient of ", step.leaf), (_of_step(material, step, inner),))
    for upstream in material.upstream.values():
        if upstream.step is material.loss and upstream.value != material.loss.leaf:
            yield Part(("Inside the loss",), (Equations(tuple(_inner(material, upstream))),))
    for entry in material.network.weights:
        yield Part(("The weight ", entry.leaf), (_of_weight(material, entry.leaf),))


def _of_step(material: Material, step: Step, inner: list[Upstream]) -> Equations:
    upstream = material.upstream[step.name]
    rate = Rate(material.loss.leaf, step.leaf)
    uses = material.uses(step.leaf)
    lines: list[Line] = []
    left: Expression | None = rate
    if upstream.named:
        lines.append(Line(upstream.delta, rate, ("for short",)))
        left = None
    terms = [_term(material, user, step.leaf) for user in uses]
    why: Prose = ("chain rule",) if len(uses) == 1 else (f"used {len(uses)} times: added up",)
    chained = [term for term in terms if term is not None]
    if len(chained) == len(terms) and uses != [material.loss]:
        lines.append(Line(left, _added(chained), why))
        lines += _jacobians(material, uses, step.leaf)
        shown = upstream.delta if upstream.named else rate
        lines.append(Line(shown, upstream.expression, ("all factors together",)))
    else:
        lines.append(Line(left, upstream.expression, _why(material, uses)))
    for found in inner:
        lines += _inner(material, found)
    return Equations(tuple(lines))


def _why(material: Material, uses: list[Step]) -> Prose:
    return material.reason(material.loss) if uses == [material.loss] else _read_off(uses)


def _inner(material: Material, found: Upstream) -> list[Line]:
    """The gradient of an expression inside a step."""
    rate = Rate(material.loss.leaf, found.value)
    return [Line(found.delta, rate, ("inside ", found.step.leaf)), Line(None, found.expression)]


def _read_off(uses: list[Step]) -> Prose:
    prose: list[str | Leaf] = ["definition of "]
    for index, user in enumerate(uses[:3]):
        prose += [", " if index else "", user.leaf]
    return tuple(part for part in prose if part != "") + ((", ...",) if len(uses) > 3 else ())


def _is_column(shape: Shape) -> bool:
    return not shape or shape[1] == 1


def _term(material: Material, user: Step, leaf: Leaf) -> Chain | None:
    """The transposed Jacobian times the gradient of the value; None where it is no matrix."""
    upstream = material.upstream[user.name]
    gradient: Expression = Rate(material.loss.leaf, user.leaf)
    if upstream.named:
        gradient = upstream.delta
    if not _is_column(user.shape) or not _is_column(leaf.shape):
        return None
    if user is material.loss:
        return Chain((material.rate(user, leaf),))
    if not user.shape:
        return Chain((gradient, Rate(user.leaf, leaf)))
    return Chain((Rate(user.leaf, leaf, turned=True), gradient))


def _jacobians(material: Material, uses: list[Step], leaf: Leaf) -> Iterator[Line]:
    """The Jacobians of the steps that use a value, each with its reason."""
    for user in uses:
        if not user.shape:
            local = material.local(user, leaf)
            if local is not None:
                yield Line(material.rate(user, leaf), local, material.reason(user))
            continue
        jacobian = material.jacobian(user, leaf)
        if jacobian is not None:
            yield Line(Rate(user.leaf, leaf), jacobian, material.reason(user))


def _added(terms: list[Chain]) -> Expression:
    return terms[0] if len(terms) == 1 else Added(tuple(terms))


def _of_weight(material: Material, weight: Leaf) -> Equations:
    uses = material.uses(weight)
    rate = Rate(material.loss.leaf, weight)
    gradient = material.gradient(weight)
    linear = len(uses) == 1 and is_linear_in(uses[0], weight)
    why: Prose = _read_off(uses)
    if linear:
        why = (uses[0].leaf, " is linear in ", weight)
    elif len(uses) > 1:
        why = (f"used {len(uses)} times: added up",)
    lines = [Line(rate, gradient, why)]
    if len(uses) == 1 and not uses[0].shape and uses[0] is not material.loss:
        local = material.local(uses[0], weight)
        inner = Rate(uses[0].leaf, weight)
        if local is not None:
            chain = Chain((Rate(material.loss.leaf, uses[0].leaf), inner))
            lines = [
                Line(rate, chain, ("chain rule",)),
                Line(inner, local, material.reason(uses[0])),
                Line(rate, gradient, ("all factors together",)),
            ]
    closed = material.closed_form(weight)
    if closed is not None and closed != gradient:
        lines.append(Line(None, closed, ("in the names of the steps",)))
    return Equations(tuple(lines))
