"""Tables that fit a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from symprop.printout.formats import cells
from symprop.printout.tables import COLUMN_GAP, aligned, column_groups, row_groups

WIDTHS = st.lists(st.floats(1, 20), min_size=2, max_size=30)


@given(WIDTHS, st.floats(25, 100))
def test_every_column_stands_once_behind_the_first_and_fits(
    widths: list[float], page: float
) -> None:
    groups = column_groups(widths, page)
    assert [column for group in groups for column in group[1:]] == list(range(1, len(widths)))
    for group in groups:
        assert group[0] == 0
        wide = sum(widths[column] for column in group) + COLUMN_GAP * (len(group) - 1)
        assert wide <= page or len(group) == 2


def test_tables_side_by_side_are_about_equally_wide() -> None:
    groups = column_groups([5.0] * 10, 50.0)
    assert [len(group) for group in groups] in ([6, 5], [5, 6])


@given(st.integers(0, 500), st.integers(1, 60))
def test_every_row_stands_once(count: int, limit: int) -> None:
    parts = [list(range(count))[part] for part in row_groups(count, limit)]
    assert [row for part in parts for row in part] == list(range(count))
    assert all(len(part) <= limit for part in parts)


def test_marks_above_letters_take_no_cell_of_a_terminal() -> None:
    lines = list(aligned([("y\u0302", "h"), ("10", "2.5")], "lr", cells))
    assert lines == ["y\u0302     h", "10  2.5"]
