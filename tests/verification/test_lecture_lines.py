"""Seventy lines of lectures, read as they are meant."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from example_networks import NETWORKS
from lecture_lines import LINES

from symprop.verification.reading import Entry, Statement, Symbols, outline, plain, read
from symprop.verification.reading.symbols import Kind


def declared(*names: tuple[str, Kind, str]) -> Symbols:
    return Symbols().declaring(*(Entry(name, kind, latex) for name, kind, latex in names))


BY_HAND: dict[str, Callable[[], Symbols]] = {
    "two samples": lambda: declared(
        ("w", "weight", "w"),
        ("x_n", "input", "x_n"),
        ("x_i", "input", "x_i"),
        ("y_n", "target", "y_n"),
        ("y_hat", "step", r"\hat{y}"),
    ),
    "s": lambda: declared(("s", "function", "s"), ("x", "input", "x")),
    "J": lambda: declared(("J", "function", "J"), ("J_k", "function", "J_k"), ("W", "weight", "W")),
    "x and y": lambda: declared(("x", "input", "x"), ("y", "input", "y")),
    "beta": lambda: declared(("g", "function", "g"), ("beta", "input", r"\beta")),
}


def symbols_of(network: str) -> Symbols:
    return BY_HAND[network]() if network in BY_HAND else Symbols.of(NETWORKS[network])


def shown(statement: Statement) -> str:
    text = outline(statement.sides[0])
    for relation, side in zip(statement.relations, statement.sides[1:], strict=True):
        text += f" {relation.sign} {outline(side)}"
    return text


def test_there_are_seventy_lines() -> None:
    assert [line[0] for line in LINES] == [f"L{number:02}" for number in range(1, 71)]


@pytest.mark.parametrize("line, network, latex, meaning", LINES, ids=[line[0] for line in LINES])
def test_a_line_is_read_as_it_is_meant(line: str, network: str, latex: str, meaning: str) -> None:
    reading = read(latex, symbols_of(network), form="latex")
    assert " || ".join(map(shown, reading.statements)) == meaning


@pytest.mark.parametrize("line, network, latex, meaning", LINES, ids=[line[0] for line in LINES])
def test_spaces_and_sized_brackets_make_no_difference(
    line: str, network: str, latex: str, meaning: str
) -> None:
    spaced = re.sub(r"\\(left|right)(?![a-z])", "", latex).replace("=", r"\;=\, ")
    spaced = spaced.replace("(", r"\bigl( ").replace(")", r"\bigr) ").replace("  ", "\n")
    reading = read(spaced, symbols_of(network), form="latex")
    assert " || ".join(map(shown, reading.statements)) == meaning


@pytest.mark.parametrize("line, network, latex, meaning", LINES, ids=[line[0] for line in LINES])
def test_what_was_understood_reads_back_to_the_same(
    line: str, network: str, latex: str, meaning: str
) -> None:
    symbols = symbols_of(network)
    for statement in read(latex, symbols, form="latex").statements:
        for side in statement.sides:
            (again,) = read(plain(side), symbols, form="plain").statements
            assert outline(again.sides[0]).replace("?", "") == outline(side).replace("?", "")


CHOICES = {"L23", "L32"}
"""Lines in which a rule decides between two readings."""


@pytest.mark.parametrize("line, network, latex, meaning", LINES, ids=[line[0] for line in LINES])
def test_both_readings_are_kept_where_a_rule_decides(
    line: str, network: str, latex: str, meaning: str
) -> None:
    reading = read(latex, symbols_of(network), form="latex")
    assert bool(reading.choices) == (line in CHOICES)
    for _, statements in reading.alternatives:
        assert [shown(statement) for statement in statements] != meaning.split(" || ")
