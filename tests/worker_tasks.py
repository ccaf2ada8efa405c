"""What processes are given to do in tests: work, and every way in which it goes wrong."""

import os
import signal
import time
from collections.abc import Callable

from symprop.errors import FileError

FACTOR = 10


def multiplier(factor: int) -> Callable[[int | str], int]:
    """Multiplies numbers; a word is a mishap."""

    def work(task: int | str) -> int:
        if isinstance(task, int):
            return factor * task
        MISHAPS[task]()
        raise AssertionError

    return work


def refusing(message: str) -> Callable[[int | str], int]:
    """Cannot even be prepared."""
    raise FileError(message, hint="mend it")


def ending(status: int) -> Callable[[int | str], int]:
    """Ends the process at its start."""
    os._exit(status)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    while True:
        time.sleep(0.01)


def _exit() -> None:
    os._exit(3)


def _raise() -> None:
    raise ZeroDivisionError("by zero")


def _recurse() -> None:
    _recurse()


def _print() -> None:
    print("noise")
    raise FileError("it is refused", hint="Mend it")


MISHAPS: dict[str, Callable[[], None]] = {
    "killed": _kill,
    "hangs": _hang,
    "exits": _exit,
    "raises": _raise,
    "recurses": _recurse,
    "prints": _print,
}
