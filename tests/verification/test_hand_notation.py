r"""What authors write by habit: deltas by custom, columns by their entries, families, ones."""

from functools import cache

import board_networks
import note_networks
import pytest
import stranger_networks

import symprop as sp
from symprop import Network, verify
from symprop.verification import verify_document
from symprop.verification.verdicts import Verdict

T, G, F, AFTER = "true", "true-given", "false", "follows"


@cache
def network(name: str) -> Network:
    return (note_networks.NETWORKS.get(name) or stranger_networks.NETWORKS[name])()


def _no_slip(*_: object) -> None:
    """Finds no slip, at once."""


def verdicts(name: str, *rows: str) -> list[str]:
    text = r"\begin{align}" + r" \\ ".join(rows) + r"\end{align}"
    return [str(line.verdict) for line in verify(network(name), text, slip_of=_no_slip).lines]


# -- deltas that a text defines, and uses as the gradients they are by custom ----------------------

B3, B2 = (rf"\frac{{\partial C}}{{\partial b^{n}}}" for n in (3, 2))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # a wrong definition, where it enters, and what follows from it
        ([r"\delta^3 = (a^3-y) \odot \sigma'(a^3)", rf"{B3} = \delta^3",
          r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", rf"{B2} = \delta^2"],
         [F, AFTER, AFTER, AFTER]),
        ([r"\delta^3 = (a^3-y) \odot \sigma'(a^3)",
          r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)"], [F, AFTER]),
        ([r"\delta^3 = (a^3-y) \odot \sigma'(z^3)",
          r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(a^2)", rf"{B2} = \delta^2",
          rf"{B2} = -\delta^2"], [G, F, AFTER, F]),
        ([r"\delta^3 = 2 (a^3-y) \odot \sigma'(z^3)", rf"{B3} = \delta^3"], [F, AFTER]),
        ([r"\delta^3 = (a^3-y) \odot \sigma'(a^3)",
          r"\frac{\partial C}{\partial b^3_j} = \delta^3_j"], [F, AFTER]),
        # definitions of one's own
        ([r"\delta^3 = a^3-y", rf"{B3} = \delta^3 \odot \sigma'(z^3)", rf"{B3} = \delta^3"],
         [G, T, F]),
        ([r"\delta^3 = 2 (a^3-y) \odot \sigma'(z^3)", rf"{B3} = \frac12 \delta^3"], [G, T]),
        ([r"\delta^3 = -(a^3-y) \odot \sigma'(z^3)", rf"{B3} = -\delta^3",
          r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", rf"{B2} = -\delta^2"], [G, T, G, T]),
        ([r"\delta^3 = -(a^3-y) \odot \sigma'(z^3)", rf"{B3} = \delta^3"], [G, F]),
        ([r"\delta^3 = (a^3-y) \odot \sigma'(a^3)"], [G]),
    ],
)  # fmt: skip
def test_a_delta_that_later_lines_use_as_a_gradient_is_wrong_where_it_is_defined(
    rows: list[str], expected: list[str]
) -> None:
    assert verdicts("nielsen_three", *rows) == expected


def test_the_mistake_in_a_delta_is_named_and_pointed_at() -> None:
    text = "\\[ x = x \\]\n\n\\[ \\delta^3 = (a^3-y) \\odot \\sigma'(a^3) \\]\n\n"
    report = verify(network("nielsen_three"), text + rf"\[ {B3} = \delta^3 \]")
    _, wrong, behind = report.lines
    assert (wrong.verdict, wrong.number) == (Verdict.FALSE, 3)
    assert wrong.slip is not None
    assert wrong.slip.kind == "wrong-variable"
    assert text[wrong.slip.span.start : wrong.slip.span.end] in wrong.pointer
    assert "^" in wrong.pointer
    assert behind.verdict is Verdict.FOLLOWS


def test_a_multiple_of_a_gradient_is_a_slip_where_it_is_used_as_the_gradient() -> None:
    by_z2 = r"\delta_{z^2} = 2 (a^2-y) \odot \sigma'(z^2)"
    assert verdicts("nielsen", by_z2, rf"{B2} = \delta_{{z^2}}") == [F, AFTER]
    assert verdicts("nielsen", by_z2, rf"{B2} = \frac12 \delta_{{z^2}}") == [G, T]


# -- columns by their entries ----------------------------------------------------------------------

H, V = r"\frac{\partial E}{\partial h}", r"\frac{\partial E}{\partial W'}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([r"e_j := \hat y_j - y_j", rf"{H} = W'^\top e", rf"{H} = -W'^\top e",
          r"\frac{\partial E}{\partial u_k} = e_k"], [G, T, F, T]),
        ([r"\frac{\partial E}{\partial u_j} = \hat y_j - y_j =: e_j", rf"{H} = W'^\top e"],
         [T, G, T]),
        ([rf"{H} = W'^\top e, \quad \text{{where }} e_j = \hat y_j - y_j", rf"{H} = -W'^\top e"],
         [T, G, F]),
        ([r"\delta_k = \hat y_k - y_k", r"G_{kj} = \delta_k h_j", rf"{V} = G", rf"{V} = G^T",
          rf"{V} = \delta h^T"], [G, G, T, F, T]),
        ([r"e_k = \hat y_k - y_k", r"a_j = \sum_k e_k W'_{kj}",
          r"\frac{\partial E}{\partial W} = a x^T"], [G, G, T]),
        # e stays Euler's number above, and \delta with two indices Kronecker's
        ([r"e_k = \hat y_k - y_k", r"\hat y_k = \frac{e^{u_k}}{\sum_j e^{u_j}}",
          r"\hat y_k = \frac{e^{u_k}}{\sum_j e^{-u_j}}"], [G, G, F]),
        ([r"\delta = \hat y - y",
          r"\frac{\partial \hat y_j}{\partial u_k} = \hat y_j (\delta_{jk} - \hat y_k)",
          r"\frac{\partial \hat y_j}{\partial u_k} = \hat y_j (\delta_{jk} + \hat y_k)"],
         [G, T, F]),
    ],
)  # fmt: skip
def test_what_is_defined_for_an_entry_is_a_column(rows: list[str], expected: list[str]) -> None:
    assert verdicts("primes", *rows) == expected


