"""What calls allocate: the peak of `train` over epochs, and that of one call with a workspace.

NumPy itself takes buffers of a fixed size, where a ufunc has to convert; so the second is no zero,
but must not grow with the batch.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable

from peers.symprop import gradients, training
from problems import Classifier, Digits
from results import Memory
from settings import Settings
from timing import Call


def peaks(settings: Settings) -> Iterable[Memory]:
    """Peaks beside what they may be at most."""
    digits = Digits((64, 64, 10), settings.samples, "float32")
    train = training(digits, "adam", 32)
    few, *more = settings.memory_epochs
    first = _peak(lambda: train(few))
    for epochs in more:
        bound = round(1.02 * first)
        found = _peak(_bound_call(train, epochs))
        yield Memory(f"train, {epochs} epochs", found, f"1.02 x {few} epoch", bound)
    for sizes in ((64, 64, 10), (784, 128, 10)):
        usual, large = (Classifier(sizes, batch, "float32") for batch in (256, 2048))
        bound = round(1.02 * _peak(gradients(usual).run))
        found = _peak(gradients(large).run)
        what = f"call with a workspace, {large.name}, batch {large.batch}"
        yield Memory(what, found, f"1.02 x that at batch {usual.batch}", bound)


def _bound_call(train: object, epochs: int) -> Call:
    assert callable(train)
    return lambda: train(epochs)


def _peak(call: Call) -> int:
    """The most bytes at a time that a run allocates, beyond what a first run leaves behind."""
    call()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
