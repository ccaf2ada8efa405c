"""Texts out of the fuzzer: each is read, judged or refused, quickly; a few new ones are tried."""

from random import Random

import pytest
from fuzzing.corpus import WAYS, Attempt, network_of, seeds
from fuzzing.mutation import mutated
from fuzzing.target import finding
from least_time import least_seconds

from symprop import verify

SEEDS = [seed for seed in seeds() if seed.text]
TRIED = 60


FOUND = [
    Attempt(
        "H1",
        "verify latex",
        r"\frac{\partial\ell}{\partial w^{(1)}} = ((\delta_{h^{(1)}})_{1:N} \odot g'(\beta^{(1)}))"
        r" h^{(0)\top}",
    ),
    Attempt("H1", "verify latex", r"(W_1)_{1:2:3,:} = W_1"),
    Attempt(
        "H1",
        "verify",
        r"\frac{d\mathcal{L}}{dw_{kj}^{(l)}} = \frac{1}{n} \sum_{i=1}^n"
        r" \frac{d\ell(\vec{y}_i, \vec{y}_i^*)}{dw_{kj}^{(l)}}",
    ),
    Attempt("E2", "verify", "w_0x_0 + w_1x_1 + w_2 = 1"),
    Attempt("logistic_column", "verify latex", r"w_j \leftarrow w_j - \eta (a - y) x j"),
    Attempt(
        "ridge",
        "verify",
        r"w = \eta \frac{\partial L}{\partial w} = -y_i \log y_i^* - (1 - y_i) \log(1 - y_i^*)",
    ),
]
"""What was found: exceptions, and texts that took long."""


@pytest.mark.parametrize("attempt", FOUND, ids=lambda attempt: attempt.text[:30])
def test_what_was_found_is_mended(attempt: Attempt) -> None:
    assert finding(attempt) == ""


HOSTILE = [
    "9^{9^{9^{9}}}",
    "(" * 10_000,
    "(" * 9_999 + "x" + ")" * 9_999,
    "{" * 9_999 + "x" + "}" * 9_999,
    r"\input{/etc/passwd}",
    r"\immediate\write18{rm -rf /}",
    "__import__('os').system('true')",
    r"\def\x{\x\x}\x",
    r"\sum_{i=1}^{999999999} x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
@pytest.mark.parametrize("left", ["", r"\frac{\partial E}{\partial b} = "])
def test_hostile_text_is_refused_at_once(left: str, text: str) -> None:
    def judge() -> None:
        assert not verify(network_of("chain"), left + text).ok

    assert least_seconds(judge, 1.0) < 1.0


def test_any_bytes_are_an_attempt_and_back() -> None:
    for seed in SEEDS:
        assert Attempt.of(seed.data) == seed
    assert Attempt.of(b"").text == "" and Attempt.of(b"\xff\xff\xff").text == "\ufffd"


@pytest.mark.parametrize("way", WAYS)
def test_mutated_lines_of_all_tests_are_taken_well(way: str) -> None:
    rng = Random(way)
    for _ in range(TRIED // len(WAYS)):
        seed, other = rng.sample(SEEDS, 2)
        attempt = Attempt(seed.network, way, mutated(seed.text, other.text, rng))
        assert finding(attempt) == "", attempt
