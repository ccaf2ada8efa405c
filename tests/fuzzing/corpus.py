"""Where fuzzing begins: the lines of all tests of verdicts, each over its network."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import example_networks
import lecture_lines
import lecture_networks
import stranger_networks
from formula_parts import Printed

from symprop import Network
from symprop.errors import SympropError

VERIFICATION = Path(__file__).parents[1] / "verification"
EXAMPLES = (
    "multilayer_perceptron",
    "two_layer_network",
    "attention",
    "gaussian_log_likelihood",
    "unspecified_activations",
    "image_class",
)
MAKERS = {**lecture_networks.NETWORKS, **stranger_networks.NETWORKS}
NETWORKS = (*EXAMPLES, *MAKERS)
"""The names of all networks that texts are tried with."""
WAYS = ("read", "read latex", "read plain", "verify", "verify latex", "document", "answer")
"""What is done with a text."""
LONGEST = 1500


@cache
def network_of(name: str) -> Network:
    """A network by its name, declared once."""
    return example_networks.NETWORKS[name] if name in EXAMPLES else MAKERS[name]()


@dataclass(frozen=True)
class Attempt:
    """A text, the network that it is about, and what is done with it."""

    network: str
    way: str
    text: str

    @classmethod
    def of(cls, data: bytes) -> Attempt:
        """From the bytes of a fuzzer: any bytes are an attempt."""
        chosen = (data + b"\0\0")[:2]
        network, way = NETWORKS[chosen[0] % len(NETWORKS)], WAYS[chosen[1] % len(WAYS)]
        return cls(network, way, data[2:].decode(errors="replace")[:LONGEST])

    @property
    def data(self) -> bytes:
        """The bytes that give this attempt."""
        chosen = bytes([NETWORKS.index(self.network), WAYS.index(self.way)])
        return chosen + self.text.encode(errors="replace")


def seeds() -> Iterator[Attempt]:
    """The lines of all tests, those that stand alone to be judged, files as documents."""
    for path in sorted((VERIFICATION / "strangers").iterdir()):
        text = path.read_text()
        yield Attempt(path.stem, "document", text[:LONGEST])
        for line in text.splitlines():
            formula = line[2:].partition(": ")[2] if line[:2] in ("% ", "# ") else line
            yield Attempt(path.stem, "verify latex" if path.suffix == ".tex" else "verify", formula)
    for claim in _entries("claims.toml", "claim"):
        yield Attempt(_known(claim["network"]), "verify", f"{claim['lhs']} = {claim['rhs']}")
    for entry in _entries("textbook_lines.toml", "line"):
        yield Attempt("two_layer_network", "verify", entry["text"])
    for _, network, latex, _ in lecture_lines.LINES:
        yield Attempt(_known(network), "read latex", latex)
        yield Attempt(_known(network), "answer", latex)


def printed() -> Iterator[Attempt]:
    """The gradients of all networks as symprop prints them."""
    for name in NETWORKS:
        with suppress(SympropError):
            for line in Printed(network_of(name)).lines[:MOST_PRINTED]:
                yield Attempt(name, "verify latex", line.with_right(line.right, "").text[:LONGEST])


MOST_PRINTED = 4


def _entries(file: str, key: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((VERIFICATION / file).read_text())[key]
    return found


def _known(network: str) -> str:
    return network if network in NETWORKS else "multilayer_perceptron"
