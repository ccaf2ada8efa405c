"""Stable forms: expressions that are passed over have none."""

from __future__ import annotations

import warnings
from random import Random

import pytest
from random_networks import make

from symprop import derive
from symprop.errors import SympropError
from symprop.program.stable import Stable


@pytest.mark.parametrize("matrices", [True, False])
def test_what_is_passed_over_has_no_better_form(matrices: bool) -> None:
    passed, rewritten = 0, 0
    for seed in range(1, 61):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                network = make(Random(seed), matrices=matrices).network
            except SympropError:  # a weight cancels
                continue
        stable = Stable({step.name: step.node for step in network.steps.values()})
        derivation = derive(network)
        for node in (
            *(step.node for step in network.steps.values()),
            *(upstream.expression for upstream in derivation.upstreams),
            *(derivation.gradient(weight.symbol) for weight in network.weights),
        ):
            if stable.rewrite(node) is node:
                assert stable.rewritings(node) == ()  # which goes through every part of it
                passed += 1
            else:
                rewritten += 1
    assert passed > 100 and rewritten > 10
