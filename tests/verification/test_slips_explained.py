r"""Slips of the kinds that students make, and what a lecturer would say of them.

Every line is wrong; the slip has to be of a kind, the sentence has to say something, and what the
line should be has to be true when it is read again.
"""

from functools import cache

import pytest
from note_networks import NETWORKS as NOTES
from stranger_networks import NETWORKS as STRANGERS

from symprop import Network
from symprop.verification import Line, Verdict, verify
from symprop.verification.verdicts import GOOD

NETWORKS = STRANGERS | NOTES

TERMS = [
    (
        "layer_norm",
        r"\frac{\partial \hat x_i}{\partial x_j} = \frac1\sigma(\delta_{ij}-\frac1d)",
        "missing-term",
        "the term -(u_{i}*u_{j})/(s*d) is missing",
    ),
    (
        "layer_norm",
        r"\frac{\partial \hat x_i}{\partial x_j} = \frac1\sigma(\delta_{ij}"
        r" - \frac1d\hat x_i \hat x_j)",
        "missing-term",
        "the term -1/(s*d) is missing",
    ),
    (
        "weight_norm",
        r"\nabla_{v} L = \frac{g}{\|v\|}(y-t)x",
        "missing-term",
        "the term -(y*(y - t))/(∑_{i} v_{i}^2)*v is missing",
    ),
    (
        "cosine",
        r"\nabla_u L = -\frac{v}{\|u\|\|v\|}",
        "missing-term",
        "the term +c/(∑_{i} u_{i}^2)*u is missing",
    ),
    (
        "field_machine",
        r"\frac{\partial\,\mathrm{loss}}{\partial x_1} = 2(f-y)\,w_1",
        "missing-term",
        "the term +v_1*v_2*x_2 is missing behind w_1",
    ),
    ("ridge", r"\nabla_w J = X^\top (Xw-y)", "missing-path", "+lambda*w is missing"),
    (
        "batch_norm",
        r"\hat x_i = \frac{x_i-\mu}{\sqrt{\sigma^2}}",
        "missing-term",
        "the term +epsilon is missing",
    ),
]
SOFTMAX = [
    (
        "dot_attention",
        r"\frac{\partial L}{\partial S_{ij}} = A_{ij}(1-A_{ij})"
        r"\frac{\partial L}{\partial A_{ij}}",
        "missing-cross-term",
        "the cross terms of the softmax are left out",
    ),
    (
        "dot_attention",
        r"\frac{\partial L}{\partial S} = A \odot \frac{\partial L}{\partial A}",
        "missing-cross-term",
        "taken as A alone",
    ),
    (
        "additive_attention",
        r"\frac{\partial L}{\partial e} = \alpha \odot H(c-y)",
        "missing-cross-term",
        "taken as a alone",
    ),
    (
        "softmax_classifier",
        r"\frac{\partial \hat y_i}{\partial o_j} = \hat y_i (1 - \hat y_i)",
        "missing-cross-term",
        "this is the entry for i = j alone",
    ),
    (
        "softmax_classifier",
        r"\hat y_i = \frac{e^{o_i - \min_j o_j}}{\sum_k e^{o_k - \max_j o_j}}",
        "wrong-function",
        "min should be max",
    ),
]
INDICES = [
    (
        "dot_attention",
        r"\frac{\partial L}{\partial S_{ij}} = A_{ij}\Bigl(\frac{\partial L}{\partial A_{ij}}"
        r" - \sum_{l} A_{lj}\frac{\partial L}{\partial A_{lj}}\Bigr)",
        "wrong-index",
        "the sum runs along the wrong index",
    ),
    (
        "batch_softmax",
        r"P_{ij} = \frac{e^{F_{ij}}}{\sum_{l} e^{F_{lj}}}",
        "wrong-index",
        "it should be ∑_{l} exp(F_{i, l})",
    ),
    (
        "batch_softmax",
        r"\frac{\partial L}{\partial W_{jk}} = \frac1n \sum_i X_{ij}(P_{ij}-Y_{ij})",
        "wrong-index",
        "the index j of P_{i, j} - Y_{i, j} should be k",
    ),
    (
        "batch_softmax",
        r"\frac{\partial L}{\partial b} = \frac1n (P-Y)",
        "missing-sum",
        "the sum over the rows is missing",
    ),
    (
        "layer_norm",
        r"\frac{\partial L}{\partial x_j} = \frac{1}{\sigma}(\frac{\partial L}{\partial \hat x_j}"
        r" - \frac1d\sum_i\frac{\partial L}{\partial \hat x_i}\hat x_i"
        r" - \frac{\hat x_j}{d}\sum_i\frac{\partial L}{\partial \hat x_i})",
        "extra-factor",
        "the factor u_{i} stands in the wrong term",
    ),
]
POWERS = [
    (
        "batch_norm",
        r"\frac{\partial L}{\partial \sigma^2} = -\frac12 \sum_i"
        r" \frac{\partial L}{\partial \hat x_i} (x_i-\mu)(\sigma^2+\epsilon)^{-1/2}",
        "power",
        "the exponent of s + epsilon should be -3/2, not -1/2",
    ),
    (
        "layer_norm",
        r"\sigma = \frac1d \sum_i (x_i-\mu)^2",
        "power",
        "a root of 1/d*(∑_{i} (x_{i} - mu)^2) is missing",
    ),
    (
        "enzyme",
        r"\frac{\partial E}{\partial K_m} = 2(v-\hat v)\frac{V_{\max} s}{d}",
        "missing-square",
        "d should be squared",
    ),
    (
        "dot_attention",
        r"\frac{\partial L}{\partial Q} = \sqrt{d}\, \frac{\partial L}{\partial S} K",
        "swapped-fraction",
        "it should be divided by sqrt(d)",
    ),
    (
        "weight_norm",
        r"\nabla_g L = (y-t)\, x^\top v",
        "missing-factor",
        "the factor 1/‖v‖ is missing",
    ),
    (
        "xi_chain",
        r"\frac{\partial \mathcal Q}{\partial \rho}"
        r" = \frac{(\gamma-\zeta)\,\tau}{1+\exp(\kappa\xi+\rho)}",
        "sign",
        "the sign of kappa*xi + rho is wrong",
    ),
    (
        "perceptron_criterion",
        r"\frac{\partial E_P}{\partial w}"
        r" = \begin{cases} -x & \text{if } t\,s<0\\ 0 & \text{else}\end{cases}",
        "missing-factor",
        "the factor t is missing",
    ),
]
MATRICES = [
    (
        "cs224n",
        r"\frac{\partial J}{\partial h} = W_2 (\hat y - y)",
        "order",
        "in the wrong order, and W2 should be transposed",
    ),
    (
        "precision",
        r"\frac{\partial \ell}{\partial\mu} = -\Lambda(x-\mu)",
        "transpose",
        "right for a symmetric Lambda alone",
    ),
    (
        "dot_attention",
        r"\frac{\partial L}{\partial K}"
        r" = \frac{1}{\sqrt{d}} (\frac{\partial L}{\partial S})^\top K",
        "wrong-name",
        "K should be Q",
    ),
    (
        "nielsen",
        r"\delta^1 = w^2 \delta^2 \odot \sigma'(z^1)",
        "transpose",
        "w2 should be transposed",
    ),
    (
        "lstm_columns",
        r"\frac{\partial L}{\partial W_f} = (h_t - y) \odot o_t \odot (1 - \tanh^2(C_t))"
        r" \odot C_{t-1} \odot f_t \odot (1-f_t) \odot x_t",
        "elementwise",
        "x makes an outer product",
    ),
]
ACTIVATIONS = [
    (
        "lstm_scalar",
        r"\frac{\partial E}{\partial w_g} = (h_t - y) o_t (1-\tanh^2(c_t)) i_t g_t (1-g_t) x_t",
        "wrong-function",
        "that of a tanh is 1 - g^2",
    ),
    (
        "lstm_columns",
        r"\frac{\partial L}{\partial W_f} = ((h_t - y) \odot o_t \odot (1 - \tanh^2(C_t))"
        r" \odot C_{t-1} \odot (1-f_t^2)) x_t^\top",
        "wrong-function",
        "that of a sigmoid is f*(1 - f)",
    ),
    (
        "gaussian_mixture",
        r"\frac{\partial\ell}{\partial\mu_1} = -(x-\mu_1)",
        "missing-factor",
        "the factor a/s is missing",
    ),
    (
        "softmax_classifier",
        r"\frac{\partial l}{\partial o} = \hat y (1 - \hat y)(\hat y - y)",
        "extra-factor",
        "the factor p*(1 - p) should not be there",
    ),
]
PATHS = [
    (
        "layer_norm",
        r"\frac{\partial L}{\partial x} = \frac{1}{\sigma} (o-y) \odot \gamma",
        "missing-path",
        "the paths through mu and s are left out",
    ),
    (
        "batch_norm",
        r"\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial \hat x_i}"
        r" \frac{1}{\sqrt{\sigma^2+\epsilon}}",
        "missing-path",
        "the paths through mu and s are left out",
    ),
]
SOLVED = [
    (
        "ridge",
        r"w = (X^\top X)^{-1} X^\top y",
        "missing-term",
        "the term +lambda*I is missing",
    ),
    (
        "ridge",
        r"w = (X^\top X + \lambda)^{-1} X^\top y",
        "missing-factor",
        "lambda is a number, no matrix: it should be lambda*I",
    ),
    (
        "least_squares",
        r"\beta = (X^\top X)^{-1} X y",
        "transpose",
        "X should be transposed",
    ),
    ("gaussian", r"\mu = 2 x", "wrong-constant", "the factor 2 should not be there"),
]
TWO = [
    (
        "traces",
        r"\nabla_X f = A + 2 B X",
        "transpose",
        "two slips: A should be transposed; and 2*B is right for a symmetric B alone",
    ),
    (
        "rnn_step",
        r"\frac{\partial L}{\partial a} = V^\top(\mathrm{softmax}(o_t)-y) \odot (1-a^2)",
        "wrong-variable",
        "(given: the entries of y sum to 1)",
    ),
    (
        "determinants",
        r"\nabla_X g = X^{-1} - X^{-\top} A^\top X^{-\top}",
        "transpose",
        "X^(-1) should be transposed",
    ),
]


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def judged(name: str, line: str) -> Line:
    return verify(network(name), line, form="latex").lines[-1]


