"""What is tried with a text, and what counts as found: an exception, a long time, much memory."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

from fuzzing.corpus import Attempt, network_of
from symprop import Network, derive, verify
from symprop.errors import SympropError
from symprop.verification import Report, verify_answer, verify_document
from symprop.verification.reading import Symbols, read
from symprop.verification.verdicts import Verdict

SECONDS = 2.0
"""So long may reading take, and judging of a line, of the processor's time."""
HANGING = 20
"""After so many seconds an attempt is broken off."""
MEGABYTES = 500


class HangError(BaseException):
    """Not to be caught on the way."""


def finding(attempt: Attempt) -> str:
    """What is wrong with how a text is taken; "" where nothing is."""
    network = network_of(attempt.network)
    started, before = process_time(), _megabytes()
    lines = 1
    try:
        with _broken_off():
            lines = max(1, WAYS[attempt.way](network, attempt.text))
    except SympropError as error:
        if not str(error) or "\n" in error.message:
            return f"an error without one clear line: {error.message!r}"
    except HangError as error:
        return f"it hangs\n{''.join(traceback.format_tb(error.__traceback__)[-4:])}"
    except Exception:
        return traceback.format_exc(limit=-6)
    seconds, megabytes = process_time() - started, _megabytes() - before
    if seconds > SECONDS * lines:
        return f"it takes {seconds:.1f} s for {lines} lines"
    return f"it takes {megabytes} megabytes" if megabytes > MEGABYTES else ""


# -- ways -----------------------------------------------------------------------------------------


def _read(form: Any) -> Callable[[Network, str], int]:
    def way(network: Network, text: str) -> int:
        symbols = Symbols.of(network, derive(network).upstreams)
        reading = read(text, symbols, form=form)
        str(reading)
        return len(list(reading.alternatives))

    return way


def _judged(report: Report) -> int:
    """The number of lines; a report can be shown, and says a reason where it judges."""
    assert str(report) and report.json()
    for line in report.lines:
        plain = line.verdict in (Verdict.TRUE, Verdict.SKIPPED)
        assert plain or line.reason, f"{line.verdict} without a reason: {line.text}"
    return len(report.lines)


WAYS: dict[str, Callable[[Network, str], int]] = {
    "read": _read(None),
    "read latex": _read("latex"),
    "read plain": _read("plain"),
    "verify": lambda network, text: _judged(verify(network, text)),
    "verify latex": lambda network, text: _judged(verify(network, text, form="latex")),
    "document": lambda network, text: _judged(verify_document(network, text)),
    "answer": lambda network, text: _judged(verify_answer(network, _asked(network), text)),
}


def _asked(network: Network) -> str:
    return f"d{network.require_loss().name}/d{network.weights[0].name}"


# -- limits ---------------------------------------------------------------------------------------


@contextmanager
def _broken_off() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _megabytes() -> int:
    """The most memory there was up to now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
