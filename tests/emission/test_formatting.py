"""Lines that need no breaking are laid out as textwrap lays them out."""

from __future__ import annotations

import textwrap

from hypothesis import example, given
from hypothesis import strategies as st

from symprop.emission.formatting import doc, laid_out, paragraph
from symprop.emission.module import Line
from symprop.emission.names import cleaned

WORDS = st.lists(st.text("ab_=*-\u00e9\u2202", min_size=1, max_size=40)).map(" ".join)


@given(WORDS, st.sampled_from([0, 4]), st.sampled_from([0, 4]))
@example("a" * 84, 4, 0)
@example("a" * 85, 4, 0)
@example("a" * 42 + " " + "b" * 41, 4, 4)
@example("a" * 42 + " " + "b" * 42, 4, 4)
def test_a_paragraph_is_wrapped_as_textwrap_does(text: str, indent: int, hanging: int) -> None:
    wrapped = textwrap.wrap(
        doc(text),
        88,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
    assert paragraph(text, indent, hanging) == "\n".join(wrapped)


@given(st.lists(st.sampled_from(["", "x = (", "    y +", ")"]), min_size=1).map("\n".join))
def test_a_statement_is_moved_as_textwrap_does(code: str) -> None:
    if code:
        assert laid_out(Line(code), 8) == textwrap.indent(code, " " * 8)


def test_only_a_name_that_python_takes_stays_as_it_is() -> None:
    assert cleaned("w1_2_3") == "w1_2_3"
    assert cleaned("_w_") == "w"
    assert cleaned("w" * 31) == "w" * 30
    assert cleaned("\u210b") == "H"
    assert cleaned("2x") == "v_2x"
