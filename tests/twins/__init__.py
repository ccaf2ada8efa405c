"""Random networks, every expression built twice: with SymPy for symprop, with NumPy as the oracle.

The NumPy twin is a closure that is written beside the SymPy expression and never read off it, so
that a misread expression shows as a wrong loss. Matrices are two-dimensional in it; gradients are
its complex steps.
"""

from twins import entrywise, matrices, parts, scalars  # they fill the tables of operations
from twins.drawing import KINDS, random_network
from twins.network import RandomNetwork, as_declared

__all__ = [
    "KINDS",
    "RandomNetwork",
    "as_declared",
    "entrywise",
    "matrices",
    "parts",
    "random_network",
    "scalars",
]
