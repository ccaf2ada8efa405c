"""The graph of a derivation: declared symbols and steps are vertices, direct uses are edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.derivation.trace import Trace
from symprop.expression.nodes import Leaf, leaves
from symprop.network import Step
from symprop.printout.graph.model import CROWD, Edge, Graph, Vertex, first_to_last
from symprop.printout.graph.numbers import DECIMALS, value_markup
from symprop.printout.graph.operations import ADDS_UP, operation, pattern
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.markup import Markup
from symprop.printout.sections.material import Material
from symprop.rounding import Rounding


def trace_of(material: Material) -> Trace | None:
    """The numbers of the material's example; None where it has none.

    Raises PointError for values that do not fit, or at which the network has no value.
    """
    example = material.example
    return None if example is None else material.derivation.trace(example.values)


def rounding_of(material: Material) -> Rounding:
    """How the numbers on edges are shown."""
    decimals = None if material.example is None else material.example.decimals
    return Rounding(DECIMALS if decimals is None else decimals)


def graph_of(material: Material, trace: Trace | None = None) -> Graph:
    """The graph of a network, with the numbers of a trace on its edges where there is one.

    Without numbers the first edge of a value has its shape, if any value is a matrix. Steps that
    the loss does not use, and symbols that only those use, are left out.
    """
    return _Reader(material, trace).graph()


class _Reader:
    def __init__(self, material: Material, trace: Trace | None) -> None:
        self.material = material
        self.network = material.network
        self.formulas = Formulas(material.names, material.ordinary)
        self.trace = trace
        self.rounding = rounding_of(material)
        self.steps = self._needed()
        self.arguments = {step.name: leaves(step.node) for step in self.steps}
        self.uses: dict[str, list[Step]] = {}
        for step in self.steps:
            for leaf in self.arguments[step.name]:
                self.uses.setdefault(leaf.name, []).append(step)
        self.rows = {} if trace is None else {row.name: row for row in trace.rows}
        found = () if trace is None else trace.edges
        self.downstream = {(edge.step, edge.argument): edge.downstream for edge in found}
        self.weights = {weight.name for weight in self.network.weights}
        declared = [entry.leaf for entry in self.network.declared.values()]
        self.has_shapes = any(leaf.shape for leaf in [*declared, *(s.leaf for s in self.steps)])

    def _needed(self) -> list[Step]:
        """The steps that the loss depends on, in order."""
        loss = self.material.loss
        needed = {loss.name}
        for step in reversed(self.network.steps.values()):
            if step.name in needed:
                needed.update(leaf.name for leaf in leaves(step.node))
        return [step for step in self.network.steps.values() if step.name in needed]

    def graph(self) -> Graph:
        crowds = self._crowds()
        owner = {name: crowd[0].name for crowd in crowds for name in (leaf.name for leaf in crowd)}
        vertices = [*self._declared(owner), *map(self._step, self.steps)]
        labels = {crowd[0].name: self._crowd(crowd) for crowd in crowds}
        edges = list(dict.fromkeys(self._edges(owner)))
        loss = self.material.loss
        outlet = self._edge(loss.leaf, None) if self.trace is not None else None
        return Graph(
            title=" ".join(self.network.name.split()),
            vertices=tuple(
                Vertex(v.name, v.role, labels[v.name]) if v.name in labels else v for v in vertices
            ),
            edges=tuple(edges),
            numbered=self.trace is not None,
            outlet=outlet,
        )

    # -- vertices -----------------------------------------------------------------------------

    def _declared(self, owner: Mapping[str, str]) -> Iterator[Vertex]:
        for name, entry in self.network.declared.items():
            if name in self.uses and owner.get(name, name) == name:
                yield Vertex(name, entry.role, self._label(entry.leaf), None, self._copied(name))

    def _step(self, step: Step) -> Vertex:
        role = "loss" if step is self.material.loss else "step"
        found = pattern(step.node)
        patterns = (*([] if found is None else [found]), *self._copied(step.name))
        label = self._label(step.leaf)
        return Vertex(step.name, role, label, operation(step.node, self.formulas), patterns)

    def _label(self, leaf: Leaf) -> Markup:
        return self.formulas.of(leaf)

    def _copied(self, name: str) -> tuple[str, ...]:
        """What happens to the gradients of a value that is used several times."""
        visited = [s for s in self.uses.get(name, []) if s.name in self.material.upstream]
        trained = name in self.material.upstream or name in self.weights
        return (ADDS_UP,) if trained and len(visited) > 1 else ()

    def _crowds(self) -> list[list[Leaf]]:
        """Many symbols of one role and shape that the same steps use."""
        groups: dict[object, list[Leaf]] = {}
        for name, entry in self.network.declared.items():
            if name in self.uses:
                users = tuple(step.name for step in self.uses[name])
                groups.setdefault((entry.role, entry.shape, users), []).append(entry.leaf)
        return [group for group in groups.values() if len(group) >= CROWD]

    def _crowd(self, crowd: list[Leaf]) -> Markup:
        """The first, ..., the last."""
        return first_to_last([self._label(leaf) for leaf in crowd])

    # -- edges --------------------------------------------------------------------------------

    def _edges(self, owner: Mapping[str, str]) -> Iterator[Edge]:
        for step in self.steps:
            for leaf in self.arguments[step.name]:
                if leaf.name in owner:
                    yield Edge(owner[leaf.name], step.name)
                else:
                    yield self._edge(leaf, step)

    def _edge(self, leaf: Leaf, step: Step | None) -> Edge:
        """An edge to a step; to None it leaves the loss."""
        target = "" if step is None else step.name
        shape = self._shape(leaf) if self.has_shapes else None
        if self.trace is None:
            first = step is not None and step.name == self.uses[leaf.name][0].name
            return Edge(leaf.name, target, shape if first else None, is_shape=True)
        row = self.rows[leaf.name]
        above = value_markup(row.value, self.rounding)
        below = value_markup(self._gradient(leaf, step), self.rounding)
        return Edge(leaf.name, target, above or shape, below, is_shape=above is None)

    def _gradient(self, leaf: Leaf, step: Step | None) -> object:
        """What comes down an edge; None where only the sum over several edges is known."""
        if step is not None and (step.name, leaf.name) in self.downstream:
            return self.downstream[step.name, leaf.name]
        return self.rows[leaf.name].gradient if len(self.uses.get(leaf.name, [])) < 2 else None

    def _shape(self, leaf: Leaf) -> Markup | None:
        """The shape of a value: N for a column, N times D for a matrix."""
        if not leaf.shape:
            return None
        rows, columns = leaf.shape
        return self.formulas.notation.shape(leaf.shape if columns != 1 else (rows,))
