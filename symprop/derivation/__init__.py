"""The chain rule, applied symbolically and backwards."""

from symprop.derivation import definition  # noqa: F401  it adds to the table of rules
from symprop.derivation.record import Derivation, Path
from symprop.errors import DeclarationError
from symprop.expression.collecting import uncollected
from symprop.network import Network

__all__ = ["Derivation", "Path", "derive"]


def derive(network: Network) -> Derivation:
    """Differentiate the loss of `network` by each of its weights, in closed form.

    Raises DeclarationError for what is no network, and where the network has no loss yet.
    """
    if not isinstance(network, Network):
        raise DeclarationError(
            f"derive needs a Network, not {type(network).__name__}",
            hint='declare net = Network("mlp", ...) and its loss, and write derive(net)',
        )
    with uncollected():
        return Derivation(network)
