"""A derivation as readable plain text."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.declaration import Declared
from symprop.derivation.forms import Forms
from symprop.derivation.local_table import local_table
from symprop.derivation.record import Derivation
from symprop.derivation.sweep import leading_to
from symprop.errors import DerivationError
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import Place, operations, walk
from symprop.expression.shapes import shape_text
from symprop.expression.text import definition_texts, text
from symprop.user_text import harmless

CLOSED_FORM_LIMIT = 30
"""A closed form of more operations than this is not printed: the delta form says it better."""


def describe(derivation: Derivation) -> str:
    """The network, the forward pass, the backward pass and the partials, a line each.

    `*` is the matrix product and the product of numbers; `.*`, `./` and `.**` act entry by entry.
    """
    network = derivation.network
    backward = f"Backward: delta_v is d{derivation.loss.name}/dv"
    backward += ", for one sample" if network.per_sample else ""
    sections = [
        (network.name, _declared(derivation)),
        ("Forward", _forward(derivation)),
        ("Local derivatives, all other arguments held fixed", _local(derivation)),
        (backward, _backward(derivation)),
        ("Gradients, each of the shape of its weight", _gradients(derivation)),
        ("Closed forms, in the names of the steps", _closed_forms(derivation)),
        ("Notation", _notation(derivation)),
    ]
    written = []
    for title, lines in sections:
        with deep_expressions():
            body = [f"    {line}" for line in lines]
        if body:
            written.append("\n".join([" ".join(title.split()), *body]))
    return harmless("\n\n".join(written) + "\n")


def _declared(derivation: Derivation) -> Iterator[str]:
    network = derivation.network
    for role, entries in (
        ("inputs", network.inputs),
        ("targets", network.targets),
        ("weights", network.weights),
    ):
        if entries:
            yield f"{role}: " + ", ".join(_with_shape(entry) for entry in entries)
    if network.hyperparameters:
        pairs = (f"{name} = {value!r}" for name, value in network.hyperparameters.items())
        yield "hyperparameters: " + ", ".join(pairs)
    for name, kind in network.labels.items():
        yield f"labels: {name} is {kind}"


def _with_shape(entry: Declared) -> str:
    return f"{entry.name} ({shape_text(entry.shape)})" if entry.shape else entry.name


def _forward(derivation: Derivation) -> Iterator[str]:
    yield from definition_texts(step.node for step in derivation.network.steps.values())
    for name, step in derivation.network.steps.items():
        shape = f"  ({shape_text(step.shape)})" if step.shape else ""
        yield f"{name} = {text(step.node)}{shape}"


def _local(derivation: Derivation) -> Iterator[str]:
    """The derivatives on the way to a weight, as far as they are short."""
    network = derivation.network
    useful = leading_to(network, [entry.leaf for entry in network.weights])
    for row in local_table(derivation.jacobians, useful):
        if row.operations <= CLOSED_FORM_LIMIT:
            yield row.text


def _backward(derivation: Derivation) -> Iterator[str]:
    for upstream in derivation.upstreams:
        if upstream.named:
            inner = upstream.value != upstream.step.leaf
            where = f"  (d{derivation.loss.name}/d({text(upstream.value)}))" if inner else ""
            yield f"{upstream.delta.name} = {text(upstream.expression)}{where}"


def _gradients(derivation: Derivation) -> Iterator[str]:
    for entry in derivation.network.weights:
        yield f"d{derivation.loss.name}/d{entry.name} = {text(derivation.gradient(entry.symbol))}"


def _closed_forms(derivation: Derivation) -> Iterator[str]:
    forms = Forms(derivation.network, derivation.sweep)
    for entry in derivation.network.weights:
        gradient = derivation.gradient(entry.symbol)
        try:
            written = forms.write(gradient, "steps")
        except DerivationError:
            continue
        if written != gradient and operations(written) <= CLOSED_FORM_LIMIT:
            yield f"d{derivation.loss.name}/d{entry.name} = {text(written)}"


def _notation(derivation: Derivation) -> Iterator[str]:
    """What is not said by itself: zeros into which a part is put."""
    lines = [upstream.expression for upstream in derivation.upstreams if upstream.named]
    lines += [derivation.gradient(entry.symbol) for entry in derivation.network.weights]
    if any(isinstance(node, Place) for line in lines for node in walk(line)):
        yield "zeros(n, 1)[:k = u] is zero but for u in the rows :k"
