r"""Functions that need no declaration: what the vocabulary is called in LaTeX and in plain text.

A declared name always comes first; `\sigma` is the sigmoid only where nothing else is called so.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from symprop.verification.reading.tree import Spelling

_WORDS = {"text", "operatorname", "mathrm", "named", "textrm", "textnormal", "mbox", "textit"}
_SYNONYMS = {
    "ln": "log",
    "max": "maximum",
    "min": "minimum",
    "arctan": "atan",
    "tr": "trace",
    "det": "determinant",
    "sgn": "sign",
    "abs": "absolute",
    "logistic": "sigmoid",
    "sigm": "sigmoid",
    "heaviside": "unit_step",
    "step": "unit_step",
    "onehot": "one_hot",
    "place": "place",
    "sum": "total",
    "mse": "mean_squared_error",
    "bce": "binary_cross_entropy",
    "argmin": "argmin",
    "argmax": "argmax",
    **{name: name for name in ("sech", "csch")},
}
LETTERS = {Spelling(r"\sigma"): "sigmoid"}
"""Functions with the name of a letter."""
USED_LETTERS = {"normal_cdf": Spelling(r"\Phi"), "normal_pdf": Spelling(r"\varphi")}
"""The same, where the network has them, or gelu, which has them in its derivative."""
EXTREMA = {"max", "min", "argmax", "argmin"}
"""Functions that may have what varies below them: `\\min_w`."""
FUNCTION_WORDS = tuple(
    "argmax argmin sigmoid softmax tanh sinh cosh relu ReLU diag sign exp log sin cos tan max min "
    "det ln".split()
)
"""Names of functions that letters side by side are not read as."""
WITHOUT_BRACKETS = {
    *"log ln exp sin cos tan sinh cosh tanh arctan sec csc cot coth sech csch det".split(),
    *"max min argmax argmin tr".split(),
}
"""Functions that may be written without brackets around their argument."""


LOSSES = {"mean_squared_error", "squared_error", "binary_cross_entropy", "cross_entropy"}
"""Functions whose names without an argument are what losses are called: `\\mathrm{MSE}`."""


@cache
def _vocabulary() -> dict[str, str]:
    names = import_module("symprop.functions").__all__
    makers = {"define", "activation", "function"}
    return {_plain(name): name for name in names if name not in makers} | _SYNONYMS


def _plain(word: str) -> str:
    return "".join(char for char in word.lower() if char.isalnum())


def builtin(spelling: Spelling) -> str | None:
    """The function of the vocabulary that a name stands for, or None."""
    if spelling.accents or spelling.marks:
        return None
    if not spelling.style:
        return LETTERS.get(Spelling(spelling.base)) if not spelling.subscript else None
    if spelling.style in _WORDS and len(spelling.base) > 1:
        return _vocabulary().get(_plain(spelling.base))
    return None


def is_word_of_a_function(identifier: str) -> bool:
    """Whether a word of plain text is the name of a function."""
    return len(identifier) > 1 and _plain(identifier) in _vocabulary()
