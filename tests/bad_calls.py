"""Calls from Python, behind the declaration of a network, with what they cannot take.

What is wrong in a declaration stands in `refusals`; here is the rest of the face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import symbols

import symprop
from symprop import Network
from symprop.errors import (
    DeclarationError,
    DerivationError,
    EmissionError,
    GradientError,
    PointError,
    SympropError,
)
from symprop.printout import make_document, make_exercise, render

# Mistakes are made with these, so they have no types here.
derive: Any = symprop.derive
emit: Any = symprop.emit
load: Any = symprop.load
check_gradients: Any = symprop.check_gradients
verify: Any = symprop.verify
document: Any = make_document
exercise: Any = make_exercise
rendered: Any = render

x, y, w, b = symbols("x y w b", real=True)
KNOWN = "known are x, y, w, b, f, L"
NO_REAL = "give numbers, lists of numbers, arrays or SymPy matrices"
PARTS = (
    "the sections are network, graph, forward, chain-rule, entries, batch, locals, jacobians, "
    "updates, training, example, check"
)
BLANKS = "all, results, or a whole number from 1 on"


def neuron() -> Any:
    """A network of one neuron, with its loss."""
    net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
    f = net.step("f", symprop.sigmoid(w * x + b))
    net.loss(symprop.half_squared_error(y, f))
    return net


def without_loss() -> Any:
    """A network that is not declared to its end."""
    return Network("early", inputs=[x], weights=[w])


def derived() -> Any:
    """The derivation of `neuron`."""
    return derive(neuron())


def traced(value: Any) -> Any:
    """A trace with a value for x."""
    return derived().trace({x: value, y: 1, w: 1, b: 1})


@dataclass(frozen=True)
class Call:
    """A call, what it raises, the message and the way out."""

    name: str
    make: Callable[[], Any]
    kind: type[SympropError]
    message: str
    hint: str


def unknown(name: str, make: Callable[[], Any]) -> Call:
    """A name that the network has not."""
    return Call(name, make, DeclarationError, "'q' is not in network 'neuron'", KNOWN)


def unreal(name: str, value: Any, shown: str) -> Call:
    """A value at which nothing can be worked out."""
    message = f"the value of x holds '{shown}', which is no finite real number"
    return Call(name, lambda: traced(value), PointError, message, NO_REAL)


def no_network(name: str, given: Any, kind: str) -> Call:
    """Something else than a network, given to `derive`."""
    return Call(
        name,
        lambda: derive(given),
        DeclarationError,
        f"derive needs a Network, not {kind}",
        'declare net = Network("mlp", ...) and its loss, and write derive(net)',
    )


def no_derivation(taker: Any, given: Any) -> Call:
    """Something else than a derivation, given to one who takes it."""
    name, kind = taker.__name__, type(given).__name__
    return Call(
        f"{name} of a {kind}",
        lambda: taker(given),
        DerivationError,
        f"{name} needs a derivation, not {kind}",
        f"write {name}(derive(net))",
    )


TAKERS = (emit, load, check_gradients, document, exercise)

CALLS: tuple[Call, ...] = (
    no_network("derive nothing", None, "NoneType"),
    no_network("derive a path", "net.py", "str"),
    no_network("derive the class", Network, "type"),
    *(no_derivation(taker, given) for taker in TAKERS for given in (None, neuron(), "net.py")),
    Call(
        "derive without a loss",
        lambda: derive(without_loss()),
        DeclarationError,
        "network 'early' has no loss",
        "declare it with net.loss(...)",
    ),
    Call(
        "emit for another target",
        lambda: emit(derived(), target="c"),
        EmissionError,
        "no target 'c'",
        "the targets are numpy, python",
    ),
    *(
        Call(
            f"check with the seed {seed!r}",
            lambda seed=seed: check_gradients(derived(), seed=seed),  # type: ignore[misc]
            GradientError,
            f"check_gradients: seed is {seed!r}",
            "give a whole number from 0 on",
        )
        for seed in ("a", -1, 1.5, None)
    ),
    *(
        Call(
            f"verify a {type(text).__name__}",
            lambda text=text: verify(neuron(), text),  # type: ignore[misc]
            DerivationError,
            f"a derivation is text, not {type(text).__name__}",
            "verify(net, 'dL/dw = ...')",
        )
        for text in (None, 3, b"dL/dw = x")
    ),
    Call(
        "verify without a loss",
        lambda: verify(without_loss(), "a = b"),
        DeclarationError,
        "network 'early' has no loss",
        "declare it with net.loss(...)",
    ),
    unknown("partial", lambda: derived().partial("q")),
    unknown("upstream", lambda: derived().upstream("q")),
    unknown("local", lambda: derived().local("f", "q")),
    unknown("paths", lambda: list(derived().paths("q"))),
    unknown("jacobian of", lambda: derived().jacobian("q", "f")),
    unknown("jacobian by", lambda: derived().jacobian("f", "q")),
    unknown("leaf", lambda: neuron().leaf("q")),
    Call(
        "partial by an expression",
        lambda: derived().partial(w * x),
        DeclarationError,
        "'w*x' is not in network 'neuron'",
        KNOWN,
    ),
    Call(
        "partial in another form",
        lambda: derived().partial(w, form="short"),
        DerivationError,
        "no form 'short'",
        'the forms are "steps", "delta" and "expanded"',
    ),
    Call(
        "local of what the step does not read",
        lambda: derived().local("L", w),
        DerivationError,
        "'w' is not a direct argument of step 'L'",
        "its arguments are y, f",
    ),
    Call(
        "local of a weight",
        lambda: derived().local(w, x),
        DerivationError,
        "'w' is not a step but a weight",
        "the steps are f, L",
    ),
    Call(
        "jacobian in another layout",
        lambda: derived().jacobian("f", x, layout="row"),
        DerivationError,
        "no layout 'row'",
        'the layouts are "numerator" and "denominator"',
    ),
    unreal("trace of text", "1", "1"),
    unreal("trace of a complex number", sympy.I, "I"),
    unreal("trace at infinity", sympy.oo, "oo"),
    unreal("trace of nan", float("nan"), "nan"),
    unreal("trace of a symbol", w, "w"),
    unreal("trace of nothing", None, "None"),
    Call(
        "trace of a list",
        lambda: traced([1, 2]),
        PointError,
        "x is declared a scalar, but its value is a list of 2",
        "give a number",
    ),
    Call(
        "trace of too little",
        lambda: derived().trace({x: 1}),
        PointError,
        "no value is given for target y, weight w, weight b",
        "every input, target and weight needs one",
    ),
    Call(
        "trace of too much",
        lambda: derived().trace({x: 1, y: 1, w: 1, b: 1, "q": 1}),
        PointError,
        "'q' is not a declared symbol",
        "known are x, y, w, b",
    ),
    Call(
        "trace at no point",
        lambda: derived().trace([1, 2]),
        DeclarationError,
        "values=[1, 2] is not a dictionary",
        "write values={symbol: value}",
    ),
    Call(
        "print another section",
        lambda: document(derived(), ["algebra"]),
        DeclarationError,
        "a printout has no section 'algebra'",
        PARTS,
    ),
    Call(
        "print for another optimiser",
        lambda: document(derived(), optimizer="lion"),
        DeclarationError,
        "no optimiser 'lion'",
        "the optimisers are sgd, momentum, adam",
    ),
    Call(
        "print in another format",
        lambda: rendered(document(derived()), "pdf"),
        DeclarationError,
        "no format 'pdf'",
        "the formats are latex, html, text",
    ),
    *(
        Call(
            f"an exercise of {blanks!r} blanks",
            lambda blanks=blanks: exercise(derived(), blanks=blanks),  # type: ignore[misc]
            DeclarationError,
            f"{blanks!r} is no number of blanks",
            BLANKS,
        )
        for blanks in (0, -1, 1.5, True, "some")
    ),
    Call(
        "an exercise of another section",
        lambda: exercise(derived(), ["algebra"]),
        DeclarationError,
        "nothing can be left blank in a section 'algebra'",
        "the parts: chain-rule, locals, updates, entries, batch, jacobians, example",
    ),
    Call(
        "an example without values",
        lambda: neuron().example(None),
        DeclarationError,
        "network 'neuron': an example needs values by their symbols, not NoneType",
        "write net.example({x: 1, w: 0.5})",
    ),
    Call(
        "an example that learns at no rate",
        lambda: neuron().example({x: 1}, steps=3),
        DeclarationError,
        "network 'neuron': 3 steps need a learning rate",
        "give one, such as 0.1",
    ),
    Call(
        "an example of another rate",
        lambda: neuron().example({x: 1}, learning_rate="fast"),
        DeclarationError,
        "network 'neuron': fast is no learning rate",
        "give a positive number, such as 0.1",
    ),
    Call(
        "an example with too many digits",
        lambda: neuron().example({x: 1}, decimals=99),
        DeclarationError,
        "network 'neuron': 99 is no number of decimals",
        "give a whole number from 1 to 15",
    ),
    Call(
        "a step behind the loss",
        lambda: neuron().step("g", w),
        DeclarationError,
        "step 'g' comes after the loss",
        "declare it before",
    ),
    Call(
        "a second loss",
        lambda: neuron().loss(w),
        DeclarationError,
        "the network has a loss already: 'L'",
        "add losses up in one expression",
    ),
)
