"""Plain text with words around its formulas: a wrong line is found whatever stands beside it."""

import pytest
import stranger_networks

from symprop import verify
from symprop.verification import verify_document

CHAIN = stranger_networks.chain()
AROUND = [
    "so {}",
    "Thus {}",
    "therefore we get: {}",
    "By the chain rule, {}",
    "The gradient of c is {}",
    "Step 2: {}",
    "2) {}",
    "(b) {}",
    "* {}",
    "=> {}",
    "Answer: {}",
    "{} (chain rule)",
    "{}   (chain rule)",
    "{} [chain rule]",
    "{}  # chain rule",
    "{} // chain rule",
    "{} -- chain rule",
    "{} by the chain rule",
    "{}, since r = c*q",
    "{} because r = c*q",
    "{} where E = (t - r)^2/2",
    "Also: dE/db = -(t-r)*c*q*(1-q)*p and {}",
    "- {}\n- dE/db = -(t-r)*c*q*(1-q)*p",
]


def verdicts(text: str) -> list[str]:
    return [str(line.verdict) for line in verify_document(CHAIN, text, kind="plain").lines]


@pytest.mark.parametrize("around", AROUND)
def test_words_are_no_part_of_a_formula(around: str) -> None:
    right = verdicts(around.format("dE/dc = -(t-r)*q"))
    assert right and set(right) <= {"true", "true-given"}
    assert "false" in verdicts(around.format("dE/dc = (t-r)*q"))


@pytest.mark.parametrize(
    "text",
    [
        "if q > 0 then dE/dc = 0",
        "For x = 0 we get dE/dc = 0",
        "it is not true that dE/dc = (t-r)*q",
        "the derivative dE/dc of E = foo bar baz",
        "minus dE/dc = (t-r)*q",
    ],
)
def test_a_derivative_among_words_that_are_not_understood_is_not_passed_over(text: str) -> None:
    assert verdicts(text) == ["unreadable"]


@pytest.mark.parametrize(
    "text", ["This is = no formula at all.", "E = the loss function", "Given: x = 1, t = 2"]
)
def test_a_sentence_without_a_derivative_is_skipped(text: str) -> None:
    assert set(verdicts(text)) <= {"skipped"}


def test_a_comment_is_no_line() -> None:
    assert verdicts("# dE/dc = (t-r)*q\ndE/dc = -(t-r)*q") == ["true"]


@pytest.mark.parametrize("word", ["where", "with", ", where"])
def test_an_abbreviation_may_be_explained_on_its_line(word: str) -> None:
    text = f"dE/db = -k*c {word} k = (t-r)*q*(1-q)*p"
    assert verdicts(text) == ["true", "true-given"]


def test_a_line_keeps_its_place() -> None:
    report = verify_document(CHAIN, "\nthus dE/dc = (t-r)*q  # wrong", kind="plain")
    (line,) = report.lines
    assert line.number == 2
    assert report.source[line.span.start : line.span.end] == "(t-r)*q"


def test_a_program_finds_the_wrong_factor() -> None:
    text = r"""\[ \frac{dE}{dc} = -(t-r) q \]
\[ \frac{dE}{db} = -(t-r) c\, q(1-q) x \]"""
    found = verify(CHAIN, text).as_dict()["lines"][1]
    assert found["slip"]["kind"] == "wrong-name"
    place = found["slip"]["place"]
    row = text.split("\n")[place["line"] - 1]
    assert row[place["column"] - 1 : place["end_column"] - 1] == "x"
    assert found["place"]["line"] == place["end_line"] == 2


def test_a_comment_at_the_beginning_of_a_line_makes_no_markdown_of_a_text() -> None:
    report = verify_document(CHAIN, "# my answer\ndE/dc = -(t-r)*q")
    assert [str(line.verdict) for line in report.lines] == ["true"]