def test_euler_s_number_is_no_step_that_has_another_name_on_paper() -> None:
    left = r"\frac{\partial D}{\partial \eta_i} ="
    assert verdicts("count_regression", rf"{left} e^{{\eta_i}} - y_i") == [T]
    assert verdicts("count_regression", rf"{left} e^{{\eta_i}} + y_i") == [F]


# -- names -----------------------------------------------------------------------------------------

W1 = r"\frac{\partial E_{total}}{\partial w_1}"
BEHIND = r"\frac{\partial out_{h1}}{\partial net_{h1}} \frac{\partial net_{h1}}{\partial w_1}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rf"{W1} = (\sum_o \frac{{\partial E_{{total}}}}{{\partial net_o}}"
         rf" \frac{{\partial net_o}}{{\partial out_{{h1}}}}) {BEHIND}", T),
        (rf"{W1} = (\sum_o \frac{{\partial E_{{total}}}}{{\partial out_o}}"
         rf" \frac{{\partial net_o}}{{\partial out_{{h1}}}}) {BEHIND}", F),
        (r"E_{total} = \sum_o \frac12 (target_o - out_o)^2", G),
        (r"E_{total} = \sum_o \frac12 (target_o - out_o)", F),
        (r"E_{total} = \sum_o E_o", G),
        (r"out_o = \sigma(net_o)", G),
        (r"out_h = \sigma(net_o)", F),
    ],
)  # fmt: skip
def test_a_letter_and_a_number_below_a_name_are_a_family(text: str, expected: str) -> None:
    assert verdicts("mazur", text) == [expected]


