"""torch, eager, one thread: functional calls, torch.autograd.grad, its optimisers."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from problems import Classifier, Evaluation, Weights

from peers import Measured, Training

torch.set_num_threads(1)


def gradients(problem: Classifier) -> Measured:
    """The loss and its gradients by torch.autograd.grad; integer labels."""
    weights, x, labels = _weights(problem), *_data(problem)
    count = len(problem.layers)

    def run() -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
        loss = _loss(weights, x, labels, count)
        return loss, torch.autograd.grad(loss, weights)

    def read(found: Any) -> Evaluation:
        loss, slopes = found
        return Evaluation(loss.item(), dict(zip(problem.params, _arrays(slopes), strict=True)))

    return Measured(run, read)


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """A loop over slices of the shuffled tensors, and an optimiser as it comes."""
    return _training(problem, optimizer, batch_size, fused=False)


def fused(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """The same loop with a fused optimiser, which is faster."""
    return _training(problem, optimizer, batch_size, fused=True)


def _training(
    problem: Classifier, optimizer: str, batch_size: int | None, *, fused: bool
) -> Training:
    x, labels = _data(problem)
    n, count = len(x), len(problem.layers)
    size = batch_size or n

    def run(epochs: int) -> Weights:
        weights, generator = _weights(problem), torch.Generator().manual_seed(0)
        rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
        steps = rule(weights, lr=1e-3, fused=fused)
        for _ in range(epochs):
            data = x, labels
            if size < n:
                order = torch.randperm(n, generator=generator)
                data = x[order], labels[order]
            for start in range(0, n, size):
                steps.zero_grad(set_to_none=True)
                rows = slice(start, start + size)
                _loss(weights, data[0][rows], data[1][rows], count).backward()
                steps.step()
        return dict(zip(problem.params, _arrays(weights), strict=True))

    return run


def _loss(weights: list[Any], x: Any, labels: Any, count: int) -> Any:
    h = x
    for k in range(count - 1):
        h = F.relu(F.linear(h, weights[2 * k], weights[2 * k + 1]))
    return F.cross_entropy(F.linear(h, weights[-2], weights[-1]), labels)


def _weights(problem: Classifier) -> list[torch.Tensor]:
    return [torch.tensor(weight, requires_grad=True) for weight in problem.params.values()]


def _data(problem: Classifier) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(problem.x), torch.tensor(problem.labels)


def _arrays(tensors: Any) -> list[Any]:
    return [tensor.detach().numpy() for tensor in tensors]
