"""jax: the loss and its gradients compiled by jit; training step by step and by lax.scan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from problems import Classifier, Evaluation, Weights

from peers import Measured, Training

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)


def gradients(problem: Classifier) -> Measured:
    """jit of value_and_grad on arrays that jax holds already."""
    call = jax.jit(jax.value_and_grad(_loss))
    params, x, y = jax.device_put((problem.params, problem.x, problem.y))

    def read(found: Any) -> Evaluation:
        return Evaluation(float(found[0]), jax.tree.map(np.asarray, found[1]))

    return Measured(lambda: jax.block_until_ready(call(params, x, y)), read)


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """One compiled step a batch; the arrays that it replaces are donated to it."""
    step, start = _rule(optimizer)
    compiled = jax.jit(step, donate_argnums=0)
    size = batch_size or problem.batch
    whole = jax.device_put((problem.x, problem.y))

    def run(epochs: int) -> Weights:
        state, rng = start(jax.tree.map(jnp.array, problem.params)), np.random.default_rng(0)
        for _ in range(epochs):
            if size == problem.batch:
                state, _ = compiled(state, whole)
                continue
            order = rng.permutation(problem.batch)
            x, y = problem.x[order], problem.y[order]
            for first in range(0, problem.batch, size):
                rows = slice(first, first + size)
                state, _ = compiled(state, (x[rows], y[rows]))
        return jax.tree.map(np.array, jax.block_until_ready(state)[0])

    return run


def scanning(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """A whole epoch in one compiled call: gather, then lax.scan over the batches."""
    step, start = _rule(optimizer)
    size = batch_size or problem.batch

    @partial(jax.jit, donate_argnums=0)
    def epoch(state: Any, order: Any, x: Any, y: Any) -> Any:
        batches = jax.tree.map(lambda a: a[order].reshape(-1, size, a.shape[-1]), (x, y))
        return jax.lax.scan(step, state, batches)

    x, y = jax.device_put((problem.x, problem.y))

    def run(epochs: int) -> Weights:
        state, rng = start(jax.tree.map(jnp.array, problem.params)), np.random.default_rng(0)
        for _ in range(epochs):
            state, _ = epoch(state, rng.permutation(problem.batch), x, y)
        return jax.tree.map(np.array, jax.block_until_ready(state)[0])

    return run


def _loss(params: Any, x: Any, y: Any) -> Any:
    count = len(params) // 2
    h = x
    for k in range(1, count):
        h = jax.nn.relu(h @ params[f"W{k}"].T + params[f"b{k}"])
    logits = h @ params[f"W{count}"].T + params[f"b{count}"]
    return -jnp.sum(y * jax.nn.log_softmax(logits)) / x.shape[0]


def _rule(optimizer: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A step from a state and a batch, and the state to start from, of an optimiser."""
    return {"sgd": (_descent, lambda params: (params,)), "adam": (_adam, _adam_start)}[optimizer]


def _descent(state: Any, batch: Any) -> Any:
    loss, slopes = jax.value_and_grad(_loss)(state[0], *batch)
    return (jax.tree.map(lambda w, g: w - 1e-3 * g, state[0], slopes),), loss


def _adam_start(params: Any) -> Any:
    zeros = jax.tree.map(jnp.zeros_like, params)
    return params, zeros, jax.tree.map(jnp.zeros_like, params), jnp.zeros((), params["b1"].dtype)


def _adam(state: Any, batch: Any) -> Any:
    params, mean, square, steps = state
    loss, slopes = jax.value_and_grad(_loss)(params, *batch)
    steps = steps + 1
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slopes)
    square = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, square, slopes)
    rate, spread = 1e-3 / (1 - 0.9**steps), 1 - 0.999**steps
    moved = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v / spread) + 1e-8), params, mean, square
    )
    return (moved, mean, square, steps), loss