def recurrent_cell() -> Network:
    d, h, k = note_networks.size("d m k")
    x, before, y = (note_networks.mat(*each) for each in (("x", d, 1), ("h_p", h, 1), ("y", k, 1)))
    W, U, V = (note_networks.mat(*each) for each in (("W", h, d), ("U", h, h), ("V", k, h)))
    net = Network("cell", inputs=[x, before], targets=[y], weights=[W, U, V],
                  latex={x: "x_t", before: "h_{t-1}", y: "y_t"})  # fmt: skip
    a = net.step("a", W * x + U * before, latex="a_t")
    s = net.step("h", sp.tanh(a), latex="h_t")
    net.loss(sp.half_squared_error(y, V * s), name="L", latex="L_t")
    return net


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a_{t,j} = \sum_i W_{ji} x_{t,i} + \sum_k U_{jk} h_{t-1,k}", G),
        (r"a_{t,j} = \sum_i W_{ji} x_{t,i} + \sum_k U_{jk} h_{t,k}", F),
        (r"h_{tj} = \tanh(a_{tj})", G),
        (r"\frac{\partial L_t}{\partial U_{jk}} = \frac{\partial L_t}{\partial a_{t,j}} h_{t-1,k}",
         T),
        (r"\frac{\partial L_t}{\partial U_{jk}} = \frac{\partial L_t}{\partial a_{t,j}} h_{t,k}",
         F),
    ],
)  # fmt: skip
def test_an_entry_of_a_value_at_a_time_has_the_index_behind_it(text: str, expected: str) -> None:
    (line,) = verify(recurrent_cell(), text, slip_of=_no_slip).lines
    assert str(line.verdict) == expected, line.reason


# -- ones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ones",
    ["1_n^\\top", "1^\\top", "1^T", r"\mathbf{1}_{n \times 1}^\top", r"\mathbb{1}_n^T",
     r"\mathbf{1}_{1 \times n}", r"1_{1 \times n}"],
)  # fmt: skip
def test_ones_are_written_in_many_ways(ones: str) -> None:
    left = rf"\frac{{\partial L}}{{\partial b}} = \frac1n {ones}"
    assert verdicts("batch_softmax", rf"{left} (P - Y)") == [T]
    assert verdicts("batch_softmax", rf"{left} (Y - P)") == [F]


def test_ones_of_another_shape_do_not_fit() -> None:
    left = r"\frac{\partial L}{\partial b} = \frac1n"
    assert verdicts("batch_softmax", rf"{left} 1_n (P - Y)") == [F]
    assert verdicts("batch_softmax", rf"{left} \mathbf{{1}}_{{n \times n}} (P - Y)") == [F]
    assert verdicts("batch_softmax", r"F = XW + \mathbf{1}_{n \times 1} b") == [G]


# -- conditions in brackets ------------------------------------------------------------------------


def relu_unit() -> Network:
    x, y, w = note_networks.real("x y w")
    net = Network("relu unit", inputs=[x], targets=[y], weights=[w])
    z = net.step("z", w * x)
    net.loss((net.step("a", sp.relu(z)) - y) ** 2 / 2)
    return net


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (r"(a-y) x \; (z>0)", G),
        (r"(a-y) x \ (\text{if } z>0)", G),
        (r"(a-y) x \quad [z>0]", G),
        (r"(a-y) x (z>0)", G),
        (r"(y-a) x \; (z>0)", F),
        (r"0 \; (z \le 0)", G),
        (r"0 \; (z > 0)", F),
        (r"(a-y) \cdot (z>0) \cdot x", T),
        (r"(a-y) \cdot (z<0) \cdot x", F),
        (r"\begin{cases} (a-y) x & (z>0) \\ 0 & (z \le 0) \end{cases}", T),
        (r"\begin{cases} (a-y) x & (z<0) \\ 0 & (z \ge 0) \end{cases}", F),
    ],
)
def test_a_comparison_in_brackets_is_a_condition(right: str, expected: str) -> None:
    text = rf"\frac{{\partial L}}{{\partial w}} = {right}"
    (line,) = verify(relu_unit(), text, slip_of=_no_slip).lines
    assert str(line.verdict) == expected, line.reason


# -- updates in the numerator layout ---------------------------------------------------------------

UPDATE = r"W \leftarrow W - \eta \left(\frac{\partial l}{\partial W}\right)^\top"


@pytest.mark.parametrize(
    ("gradient", "expected"),
    [(r"x (\hat y - y)^\top", [G, G]), (r"(\hat y - y) x^\top", [T, F])],
)
def test_an_update_has_the_layout_of_its_text(gradient: str, expected: list[str]) -> None:
    rows = [rf"\frac{{\partial l}}{{\partial W}} = {gradient}", UPDATE]
    assert verdicts("softmax_classifier", *rows) == expected


def test_the_layout_of_an_update_is_named() -> None:
    (line,) = verify(network("softmax_classifier"), UPDATE).lines
    assert "numerator layout" in line.reason
    assert verdicts("softmax_classifier", UPDATE.replace("- ", "+ ")) == [F]


