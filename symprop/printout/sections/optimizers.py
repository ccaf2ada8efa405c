"""The rules by which the emitted `train` moves a weight, one for each of its optimisers.

Momentum is the heavy ball of Polyak (1964), its velocity a fading sum of gradients; Adam is that of
Kingma and Ba (2015), whose two moments are corrected for having started at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symprop.expression.algebra import ONE, add, divide, multiply, power, subtract
from symprop.expression.nodes import Leaf, Node, Number
from symprop.printout.model import Line, Prose
from symprop.printout.sections.letters import Letters

INITIAL_DEVIATION = 0.1
MOMENTUM = 0.9
BETAS = (0.9, 0.999)
EPSILON = 1e-8
"""These are what `init_params` and `train` of an emitted module take unless told otherwise."""

_TWO, _HALF = Number(2), Number(Fraction(1, 2))


@dataclass(frozen=True)
class Optimizer:
    """How a weight moves by its gradient.

    `memory` is kept from one update to the next and starts at 0; `counter` counts the updates, the
    first as 1. The lines of `rule` are followed in order.
    """

    title: str
    rule: tuple[Line, ...]
    memory: tuple[Leaf, ...] = ()
    settings: tuple[tuple[Leaf, float], ...] = ()
    counter: Leaf | None = None


def _descent(letters: Letters) -> Optimizer:
    step = multiply(letters.rate, letters.gradient)
    return Optimizer("Gradient descent", (_moved(letters, step),))


def _momentum(letters: Letters) -> Optimizer:
    velocity, decay = letters.letter("v", "z"), letters.letter("mu", "nu", "rho")
    kept = add(multiply(decay, velocity), letters.gradient)
    rule = (
        Line(velocity, kept, ("gradients add up, the older ones fade",), "<-"),
        _moved(letters, multiply(letters.rate, velocity)),
    )
    title = "Gradient descent with momentum"
    return Optimizer(title, rule, memory=(velocity,), settings=((decay, MOMENTUM),))


def _adam(letters: Letters) -> Optimizer:
    mean, square = letters.letter("m", "p"), letters.letter("v", "r")
    decays = letters.letter("beta_1", "rho_1"), letters.letter("beta_2", "rho_2")
    epsilon, time = letters.letter("epsilon", "varepsilon"), letters.letter("t", "j")
    hats = [
        letters.letter(f"{moment.name}_hat", f"{moment.name}_tilde") for moment in (mean, square)
    ]
    scaled = divide(hats[0], add(power(hats[1], _HALF), epsilon))
    unbiased: Prose = ("corrected for its start at 0",)
    squared = power(letters.gradient, _TWO)
    rule = (
        Line(mean, _faded(mean, letters.gradient, decays[0]), ("mean of the gradients",), "<-"),
        Line(square, _faded(square, squared, decays[1]), ("mean of their squares",), "<-"),
        Line(hats[0], _corrected(mean, decays[0], time), unbiased),
        Line(hats[1], _corrected(square, decays[1], time), unbiased),
        _moved(letters, multiply(letters.rate, scaled)),
    )
    settings = tuple(zip((*decays, epsilon), (*BETAS, EPSILON), strict=True))
    return Optimizer("Adam", rule, memory=(mean, square), settings=settings, counter=time)


def _moved(letters: Letters, step: Node) -> Line:
    return Line(letters.weight, subtract(letters.weight, step), relation="<-")


def _faded(mean: Leaf, new: Node, decay: Leaf) -> Node:
    """A mean of which each update lets a share of 1 - decay go for what is new."""
    return add(multiply(decay, mean), multiply(subtract(ONE, decay), new))


def _corrected(mean: Leaf, decay: Leaf, time: Leaf) -> Node:
    return divide(mean, subtract(ONE, power(decay, time)))


OPTIMIZERS: dict[str, Callable[[Letters], Optimizer]] = {
    "sgd": _descent,
    "momentum": _momentum,
    "adam": _adam,
}
"""The optimisers by the names that `train` has for them."""
