"""One of the derivations that are to be graded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from symprop.grading.gradebook import in_one_line


@dataclass(frozen=True)
class Answer:
    """A file and its text.

    `checksum` is that of all that its grade depends on; `trouble` says why there is no text.
    """

    path: Path
    text: str = ""
    checksum: str = ""
    trouble: str = ""

    @property
    def shown(self) -> str:
        """Its name, as the table has it."""
        return in_one_line(str(self.path))


def checksum(parts: Iterable[str]) -> str:
    """A checksum of several texts, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part.encode(errors="surrogatepass")).digest())
    return whole.hexdigest()[:16]