# -- what stood undecided, or passed, in texts of strangers ----------------------------------------


@cache
def board(name: str) -> Network:
    return board_networks.NETWORKS[name]()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # dw beside a size d that is declared
        ("logistic_sample", r"w := w - \alpha\, dw", T),
        ("logistic_sample", r"w := w + \alpha\, dw", F),
        ("logistic_sample", r"b := b - \alpha\, dw", F),
        # a derivative by the argument, which is a column
        ("ridge", r"J'(w) = 2X^TXw - 2X^Ty + 2\lambda w", T),
        ("ridge", r"J'(w) = 2X^TXw - 2X^Ty + \lambda w", F),
        # the value at a minimum
        ("ridge", r"w^* = (X^\top X + \lambda I)^{-1} X^\top y", G),
        ("ridge", r"w^* = (X^\top X - \lambda I)^{-1} X^\top y", "undecidable"),
        ("ridge", r"\hat w = (X^\top X)^{-1} X^\top y", "undecidable"),
        # rows by what they are multiplied with
        ("skip_gram", r"J = -y^\top U v_c + \log \sum_w \exp(u_w^\top v_c)", G),
        ("skip_gram", r"J = -y^\top U v_c - \log \sum_w \exp(v_c^\top u_w)", F),
        ("attention_heads", r"P_{ij} = \frac{\exp(q_i^\top k_j / \sqrt d)}"
         r"{\sum_l \exp(q_i^\top k_l / \sqrt d)}", G),
        ("attention_heads", r"P_{ij} = \frac{\exp(q_i^\top k_j / \sqrt d)}"
         r"{\sum_l \exp(q_l^\top k_j / \sqrt d)}", F),
        # positive parts
        ("hinge", r"J = [1-m]_+ + \frac\lambda2 \|w\|^2", G),
        ("hinge", r"J = (1+m)_+ + \frac\lambda2 \|w\|^2", F),
        # a symmetric matrix, and a label that is given, as conditions
        ("quadratic", r"\nabla f = Ax - b \quad \text{if } A = A^\top", G),
        ("quadratic", r"\nabla f = Ax + b \quad \text{if } A = A^\top", F),
        ("bag_of_words", r"L = -\log p_c, \quad y_c = 1", G),
        ("bag_of_words", r"L = \log p_c, \quad y_c = 1", F),
    ],
)  # fmt: skip
def test_lines_of_boards_are_judged(name: str, text: str, expected: str) -> None:
    (line,) = verify(board(name), text, slip_of=_no_slip).lines
    assert str(line.verdict) == expected, line.reason


def test_a_gradient_that_a_text_writes_so_is_no_size_times_a_name() -> None:
    """d is a size here; behind dP = ... the text means the gradient by dP."""
    rows = [r"dP = G V^\top", r"D_i = \sum_j P_{ij}\, dP_{ij}", r"dS_{ij} = P_{ij} (dP_{ij} - D_i)",
            r"dS_{ij} = P_{ij} (dP_{ij} + D_i)", r"S = \frac{Q K^\top}{\sqrt{d}}"]  # fmt: skip
    text = r"\begin{align}" + r" \\ ".join(rows) + r"\end{align}"
    found = verify(board("attention_heads"), text, slip_of=_no_slip).lines
    assert [str(line.verdict) for line in found] == [T, G, T, F, G]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grad_w J = -(y - z) x", T),
        ("grad_w J = (y - z) x", F),
        ("Delta w = eta (y - z) x", T),
        ("Delta w = -eta (y - z) x", F),
    ],
)
def test_words_of_plain_text_are_no_prose(text: str, expected: str) -> None:
    (line,) = verify_document(board("adaline"), text, kind="plain", slip_of=_no_slip).lines
    assert str(line.verdict) == expected, line.reason


def test_what_a_nabla_is_by_is_asked_for_where_there_are_several_weights() -> None:
    (line,) = verify(board("adaline"), r"\nabla J = (z - y) x").lines
    assert "w, b" in line.reason


def test_the_correction_of_a_nabla_alone_is_the_gradient_by_the_only_weight() -> None:
    (line,) = verify(board("quadratic"), r"\nabla f(x) = x", slip_of=_no_slip).lines
    assert line.correct.endswith("- b")
