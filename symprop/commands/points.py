"""The options that give a worked example: values, a learning rate, steps, decimals."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symprop.example import Example
    from symprop.network import Network


def add_example_options(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of a command."""
    add = parser.add_argument
    add("--at", metavar="VALUES", action="append", default=[], help="as x=1,y=0.5,W=[[1,2],[3,4]]")
    add("--learning-rate", metavar="RATE", help="of gradient descent, such as 0.2")
    add("--steps", metavar="N", help="how many updates (default: 1)")
    add("--decimals", metavar="N", help="how many are shown (default: 4)")


def example_of(network: Network, options: argparse.Namespace) -> Example | None:
    """The example of a network as the options change it; None where there is none at all.

    Raises PointError and DeclarationError for what is no number.
    """
    given = (options.learning_rate, options.steps, options.decimals)
    if network.worked_example is None and not options.at and given == (None, None, None):
        return None
    from symprop.example import overridden
    from symprop.point_text import read_count, read_number, read_values

    rate, steps, decimals = given
    return overridden(
        network.worked_example,
        read_values(options.at),
        None if rate is None else read_number("--learning-rate", rate),
        None if steps is None else read_count("--steps", steps),
        None if decimals is None else read_count("--decimals", decimals),
    )
