"""What `verify` says of hand derivations: verdicts, reasons, what follows from what, reports."""

import json
from pathlib import Path
from time import process_time

import pytest
from lecture_networks import NETWORKS, SIGMOIDS, three_layers
from sympy import MatrixSymbol, symbols

import symprop as sp
from symprop import Network, SympropError, verify
from symprop.cli import main
from symprop.verification import Report, Verdict, verify_answer, verify_document
from symprop.verification.pages import page_of


@pytest.fixture(scope="module")
def net() -> Network:
    return three_layers(SIGMOIDS)


def said(net: Network, text: str) -> list[str]:
    return [str(line.verdict) for line in verify(net, text).lines]


RIGHT = r"\frac{\partial L}{\partial w_3} = -(y - f_3) f_3 (1 - f_3) f_2"
WRONG = r"\frac{\partial L}{\partial w_3} = (y - f_3) f_3 (1 - f_3) f_2"


# -- what is right --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        r"\frac{\partial L}{\partial w_3} = f_2 (1 - f_3) (f_3^2 - f_3 y)",
        r"\frac{dL}{dw_3} = -\frac{(y - f_3)}{1 + e^{-w_3 f_2}} (1 - \sigma(a_3)) f_2",
        "dL/dw3 = -(y - f3)*f3*(1 - f3)*f2",
        "w3 <- w3 - eta*dL/dw3",
        r"\frac{\partial f_3}{\partial a_3} = f_3 - f_3^2",
        r"\frac{\partial f_3}{\partial w_1} = f_3(1-f_3) w_3 f_2(1-f_2) w_2 f_1(1-f_1) x",
    ],
)
def test_true_however_it_is_written(net: Network, text: str) -> None:
    report = verify(net, text)
    assert [line.verdict for line in report.lines] == [Verdict.TRUE]
    assert report.ok


def test_a_polynomial_identity_is_proved_and_not_only_tried(net: Network) -> None:
    (line,) = verify(net, RIGHT).lines
    assert line.proved


def test_what_is_only_tried_says_at_how_many_points(net: Network) -> None:
    (line,) = verify(net, r"\frac{\partial f_3}{\partial w_3} = f_3(1 - f_3) f_2").lines
    assert not line.proved
    assert line.judgement.points == 5


def test_a_direct_argument_that_is_also_an_indirect_one_has_both_derivatives() -> None:
    x, w = symbols("x w", real=True)
    net = Network("residual", inputs=[x], weights=[w])
    h = net.step("h", sp.tanh(w * x))
    net.loss(net.step("s", h + w) ** 2)
    assert said(net, r"\frac{\partial s}{\partial w} = 1") == ["true"]
    assert said(net, r"\frac{\partial s}{\partial w} = 1 + (1 - h^2) x") == ["true-given"]
    assert said(net, r"\frac{\partial s}{\partial w} = (1 - h^2) x") == ["false"]


# -- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        WRONG,
        r"\frac{\partial L}{\partial w_3} = -(y - f_3) f_3 (1 - f_3)",
        r"\frac{\partial L}{\partial w_3} = -\eta (y - f_3) f_3 (1 - f_3) f_2",
        r"\frac{\partial L}{\partial w_3} = -2 (y - f_3) f_3 (1 - f_3) f_2",
        r"\frac{\partial L}{\partial w_3} = f_3 (1 - f_3) f_2 f_3",
        r"w_3 \leftarrow w_3 + \eta \frac{\partial L}{\partial w_3}",
        r"w_3 = w_3 - \eta \frac{\partial L}{\partial w_2}",
        r"w_3 = \eta \frac{\partial L}{\partial w_3}",
    ],
)
def test_false_with_a_point_that_shows_it(net: Network, text: str) -> None:
    report = verify(net, text)
    (line,) = report.lines
    assert line.verdict is Verdict.FALSE
    assert not report.ok
    assert line.counterexample is not None
    assert line.counterexample.left != line.counterexample.right


