r"""Names that a file defines behind their use, in a formula or a sentence; claims in sentences."""

import pytest
import stranger_networks

from symprop.verification import Report, verify_document


def judged(network: str, text: str) -> Report:
    return verify_document(getattr(stranger_networks, network)(), text, kind="latex")


def said(network: str, text: str) -> list[str]:
    lines = judged(network, text).lines
    return [str(line.verdict) for line in lines if str(line.verdict) != "skipped"]


BEHIND = r"""
\[ \frac{\partial L}{\partial w} = \delta x \]
where
\[ \delta = %s. \]
"""


def test_a_later_formula_defines_a_name() -> None:
    assert said("logistic_scalar", BEHIND % "a - y") == ["true", "true-given"]
    assert said("logistic_scalar", BEHIND % "y - a") == ["false", "true-given"]


def test_a_sentence_defines_a_name() -> None:
    text = r"\[ \frac{dE}{db} = -k c \] where $k = u (t - r)$ and $u = %s$."
    assert said("chain", text % "q(1-q)p") == ["true", "true-given", "true-given"]
    assert said("chain", text % "q p") == ["false", "true-given", "true-given"]


def test_a_later_formula_defines_a_function() -> None:
    text = r"\[ \frac{dL}{dz} = g(z) - y \] with \[ g(u) = \frac{1}{1 + e^{%su}} \]"
    assert said("logistic_scalar", text % "-") == ["true", "true-given"]
    assert said("logistic_scalar", text % "") == ["false", "true-given"]


def test_the_slope_of_a_function_that_the_text_defines() -> None:
    text = r"\[ g(u) = \frac{1}{1 + e^{-u}}, \quad \frac{da}{dz} = g'(z) \]"
    assert said("logistic_scalar", text) == ["true-given", "true"]


def test_a_name_that_is_defined_twice_is_known_behind_its_definition_alone() -> None:
    text = r"\[ \frac{dE}{dc} = k q \] \[ k = r - t \] \[ k = t - r \]"
    assert said("chain", text)[0] == "undecidable"


def test_a_definition_of_a_delta_goes_before_what_it_usually_is() -> None:
    text = r"\[ \frac{\partial C}{\partial b^2} = \delta^2 \] \[ \delta^2 = a^2 - y \]"
    assert said("nielsen", text) == ["false", "true-given"]


# -- claims in sentences --------------------------------------------------------------------------


def test_a_derivative_in_a_sentence_is_judged() -> None:
    assert said("chain", r"Hence $\frac{dE}{dc} = -(t-r) q$.") == ["true"]
    assert said("chain", r"Hence $\frac{dE}{dc} = (t-r) q$.") == ["false"]
    assert said("chain", r"so that $c \leftarrow c - \eta (t-r) q$.") == ["false"]


@pytest.mark.parametrize(
    "text",
    [
        r"If $t = r$, then $\frac{dE}{dq} = c$.",
        r"It is wrong that $\frac{dE}{dc} = (t-r) q$.",
        r"At the minimum $\frac{dE}{dc} = 0$.",
    ],
)
def test_a_sentence_with_a_condition_makes_no_line_wrong(text: str) -> None:
    assert said("chain", text) == ["undecidable"]


@pytest.mark.parametrize(
    "text", [r"for $x = 0$ and $\eta = 0.1$", r"the loss $E = \frac12 (t-r)^2$", "$x$", "$k = 3$"]
)
def test_what_claims_nothing_is_listed_as_skipped(text: str) -> None:
    lines = judged("chain", text).lines
    assert lines
    assert {line.reason for line in lines} == {"a formula within a line of text"}


def test_a_derivative_in_a_sentence_that_cannot_be_read_is_no_prose() -> None:
    assert said("chain", r"So $\frac{dE}{dc} = \foo q$.") == ["unreadable"]


def test_a_definition_for_each_sample_is_added_up() -> None:
    text = r"""Let the residuals be $r_i = x_i^T w - y_i$.
    \[ J = \frac1n \sum_i r_i^2, \qquad \nabla J = \frac{%s}n \sum_i r_i x_i \]"""
    assert said("mean_squares", text % "2") == ["true-given", "true-given", "true-given"]
    assert said("mean_squares", text % "1")[-1] == "false"


def test_an_update_in_a_sentence_is_judged() -> None:
    text = r"We update $w := w %s \alpha \frac1m \sum_i (a_i - y_i) x_i$."
    assert said("logistic_scalar", text % "-") == ["true-given"]
    assert said("logistic_scalar", text % "+") == ["false"]
