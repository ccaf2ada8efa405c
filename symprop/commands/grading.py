"""The command `symprop grade`: the derivations of many people, judged on all cores."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symprop.commands.answers import answers_among, question_of, read_answer
from symprop.commands.console import keep_source, show
from symprop.commands.networks import network_of, networks_by_name, split_argument
from symprop.commands.verifying import judged
from symprop.errors import FileError
from symprop.files import require_writable
from symprop.workers import cores

if TYPE_CHECKING:
    from symprop.grading.answers import Answer
    from symprop.grading.grades import Grade

TIME_LIMIT = 60.0
"""Seconds for one answer; 40 lines take three."""

EPILOG = """\
ANSWER is a file as `symprop verify` reads it, or a folder of such files. An answer is
right if at least one line was judged and all that were are right, wrong if a line is
false, and else not decided. One that cannot be read, is too slow or ends the process
that judges it has a row with the reason, and never stops the rest.

The table is saved every two seconds. Where OUT.csv exists already, rows whose answer,
network file and question are still the same are kept and not judged again; --force
begins anew. A module that the network file imports is not looked at: --force, then.
Rows of other answers stay behind those of this run.

The exit status is 0 if every answer has its row, whatever the grades are; 1 if there
is no grading, as with a network that cannot be loaded; 130 if it was interrupted: the
same command goes on from there.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("answers", metavar="ANSWER", nargs="+", help="a file with a derivation, or a folder")
    add("--partial", metavar="WHAT", help="each is one answer: what dL/dw1, say, is equal to")
    add("--csv", metavar="OUT.csv", help="the table; default: a few words on standard output")
    add("--json", action="store_true", help="the rows as JSON, on standard output")
    add("--force", action="store_true", help="judge all anew, and overwrite any OUT.csv")
    add("--jobs", metavar="N", type=_positive(int), default=cores(), help="default: every core")
    add(
        "--time-limit",
        metavar="SECONDS",
        type=_positive(float),
        default=TIME_LIMIT,
        help=f"of one answer (default: {TIME_LIMIT:g})",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge all answers; 0 if each has its row."""
    from symprop.grading.gradebook import read_gradebook
    from symprop.grading.session import Session

    source, _ = split_argument(options.file)
    target = None if options.csv is None else Path(options.csv)
    paths = answers_among(options.answers)
    earlier = []
    if target is not None:
        _require_own(target, source, paths, options.force)
        if target.exists() and not options.force:
            earlier = read_gradebook(_content(target), str(target))
    question = question_of(options.file, options.partial)
    answers = [read_answer(path, question) for path in paths]
    session = Session(answers, earlier, target)
    setting = _Setting(options.file, options.partial)
    try:
        session.judge(_grader, setting, jobs=options.jobs, seconds=options.time_limit)
    except KeyboardInterrupt:
        print(f"interrupted: {session.progress}", file=sys.stderr)
        raise
    show(session.as_json() if options.json else str(session))
    return 0


def _require_own(target: Path, source: Path, answers: list[Path], force: bool) -> None:
    """Raise FileError where the table would be put over something else, or cannot be written."""
    if target.suffix != ".csv":
        raise FileError(f"{target}: a table is a CSV file, and ends with .csv", hint="rename it")
    keep_source(source, [target])
    for answer in answers:
        if target.exists() and answer.exists() and target.samefile(answer):
            raise FileError(f"{target} is one of the answers", hint="choose another output")
    require_writable([target], force=force or target.is_file())


def _content(target: Path) -> str:
    try:
        return target.read_bytes().decode(errors="replace")
    except OSError as error:
        raise FileError(f"{target} cannot be read: {error.strerror}") from None


def _positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    """What reads an argument that is to be a number above 0."""

    def read(text: str) -> float:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return number

    read.__name__ = kind.__name__
    return read


# -- in a process ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Setting:
    """What every process is told once: FILE[:NAME], and what all answers are asked for."""

    file: str
    asked: str | None


def _grader(setting: _Setting) -> Callable[[Answer], Grade]:
    """Load the networks; what grades an answer."""
    from symprop.derivation import derive
    from symprop.grading.grades import grade_of
    from symprop.verification.reading.options import check_options, network_meant

    path, name = split_argument(setting.file)
    if name:
        networks = {name: network_of(setting.file)}
    else:
        networks = networks_by_name(path)
    for network in networks.values():
        derive(network)

    def grade(answer: Answer) -> Grade:
        where = str(answer.path)
        if name:
            check_options(answer.text, where)
            network = networks[name]
        else:
            network = network_meant(answer.text, where, networks, str(path))
        return grade_of(judged(network, answer.text, where, setting.asked))

    return grade
