"""The command line, and the face of the package."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import symprop
from symprop import cli
from symprop.cli import main
from symprop.commands import building
from symprop.files import is_unedited

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
f = net.step("f", sigmoid(w * x + b))
net.loss(half_squared_error(y, f))
"""

LAYER = """\
from sympy import MatrixSymbol, symbols
from symprop import Network, binary_cross_entropy, sigmoid

D, N = symbols("D N", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
W, b = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
layer = Network("a layer", inputs=[x], targets=[y], weights=[W, b], labels={y: "binary"})
p = layer.step("p", sigmoid(W * x + b))
layer.loss(binary_cross_entropy(y, p))
"""

UNSPECIFIED = """\
from sympy import symbols
from symprop import Network, activation, half_squared_error

x, y, w = symbols("x y w", real=True)
any_f = Network("any f", inputs=[x], targets=[y], weights=[w])
h = any_f.step("h", activation("f")(w * x))
any_f.loss(half_squared_error(y, h))
"""

TWO = """\
from symprop import Network

first = same = Network("first")
second = Network("second")
number = 3

def made():
    return Network("made")

def sized(layers):
    return Network("sized")

def wrong():
    return 1
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a file into the working folder."""
    monkeypatch.chdir(tmp_path)

    def written(name: str, text: str) -> Path:
        Path(name).write_text(text)
        return Path(name)

    yield written


ROOT = str(Path(symprop.__file__).parents[1])


def symprop_process(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "symprop", *arguments],
        env=os.environ | {"PYTHONPATH": ROOT},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


# The face -------------------------------------------------------------------------------------


def test_every_name_of_the_face_can_be_imported() -> None:
    for name in symprop.__all__:
        assert getattr(symprop, name) is not None
    assert set(symprop.__all__) < set(dir(symprop))
    assert callable(symprop.derive)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="sigmod"):
        symprop.sigmod  # noqa: B018


def test_importing_symprop_imports_nothing_heavy() -> None:
    code = "import symprop.cli, sys; print({'sympy', 'numpy', 'jinja2'} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(Path(symprop.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.stdout.split() == [b"set()"]


# Help and usage -------------------------------------------------------------------------------


def test_help_is_quick() -> None:
    def seconds() -> float:
        """Processor time, which other processes do not lengthen."""
        before = os.times()
        process = symprop_process("--help")
        output, _ = process.communicate()
        assert b"examples:" in output and process.returncode == 0
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])

    assert min(seconds() for _ in range(5)) < 0.15


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--version"])
    assert raised.value.code == 0
    assert capsys.readouterr().out == f"symprop {symprop.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["derive"], ["nonsense"], ["emit", "a.py", "--target", "c"], ["build"]]
)
def test_a_usage_error_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: symprop" in capsys.readouterr().err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "examples:" in capsys.readouterr().err


# Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        ("tow.py", ["tow.py: no such file", "did you mean two.py?"]),
        ("none.txt", ["none.txt is not a Python file", "its name should end with .py"]),
        (".", [". is a folder", "name a Python file in it"]),
        ("none.py", ["none.py declares no network", "no variable in it holds one"]),
        ("two.py", ["two.py declares 2 networks: first, second", "say which one: two.py:first"]),
        ("two.py:secnd", ["two.py has no network 'secnd'", "did you mean second?"]),
        ("two.py:mad", ["two.py has no network 'mad'", "did you mean made?"]),
        ("two.py:xyz", ["two.py has no network 'xyz'", "it declares first, second"]),
        ("two.py:number", ["two.py: number is no Network, but of type int"]),
        ("two.py:wrong", ["two.py: what wrong() returns is no Network, but of type int"]),
        ("two.py:sized", ["two.py: sized() cannot be called", "a function that makes a network"]),
        ("mix.py", ['mix.py:9: layer.step("q", 1 - p): TypeError', "write OneMatrix(N, 1) - p"]),
        ("shape.py", ["shape.py:9: layer.step(\"q\", W * y): step 'q'", "transpose a factor"]),
    ],
)
@pytest.mark.parametrize("command", ["derive", "emit", "check", "trace"])
def test_an_error_is_one_or_two_lines(
    command: str, argument: str, lines: list[str], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("two.py", TWO)
    write("none.py", "from symprop import Network\n")
    write("none.txt", "")
    head = LAYER[: LAYER.index("layer.loss")]
    write("mix.py", head + 'layer.step("q", 1 - p)\n')
    write("shape.py", head + 'layer.step("q", W * y)\n')
    before = set(Path().iterdir())
    assert main([command, argument]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    found = output.err.splitlines()
    assert len(found) == len(lines)
    assert found[0].startswith(f"symprop: {lines[0]}")
    assert all(
        line.startswith(f"  {hint}") for line, hint in zip(found[1:], lines[1:], strict=True)
    )
    assert set(Path().iterdir()) == before


def test_debug_shows_the_traceback(write: Write) -> None:
    write("net.py", "1 / 0\n")
    for arguments in (["--debug", "derive", "net.py"], ["derive", "--debug", "net.py"]):
        with pytest.raises(symprop.SympropError) as raised:
            main(arguments)
        assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_a_mistake_of_symprop_is_reported_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(argument: str) -> None:
        raise IndexError("list index\nout of range")

    monkeypatch.setattr(cli, "network_of", broken)
    assert main(["derive", "net.py"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "symprop: IndexError: list index out of range"
    assert "--debug" in lines[1]


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(argument: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "network_of", interrupted)
    assert main(["derive", "net.py"]) == 130


# The commands, through all rooms --------------------------------------------------------------


def test_derive_prints_every_weight(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", str(write("net.py", NEURON))]) == 0
    output = capsys.readouterr()
    assert "neuron" in output.out and output.err == ""
    assert output.out.endswith("\n")


def test_emit_prints_the_bytes_that_it_writes(
    write: Write, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write("net.py", LAYER)
    assert main(["emit", "net.py"]) == 0
    printed = capsysbinary.readouterr().out
    assert main(["emit", "net.py:layer", "-o", "out.py"]) == 0
    assert Path("out.py").read_bytes() == printed
    assert is_unedited(printed)
    assert capsysbinary.readouterr().out == b"out.py: written\n"


def test_emit_overwrites_its_own_work_only(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("net.py", NEURON)
    assert main(["emit", "net.py", "-o", "out.py", "--target", "python"]) == 0
    assert main(["emit", "net.py", "-o", "out.py"]) == 0
    write("out.py", "mine\n")
    assert main(["emit", "net.py", "-o", "out.py"]) == 1
    assert Path("out.py").read_text() == "mine\n"
    assert "--force" in capsys.readouterr().err
    assert main(["emit", "net.py", "-o", "out.py", "--force"]) == 0
    assert main(["emit", "net.py", "-o", "net.py", "--force"]) == 1
    assert Path("net.py").read_text() == NEURON


def test_a_matrix_network_is_refused_for_plain_python(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("net.py", LAYER)
    assert main(["emit", "net.py", "-o", "out.py", "--target", "python"]) == 1
    assert capsys.readouterr().err.startswith("symprop: ")
    assert not Path("out.py").exists()


def test_trace_prints_every_value_and_gradient(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write("net.py", NEURON))
    assert main(["trace", file, "--at", "x=1,y=3", "--at", "w=0.1, b=1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = {line.split()[0]: line.split()[-2:] for line in lines[2:8]}
    assert table["b"] == ["1", "-0.421533"]
    assert table["f"] == ["0.75026", "-2.24974"]
    assert lines[9] == "Edges, from the loss backwards: downstream = local * upstream"


def test_trace_in_exact_numbers(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(write("net.py", NEURON))
    assert main(["trace", file, "--exact", "--at", "x=0,y=1/3,w=0.1,b=0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[6].split()[-2:] == ["1/2", "1/6"] and lines[7].split()[-2:] == ["1/72", "1"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("x=1,y=3", "no value is given for weight w, weight b"),
        ("x=1,y=3,w=1,b=1,c=1", "'c' is not a declared symbol"),
        ("x=1,y=3,w=exit(),b=1", "the value of w is neither a number nor a list of numbers"),
        ("x=[1],y=3,w=1,b=1", "x is declared a scalar, but its value is a list of 1"),
    ],
)
def test_trace_says_what_does_not_fit(
    values: str, message: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(write("net.py", NEURON)), "--at", values]) == 1
    error = capsys.readouterr().err
    assert message in error and len(error.splitlines()) == 2


def test_functions_prints_the_vocabulary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["functions"]) == 0
    assert "    f = sigmoid(u)\n        df/du = f*(1 - f)\n" in capsys.readouterr().out


def test_check_passes_a_right_network(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write("net.py", LAYER)), "--seed", "3"]) == 0
    assert "W" in capsys.readouterr().out


def test_check_exits_with_1_where_gradients_disagree(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from symprop import checking

    class Report:
        ok = False

        def __str__(self) -> str:
            return "w: 1 is not 2"

    monkeypatch.setattr(checking, "check_gradients", lambda derivation, *, seed: Report())
    assert main(["check", str(write("net.py", NEURON))]) == 1
    assert capsys.readouterr().out == "w: 1 is not 2\n"


def test_a_closed_pipe_is_quiet(write: Write) -> None:
    process = symprop_process("emit", str(write("net.py", NEURON)))
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_build_makes_all_products_and_compares_them(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(write("scalar.py", NEURON)), str(write("both.py", NEURON + LAYER))]
    assert main(["build", *files, "--check"]) == 1
    assert not Path("generated").exists()
    assert main(["build", *files]) == 0
    made = {path.as_posix() for path in Path("generated").rglob("*") if path.is_file()}
    neuron = {"neuron.txt", "neuron.tex", "neuron.html", "neuron.py", "neuron_plain.py"}
    layer = {"a_layer.txt", "a_layer.tex", "a_layer.html", "a_layer.py"}
    expected = {f"generated/both/{name}" for name in neuron | layer}
    assert made == expected | {f"generated/scalar/{name}" for name in neuron}
    assert all(is_unedited(Path(path).read_bytes()) for path in made)
    capsys.readouterr()
    assert main(["build", *files, "--check"]) == 0
    assert capsys.readouterr().out == "14 files, all up to date\n"


def test_build_makes_the_same_bytes_whatever_the_hashes(write: Write) -> None:
    file = str(write("both.py", NEURON + LAYER))
    made = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": ROOT}
        command = [sys.executable, "-m", "symprop", "build", file, "--out", seed]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in Path(seed, "both").iterdir()})
    assert len(made[0]) == 9
    assert made[0] == made[1]


def test_pages_of_build_have_the_gradient_check(write: Write) -> None:
    assert main(["build", str(write("both.py", NEURON + UNSPECIFIED))]) == 0
    checked = Path("generated/both/neuron.html").read_text()
    assert "The gradient check" in checked
    assert "The loss itself is right." in checked
    assert "Not checked" in Path("generated/both/any_f.tex").read_text()


def test_build_leaves_out_the_modules_of_unspecified_functions_and_says_so(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write("both.py", NEURON + UNSPECIFIED))
    assert main(["build", file]) == 0
    folder = Path("generated/both")
    line = f"{folder / 'any_f.py'}: left out, step 'h': f is unspecified, in f(w*x)"
    assert capsys.readouterr().out.splitlines()[0] == line
    made = {path.name for path in folder.iterdir()}
    modules = {"neuron.py", "neuron_plain.py"}
    pages = {
        f"{name}.{ending}" for name in ("neuron", "any_f") for ending in ("txt", "tex", "html")
    }
    assert made == modules | pages
    assert main(["build", file, "--check"]) == 0
    assert capsys.readouterr().out == f"{line}\n8 files, all up to date\n"
    (folder / "any_f.py").touch()
    assert main(["build", file, "--check"]) == 1
    assert f"{folder / 'any_f.py'}: is not a product" in capsys.readouterr().out


# Building, whatever the products ----------------------------------------------------------------


@pytest.fixture
def products(write: Write, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What symprop makes of any file, to be changed."""
    write("net.py", "")
    made = {"net/a.py": "a = 1\n", "net/b.txt": "b\n"}

    def fake(file: Path, folder: Path) -> Iterator[tuple[Path, str]]:
        for name, text in made.items():
            yield folder / name, text

    monkeypatch.setattr(building, "_products", fake)
    return made


def test_build_lists_what_it_wrote(
    products: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "net.py", "--out", "out"]) == 0
    path = Path("out/net/a.py")
    assert capsys.readouterr().out.splitlines()[0] == f"{path}: written"
    products["net/b.txt"] = "c\n"
    Path("out/net/old.py").touch()
    assert main(["build", "net.py", "--out", "out"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{Path('out/net/b.txt')}: written",
        f"{Path('out/net/old.py')}: is not a product",
        "2 files, 1 changed",
    ]


def test_build_check_lists_what_is_not_up_to_date_and_writes_nothing(
    products: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["build", "net.py"])
    capsys.readouterr()
    products["net/c.py"] = "c\n"
    Path("generated/net/b.txt").write_text("edited\n")
    Path("generated/net/old.py").touch()
    assert main(["build", "net.py", "--check"]) == 1
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        f"{Path('generated/net/b.txt')}: differs",
        f"{Path('generated/net/c.py')}: missing",
        f"{Path('generated/net/old.py')}: is not a product",
    ]
    assert output.err.startswith("symprop: 3 files are not up to date")
    assert not Path("generated/net/c.py").exists()
    assert Path("generated/net/b.txt").read_text() == "edited\n"


def test_build_refuses_edited_files_and_then_writes_none(
    products: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["build", "net.py"])
    Path("generated/net/b.txt").write_text("edited\n")
    products["net/a.py"] = "a = 2\n"
    assert main(["build", "net.py"]) == 1
    assert "b.txt exists and was not written by symprop" in capsys.readouterr().err
    assert Path("generated/net/a.py").read_text().startswith("a = 1\n")
    assert main(["build", "net.py", "--force"]) == 0
    assert Path("generated/net/b.txt").read_text().startswith("b\n")


def test_build_refuses_two_products_of_one_name(
    products: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    products["net/A.py"] = "a = 2\n"
    assert main(["build", "net.py"]) == 1
    assert "is made twice" in capsys.readouterr().err
    assert not Path("generated").exists()


def test_build_never_overwrites_a_network(products: dict[str, str], write: Write) -> None:
    Path("net").mkdir()
    source = write("net/a.py", "mine\n")
    assert main(["build", str(source), "--out", ".", "--force"]) == 1
    assert source.read_text() == "mine\n"
