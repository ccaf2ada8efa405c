"""Names of emitted code: every declared name gets an identifier of its own.

A name is cleaned until Python takes it, and never collides with another name, a keyword, a builtin
or a name that the module uses itself. Dictionary keys stay the declared names.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection

from symprop.functions.vocabulary import VOCABULARY

RESERVED = frozenset(
    """
    annotations np math argparse csv functools hashlib json os random signal sys time zipfile
    params rng init std workspace arrays kind value n key weight samples outputs gradients
    epochs batch_size learning_rate optimizer momentum betas epsilon tolerance progress
    init_params forward loss loss_and_gradients make_workspace train evaluate check_gradients
    save_params load_params main data weights seed save resume out hold_out run help
    """.split()
)
"""Names that emitted modules use themselves, or that their command line does."""

LONGEST = 30
"""Identifiers are cut to so many characters; dictionary keys keep the whole name."""


class Names:
    """Gives identifiers, each once; the same name gets the same identifier again."""

    def __init__(self, reserved: Collection[str] = ()) -> None:
        own = (*RESERVED, *VOCABULARY, *keyword.kwlist, *keyword.softkwlist, *dir(builtins))
        self._taken = {*own, *reserved}
        self._given: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The identifier of a declared name or step."""
        if name not in self._given:
            self._given[name] = self.fresh(name)
        return self._given[name]

    def fresh(self, wish: str) -> str:
        """An identifier like `wish` that nothing else has."""
        base = cleaned(wish)
        found, count = base, 1
        stem = base.rstrip("0123456789").rstrip("_") if base[-1:].isdigit() else f"{base}_"
        while found in self._taken:
            count += 1
            found = f"{base}_" if count == 2 and stem.endswith("_") else f"{stem}_{count}"
        self._taken.add(found)
        return found

    def copy(self) -> Names:
        """The same names, for the locals of one function."""
        other = Names()
        other._taken = set(self._taken)
        other._given = dict(self._given)
        return other

    def shared(self, name: str, identifier: str) -> str:
        """Let `name` be called by an identifier that the module has already."""
        self._given[name] = identifier
        return identifier


def cleaned(name: str) -> str:
    r"""A name as an identifier: `\hat{y}` is hat_y, `2x` is v_2x."""
    if name.isascii() and name.isidentifier() and len(name) <= LONGEST and name.strip("_") == name:
        return name
    plain = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"\W+", "_", plain).strip("_") or "v"
    plain = plain if plain.isidentifier() else f"v_{plain}"
    return plain[:LONGEST].rstrip("_") if plain.isidentifier() else "v"