def test_a_false_gradient_comes_with_the_right_one(net: Network) -> None:
    (line,) = verify(net, WRONG).lines
    (again,) = verify(net, rf"\frac{{\partial L}}{{\partial w_3}} = {line.correct}").lines
    assert again.verdict is Verdict.TRUE


def test_no_assumption_about_a_regression_target_makes_a_wrong_line_right(net: Network) -> None:
    assert said(net, r"\frac{\partial L}{\partial f_3} = f_3") == ["false"]
    assert said(net, r"\frac{\partial L}{\partial f_3} = f_3 - y^2") == ["false"]


def test_a_square_coincidence_proves_nothing() -> None:
    n, m = symbols("n m", integer=True, positive=True)
    x, y, W = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("W", m, n)
    net = Network("linear", inputs=[x], targets=[y], weights=[W])
    net.loss(sp.half_squared_error(y, net.step("p", W * x)))
    assert said(net, r"\frac{\partial L}{\partial W} = (p - y) x^T") == ["true"]
    assert said(net, r"\frac{\partial L}{\partial W} = (p - y) x") == ["false"]
    assert said(net, r"\frac{\partial L}{\partial W} = x (p - y)^T") == ["true-given"]
    assert said(net, r"\frac{\partial L}{\partial W} = W (p - y) x^T") == ["false"]
    assert said(net, r"\frac{\partial L}{\partial W_{kj}} = (p_k - y_k) x_j") == ["true"]
    assert said(net, r"\frac{\partial L}{\partial W_{kj}} = (p_j - y_j) x_k") == ["false"]


# -- chains ---------------------------------------------------------------------------------------


def test_a_slip_is_reported_once_and_what_keeps_it_follows(net: Network) -> None:
    text = r"""\begin{align}
    \frac{\partial L}{\partial w_3} &= (y - f_3) \frac{\partial f_3}{\partial w_3} \\
    &= (y - f_3) f_3 (1 - f_3) f_2 \\
    &= -(y - f_3) f_3 (1 - f_3) f_2
    \end{align}"""
    assert said(net, text) == ["false", "follows", "true"]


def test_a_wrong_gradient_of_a_step_is_inherited_by_the_weights_below_it(net: Network) -> None:
    text = "dL/df3 = -2*(y - f3)\ndL/dw3 = -2*(y - f3)*f3*(1 - f3)*f2\ndL/dw2 = 3*x"
    assert said(net, text) == ["false", "follows", "false"]


def test_a_wrong_local_derivative_is_inherited_too(net: Network) -> None:
    text = "df3/da3 = f3\ndL/dw3 = -(y - f3)*f3*f2\ndL/db1 = -(y - f3)"
    assert said(net, text) == ["false", "follows", "false"]


def test_an_abbreviation_of_the_text_is_used(net: Network) -> None:
    text = r"\delta = -(y - f_3) f_3 (1 - f_3), \quad \frac{\partial L}{\partial w_3} = \delta f_2"
    assert said(net, text) == ["true-given", "true"]
    wrong = r"\delta = -(y - f_3) f_3, \quad \frac{\partial L}{\partial w_3} = \delta f_2"
    assert said(net, wrong) == ["true-given", "false"]


# -- what cannot be judged ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (r"\frac{\partial L}{\partial w_3} = -(y - f_3) q", "q is not declared"),
        (r"\frac{\partial L}{\partial w_9} = 1", "w_9 is not declared"),
        (r"\frac{\partial L}{\partial w_3} = -0.12", "values of the symbols"),
        (r"L \leq 3", "not judged"),
    ],
)
def test_undecidable_says_what_is_missing(net: Network, text: str, missing: str) -> None:
    (line,) = verify(net, text).lines
    assert line.verdict is Verdict.UNDECIDABLE
    assert missing in line.reason


def test_a_name_without_its_number_is_not_guessed_where_there_are_several(net: Network) -> None:
    text = r"\frac{\partial L}{\partial w} = -(y - f_3) f_3 (1 - f_3) f_2"
    assert said(net, text) == ["undecidable"]


