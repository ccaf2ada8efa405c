"""An outside reader of printed lines: it works out the numbers of a line of text by itself."""

# ruff: noqa: RUF001 the characters are those of printouts

from __future__ import annotations

import re
from typing import Any

import numpy as np

Array = Any

POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))


def worked_out(text: str) -> Array:
    """The value of a formula of numbers as a printout writes it in text."""
    python = text.replace("−", "-").replace("·", "*").replace("⊙", "*").replace("⊘", "/")
    python = re.sub(r"\^\{\* (\d+)\}", r"**\1", python)
    python = re.sub(r"\[([^\[\]>]*)\]", r"M('\1')", python)
    python = re.sub(r"\[([^\[\]]*)\]", r"(\1)", python)
    python = python.replace("ᵀ", ".T")
    python = python.replace("e^{", "exp(").replace("^{", "**(").replace("}", ")")
    powers = "".join(POWERS)
    python = re.sub(rf"\be([{powers}]+)", lambda m: f"exp({_digits(m[1])})", python)
    python = re.sub(rf"([{powers}]+)", lambda m: f"**({_digits(m[1])})", python)
    python = re.sub(r"(σ|tanh|softmax) ?(M\('[^']*'\))", r"\1(\2)", python)
    python = re.sub(r"(\)|\.T) (?=[M(])", r"\1 @ ", python)
    python = python.replace("prelu′", "prelu_slope").replace("√", "sqrt")
    return eval(python, {"__builtins__": {}}, dict(FUNCTIONS))


def _digits(powers: str) -> str:
    return "".join(POWERS[char] for char in powers)


def _matrix(text: str) -> Array:
    """[a, b; c, d]; an entry may be a formula in its turn."""
    return np.array(
        [[worked_out(entry) for entry in line.split(", ")] for line in text.split("; ")], float
    )


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


FUNCTIONS: dict[str, Any] = {
    "M": _matrix,
    "σ": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": _softmax,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "max": max,
    "min": min,
    "prelu": lambda a, slope: a if a > 0 else slope * a,
    "prelu_slope": lambda a, slope: 1 if a > 0 else slope,
}
