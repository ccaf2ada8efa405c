"""Putting a printout together: which sections, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from symprop.derivation.record import Derivation
from symprop.errors import DeclarationError
from symprop.example import Example
from symprop.expression.depth import deep_expressions
from symprop.network import Network
from symprop.printout.model import Block, Document, Paragraph, Section
from symprop.printout.notation.names import Names
from symprop.printout.sections.chain_rule import ChainRule
from symprop.printout.sections.deltas import delta_parts
from symprop.printout.sections.local_table import local_blocks
from symprop.printout.sections.material import Material
from symprop.printout.sections.network import forward_blocks, network_blocks
from symprop.printout.sections.updates import update_blocks


def _chain_rule(material: Material) -> Iterator[Block]:
    if material.has_direct_rates:
        yield Paragraph(("Marked \u201cdirect\u201d: all other steps are held fixed.",))
    yield from ChainRule(material).parts() if material.is_scalar else delta_parts(material)


@dataclass(frozen=True)
class Kind:
    """A kind of section: its title, what makes its blocks, whether it is there unasked."""

    title: str
    blocks: Callable[[Material], Iterator[Block]]
    default: bool = True


SECTIONS: dict[str, Kind] = {
    "network": Kind("The network", lambda material: network_blocks(material.network)),
    "forward": Kind("Forward pass and loss", lambda material: forward_blocks(material.network)),
    "chain-rule": Kind("The chain rule, backwards", _chain_rule),
    "locals": Kind("Local derivatives", local_blocks),
    "updates": Kind("Update rules", update_blocks),
}
"""The sections in order, by what they are called in options."""


def make_document(
    derivation: Derivation,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    also: Iterable[str] = (),
    *,
    example: Example | None = None,
) -> Document:
    """The printout of a derivation: with `only` some sections, `without` some, `also` some more.

    The worked example is `example`, else that of the network. Raises DeclarationError for a section
    that there is none of.
    """
    defaults = [name for name, kind in SECTIONS.items() if kind.default]
    chosen = [*(defaults if only is None else only), *also]
    left_out = list(without)
    for name in (*chosen, *left_out):
        if name not in SECTIONS:
            close = get_close_matches(name, SECTIONS, n=1)
            known = "the sections are " + ", ".join(SECTIONS)
            raise DeclarationError(
                f"a printout has no section {name!r}",
                hint=f"did you mean {close[0]!r}?" if close else known,
            )
    material = Material(derivation, example or derivation.network.worked_example)
    sections = []
    with deep_expressions():
        for key, kind in SECTIONS.items():
            if key in chosen and key not in left_out:
                sections.append(Section(key, kind.title, tuple(kind.blocks(material))))
    title = " ".join(derivation.network.name.split())
    return Document(title, tuple(sections), material.names, material.ordinary)


def network_document(network: Network) -> Document:
    """A network alone: what is known and unknown, and the steps declared so far."""
    with deep_expressions():
        sections = (
            Section("network", SECTIONS["network"].title, tuple(network_blocks(network))),
            Section("forward", SECTIONS["forward"].title, tuple(forward_blocks(network))),
        )
    return Document(" ".join(network.name.split()), sections, Names(network), False)
