"""What an identity of the table `identities` is: declared in SymPy, valued and derived by hand.

Each stands there three times: in SymPy, as a user would declare it; its value in torch, which
autograd differentiates; and the gradient that the textbook prints, in torch as well. Only the
declaration calls symprop. Columns are k x 1 and rows 1 x k throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol

from symprop import Network

torch: Any = pytest.importorskip("torch")

Formula = Callable[[Any], Any]
Sizes = Mapping[str, int]

# -- the table's columns --------------------------------------------------------------------------


@dataclass(frozen=True)
class By:
    """The gradient of the textbook: as a formula in torch, and as symprop should print it.

    `text` is "" where no form is agreed on; `printed` is False where symprop prints an equal form
    that is longer.
    """

    formula: Formula | None = None
    text: str = ""
    printed: bool = True


@dataclass(frozen=True)
class Case:
    """An identity: how a user declares it, its value by hand, its gradients.

    `letters` gives shapes and what is drawn for them, `"A: m n, S: n n spd, x: n 1, t"`. `fits`
    says at which sizes the identity holds, such as m >= n; `whole` at which of them it can be
    declared with whole sizes, where a 1 is known: x'Ax/x'x does not depend on an x of one entry.
    """

    name: str
    letters: str
    loss: Formula
    value: Formula
    by: Mapping[str, By]
    fits: Callable[[Sizes], bool] = lambda sizes: True
    whole: Callable[[Sizes], bool] = lambda sizes: True
    samples: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def shapes(self) -> dict[str, tuple[str, ...]]:
        """The shape of each letter, as size letters and whole numbers; () for a scalar."""
        return {name: shape for name, shape, _ in _parsed(self.letters)}

    @property
    def kinds(self) -> dict[str, str]:
        """What is drawn for each letter."""
        return {name: kind for name, _, kind in _parsed(self.letters)}

    @property
    def size_letters(self) -> list[str]:
        found = (extent for shape in self.shapes.values() for extent in shape)
        return list(dict.fromkeys(extent for extent in found if not extent.isdigit()))

    @property
    def constants(self) -> list[str]:
        return [name for name in self.shapes if name not in self.by]


def _parsed(letters: str) -> list[tuple[str, tuple[str, ...], str]]:
    found = []
    for part in letters.split(","):
        name, _, rest = part.strip().partition(":")
        words = rest.split()
        kind = words.pop() if words and words[-1] in KINDS else "normal"
        found.append((name, tuple(words), kind))
    return found


# -- values ---------------------------------------------------------------------------------------


def _spd(rng: Any, shape: Any) -> Any:
    factor = rng.normal(size=shape)
    return factor @ factor.T / shape[0] + np.eye(shape[0])


def _symmetric(rng: Any, shape: Any) -> Any:
    factor = rng.normal(size=shape)
    return factor + factor.T


def _one_hot(rng: Any, shape: Any) -> Any:
    rows = np.eye(max(shape))[rng.integers(max(shape), size=min(shape))]
    return rows.T if shape[1] == 1 else np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]


KINDS: dict[str, Callable[[Any, Any], Any]] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "positive": lambda rng, shape: rng.uniform(0.3, 1.7, shape),
    "fraction": lambda rng, shape: rng.uniform(0.1, 0.9, shape),
    "negative": lambda rng, shape: -rng.uniform(0.3, 1.7, shape),
    "inv": lambda rng, shape: 2 * np.eye(shape[0]) + 0.4 * rng.normal(size=shape),
    "spd": _spd,
    "sym": _symmetric,
    "binary": lambda rng, shape: rng.integers(2, size=shape).astype(float),
    "signed": lambda rng, shape: 2.0 * rng.integers(2, size=shape) - 1,
    "onehot": _one_hot,
}
"""What is drawn: any matrix, positive entries, an invertible matrix of positive determinant, ..."""


class Bag:
    """Values by attribute, so that the formula in torch reads like the textbook."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def drawn(case: Case, sizes: Sizes, seed: int = 0) -> dict[str, Any]:
    """A value for every letter: two-dimensional arrays, and numbers for the scalars."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {}
    for name, shape in case.shapes.items():
        extents = tuple(int(e) if e.isdigit() else sizes[e] for e in shape)
        values[name] = np.asarray(KINDS[case.kinds[name]](rng, extents), dtype=float)
    return values


SIZES: tuple[Sizes, ...] = (
    {"m": 4, "n": 3, "p": 2, "k": 5},
    {"m": 2, "n": 4, "p": 5, "k": 3},
    {"m": 3, "n": 3, "p": 3, "k": 3},
    {"m": 1, "n": 3, "p": 2, "k": 4},
    {"m": 3, "n": 1, "p": 2, "k": 4},
    {"m": 3, "n": 2, "p": 1, "k": 1},
    {"m": 1, "n": 1, "p": 1, "k": 1},
)
"""All different, all equal, one of them 1, all 1."""


def sizes_of(case: Case) -> list[Sizes]:
    """The sizes at which a case is tried, each once."""
    found: dict[tuple[int, ...], Sizes] = {}
    for sizes in SIZES:
        own = {letter: sizes[letter] for letter in case.size_letters}
        if case.fits(sizes):
            found.setdefault(tuple(own.values()), own)
    return list(found.values())


def whole_sizes_of(case: Case) -> list[Sizes]:
    """Sizes to declare a case with: the first, the middle and the last that it can have."""
    found = [sizes for sizes in sizes_of(case) if case.whole({"m": 2, "n": 2, "p": 2} | {**sizes})]
    return [found[place] for place in sorted({0, len(found) // 2, len(found) - 1}) if found]


def by_hand(case: Case, values: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """The value in torch and, by autograd, its gradient by every letter; two-dimensional arrays."""
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    value = case.value(Bag(tensors)).squeeze()
    grads = torch.autograd.grad(value, list(tensors.values()), allow_unused=True)
    arrays = {
        name: np.zeros(np.shape(values[name])) if grad is None else grad.numpy()
        for name, grad in zip(tensors, grads, strict=True)
    }
    return value.item(), arrays


def closed_form(case: Case, weight: str, values: Mapping[str, Any]) -> Any:
    """The gradient that the textbook prints, at these values."""
    formula = case.by[weight].formula
    assert formula is not None
    return formula(Bag({name: torch.tensor(value) for name, value in values.items()})).numpy()


# -- declaring ------------------------------------------------------------------------------------


class Declaration:
    """The SymPy symbols of a case by attribute, its sizes too, and `step` of its network."""

    def __init__(self, symbols_: Mapping[str, Any], sizes: Mapping[str, Any], net: Network) -> None:
        self.__dict__.update({**sizes, **symbols_, "step": net.step})

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def declared(
    case: Case,
    *,
    constants: str = "weights",
    sizes: Sizes | None = None,
    batch: bool = False,
) -> Network:
    """The network of a case.

    Its constants are weights too, or inputs; `sizes` makes whole sizes of the symbolic ones;
    `batch` declares data of the whole batch where the case has a size for the samples.
    """
    extents: dict[str, Any] = {
        e: sizes[e] if sizes else Symbol(e, integer=True, positive=True) for e in case.size_letters
    }
    made = {
        name: MatrixSymbol(name, *(int(e) if e.isdigit() else extents[e] for e in shape))
        if shape
        else Symbol(name, real=True)
        for name, shape in case.shapes.items()
    }
    roles = {name: "weights" if name in case.by else constants for name in made}
    if constants == "inputs":
        roles |= {name: "targets" for name in case.labels}
    samples = extents[case.samples] if batch else None
    if samples is not None:  # what is no data of the batch is no input
        roles |= {
            name: "weights" if case.shapes[name] else "hyperparameters"
            for name, role in roles.items()
            if role == "inputs" and case.samples not in case.shapes[name]
        }
    net = Network(
        case.name,
        inputs=[made[name] for name, role in roles.items() if role == "inputs"],
        targets=[made[name] for name, role in roles.items() if role == "targets"],
        weights=[made[name] for name, role in roles.items() if role == "weights"],
        labels={made[name]: kind for name, kind in case.labels.items() if "targets" == roles[name]},
        hyperparameters={made[n]: 0.5 for n, role in roles.items() if role == "hyperparameters"},
        samples=samples,
    )
    net.loss(case.loss(Declaration(made, extents, net)))
    return net
