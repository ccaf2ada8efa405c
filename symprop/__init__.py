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
        absolute,
        activation,
        amax,
        amin,
        argmax_one_hot,
        argmin_one_hot,
        atan,
        binary_cross_entropy,
        cos,
        cosh,
        cross_entropy,
        define,
        determinant,
        diag,
        diagonal,
        dot,
        elu,
        erf,
        erfc,
        exp,
        expm1,
        frobenius,
        function,
        gelu,
        half_squared_error,
        hinge_loss,
        hstack,
        inverse,
        l1,
        l2,
        leaky_relu,
        leaky_step,
        log,
        log1p,
        log_softmax,
        logdet,
        logistic_loss,
        logsumexp,
        maximum,
        mean,
        mean_squared_error,
        minimum,
        norm,
        normal_cdf,
        normal_pdf,
        prelu,
        relu,
        scalar,
        sigmoid,
        sign,
        silu,
        sin,
        sinh,
        softmax,
        softplus,
        sqrt,
        squared_error,
        squared_norm,
        swish,
        tan,
        tanh,
        total,
        trace,
        unit_step,
        vstack,
        zero_one_loss,
    )
    from symprop.network import Network
    from symprop.verification import verify

__version__ = "0.1.0"

__all__ = [
    "Derivation",
    "Network",
    "SympropError",
    "absolute",
    "activation",
    "amax",
    "amin",
    "argmax_one_hot",
    "argmin_one_hot",
    "atan",
    "binary_cross_entropy",
    "check_gradients",
    "cos",
    "cosh",
    "cross_entropy",
    "define",
    "derive",
    "determinant",
    "diag",
    "diagonal",
    "dot",
    "elu",
    "emit",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "frobenius",
    "function",
    "gelu",
    "half_squared_error",
    "hinge_loss",
    "hstack",
    "inverse",
    "l1",
    "l2",
    "leaky_relu",
    "leaky_step",
    "load",
    "log",
    "log1p",
    "log_softmax",
    "logdet",
    "logistic_loss",
    "logsumexp",
    "maximum",
    "mean",
    "mean_squared_error",
    "minimum",
    "norm",
    "normal_cdf",
    "normal_pdf",
    "prelu",
    "relu",
    "scalar",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "squared_error",
    "squared_norm",
    "swish",
    "tan",
    "tanh",
    "total",
    "trace",
    "unit_step",
    "verify",
    "vstack",
    "zero_one_loss",
]

_HOMES = {
    "Derivation": "symprop.derivation",
    "Network": "symprop.network",
    "SympropError": "symprop.errors",
    "check_gradients": "symprop.checking",
    "derive": "symprop.derivation",
    "emit": "symprop.emission",
    "load": "symprop.emission",
    "verify": "symprop.verification",
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
