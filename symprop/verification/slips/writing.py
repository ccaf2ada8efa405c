"""The right side as it should be: in the form in which the line is written."""

from __future__ import annotations

import re

from symprop.verification.reading import tree as t
from symprop.verification.reading.echo import latex
from symprop.verification.reading.understanding import plain


def written(tree: t.Tree, form: str) -> str:
    """A formula in LaTeX or in plain text."""
    return plain(tree) if form == "plain" else tidied(latex(tree))


_TIDY = (
    (re.compile(r"([(\[]) +"), r"\1"),
    (re.compile(r" +([)\],;])"), r"\1"),
    (re.compile(r"([_^])\{([A-Za-z0-9])\}"), r"\1\2"),
    (re.compile(r"(?:^|(?<=[({=])) ?- +"), "-"),
    (re.compile(r" {2,}"), " "),
)


def tidied(text: str) -> str:
    """LaTeX with the spaces that a person writes."""
    for pattern, new in _TIDY:
        text = pattern.sub(new, text)
    return text.strip()
