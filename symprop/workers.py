"""Work shared out to processes of their own: one may die or hang, and the rest goes on.

A pool of the standard library ends as a whole with one of its processes, and cannot stop one that
hangs. Here every process has a pipe of its own, so that it is known what each one has in hand.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from itertools import islice
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from symprop.errors import SympropError

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

_SPAWN = get_context("spawn")
"""The one way to start a process that every system has; nothing is inherited by chance."""
PATIENCE = 3
"""So many processes may die, one after the other, before they have begun."""
FAREWELL = 5.0
"""Seconds that a process has to end by itself."""


@dataclass(frozen=True)
class Failure:
    """Why there is no result of a task: its process died, was too slow, or could not do it."""

    reason: str


def cores() -> int:
    """How many processes can run at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def work_through(
    tasks: Iterable[tuple[K, T]],
    prepare: Callable[[Any], Callable[[T], R]],
    setting: object,
    *,
    jobs: int,
    seconds: float,
) -> Generator[tuple[K, R | Failure]]:
    """Give the results of tasks as they come, each with its key; the order is left open.

    Parameters
    ----------
    tasks
        keys, which stay here, and tasks, which are sent to a process.
    prepare
        is called once in every process, with `setting`, and gives what does a task. A function of
        a module, as the processes are spawned.
    jobs
        how many processes there are at most.
    seconds
        is how long one task may take; its process is ended then.

    Raises
    ------
    SympropError
        what `prepare` raises; or where the processes die before they begin. All processes are
        ended when the iterator is closed.
    """
    crew = _Crew(tasks, prepare, setting, jobs, seconds)
    try:
        yield from crew.results()
    finally:
        crew.dismiss()


# -- here -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Worker(Generic[K]):
    """A process, the pipe to it, the key of what it has in hand, and until when it may take.

    One that has not reported yet that it is ready has nothing in hand.
    """

    process: Any
    pipe: Any
    key: K | None = None
    until: float = inf
    ready: bool = False

    def end(self) -> int | None:
        """End the process, if it has not ended by itself; its exit code."""
        self.pipe.close()
        self.process.join(0 if self.until <= time.monotonic() else FAREWELL)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code: int | None = self.process.exitcode
        return code


class _Died:
    """Instead of a message: the process has ended."""


class _Crew(Generic[K, T, R]):
    """The processes, and the tasks that are still to be done."""

    def __init__(
        self,
        tasks: Iterable[tuple[K, T]],
        prepare: Callable[[Any], Callable[[T], R]],
        setting: object,
        jobs: int,
        seconds: float,
    ) -> None:
        self.tasks = iter(tasks)
        self.next = deque(islice(self.tasks, jobs))
        self.prepare, self.setting, self.seconds = prepare, setting, seconds
        self.started = self.lost = 0
        self.workers: list[_Worker[K]] = []
        self.released: list[_Worker[K]] = []
        for _ in range(len(self.next)):
            self.workers.append(self._started())

    def results(self) -> Iterator[tuple[K, R | Failure]]:
        """What becomes of each task, as soon as it is known."""
        while self.workers:
            soonest = min(worker.until for worker in self.workers)
            rest = None if soonest == inf else max(0.0, soonest - time.monotonic())
            heard = wait([worker.pipe for worker in self.workers], rest)
            for worker in list(self.workers):
                if worker.pipe in heard:
                    yield from self._heard(worker, _message(worker))
                elif worker.until <= time.monotonic():
                    self._replace(worker)
                    yield self._of(worker), Failure(f"it took longer than {self.seconds:g} s")

    def dismiss(self) -> None:
        """End all processes, whatever they have in hand."""
        for worker in self.workers:
            worker.process.kill()
        for worker in [*self.workers, *self.released]:
            worker.end()

    def _heard(self, worker: _Worker[K], message: Any) -> Iterator[tuple[K, R | Failure]]:
        """Take a message, or the end of a process, and see to it that the work goes on."""
        if isinstance(message, SympropError):
            raise message
        if message is _Died:
            code = self._replace(worker)
            if worker.ready:
                yield self._of(worker), Failure(f"the process that was at it {_ending(code)}")
            elif self.lost >= PATIENCE:
                raise SympropError(f"a process that is to do the work {_ending(code)} at its start")
            return
        if worker.ready:
            yield self._of(worker), message
        worker.ready, worker.until, self.lost = True, inf, 0
        self._occupy(worker)

    def _of(self, worker: _Worker[K]) -> K:
        assert worker.key is not None  # it is ready, so it has had a task
        return worker.key

    def _occupy(self, worker: _Worker[K]) -> None:
        """Give a process its next task; where there is none, let it go."""
        if not self.next:
            self.workers.remove(worker)
            self.released.append(worker)
            worker.pipe.close()
            return
        worker.key, task = self.next.popleft()
        self.next.extend(islice(self.tasks, 1))
        worker.until = time.monotonic() + self.seconds
        with suppress(OSError):  # it has died: the next thing that is heard of it
            worker.pipe.send(task)

    def _replace(self, worker: _Worker[K]) -> int | None:
        """End a process and start another one, if there is something to do for it."""
        code = worker.end()
        self.workers.remove(worker)
        self.lost += not worker.ready
        if self.next and self.lost < PATIENCE:
            self.workers.append(self._started())
        return code

    def _started(self) -> _Worker[K]:
        ours, theirs = _SPAWN.Pipe()
        arguments = (theirs, self.prepare, self.setting, self.started > 0)
        process = _SPAWN.Process(target=_serve, args=arguments, daemon=True)
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        self.started += 1
        return _Worker(process, ours)


def _message(worker: _Worker[Any]) -> Any:
    try:
        return worker.pipe.recv()
    except (EOFError, OSError):
        return _Died


def _ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit status {code}"


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started within does not hear Ctrl-C: it is for the one who started it to end it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# -- in a process ---------------------------------------------------------------------------------


def _serve(
    pipe: Connection,
    prepare: Callable[[Any], Callable[[Any], Any]],
    setting: object,
    quiet: bool,
) -> None:
    """Do tasks until there are no more, or nobody is there who wants to know."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError), open(os.devnull, "w") as void:
        try:
            with redirect_stderr(void) if quiet else nullcontext():  # one of them is enough
                work = prepare(setting)
        except Exception as error:
            pipe.send(_sendable(error))
            return
        pipe.send(None)
        with redirect_stdout(void), redirect_stderr(void):
            while True:
                pipe.send(_done(work, pipe.recv()))


def _done(work: Callable[[T], R], task: T) -> R | Failure:
    try:
        return work(task)
    except SympropError as error:
        return Failure(". ".join(part for part in (error.message, error.hint) if part))
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error} (a mistake of symprop's)")


def _sendable(error: Exception) -> SympropError:
    if isinstance(error, SympropError):
        return error
    hint = "this is a mistake of symprop's; --debug shows where"
    return SympropError(f"{type(error).__name__}: {error}", hint=hint)
