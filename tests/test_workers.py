"""Work shared out to processes: nothing that one of them does keeps the others from going on."""

from __future__ import annotations

import multiprocessing
import signal
import time

import pytest
from worker_tasks import FACTOR, MISHAPS, ending, multiplier, refusing

from symprop.errors import FileError, SympropError
from symprop.workers import Failure, work_through


def results_of(tasks: list[int | str], jobs: int = 2) -> dict[int, int | Failure]:
    found = work_through(enumerate(tasks), multiplier, FACTOR, jobs=jobs, seconds=1.5)
    return dict(found)


def test_every_task_has_its_result_whatever_happens_to_others() -> None:
    tasks: list[int | str] = [*range(20), *MISHAPS, *range(20, 40)]
    results = results_of(tasks)
    assert len(results) == len(tasks)
    for key, task in enumerate(tasks):
        if isinstance(task, int):
            assert results[key] == 10 * task
    reasons = {task: results[key] for key, task in enumerate(tasks) if isinstance(task, str)}
    assert reasons["killed"] == Failure("the process that was at it was ended by SIGKILL")
    assert reasons["exits"] == Failure("the process that was at it ended with exit status 3")
    assert reasons["hangs"] == Failure("it took longer than 1.5 s")
    assert reasons["prints"] == Failure("it is refused. Mend it")
    assert "ZeroDivisionError: by zero" in str(reasons["raises"])
    assert "RecursionError" in str(reasons["recurses"])
    assert not multiprocessing.active_children()


def test_the_last_task_may_fail_too() -> None:
    results = results_of([1, "killed"], jobs=1)
    assert results[0] == 10
    assert isinstance(results[1], Failure)


def test_no_tasks_need_no_process() -> None:
    assert results_of([]) == {}


def test_what_cannot_be_prepared_is_an_error_with_its_kind_and_hint() -> None:
    with pytest.raises(FileError, match=r"net\.py: no such file") as caught:
        list(work_through([(0, 1)], refusing, "net.py: no such file", jobs=2, seconds=5))
    assert caught.value.hint == "mend it"


def test_processes_that_end_at_their_start_are_given_up() -> None:
    with pytest.raises(SympropError, match="ended with exit status 7 at its start"):
        list(work_through(enumerate([1, 2, 3]), ending, 7, jobs=2, seconds=5))
    assert not multiprocessing.active_children()


def test_to_stop_listening_ends_the_processes_at_once() -> None:
    tasks: list[int | str] = [1, "hangs", "hangs"]
    results = work_through(enumerate(tasks), multiplier, FACTOR, jobs=2, seconds=60)
    assert next(results) == (0, 10)
    start = time.monotonic()
    results.close()
    assert time.monotonic() - start < 2
    assert not multiprocessing.active_children()


def test_the_way_interrupts_are_heard_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    results_of([1])
    assert signal.getsignal(signal.SIGINT) is before
