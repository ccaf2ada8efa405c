"""Other texts out of texts: edits of tokens, brackets, scripts, rows, as people slip, and worse."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Tokens = list[str]
TOKEN = re.compile(r"\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\[A-Za-z]+|\\.|\d+|\s+|.", re.DOTALL)
AROUND = [
    ("(", ")"), ("{", "}"), ("[", "]"), ("|", "|"), (r"\|", r"\|"), (r"\left(", r"\right)"),
    (r"\frac{", "}{2}"), (r"\frac{d}{dx}(", ")"), (r"\sqrt{", "}"), (r"\sum_{i=1}^{n} ", ""),
    (r"\exp(", ")"), (r"\hat{", "}"), (r"\text{", "}"), (r"\begin{bmatrix}", r"\end{bmatrix}"),
    (r"\begin{cases}", r"& \text{if } x > 0 \\ 0 & \text{otherwise}\end{cases}"),
    (r"\begin{align}", r"\end{align}"), ("$$", "$$"), (r"\[", r"\]"), ("", "^T"), ("", "^{-1}"),
    (r"\underbrace{", "}_{=1}"), (r"\mathbb{E}[", "]"), (r"\operatorname{tr}(", ")"), ("-", ""),
    (r"\nabla_{", "} L"), (r"\left.", r"\right|_{x=0}"), ("1/", ""), ("", "^2"), ("", "_{ij}"),
]  # fmt: skip
STRANGE = [
    *r"\frac \partial \sum \hat \log \tanh \sigma \delta \cdot \odot \left \right \nabla".split(),
    *r"\\ & = := \leftarrow \approx \le \equiv , ; . : ! ? % # ~ ' ^ _ | { } ( ) [ ]".split(),
    *r"\prod \int \max \arg\max \lim \to \infty \ldots \cdots \dots \circ \otimes \top".split(),
    *r"0 1 2 1/2 0.5 1e9 1e-300 99999999 9^{9^9} 10^{400} -1 i j k n t \pi e \epsilon".split(),
    *r"\newcommand{\x}{\x\x} \def\x#1{#1} \input{x} \write18 \verb|x| \text{if} \ne \in".split(),
    *"\u2202 \u2211 \u2299 \u00b2 \u2081 \u0177 \u2190 \u0435 \u0000 \u202e \U0001d465".split(" "),
    *r"\log(0) 1/0 \sqrt{-1} 0^0 0^{-1} \ln(-1) \det \operatorname{diag} \mathbf{1} I".split(),
]
SCRIPTS = "^_"
MOST_EDITS = 5
DEEPEST = 60


def delete(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    start, end = _range(tokens, rng, 4)
    return tokens[:start] + tokens[end:]


def repeat(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    start, end = _range(tokens, rng, 12)
    return tokens[:end] + tokens[start:end] * rng.choice([1, 1, 1, 2, 9]) + tokens[end:]


def swap(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    if len(tokens) < 2:
        return tokens
    first, second = sorted(rng.sample(range(len(tokens)), 2))
    found = list(tokens)
    found[first], found[second] = found[second], found[first]
    return found


def splice(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    """A part of another text in the place of a part of this one."""
    start, end = _range(tokens, rng, 6)
    first, last = _range(other, rng, 12)
    return tokens[:start] + other[first:last] + tokens[end:]


def join(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    """Another text behind this one."""
    return [*tokens, rng.choice([" = ", r" \\ ", "\n", ", ", r" \quad ", " & "]), *other]


def insert(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    place = rng.randrange(len(tokens) + 1)
    return [*tokens[:place], rng.choice(STRANGE), *tokens[place:]]


def change(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    start, end = _range(tokens, rng, 1)
    return [*tokens[:start], rng.choice(STRANGE + other[:40]), *tokens[end:]]


def wrap(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    """Brackets or an operator around a part, now and then many times."""
    start, end = _range(tokens, rng, 12)
    before, after = rng.choice(AROUND)
    times = rng.randrange(2, DEEPEST) if rng.random() < 0.1 else 1
    return tokens[:start] + [before] * times + tokens[start:end] + [after] * times + tokens[end:]


def rescript(tokens: Tokens, rng: Random, other: Tokens) -> Tokens:
    """A superscript for a subscript, a script more or one less."""
    found = list(tokens)
    places = [place for place, token in enumerate(tokens) if token in SCRIPTS]
    if places and rng.random() < 0.6:
        found[rng.choice(places)] = rng.choice([*SCRIPTS, ""])
        return found
    place = rng.randrange(len(tokens) + 1)
    return [*found[:place], rng.choice(SCRIPTS), rng.choice(STRANGE + other[:40]), *found[place:]]


EDITS: list[Callable[[Tokens, Random, Tokens], Tokens]] = [
    delete, repeat, swap, splice, join, insert, change, wrap, rescript,
]  # fmt: skip


def mutated(text: str, other: str, rng: Random) -> str:
    """A text after a few edits; `other` is where parts are taken from."""
    tokens, others = TOKEN.findall(text), TOKEN.findall(other)
    for _ in range(rng.randint(1, MOST_EDITS)):
        tokens = rng.choice(EDITS)(tokens, rng, others)
    return "".join(tokens)


def _range(tokens: Tokens, rng: Random, most: int) -> tuple[int, int]:
    start = rng.randrange(len(tokens) + 1)
    return start, min(len(tokens), start + rng.randint(1, most))