@pytest.mark.parametrize(
    ("name", "line", "kind", "sentence"),
    [*TERMS, *SOFTMAX, *INDICES, *POWERS, *MATRICES, *ACTIVATIONS, *PATHS, *SOLVED, *TWO],
)
def test_the_slip_of_a_student_is_named_as_a_lecturer_would(
    name: str, line: str, kind: str, sentence: str
) -> None:
    found = judged(name, line)

    assert found.verdict is Verdict.FALSE
    assert found.slip is not None
    assert found.slip.kind == kind
    assert sentence in found.slip.sentence
    if found.slip.correct:
        left = line.partition(" = ")[0]
        assert judged(name, f"{left} = {found.slip.correct}").verdict in GOOD


@pytest.mark.parametrize(
    ("name", "line", "own"),
    [
        ("batch_norm", r"\hat x_i = \frac{x_i-\mu^2}{\sqrt{\sigma}}", r"\hat{x}_i"),
        ("layer_norm", r"\sigma = \sum_i (x_i-\mu)^2", r"\sigma"),
        ("dot_attention", r"A_{ij} = S_{ij} \sum_k e^{S_{kj}}", "A_{ij}"),
    ],
)
def test_a_definition_is_never_mended_with_the_name_that_it_defines(
    name: str, line: str, own: str
) -> None:
    slip = judged(name, line).slip

    assert slip is None or own not in slip.correct


def test_no_two_slips_are_found_where_a_label_is_assumed_to_be_0() -> None:
    line = r"P_{ij} = \frac{e^{F_{ij}^2}}{1 + \sum_{l} e^{F_{lj}}}"
    slip = judged("batch_softmax", line).slip

    assert slip is None or "given" not in slip.sentence
