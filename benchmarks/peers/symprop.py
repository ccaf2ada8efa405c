"""symprop: the emitted module, its call with a workspace, its pure call, its `train`."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from networks import classifier
from problems import Classifier, Evaluation, ScalarPerceptron, Weights

from peers import Measured, Training
from symprop import derive, load


@cache
def _module(sizes: tuple[int, ...]) -> ModuleType:
    """The module of a classifier; batch and floating type are those of its arguments."""
    return load(derive(classifier(sizes)))


def gradients(problem: Classifier) -> Measured:
    """The call with a workspace that was made before."""
    module, arguments = _module(problem.sizes), (problem.params, problem.x, problem.y)
    workspace = module.make_workspace(*arguments)
    call = module.loss_and_gradients
    return Measured(
        lambda: call(*arguments, workspace=workspace), lambda result: Evaluation(*result)
    )


def pure_call(problem: Classifier) -> Measured:
    """The call that checks its arguments and allocates its results."""
    call = _module(problem.sizes).loss_and_gradients
    params, x, y = problem.params, problem.x, problem.y
    return Measured(lambda: call(params, x, y), lambda result: Evaluation(*result))


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """The emitted `train`."""
    train, params, x, y = _module(problem.sizes).train, problem.params, problem.x, problem.y
    settings = {"batch_size": batch_size, "learning_rate": 1e-3, "optimizer": optimizer}

    def run(epochs: int) -> Weights:
        found: Weights = train(params, x, y, epochs=epochs, rng=0, **settings)[0]
        return found

    return run


def scalars(problem: ScalarPerceptron) -> Measured:
    """The call of the plain Python module with a workspace, for a batch of one sample."""
    module = load(derive(problem.network), "python")
    call, params = module.loss_and_gradients, problem.params
    data = [[value] for value in problem.sample.values()]
    workspace = module.make_workspace(params, *data)
    return Measured(
        lambda: call(params, *data, workspace=workspace), lambda result: Evaluation(*result)
    )
