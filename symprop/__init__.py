"""symprop: backpropagation in closed form.

Declare a network as SymPy expressions, derive a formula for every gradient, emit training code:

    net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
    a = net.step("a", w * x + b)
    net.loss(half_squared_error(y, sigmoid(a)))
    d = derive(net)
    print(d.partial(w))
    print(emit(d))

The names are imported when they are first used, so that `import symprop` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symprop.checking import check_gradients
    from symprop.derivation import Derivation, derive
    from symprop.emission import emit, load
    from symprop.errors import SympropError
    from symprop.functions import (
        binary_cross_entropy,
        cross_entropy,
        dot,
        exp,
        half_squared_error,
        l2,
        log,
        log_softmax,
        logsumexp,
        mean,
        mean_squared_error,
        relu,
        scalar,
        sigmoid,
        softmax,
        softplus,
        sqrt,
        squared_error,
        squared_norm,
        tanh,
        total,
    )
    from symprop.network import Network

__version__ = "0.1.0"

__all__ = [
    "Derivation",
    "Network",
    "SympropError",
    "binary_cross_entropy",
    "check_gradients",
    "cross_entropy",
    "derive",
    "dot",
    "emit",
    "exp",
    "half_squared_error",
    "l2",
    "load",
    "log",
    "log_softmax",
    "logsumexp",
    "mean",
    "mean_squared_error",
    "relu",
    "scalar",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "squared_error",
    "squared_norm",
    "tanh",
    "total",
]

_HOMES = {
    "Derivation": "symprop.derivation",
    "Network": "symprop.network",
    "SympropError": "symprop.errors",
    "check_gradients": "symprop.checking",
    "derive": "symprop.derivation",
    "emit": "symprop.emission",
    "load": "symprop.emission",
}
"""Where a name lives; every other name of the face is of the vocabulary."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "symprop.functions")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
