"""Seeds of random networks as Hypothesis draws them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st

from twins.points import IncomparableError

COUNT = int(os.environ.get("SYMPROP_NETWORKS", "0"))
SEEDS = st.integers(0, 2**32 - 1)
DEPTHS = st.integers(1, 3)

Test = TypeVar("Test", bound=Callable[..., None])


def examples(count: int) -> Callable[[Test], Test]:
    """So many of a kind, always the same ones; SYMPROP_NETWORKS asks for more, new ones."""
    return settings(
        max_examples=COUNT or count,
        deadline=None,
        database=None,
        derandomize=not COUNT,
        phases=[Phase.generate],  # a seed does not shrink
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


@contextmanager
def comparable() -> Iterator[None]:
    """What cannot be compared does not count."""
    try:
        yield
    except IncomparableError:
        assume(False)