def test_unreadable_is_no_error_and_is_never_right(net: Network) -> None:
    report = verify(net, RIGHT + r" \\ \frac{1}{2")
    assert "unreadable" in {str(line.verdict) for line in report.lines}
    assert not report.ok


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial L}{\partial w_3} = 9^{9^{9^{9}}}",
        r"\frac{\partial L}{\partial w_3} = " + "(" * 10_000,
        r"L = \sum_{i=1}^{100000} \sum_{j=1}^{100000} y",
        r"L = \sum_{i=1}^{9000} \sum_{j=1}^{9000} \sum_{k=1}^{9000} (y - f_3)",
        r"\input{/etc/passwd} = 1",
        r"L = e^{e^{e^{e^{9}}}}",
        r"L = \exp(\exp(\exp(\exp(x + 9))))",
    ],
)
def test_nothing_hangs(net: Network, text: str) -> None:
    start = process_time()
    assert not verify(net, text).ok
    assert process_time() - start < 5


def test_many_indices_do_not_hang() -> None:
    text = r"\frac{dy y_{ci}^*}{dw_{kj}^{(l)}} = \frac{\partial h_{ci}^{(L)}}{\partial x_m}"
    start = process_time()
    assert not verify(NETWORKS["H1"](), text).ok
    assert process_time() - start < 5


def test_numbers_that_begin_with_a_point_and_entries_of_numbers_are_no_errors(net: Network) -> None:
    assert said(net, r"L = .5 (y - f_3)^2") == ["true-given"]
    assert said(net, r"w_3 = w_3 + \eta (y - f_3)_{1i}") != ["true"]


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("h = 1.1", "true-given", "in the worked example"),
        ("w = 0.48", "true-given", "after update 1"),
        ("b = 1.61", "true-given", "after update 2"),
        ("L = 1.80", "true-given", "halfway"),
        ("b = 1.75", "false", "1.7448"),
        ("h = 1.2", "false", "1.1"),
        ("w - eta*dL/dw = 0.1 - 0.2*(-1.9)", "true-given", "in the worked example"),
        ("exp(1) = 2.718", "true", ""),
        ("exp(1) = 2.719", "false", "2.71828"),
        ("2*(0.1 + 0.2) = 0.6", "true", ""),
    ],
)
def test_numbers(text: str, verdict: str, reason: str) -> None:
    (line,) = verify(NETWORKS["P1"](), text).lines
    assert str(line.verdict) == verdict
    assert reason in line.reason


# -- files and reports ----------------------------------------------------------------------------

FILE = rf"""\documentclass{{article}}
\begin{{document}}
Here $x = 1$ is small.
\begin{{align}}
{RIGHT} \\
{WRONG}
\end{{align}}
\[ q = \frac{{1}}{{2 \]
\end{{document}}
"""


def test_a_file_lists_what_it_skips_and_what_it_cannot_read(net: Network) -> None:
    report = verify_document(net, FILE)
    found = [(line.number, str(line.verdict)) for line in report.lines]
    assert found == [(3, "skipped"), (5, "true"), (6, "false"), (8, "unreadable")]
    assert str(verify(net, FILE)) == str(report)


def test_nothing_judged_is_not_right(net: Network) -> None:
    assert not verify_document(net, "Only words, and $x = 1$.", kind="latex").ok


def test_text_report_has_mark_reason_and_caret(net: Network) -> None:
    text = str(verify(net, WRONG))
    assert text.startswith("\u2717 false")
    assert "^^^" in text
    assert "right is" in text


def test_json_report(net: Network) -> None:
    data = json.loads(verify(net, FILE).json())
    assert data["counts"] == {"true": 1, "false": 1, "unreadable": 1, "skipped": 1}
    assert data["lines"][2]["counterexample"]["left"] != data["lines"][2]["counterexample"]["right"]


def test_pages_take_text_as_data(net: Network) -> None:
    report = verify_document(net, FILE.replace("is small", "<script>$a<b$"))
    html, latex = (page_of(report, target) for target in ("html", "latex"))
    assert "<script>" not in html
    assert latex.count(r"\begin{document}") == 1


