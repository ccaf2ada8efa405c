"""Putting a printout together: which sections, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from symprop.derivation.record import Derivation
from symprop.errors import DeclarationError
from symprop.expression.depth import deep_expressions
from symprop.network import Network
from symprop.printout.chain_rule import ChainRule
from symprop.printout.deltas import delta_parts
from symprop.printout.local_table import local_blocks
from symprop.printout.material import Material
from symprop.printout.model import Block, Document, Paragraph, Section
from symprop.printout.names import Names
from symprop.printout.network_section import forward_blocks, network_blocks
from symprop.printout.updates import update_blocks


def _chain_rule(material: Material) -> Iterator[Block]:
    if material.has_direct_rates:
        yield Paragraph(("Marked \u201cdirect\u201d: all other steps are held fixed.",))
    yield from ChainRule(material).parts() if material.is_scalar else delta_parts(material)


SECTIONS: dict[str, tuple[str, Callable[[Material], Iterator[Block]]]] = {
    "network": ("The network", lambda material: network_blocks(material.network)),
    "forward": ("Forward pass and loss", lambda material: forward_blocks(material.network)),
    "chain-rule": ("The chain rule, backwards", _chain_rule),
    "locals": ("Local derivatives", local_blocks),
    "updates": ("Update rules", update_blocks),
}
"""The sections by what they are called in options: title and builder."""


def make_document(
    derivation: Derivation, only: Iterable[str] | None = None, without: Iterable[str] = ()
) -> Document:
    """The printout of a derivation, with `only` some sections or `without` some.

    Raises DeclarationError for a section that there is none of.
    """
    chosen = list(SECTIONS) if only is None else list(only)
    left_out = list(without)
    for name in (*chosen, *left_out):
        if name not in SECTIONS:
            close = get_close_matches(name, SECTIONS, n=1)
            known = "the sections are " + ", ".join(SECTIONS)
            raise DeclarationError(
                f"a printout has no section {name!r}",
                hint=f"did you mean {close[0]!r}?" if close else known,
            )
    material = Material(derivation)
    sections = []
    with deep_expressions():
        for key, (title, builder) in SECTIONS.items():
            if key in chosen and key not in left_out:
                sections.append(Section(key, title, tuple(builder(material))))
    title = " ".join(derivation.network.name.split())
    return Document(title, tuple(sections), material.names, material.ordinary)


def network_document(network: Network) -> Document:
    """A network alone: what is known and unknown, and the steps declared so far."""
    with deep_expressions():
        sections = (
            Section("network", SECTIONS["network"][0], tuple(network_blocks(network))),
            Section("forward", SECTIONS["forward"][0], tuple(forward_blocks(network))),
        )
    return Document(" ".join(network.name.split()), sections, Names(network), False)
