"""A PDF of a LaTeX document, by a TeX engine that is found on the machine.

The engine works in a temporary folder, without shell escape, and may neither read nor write files
elsewhere, but for its own. Its clock is stopped, so that the same text gives the same bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from symprop.errors import TypesettingError

NAME = "printout"
SECONDS = 120
"""An engine that runs longer is stopped."""
RUNS = 3
"""How often an engine is run that asks for a further run."""


@dataclass(frozen=True)
class Engine:
    """A program that makes a PDF of the .tex file named last, in the folder where it is run."""

    program: str
    options: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Programs that it runs in its turn."""


_PDFLATEX = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error")

ENGINES = (
    Engine("latexmk", ("-norc", "-pdf", *_PDFLATEX), needs=("pdflatex",)),
    Engine("pdflatex", _PDFLATEX),
    Engine("tectonic", ("--untrusted", "--keep-logs", "--chatter=minimal")),
)
"""The engines that are looked for, in this order."""

ENVIRONMENT = {
    "openin_any": "p",
    "openout_any": "p",
    "shell_escape": "f",
    "max_print_line": "1000",
    "FORCE_SOURCE_DATE": "1",
}
_ERROR = re.compile(r"^(?:! |error: )(.+)$", re.M)
_PLACE = re.compile(r"^(l\.\d+ .*)$", re.M)
_RERUN = re.compile(r"Rerun to get|Rerun LaTeX")


def find_engine() -> Engine:
    """The first engine that is installed. Raises TypesettingError where there is none."""
    for engine in ENGINES:
        if all(map(shutil.which, (engine.program, *engine.needs))):
            return engine
    *others, last = (engine.program for engine in ENGINES)
    raise TypesettingError(
        f"no TeX engine was found: neither {', '.join(others)} nor {last}",
        hint="install one (on Debian: apt install texlive-latex-recommended texlive-pictures)",
    )


def typeset(text: str) -> bytes:
    """The PDF of a LaTeX document.

    Raises TypesettingError where no engine is found, where it finds an error in the text, with the
    first one, and where it takes too long.
    """
    engine = find_engine()
    with TemporaryDirectory(prefix="symprop-") as name:
        folder = Path(name)
        (folder / f"{NAME}.tex").write_text(text, encoding="utf-8")
        for _ in range(RUNS):
            status, output = _run(engine, folder)
            log = _read(folder / f"{NAME}.log")
            if status != 0 or not _RERUN.search(log):
                break
        pdf = folder / f"{NAME}.pdf"
        if status != 0 or not pdf.is_file():
            raise TypesettingError(f"{engine.program}: {_first_error(log + output)}")
        return pdf.read_bytes()


def _run(engine: Engine, folder: Path) -> tuple[int, str]:
    """Run an engine once: its exit status, and what it said."""
    command = [engine.program, *engine.options, f"{NAME}.tex"]
    environment = {"SOURCE_DATE_EPOCH": "0"} | os.environ | ENVIRONMENT
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # so that what it starts can be stopped, too
    )
    try:
        output, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise TypesettingError(
            f"{engine.program} was stopped: it took longer than {SECONDS} s"
        ) from None
    finally:
        if process.poll() is None:
            _stop(process)
    return process.returncode, output.decode(errors="replace")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _read(path: Path) -> str:
    return path.read_text(errors="replace") if path.is_file() else ""


def _first_error(log: str) -> str:
    """The first error of a log, and the line of the text that it is in."""
    found = _ERROR.search(log)
    if found is None:
        return "failed without a message"
    place = _PLACE.search(log, found.end())
    return found[1] + (f" ({place[1].strip()})" if place else "")
