"""The table of whole networks, each with its twin in torch: an oracle from outside."""

from torch_networks import (
    algorithms,
    attention,
    convolution,
    densities,
    layers,
    losses,
    matrices,
    normalisation,
    probability,
    recurrence,
    regression,
    sequences,
    sharing,
)

MODULES = (
    attention,
    recurrence,
    sequences,
    normalisation,
    convolution,
    layers,
    sharing,
    losses,
    densities,
    regression,
    probability,
    algorithms,
    matrices,
)

NETWORKS = {case.name: case for module in MODULES for case in module.CASES}
