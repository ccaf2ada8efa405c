"""The canonical form: what a declared expression means, with its shape known and its order kept.

SymPy reorders, flattens and rewrites; a matrix product with a wrong shape passes without a word.
So an expression is read once into the nodes below, and from then on symprop works on these alone.
A node is immutable, compares by structure, and knows its shape: `()` for a scalar, else a pair of
sizes (whole numbers or SymPy expressions). A 1 x 1 matrix is a scalar.

Three operations act entry by entry, on scalars and matrices alike: `Sum`, `Product` and `Power`,
beside `Apply` (a function of the vocabulary). In them a scalar stands for a matrix of equal
entries, so one rule of scalar calculus serves both. Nodes are made by `symprop.expression.algebra`,
which keeps them in canonical form; the classes here only hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sympy import Expr, ceiling

if TYPE_CHECKING:
    from symprop.functions.matrices import MatrixFunction
    from symprop.functions.unspecified import UnspecifiedFunction
    from symprop.functions.vocabulary import AlongAxis, EntryByEntry

Extent: TypeAlias = int | Expr
Shape: TypeAlias = tuple[Extent, ...]
SCALAR: Shape = ()
UNIT = Fraction(1)
"""The coefficient of what has no number in front: a Fraction is slow to compare and to hash."""

MARKS: dict[type | str, int] = {tuple: 1}
"""A bit for each class of nodes, for each role of leaves, and for a shape: see `contents`."""


def _mark(key: type | str) -> int:
    return MARKS.setdefault(key, 1 << len(MARKS))


class Node:
    """An immutable expression of known shape; equal structure is equality."""

    __slots__ = ("_hash", "_operations", "children", "content", "depth", "marks", "shape")

    mark: ClassVar[int] = 0
    hashed: ClassVar[bool] = True
    """Whether the content counts in the hash: that of a product is a number, slow to hash."""
    shape: Shape
    children: tuple[Node, ...]
    content: tuple[Any, ...]

    def __init_subclass__(cls) -> None:
        cls.mark = _mark(cls)

    def __init__(
        self, shape: Shape, children: tuple[Node, ...] = (), content: tuple[Any, ...] = ()
    ) -> None:
        self.shape = shape
        self.children = children
        self.content = content
        depth, marks = 0, self.mark | MARKS[tuple] if shape else self.mark
        for child in children:
            marks |= child.marks
            if child.depth > depth:
                depth = child.depth
        self.depth: int = depth + 1
        self.marks: int = marks
        self._operations: int | None = None
        self._hash = hash((self.mark, shape, content if self.hashed else (), children))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if (
            not isinstance(other, Node)
            or type(self) is not type(other)
            or self._hash != other._hash
            or self.content != other.content
            or self.shape != other.shape
            or self.children != other.children
        ):
            return False
        # Equal nodes share their children from now on: where a part is used twice, and twice again
        # inside that, comparing would otherwise take exponential time.
        self.children = other.children
        return True

    def __repr__(self) -> str:
        inside = ", ".join(map(repr, (*self.content[:1], *self.children)))
        return f"{type(self).__name__}({inside})"


class Number(Node):
    """A rational number, exact, or a float as it was given."""

    __slots__ = ()

    def __init__(self, value: Fraction | float | int) -> None:
        exact = value if isinstance(value, (float, Fraction)) else Fraction(value)
        super().__init__(SCALAR, (), (exact, type(exact).__name__))

    @property
    def value(self) -> Fraction | float:
        number: Fraction | float = self.content[0]
        return number


class Constant(Node):
    """A named irrational number of SymPy, such as pi."""

    __slots__ = ()

    def __init__(self, symbol: Expr) -> None:
        super().__init__(SCALAR, (), (symbol,))

    @property
    def symbol(self) -> Expr:
        constant: Expr = self.content[0]
        return constant


class Size(Node):
    """A size used as a number: the D of `x/sqrt(D)`, the V of a mean over V entries."""

    __slots__ = ()

    def __init__(self, extent: Expr) -> None:
        super().__init__(SCALAR, (), (extent,))

    @property
    def extent(self) -> Expr:
        extent: Expr = self.content[0]
        return extent


class Leaf(Node):
    """A declared symbol, a step, or an upstream gradient, by its name.

    `role` is one of input, target, weight, hyperparameter, step, delta, argument. `sums_to_one` is
    the axis along which the entries are known to sum to 1 (labels), or None. `symmetric` says that
    the matrix is known to equal its transpose.
    """

    __slots__ = ("name", "rank", "role", "sums_to_one", "symmetric")

    def __init__(
        self,
        name: str,
        shape: Shape,
        role: str,
        rank: int = 0,
        sums_to_one: int | None = None,
        symmetric: bool = False,
    ) -> None:
        super().__init__(shape, (), (name,))
        self.marks |= _mark(role)
        self.name = name
        self.role = role
        self.rank = rank
        self.sums_to_one = sums_to_one
        self.symmetric = symmetric


class Ones(Node):
    """A matrix of ones; inside a sum or product of matrices it is simply 1."""

    __slots__ = ()


class Identity(Node):
    """The identity matrix."""

    __slots__ = ()


class Sum(Node):
    """Terms added entry by entry, in order; a scalar term is added to every entry."""

    __slots__ = ()


class Product(Node):
    """A number times factors multiplied entry by entry, in order: scaling and Hadamard product."""

    __slots__ = ()
    hashed = False

    @property
    def coefficient(self) -> Fraction | float:
        coefficient: Fraction | float = self.content[0]
        return coefficient


class Power(Node):
    """Every entry of `base` to the power `exponent`, a scalar."""

    __slots__ = ()

    @property
    def base(self) -> Node:
        return self.children[0]

    @property
    def exponent(self) -> Node:
        return self.children[1]


class Apply(Node):
    """An elementwise function of the vocabulary, on arguments of one shape."""

    __slots__ = ()

    @property
    def entry(self) -> EntryByEntry:
        entry: EntryByEntry = self.content[0]
        return entry


class MatMul(Node):
    """A matrix product of two or more factors; of shape () when it closes to 1 x 1."""

    __slots__ = ()


class Transpose(Node):
    """The transpose of something that a transpose does not pass through."""

    __slots__ = ()


class Total(Node):
    """The sum of all entries (axis None), of each column (0) or of each row (1)."""

    __slots__ = ()

    @property
    def axis(self) -> int | None:
        axis: int | None = self.content[0]
        return axis


class Along(Node):
    """A function of whole columns (axis 0) or rows (axis 1), such as softmax."""

    __slots__ = ()

    @property
    def entry(self) -> AlongAxis:
        entry: AlongAxis = self.content[0]
        return entry

    @property
    def axis(self) -> int:
        axis: int = self.content[1]
        return axis


class OfMatrix(Node):
    """A function of a whole matrix, such as the inverse."""

    __slots__ = ()

    @property
    def entry(self) -> MatrixFunction:
        entry: MatrixFunction = self.content[0]
        return entry


@dataclass(frozen=True)
class Span:
    """Places along an axis: from `start` up to `stop`, every `step`-th one."""

    start: Extent
    stop: Extent
    step: int = 1

    @property
    def extent(self) -> Extent:
        """How many places there are."""
        length = self.stop - self.start
        if isinstance(length, int) or length.is_Integer:
            return -(-int(length) // self.step)
        return length if self.step == 1 else ceiling(length / self.step)


class Slice(Node):
    """Some rows and columns of a matrix; an entry is a slice of one row and one column."""

    __slots__ = ()

    @property
    def spans(self) -> tuple[Span, Span]:
        spans: tuple[Span, Span] = self.content
        return spans


class Place(Node):
    """A matrix of zeros but for some rows and columns: the adjoint of a slice."""

    __slots__ = ()

    @property
    def spans(self) -> tuple[Span, Span]:
        spans: tuple[Span, Span] = self.content
        return spans


class Stack(Node):
    """Blocks below one another (axis 0) or side by side (axis 1); a scalar is a 1 x 1 block."""

    __slots__ = ()

    @property
    def axis(self) -> int:
        axis: int = self.content[0]
        return axis


class Unspecified(Node):
    """An unspecified function, or a derivative of one, of arguments of any shapes."""

    __slots__ = ()

    @property
    def entry(self) -> UnspecifiedFunction:
        entry: UnspecifiedFunction = self.content[0]
        return entry

    @property
    def value_shape(self) -> Shape:
        """The shape of the value of the function itself, whatever it is differentiated by."""
        shape: Shape = self.content[1]
        return shape


def walk(node: Node) -> Iterator[Node]:
    """Every distinct node below and including `node`, parents before their first child."""
    seen: set[Node] = set()
    pending = [node]
    while pending:
        current = pending.pop()
        if current not in seen:
            seen.add(current)
            yield current
            pending.extend(reversed(current.children))


def leaves(node: Node) -> list[Leaf]:
    """The distinct leaves of `node`, in the order in which they are met."""
    if not node.children:
        return [node] if isinstance(node, Leaf) else []
    found: dict[Leaf, None] = {}
    seen: set[Node] = set()
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, Leaf):
            found[current] = None
        elif current.children and current not in seen:
            seen.add(current)
            pending.extend(reversed(current.children))
    return list(found)


def operations(node: Node) -> int:
    """How many operations it takes to write `node` out, repeated parts counted each time.

    A matrix operation counts once. Each node is counted once in its life.
    """
    if not node.children:
        return 0
    if node._operations is None:
        below = sum([operations(child) for child in node.children if child.children])
        node._operations = _own_operations(node) + below
    return node._operations


def _own_operations(node: Node) -> int:
    if isinstance(node, (Sum, MatMul)):
        return len(node.children) - 1
    if isinstance(node, Product):
        coefficient = node.coefficient
        return len(node.children) - (coefficient is UNIT or coefficient in (1, -1))
    return 1
