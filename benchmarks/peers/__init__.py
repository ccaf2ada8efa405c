"""The peers: one module each, with functions that prepare what is timed.

A module offers what its peer can do:

- `gradients(problem)`: a call for loss and gradients of a `Classifier`;
- `training(problem, optimizer, batch_size)`: a function of the number of epochs, which trains from
  the weights of the problem and returns the new ones; batch_size None takes all samples at once;
- `scalars(problem)`: a call for loss and gradients of a `ScalarPerceptron` at one sample.

A call does all of its work before it returns, and keeps nothing from one run to the next beside
memory and compiled code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from problems import Evaluation, Weights

Training = Callable[[int], Weights]
"""Trains for so many epochs, from the weights of the problem; returns the new ones."""


@dataclass(frozen=True)
class Measured:
    """What is timed, and how to read its result."""

    run: Callable[[], Any]
    read: Callable[[Any], Evaluation]
    note: str = ""


@dataclass(frozen=True)
class Peer:
    """A column: its name, the module and function that make it, the packages that these need."""

    name: str
    module: str
    maker: str
    needs: tuple[str, ...] = ()

    def make(self, *problem: Any) -> Any:
        """What the maker gives; ImportError if a package is missing."""
        for package in self.needs:
            import_module(package)
        return getattr(import_module(f"peers.{self.module}"), self.maker)(*problem)


SYMPROP = "symprop"
PURE = "symprop, pure call"
TEXTBOOK = "textbook NumPy"
HAND = "hand-optimised NumPy"
SKLEARN = "scikit-learn"
AUTOGRAD = "autograd"
TORCH = "torch eager"
FUSED = "torch, fused optimiser"
JAX = "jax.jit"
SCAN = "jax lax.scan"
STRAIGHT = "straight-line Python"
LAMBDIFY = "lambdify(cse=True)"

GRADIENTS = (
    Peer(SYMPROP, "symprop", "gradients"),
    Peer(PURE, "symprop", "pure_call"),
    Peer(HAND, "hand_optimised", "gradients"),
    Peer(TEXTBOOK, "textbook", "gradients"),
    Peer(SKLEARN, "scikit_learn", "gradients", ("sklearn",)),
    Peer(AUTOGRAD, "autograd", "gradients", ("autograd",)),
    Peer(TORCH, "torch", "gradients", ("torch",)),
    Peer(JAX, "jax", "gradients", ("jax",)),
)
TRAINING = (
    Peer(SYMPROP, "symprop", "training"),
    Peer(HAND, "hand_optimised", "training"),
    Peer(TEXTBOOK, "textbook", "training"),
    Peer(SKLEARN, "scikit_learn", "training", ("sklearn",)),
    Peer(AUTOGRAD, "autograd", "training", ("autograd",)),
    Peer(TORCH, "torch", "training", ("torch",)),
    Peer(FUSED, "torch", "fused", ("torch",)),
    Peer(JAX, "jax", "training", ("jax",)),
    Peer(SCAN, "jax", "scanning", ("jax",)),
)
SCALARS = (
    Peer(SYMPROP, "symprop", "scalars"),
    Peer(STRAIGHT, "straight_line", "scalars"),
    Peer(LAMBDIFY, "sympy", "scalars"),
    Peer(f"{STRAIGHT}, one sample", "straight_line", "one_sample"),
    Peer(f"{LAMBDIFY}, one sample", "sympy", "one_sample"),
    Peer("CasADi, one sample", "casadi", "scalars", ("casadi",)),
    Peer("CasADi, buffers", "casadi", "buffers", ("casadi",)),
    Peer("autograd, one sample", "autograd", "scalars", ("autograd",)),
)
