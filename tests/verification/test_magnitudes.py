r"""Constants that only more digits show, and pieces that only far points show."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify

RIGHT = r"\frac{dE}{db} = -(t-r) c q(1-q) p"


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def verdict(name: str, written: str) -> str:
    (line,) = verify(network(name), written, slip_of=lambda *_: None).lines
    return str(line.verdict)


@pytest.mark.parametrize(
    "more",
    [
        r"(1 + 10^{-40})",
        r"(1 + 10^{-19})",
        r"+ 10^{-40}",
        r"+ 10^{-300}",
        r"+ 0.00000000000000000000000001",
        r"+ \max(0, x - 10^6)",
        r"+ \max(0, x - 5)",
        r"+ \max(0, 10^{-4} - |x|)",
        r"+ [x > 100]",
        r"+ e^{-10^8 x^2}",
    ],
)
def test_what_is_added_is_seen_whatever_its_size(more: str) -> None:
    assert verdict("chain", RIGHT + more) == "false"


@pytest.mark.parametrize(
    "more",
    [
        r"\cdot 10^{-40} \cdot 10^{40}",
        r"+ |x| - \max(x, -x)",
        r"+ \max(0, x - 10^6) - \max(0, x - 10^6)",
        r"\cdot \max(1, 10^{-7})",
        r"+ 10^{-30} \cdot 10^{-10} - 10^{-40}",
    ],
)
def test_what_is_right_stays_right(more: str) -> None:
    assert verdict("chain", RIGHT + more) == "true"


def test_derivatives_by_differences_have_the_digits_that_constants_ask_for() -> None:
    product = r"\frac{dE}{db} = \frac{dE}{dr}\frac{dr}{dq}\frac{dq}{db}"
    assert verdict("chain", product + r"\cdot 10^{-30} \cdot 10^{30}") == "true"
    assert verdict("chain", product + r"(1 + 10^{-30})") == "false"


def test_an_update_is_tried_far_away_too() -> None:
    step = r"b \leftarrow b - \eta \frac{dE}{db}"
    assert verdict("chain", step) == "true"
    assert verdict("chain", step + r" + \max(0, x - 10^6)") == "false"


def test_a_piece_of_the_line_that_the_network_does_not_have_is_found() -> None:
    start = r"\frac{dL}{dw_1} = 2(o-y) w_2 x"
    assert verdict("relu_scalars", start + "[z_1 > 0]") == "true"
    assert verdict("relu_scalars", r"h_1 = \max(-1000, z_1)") == "false"
    far = r"\frac{dE}{db} = -(t-r) c q(1-q) p \cdot [x < 10^4]"
    assert verdict("chain", far) == "false"