def test_an_answer_is_held_against_what_was_asked(net: Network) -> None:
    def verdict(answer: str) -> list[str]:
        report: Report = verify_answer(net, "dL/dw3", answer)
        return [str(line.verdict) for line in report.lines]

    assert verdict("-(y - f3)*f3*(1 - f3)*f2") == ["true"]
    assert verdict(r"-(y - f_3) f_3 (1 - f_3) f_2") == ["true"]
    assert verdict("(y - f3)*f3*(1 - f3)*f2") == ["false"]
    assert verdict(RIGHT) == ["true"]


def test_no_text_is_an_error(net: Network) -> None:
    with pytest.raises(SympropError):
        verify(net, 3)  # type: ignore[arg-type]


def test_forty_lines_take_less_than_three_seconds(net: Network) -> None:
    lines = " \\\\\n".join([RIGHT, WRONG] * 20)
    start = process_time()
    report = verify(net, rf"\begin{{align}}{lines}\end{{align}}")
    assert process_time() - start < 3
    assert len(report.lines) == 40


# -- the command ----------------------------------------------------------------------------------

DECLARATION = """\
from sympy import symbols
from symprop import Network

x, y, w = symbols("x y w", real=True)
net = Network("small", inputs=[x], targets=[y], weights=[w])
net.loss((y - net.step("p", w * x)) ** 2 / 2)
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, Path]:
    declared = tmp_path / "net.py"
    declared.write_text(DECLARATION)
    return str(declared), tmp_path


@pytest.mark.parametrize(
    ("line", "status"), [("dL/dw = -(y - p)*x", 0), ("dL/dw = (y - p)*x", 1), ("only words", 1)]
)
def test_exit_status(files: tuple[str, Path], line: str, status: int) -> None:
    declared, folder = files
    (folder / "a.txt").write_text(line)
    assert main(["verify", declared, str(folder / "a.txt")]) == status


def test_command_writes_json_and_pages(
    files: tuple[str, Path], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    declared, folder = files
    (folder / "a.md").write_text("$$ \\frac{dL}{dw} = -(y - p) x $$")
    for suffix in (".html", ".tex"):
        page = folder / f"report{suffix}"
        assert main(["verify", declared, str(folder / "a.md"), "-o", str(page)]) == 0
        assert page.read_text().count("true") >= 1
    capfdbinary.readouterr()
    assert main(["verify", declared, str(folder / "a.md"), "--json"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["ok"]


def test_command_never_overwrites_the_derivation(files: tuple[str, Path]) -> None:
    declared, folder = files
    source = folder / "a.tex"
    source.write_text(r"\[ \frac{dL}{dw} = -(y - p) x \]")
    assert main(["verify", declared, str(source), "-o", str(source), "--force"]) == 1
    assert source.read_text().startswith(r"\[")


def test_command_judges_one_answer(files: tuple[str, Path]) -> None:
    declared, folder = files
    (folder / "a.txt").write_text("-(y - p)*x\n")
    assert main(["verify", declared, str(folder / "a.txt"), "--partial", "dL/dw"]) == 0
    assert main(["verify", declared, str(folder / "a.txt"), "--partial", "dL/dp"]) == 1


def test_a_comment_chooses_a_network_and_calls_nothing(tmp_path: Path) -> None:
    declared, text = tmp_path / "net.py", tmp_path / "a.tex"
    second = DECLARATION.replace("net =", "other =").replace("net.", "other.").replace("/ 2", "")
    danger = "def danger():\n    raise SystemExit(7)\n"
    declared.write_text(DECLARATION + second + danger)
    line = "\n\\[ \\frac{dL}{dw} = -2 (y - p) x \\]\n"
    for network, status in (("other", 0), ("net", 1), ("danger", 1)):
        text.write_text(f"% symprop: network={network}{line}")
        assert main(["verify", str(declared), str(text)]) == status
