"""The chain rule, applied symbolically and backwards."""

from symprop.derivation.record import Derivation, Path
from symprop.network import Network

__all__ = ["Derivation", "Path", "derive"]


def derive(network: Network) -> Derivation:
    """Differentiate the loss of `network` by each of its weights, in closed form.

    Raises DeclarationError where the network has no loss yet.
    """
    return Derivation(network)
