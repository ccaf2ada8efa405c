"""The long run: atheris chooses what to change by what of symprop.verification it has reached."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections import Counter
from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fuzzing.corpus import Attempt

BY_STRUCTURE = 0.8
"""So many changes are edits of tokens, the others of bytes."""
MOST_OF_A_KIND = 5
"""So many findings are kept that look the same."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="fuzzing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--again", action="store_true", help="try what was found before, only")
    given = parser.parse_args()
    if given.again:
        sys.exit(again(given.folder))
    run(given.folder, given.seconds)


def again(folder: Path) -> int:
    """Try what was found before; the number of those that are still wrong."""
    from fuzzing.corpus import Attempt
    from fuzzing.target import finding

    wrong = 0
    for path in sorted((folder / "findings").glob("*.bytes")):
        attempt = Attempt.of(path.read_bytes())
        if said := finding(attempt):
            wrong += 1
            print(f"{path.name}: {attempt}\n{said}\n", flush=True)
    print(f"{wrong} are still wrong")
    return wrong


def run(folder: Path, seconds: int) -> None:
    """Fuzz for some time, and keep what is found in the folder."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["symprop.verification"]):
        import symprop.verification.derivations  # noqa: F401
    from fuzzing.corpus import printed, seeds

    for each in ("corpus", "seeds", "findings"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    known = [attempt for attempt in (*seeds(), *printed()) if attempt.text]
    for attempt in known:
        (folder / "seeds" / sha1(attempt.data).hexdigest()).write_bytes(attempt.data)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = Random(seed)
        if rng.random() > BY_STRUCTURE:
            return bytes(atheris.Mutate(data, most))
        return _mutated(data, known, rng)[:most]

    options = [f"-max_total_time={seconds}", "-max_len=1600", "-timeout=600", "-rss_limit_mb=4000"]
    options.append(f"-artifact_prefix={folder}/")
    folders = [str(folder / "corpus"), str(folder / "seeds")]
    atheris.Setup([sys.argv[0], *options, *folders], Findings(folder), custom_mutator=mutate)
    atheris.Fuzz()


def _mutated(data: bytes, known: Sequence[Attempt], rng: Random) -> bytes:
    """A text with a few edits, now and then over another network."""
    from fuzzing.corpus import Attempt
    from fuzzing.mutation import mutated

    attempt, other = Attempt.of(data), rng.choice(known)
    changed = Attempt(
        other.network if rng.random() < 0.05 else attempt.network,
        other.way if rng.random() < 0.1 else attempt.way,
        mutated(attempt.text, other.text, rng),
    )
    return changed.data


class Findings:
    """Tries texts, and keeps those that are not taken as they should be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "findings"
        self.kinds: Counter[str] = Counter()

    def __call__(self, data: bytes) -> None:
        from fuzzing.corpus import Attempt
        from fuzzing.target import finding

        attempt = Attempt.of(data)
        said = finding(attempt)
        if not said:
            return
        kind = "\n".join(said.splitlines()[-3:]) if "\n" in said else said.rstrip("0123456789. s")
        self.kinds[kind] += 1
        if self.kinds[kind] <= MOST_OF_A_KIND:
            path = self.folder / f"{sha1(data).hexdigest()[:12]}.bytes"
            path.write_bytes(attempt.data)
            path.with_suffix(".txt").write_text(f"{attempt}\n\n{said}\n", errors="replace")
            print(f"FOUND {path.name}: {attempt}\n{said}", flush=True)


if __name__ == "__main__":
    main()
