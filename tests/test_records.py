"""Records of CSV files: read back as they were, and never worked out by a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.records import record, records_of

CELLS = st.text(st.sampled_from("'=+-@\t\r\n\",;ab1. \uff1d\u2202") | st.characters(codec="utf-8"))


@given(st.lists(st.lists(CELLS, min_size=1), max_size=3))
def test_records_are_read_back_as_they_were(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\0", "") for cell in cells] for cells in rows]
    assert list(records_of("".join(map(record, rows)))) == rows


@given(CELLS)
def test_no_cell_begins_with_what_opens_a_formula_but_numbers(cell: str) -> None:
    (cells,) = csv.reader(io.StringIO(record([cell.replace("\0", ""), "x"]), newline=""))
    if cells[0].startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")):
        float(cells[0])


def test_numbers_stay_numbers() -> None:
    assert record(["-1.5", "+2", "-x", "1e-3"]) == "-1.5,+2,'-x,1e-3\r\n"


def test_what_is_no_csv_is_an_error() -> None:
    with pytest.raises(csv.Error):
        list(records_of('"a"b\n'))
