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
from symprop.printout.repetition import Repetition
from symprop.printout.sections.batch import batch_blocks
from symprop.printout.sections.chain_rule import ChainRule
from symprop.printout.sections.deltas import delta_parts
from symprop.printout.sections.entries import entry_blocks
from symprop.printout.sections.example import example_blocks
from symprop.printout.sections.graph import graph_blocks
from symprop.printout.sections.jacobians import jacobian_blocks
from symprop.printout.sections.local_table import local_blocks
from symprop.printout.sections.material import Material
from symprop.printout.sections.network import forward_blocks, network_blocks
from symprop.printout.sections.optimizers import OPTIMIZERS
from symprop.printout.sections.stable_forms import gradient_forms
from symprop.printout.sections.training import training_blocks
from symprop.printout.sections.updates import update_blocks


def _chain_rule(material: Material) -> Iterator[Block]:
    if material.has_direct_rates:
        yield Paragraph(("Marked \u201cdirect\u201d: all other steps are held fixed.",))
    yield from ChainRule(material).parts() if material.is_scalar else delta_parts(material)
    yield from gradient_forms(material)


def _check(material: Material) -> Iterator[Block]:
    from symprop.printout.sections.gradient_check import check_blocks  # it needs NumPy

    return check_blocks(material)


@dataclass(frozen=True)
class Kind:
    """A kind of section: its title, what makes its blocks, whether it is there unasked."""

    title: str
    blocks: Callable[[Material], Iterator[Block]]
    default: bool = True
    repeats: bool = True
    """Whether what repeats in it from layer to layer is said once: no two numbers are alike."""
    trains: bool = False
    """Whether it is about training: a function without data has it on request alone."""

    def is_there(self, network: Network) -> bool:
        """Whether a printout has it unasked."""
        return self.default and (not self.trains or bool(network.inputs or network.targets))


SECTIONS: dict[str, Kind] = {
    "network": Kind(
        "The network", lambda material: network_blocks(material.network, material.names)
    ),
    "graph": Kind("The computational graph", graph_blocks),
    "forward": Kind(
        "Forward pass and loss", lambda material: forward_blocks(material.network, material.names)
    ),
    "chain-rule": Kind("The chain rule, backwards", _chain_rule),
    "entries": Kind("The same for one weight", entry_blocks),
    "batch": Kind("From one sample to a batch", batch_blocks),
    "locals": Kind("Local derivatives", local_blocks),
    "jacobians": Kind("Jacobians", jacobian_blocks, default=False),
    "updates": Kind("Update rules", update_blocks, trains=True),
    "training": Kind("The training loop", training_blocks, trains=True),
    "example": Kind("A worked example", example_blocks, repeats=False),
    "check": Kind("The gradient check", _check, default=False),
}
"""The sections in order, by what they are called in options."""


def make_document(
    derivation: Derivation,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    also: Iterable[str] = (),
    *,
    example: Example | None = None,
    optimizer: str = "sgd",
) -> Document:
    """The printout of a derivation: with `only` some sections, `without` some, `also` some more.

    The worked example is `example`, else that of the network; `optimizer` is "sgd", "momentum" or
    "adam". Raises DerivationError for what is no derivation, DeclarationError for a section or an
    optimiser that there is none of.
    """
    Derivation.checked(derivation, "make_document")
    if optimizer not in OPTIMIZERS:
        close = get_close_matches(str(optimizer), OPTIMIZERS, n=1)
        known = "the optimisers are " + ", ".join(OPTIMIZERS)
        hint = f"did you mean {close[0]!r}?" if close else known
        raise DeclarationError(f"no optimiser {optimizer!r}", hint=hint)
    defaults = [name for name, kind in SECTIONS.items() if kind.is_there(derivation.network)]
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
    if "example" in (*(only or ()), *also) and not (example or derivation.network.worked_example):
        raise DeclarationError(
            "the network has no worked example",
            hint="give its numbers, as net.example({x: 1, w: 2})",
        )
    sections = []
    with deep_expressions():
        material = Material(derivation, example or derivation.network.worked_example, optimizer)
        said_once = material.repetition.shortened
        for key, kind in SECTIONS.items():
            if key in chosen and key not in left_out:
                blocks = tuple(kind.blocks(material))
                blocks = said_once(blocks) if kind.repeats else blocks
                sections.append(Section(key, kind.title, blocks))
    title = " ".join(derivation.network.name.split())
    return Document(title, tuple(sections), material.names, material.ordinary)


def network_document(network: Network) -> Document:
    """A network alone: what is known and unknown, and the steps declared so far."""
    names = Names(network)
    said_once = Repetition(names).shortened
    with deep_expressions():
        forward = said_once([*forward_blocks(network, names)])
        sections = (
            Section("network", SECTIONS["network"].title, tuple(network_blocks(network, names))),
            Section("forward", SECTIONS["forward"].title, forward),
        )
    return Document(" ".join(network.name.split()), sections, names, False)
