"""Bad input on every road into symprop: a command line, what is said of it, and nothing else.

Every row is run in a folder that `prepare` makes; that folder has to stay as it is, to the byte.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
f = net.step("f", sigmoid(w * x + b))
net.loss(half_squared_error(y, f))
"""

LAYERS = """\
from sympy import MatrixSymbol, symbols
from symprop import Network, binary_cross_entropy, sigmoid

D, N = symbols("D N", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
W, b = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
layers = Network("layers", inputs=[x], targets=[y], weights=[W, b], labels={y: "binary"})
p = layers.step("p", sigmoid(W * x + b))
layers.loss(binary_cross_entropy(y, p))
"""

WITHOUT_LOSS = NEURON[: NEURON.index("net.loss")]

MAKERS = """\
from symprop import Network

three = 3

def sized(layers):
    return Network("sized")

def fails():
    raise ValueError("no network today")

net = Network("net")
"""

NETWORKS: dict[str, str | bytes] = {
    "net.py": NEURON,
    "layers.py": LAYERS,
    "logarithm.py": NEURON.replace("sigmoid(w * x + b)", "log(w * x)")
    .replace("weights=[w, b]", "weights=[w]")
    .replace("sigmoid", "log"),
    "two.py": 'from symprop import Network\n\nfirst = Network("1")\nsecond = Network("2")\n',
    "two_of_one_name.py": NEURON + NEURON.replace("net", "other"),
    "makers.py": MAKERS,
    "no_loss.py": WITHOUT_LOSS,
    "empty.py": "",
    "bytes.py": b"\x00\xff\xfe\x01",
    "utf16.py": NEURON.encode("utf-16"),
    "latin.py": 'name = "\u00e9"\n'.encode("latin-1"),
    "syntax.py": "x = 1 +\n",
    "tabs.py": "if 1:\n\tx = 1\n        y = 2\n",
    "raises.py": "first = 1\nfirst / 0\n",
    "exits.py": "import sys\n\nsys.exit(3)\n",
    "quits.py": "quit()\n",
    "recurses.py": "def f():\n    return f()\n\n\nf()\n",
    "nests.py": "from sympy import Symbol\nfrom symprop import tanh\n\ne = Symbol('w', real=True)\n"
    "for _ in range(3000):\n    e = tanh(e)\n",
    "odd_error.py": 'class Odd(BaseException): ...\n\n\nraise Odd("odd")\n',
    "mute_error.py": "class Mute(Exception):\n    def __str__(self): 1 / 0\n\nraise Mute\n",
    "steering.py": 'raise ValueError("\\x1b[31m\\x00 \\u202e\\n.")\n',
    "long_error.py": 'raise ValueError("n" * 5000)\n',
    "generator.py": "raise GeneratorExit\n",
    "memory.py": "raise MemoryError\n",
    "imports.py": "import nobody_has_it\n",
    "misspelled.py": "from symprop import sigmod\n",
    "red\x1b[31m.py": "1 / 0\n",
}
"""Python files: networks, and what is none."""

DERIVATIONS: dict[str, str | bytes] = {
    "answer.tex": r"$$\frac{\partial L}{\partial w} = (f - y) f (1 - f) x$$",
    "latin.tex": "\u00e9".encode("latin-1"),
    "bytes.tex": b"\x00\xff",
    "huge.tex": "x" * 4_000_001,
    "unknown_option.tex": "% symprop: colour=red\n$$w = 1$$",
    "unknown_network.tex": "% symprop: network=nett\n$$w = 1$$",
}

DATA: dict[str, str | bytes] = {
    "data.csv": "x,y\n0,0.1\n1,0.4\n2,0.9\n3,0.8\n",
    "empty.csv": "",
    "words.csv": "x,y\n1,two\n",
    "narrow.csv": "x\n1\n2\n",
    "ragged.csv": "x,y\n1,2\n3\n",
    "broken.npz": b"PK\x03\x04 and no more",
}

ARRAYS: dict[str, dict[str, object]] = {
    "objects.npz": {"x": np.array([{}], dtype=object), "y": np.arange(1.0)},
    "other.npz": {"q": np.arange(3.0)},
    "uneven.npz": {"x": np.arange(5.0), "y": np.arange(4.0)},
    "complex.npz": {"x": np.arange(5) * 1j, "y": np.arange(5.0)},
    "words.npz": {"x": np.array(["one"] * 5), "y": np.arange(5.0)},
    "columns.npz": {"x": np.zeros((5, 2)), "y": np.zeros(5)},
    "none.npz": {"x": np.zeros(0), "y": np.zeros(0)},
}

OF_THE_USER = ("mine.py", "mine.tex", "mine.svg", "mine.html", "mine.csv", "answered-answers.tex")
"""Files that symprop did not write; one has the name of the second sheet of an exercise."""


def prepare(folder: Path) -> None:
    """Fill a folder with networks, derivations, data and targets, good and bad."""
    for name, content in {**NETWORKS, **DERIVATIONS, **DATA}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, arrays in ARRAYS.items():
        np.savez(folder / name, **arrays)  # type: ignore[arg-type]
    np.save(folder / "flat.npy", np.arange(3.0))
    for name in OF_THE_USER:
        (folder / name).write_text("mine\n")
    (folder / "notes.txt").write_text("no network\n")
    checksum = "# made by symprop, checksum 0123456789abcdef\n"
    (folder / "edited.py").write_text(f"edited = True\n{checksum}")
    for name in ("folder", "folder.py", "built"):
        (folder / name).mkdir()
    (folder / "built" / "net").write_text("a file, where a folder is needed\n")
    (folder / "link.py").symlink_to("mine.py")
    (folder / "link.tex").symlink_to("mine.tex")
    (folder / "nowhere.py").symlink_to("no such file")
    (folder / "loop.py").symlink_to("loop.py")
    os.link(folder / "net.py", folder / "hard.py")
    os.mkfifo(folder / "pipe.py")


@dataclass(frozen=True)
class Road:
    """Arguments of the command line, the message on standard error, the way out below it.

    Where a message ends with " ...", the rest of it is that of Python, NumPy or argparse, and not
    compared. Of a usage error, exit status 2, it is the last line.
    """

    arguments: str | Sequence[str]
    message: str
    hint: str = ""
    status: int = 1

    @property
    def argv(self) -> list[str]:
        """What the command line is given."""
        given = self.arguments
        return shlex.split(given) if isinstance(given, str) else list(given)

    @property
    def name(self) -> str:
        """What the row is called in a report."""
        return " ".join(self.argv).encode("unicode_escape").decode()[:80]


TOUCHES = '__import__("pathlib").Path("canary").touch()'
"""Text that makes a file where it is executed."""

TRACE = "trace net.py --at x=1,y=1,w=1,b=1"

# -- what is said often --------------------------------------------------------------------------

NO_NUMBER = "the value of x is neither a number nor a list of numbers: "
NO_NETWORK = 'no variable in it holds one, as net in net = Network("mlp", ...) does'
FORCE = "choose another name, or overwrite it with --force"
WRITE_AT = "write --at x=1,y=0.5,v=2/3,W=[[1,2],[3,4]]"
NO_SUCH_PART = (
    "the sections are network, graph, forward, chain-rule, entries, batch, locals, jacobians, "
    "updates, training, example, check"
)
LOSS = "declare it with net.loss(...)"
FORMATS = "--format, or one of .txt, .tex, .html, .pdf"
MAIN = 'put what is to be run behind `if __name__ == "__main__":`'
ANOTHER = "choose another output"
MAKE = "make it first"
INSIDE = "name a file in it"
ONE = "say which one: two.py:first"
EVERY = "every input, target and weight needs one"
BLANKS = "all, results, or a whole number from 1 on"
TEXT = "save the file as text in UTF-8"

ROADS: Sequence[Road] = (
    # -- a network file that is none ---------------------------------------------------------------
    Road("derive missing.py", "missing.py: no such file"),
    Road("derive nett.py", "nett.py: no such file", "did you mean net.py?"),
    Road("derive nowhere/net.py", "nowhere/net.py: no such file"),
    Road("derive net.py/net.py", "net.py/net.py: no such file"),
    Road("derive nowhere.py", "nowhere.py is a link to no such file, where there is no file"),
    Road("derive loop.py", "loop.py is a link to loop.py, where there is no file"),
    Road("derive folder", "folder is a folder", "name a Python file in it"),
    Road("derive folder.py", "folder.py is a folder", "name a Python file in it"),
    Road("derive pipe.py", "pipe.py is not a regular file"),
    Road("derive notes.txt", "notes.txt is not a Python file", "its name should end with .py"),
    Road("derive /dev/null", "/dev/null is not a Python file", "its name should end with .py"),
    Road("derive -", "-: no such file"),
    Road("derive net.py:", "net.py:: no such file", "did you mean net.py?"),
    Road("derive :net", ". is a folder", "name a Python file in it"),
    Road(("derive", ""), ". is a folder", "name a Python file in it"),
    Road("derive ~/net.py", "~/net.py: no such file"),
    Road("derive net.py:net:net", "net.py:net: no such file", "did you mean net.py?"),
    Road(("derive", "n" * 300 + ".py"), "n" * 300 + ".py: File name too long"),
    Road(("derive", "a\x00b.py"), "a[U+0000]b.py: no such file", "did you mean tabs.py?"),
    Road(
        ("derive", "red\x1b[31m.py"),
        "red[U+001B][31m.py:1: 1 / 0: ZeroDivisionError: division by zero",
    ),
    Road(("derive", "\u202enet.py"), "[U+202E]net.py: no such file", "did you mean net.py?"),
    Road(("derive", "two\nlines.py"), "two lines.py: no such file"),
    # -- a network file that Python cannot read ----------------------------------------------------
    Road("derive bytes.py", "bytes.py: ...", TEXT),
    Road("derive utf16.py", "utf16.py: ...", TEXT),
    Road("derive latin.py", "latin.py:1: SyntaxError: (unicode error) ...", TEXT),
    Road("derive syntax.py", "syntax.py:1: x = 1 +: ..."),
    Road("derive tabs.py", "tabs.py:3: y = 2: ..."),
    Road("derive empty.py", "empty.py declares no network", NO_NETWORK),
    Road("print empty.py", "empty.py declares no network", NO_NETWORK),
    Road("check empty.py", "empty.py declares no network", NO_NETWORK),
    Road("cost empty.py", "empty.py declares no network", NO_NETWORK),
    Road("trace empty.py", "empty.py declares no network", NO_NETWORK),
    Road("graph empty.py", "empty.py declares no network", NO_NETWORK),
    Road("emit empty.py -o out.py", "empty.py declares no network", NO_NETWORK),
    Road("build empty.py", "empty.py declares no network", NO_NETWORK),
    Road("verify empty.py answer.tex", "empty.py declares no network", NO_NETWORK),
    Road("plot empty.py -o loss.svg", "empty.py declares no network", NO_NETWORK),
    # -- a network file that fails while it runs ---------------------------------------------------
    Road("derive raises.py", "raises.py:2: first / 0: ZeroDivisionError: division by zero"),
    Road(
        "derive exits.py",
        "exits.py:3: sys.exit(3): the file ends the program while it is read",
        MAIN,
    ),
    Road("derive quits.py", "quits.py:1: quit(): the file ends the program while it is read", MAIN),
    Road("derive recurses.py", "recurses.py:2: return f(): RecursionError: ..."),
    Road(
        "derive nests.py",
        "nests.py:6: e = tanh(e): RecursionError: ...",
        "name the parts of an expression that nests so deeply: a = net.step(...)",
    ),
    Road("derive odd_error.py", 'odd_error.py:4: raise Odd("odd"): Odd: odd'),
    Road("derive mute_error.py", "mute_error.py:4: raise Mute: Mute"),
    Road(
        "derive steering.py",
        r'steering.py:1: raise ValueError("\x1b[31m\x00 \u202e\n."): '
        "ValueError: [U+001B][31m[U+0000] [U+202E] .",
    ),
    Road(
        "derive long_error.py",
        'long_error.py:1: raise ValueError("n" * 5000): ValueError: '
        + "n" * 441
        + " ... "
        + "n" * 500,
    ),
    Road("derive generator.py", "generator.py:1: raise GeneratorExit: GeneratorExit"),
    Road(
        "derive imports.py",
        "imports.py:1: import nobody_has_it: ModuleNotFoundError: No module named 'nobody_has_it'",
    ),
    Road(
        "derive misspelled.py",
        "misspelled.py:1: from symprop import sigmod: ImportError: cannot import ...",
        "did you mean sigmoid?",
    ),
    Road("derive memory.py", "memory.py:1: raise MemoryError: MemoryError"),
    Road("derive no_loss.py", "network 'neuron' has no loss", LOSS),
    Road("emit no_loss.py -o out.py", "network 'neuron' has no loss", LOSS),
    Road("check no_loss.py", "network 'neuron' has no loss", LOSS),
    Road("build no_loss.py", "no_loss.py: network 'neuron' has no loss", LOSS),
    Road("build net.py raises.py", "raises.py:2: first / 0: ZeroDivisionError: division by zero"),
    Road(
        "verify raises.py answer.tex", "raises.py:2: first / 0: ZeroDivisionError: division by zero"
    ),
    Road(
        "print raises.py -o out.html", "raises.py:2: first / 0: ZeroDivisionError: division by zero"
    ),
    # -- another network than those there are ------------------------------------------------------
    Road("derive two.py", "two.py declares 2 networks: first, second", ONE),
    Road("print two.py -o out.tex", "two.py declares 2 networks: first, second", ONE),
    Road(
        "verify two.py answer.tex",
        "two.py declares 2 networks: first, second",
        "say which one: two.py:first, or a comment % symprop: network=first",
    ),
    Road("derive net.py:nett", "net.py has no network 'nett'", "did you mean net?"),
    Road("derive net.py:zzz", "net.py has no network 'zzz'", "it declares net"),
    Road("derive net.py:x", "net.py: x is no Network, but of type Symbol"),
    Road("derive net.py:Network", "net.py: Network is no Network, but of type type"),
    Road("derive makers.py:three", "makers.py: three is no Network, but of type int"),
    Road(
        "derive makers.py:sized",
        "makers.py: sized() cannot be called: ...",
        "a function that makes a network needs a default for each argument",
    ),
    Road(
        "derive makers.py:fails",
        'makers.py:9: raise ValueError("no network today"): ValueError: no network today',
    ),
    Road("trace two.py:first --at x=1", "network '1' has no loss", LOSS),
    Road(
        "build two_of_one_name.py",
        "two_of_one_name.py: generated/two_of_one_name/neuron.txt is made twice",
        "rename one network or file",
    ),
    # -- a target that must not be written ---------------------------------------------------------
    Road("emit net.py -o mine.py", "mine.py exists and was not written by symprop", FORCE),
    Road("emit net.py -o edited.py", "edited.py was edited since symprop wrote it", FORCE),
    Road("emit net.py -o folder.py", "folder.py is a folder", INSIDE),
    Road(
        "emit net.py -o link.py",
        "link.py is a symbolic link",
        "write to what it points to: mine.py",
    ),
    Road(
        "emit net.py -o nowhere.py",
        "nowhere.py is a symbolic link",
        "write to what it points to: no such file",
    ),
    Road("emit net.py -o net.py", "net.py declares the network", ANOTHER),
    Road("emit net.py -o ./net.py", "net.py declares the network", ANOTHER),
    Road("emit net.py -o hard.py", "hard.py declares the network", ANOTHER),
    Road("emit net.py --force -o net.py", "net.py declares the network", ANOTHER),
    Road(
        "emit net.py --force -o link.py",
        "link.py is a symbolic link",
        "write to what it points to: mine.py",
    ),
    Road("emit net.py --force -o folder.py", "folder.py is a folder", INSIDE),
    Road("emit net.py -o nowhere/out.py", "nowhere/out.py: there is no folder nowhere", MAKE),
    Road("emit net.py -o mine.py/out.py", "mine.py/out.py: mine.py is not a folder"),
    Road("emit net.py -o /dev/null", "/dev/null is not a regular file"),
    Road("emit net.py -o /dev/full", "/dev/full is not a regular file"),
    Road("emit net.py -o /", "/ is a folder", INSIDE),
    Road("emit net.py -o .", ". is a folder", INSIDE),
    Road("emit net.py -o out.tex", "out.tex: a Python module does not end with .tex", "-o out.py"),
    Road("emit net.py -o out.csv", "out.csv: a Python module does not end with .csv", "-o out.py"),
    Road("print net.py -o mine.tex", "mine.tex exists and was not written by symprop", FORCE),
    Road(
        "print net.py -o link.tex",
        "link.tex is a symbolic link",
        "write to what it points to: mine.tex",
    ),
    Road("print net.py -o folder", "folder: no format has this ending", FORMATS),
    Road("print net.py -o nowhere/out.html", "nowhere/out.html: there is no folder nowhere", MAKE),
    Road("print net.py -o out.docx", "out.docx: no format has this ending", FORMATS),
    Road("print net.py -o out", "out: no format has this ending", FORMATS),
    Road("print net.py --format text -o net.py", "net.py declares the network", ANOTHER),
    Road("graph net.py -o mine.svg", "mine.svg exists and was not written by symprop", FORCE),
    Road("graph net.py -o nowhere/out.svg", "nowhere/out.svg: there is no folder nowhere", MAKE),
    Road(
        "graph net.py -o out.png",
        "out.png: no format has this ending",
        "--format, or one of .svg, .tex, .dot, .gv, .txt",
    ),
    Road(f"{TRACE} -o mine.tex", "mine.tex exists and was not written by symprop", FORCE),
    Road(f"{TRACE} -o mine.csv", "mine.csv exists", FORCE),
    Road(
        f"{TRACE} -o out.xls",
        "out.xls: no format has this ending",
        "--format, or one of .txt, .tex, .html, .csv",
    ),
    Road(
        "plot net.py data.csv -o mine.svg", "mine.svg exists and was not written by symprop", FORCE
    ),
    Road(
        "plot net.py data.csv -o nowhere/loss.svg",
        "nowhere/loss.svg: there is no folder nowhere",
        MAKE,
    ),
    Road(
        "plot net.py data.csv -o loss.gif",
        "loss.gif: a picture cannot have this ending",
        "one of .svg, .png, .pdf",
    ),
    Road("plot net.py data.csv -o net.py", "net.py declares the network", ANOTHER),
    Road(
        "plot net.py data.csv -o -",
        "-: a picture cannot have this ending",
        "one of .svg, .png, .pdf",
    ),
    Road(
        "verify net.py answer.tex -o mine.html",
        "mine.html exists and was not written by symprop",
        FORCE,
    ),
    Road("verify net.py answer.tex -o answer.tex", "answer.tex is the derivation", ANOTHER),
    Road(
        "verify net.py answer.tex -o nowhere/out.html",
        "nowhere/out.html: there is no folder nowhere",
        MAKE,
    ),
    Road(
        "verify net.py answer.tex -o out.pdf",
        "out.pdf: no format has this ending",
        "one of .html, .tex",
    ),
    Road("verify net.py answer.tex -o -", "-: no format has this ending", "one of .html, .tex"),
    Road(("emit", "net.py", "-o", ""), ". is a folder", INSIDE),
    Road(("emit", "net.py", "-o", "o" * 300 + ".py"), "o" * 300 + ".py: File name too long"),
    Road(
        ("emit", "net.py", "-o", "a\x00b.py"), "a[U+0000]b.py cannot be written: embedded null byte"
    ),
    Road(
        "print net.py --exercise -o mine.tex",
        "mine.tex exists and was not written by symprop",
        FORCE,
    ),
    Road(
        "print net.py --exercise -o answered.tex",
        "answered-answers.tex exists and was not written by symprop",
        FORCE,
    ),
    Road("build net.py --out mine.py", "mine.py/net/neuron.txt: mine.py is not a folder"),
    Road("build net.py --out link.py", "link.py/net/neuron.txt: link.py is not a folder"),
    Road("build net.py --out built", "built/net/neuron.txt: built/net is not a folder"),
    Road(
        ("build", "net.py", "--out", "o" * 300), "o" * 300 + "/net/neuron.txt: File name too long"
    ),
    Road(
        "grade net.py answer.tex --csv mine.csv", "mine.csv exists and is no table of grades", FORCE
    ),
    Road(
        "grade net.py answer.tex --csv out.txt",
        "out.txt: a table is a CSV file, and ends with .csv",
        "rename it",
    ),
    Road(
        "grade net.py answer.tex --csv nowhere/out.csv",
        "nowhere/out.csv: there is no folder nowhere",
        MAKE,
    ),
    # -- options that do not go together, or are none ----------------------------------------------
    Road(
        "print net.py --format html -o out.tex",
        "out.tex: with --format html a file ends with .html",
        "-o out.html, or another format",
    ),
    Road(
        "print net.py --format latex -o out.txt",
        "out.txt: with --format latex a file ends with .tex",
        "-o out.tex, or another format",
    ),
    Road(
        "print net.py --format html -o out.md",
        "out.md: with --format html a file ends with .html",
        "-o out.html, or another format",
    ),
    Road(
        "print net.py --format html -o out.pdf",
        "out.pdf: with --format html a file ends with .html",
        "-o out.html, or another format",
    ),
    Road(
        "graph net.py --format dot -o out.svg",
        "out.svg: with --format dot a file ends with .dot or .gv",
        "-o out.dot, or another format",
    ),
    Road(
        "graph net.py --format svg -o out.html",
        "out.html: with --format svg a file ends with .svg",
        "-o out.svg, or another format",
    ),
    Road(
        "trace net.py --format html -o out.tex",
        "out.tex: with --format html a file ends with .html",
        "-o out.html, or another format",
    ),
    Road(
        "trace net.py --format csv -o out.txt",
        "out.txt: a CSV file, and no other, ends with .csv",
        "rename it",
    ),
    Road(
        "trace net.py --format text -o out.csv",
        "out.csv: a CSV file, and no other, ends with .csv",
        "rename it",
    ),
    Road(
        "print net.py --pdf --fragment", "a fragment makes no PDF", "leave out --fragment or --pdf"
    ),
    Road(
        "print net.py --pdf --format html", "--pdf does not go with --format html", "leave out one"
    ),
    Road("print net.py --pdf -o out.tex", "out.tex: a PDF ends with .pdf", "-o out.pdf"),
    Road("print net.py --pdf -o -", "a PDF is not printed", "-o neuron.pdf"),
    Road("print net.py --only algebra", "a printout has no section 'algebra'", NO_SUCH_PART),
    Road("print net.py --only graf", "a printout has no section 'graf'", "did you mean 'graph'?"),
    Road("print net.py --with algebra", "a printout has no section 'algebra'", NO_SUCH_PART),
    Road(
        "print net.py --only example",
        "the network has no worked example",
        "give its numbers, as net.example({x: 1, w: 2})",
    ),
    Road(
        "print net.py --exercise",
        "the two sheets of an exercise need files",
        "-o sheet.tex, or another ending",
    ),
    Road(
        "print net.py --exercise -o -",
        "the two sheets of an exercise need files",
        "-o sheet.tex, or another ending",
    ),
    Road(
        "print net.py --exercise algebra -o out.tex",
        "nothing can be left blank in a section 'algebra'",
        "the parts: chain-rule, locals, updates, entries, batch, jacobians, example",
    ),
    Road(
        "print net.py --exercise --blanks some -o out.tex", "'some' is no number of blanks", BLANKS
    ),
    Road("print net.py --exercise --blanks 0 -o out.tex", "0 is no number of blanks", BLANKS),
    Road("print net.py --exercise --blanks -1 -o out.tex", "'-1' is no number of blanks", BLANKS),
    Road(
        "print net.py --exercise --blanks 9999 -o out.tex",
        "there are only 5 right-hand sides to choose 9999 blanks from",
        "--blanks all leaves them all blank",
    ),
    Road("print net.py --blanks 3", "--blanks is for exercises", "add --exercise"),
    Road("print net.py --seed 3", "--seed is for exercises", "add --exercise"),
    Road(
        "graph net.py --no-numbers --at x=1",
        "--no-numbers goes with no numbers",
        "leave it out, or the numbers",
    ),
    Road(f"{TRACE} --exact --substitute", "--exact goes with plain text alone", "leave it out"),
    Road(
        f"{TRACE} --exact --steps 2",
        "--exact is for one point",
        "leave it out, or --learning-rate and --steps",
    ),
    Road(
        f"{TRACE} --substitute --format csv",
        "CSV has numbers alone",
        "leave out --substitute, or --format csv",
    ),
    Road(
        "emit layers.py --target python -o out.py",
        "network 'layers' has matrices, and plain Python has no arrays",
        'emit it with target="numpy"',
    ),
    Road("cost net.py --size N=3", "N is no size of neuron", "its sizes: none"),
    Road("cost layers.py --size N", "--size N: no size and number", "write --size N=64"),
    Road("cost layers.py --size N=0", "--size N=0: no size and number", "write --size N=64"),
    Road("cost layers.py --size M=3", "M is no size of layers", "its sizes: D, N"),
    Road("cost layers.py --size N=1.5", "--size N=1.5: no size and number", "write --size N=64"),
    Road("check net.py --seed -1", "check_gradients: seed is -1", "give a whole number from 0 on"),
    Road(
        "plot net.py -o loss.svg",
        "network 'neuron' has neither a data file to train on nor a worked example",
        "symprop plot net.py data.npz, or net.example({...}, learning_rate=0.1, steps=9)",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --weights w",
        "weights are chosen for a surface",
        "add --surface",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --surface --weights w,w",
        "a surface is drawn over two weights, not over 'w,w'",
        "write --weights w,b or --weights 'W1[0,0],W1[0,1]'",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --surface --weights w,q",
        "no weight 'q' in network 'neuron'",
        "its weights: w, b",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --surface --weights w,b[0]",
        "'b[0]' is not one number: b has 0 axes",
        "write b",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --epochs 0",
        "there is nothing to draw: no epoch was trained",
        "--epochs 20",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --set w",
        "--set w: no value is set",
        "write --set NAME=VALUE",
    ),
    Road(
        "plot net.py data.csv -o loss.svg --set epochs=3",
        "--set epochs=3: epochs has an option",
        "write --epochs",
    ),
    # -- usage: the line behind it -----------------------------------------------------------------
    Road(
        "emit net.py --target c",
        "symprop emit: error: argument --target: invalid choice: 'c' ...",
        status=2,
    ),
    Road(
        "emit net.py -o",
        "symprop emit: error: argument -o/--output: expected one argument",
        status=2,
    ),
    Road(
        "emit", "symprop emit: error: the following arguments are required: FILE[:NAME]", status=2
    ),
    Road(
        "frobnicate net.py",
        "symprop: error: argument COMMAND: invalid choice: 'frobnicate' ...",
        status=2,
    ),
    Road(
        "print net.py --format pdf",
        "symprop print: error: argument --format: invalid choice: 'pdf' ...",
        status=2,
    ),
    Road(
        "print net.py --no-grph",
        "symprop print: error: unrecognized arguments: --no-grph; did you mean --no-graph?",
        status=2,
    ),
    Road(
        "derive net.py -o out.txt",
        "symprop derive: error: unrecognized arguments: -o out.txt",
        status=2,
    ),
    Road(
        "check net.py --seed x",
        "symprop check: error: argument --seed: invalid int value: 'x'",
        status=2,
    ),
    Road(
        "cost net.py --batch 0",
        "symprop cost: error: argument --batch: 0 is no number of samples",
        status=2,
    ),
    Road(
        "cost net.py --batch x",
        "symprop cost: error: argument --batch: x is no number of samples",
        status=2,
    ),
    Road(
        "cost net.py --type int8",
        "symprop cost: error: argument --type: invalid choice: 'int8' ...",
        status=2,
    ),
    Road(
        "grade net.py answer.tex --jobs 0",
        "symprop grade: error: argument --jobs: 0 is not above 0",
        status=2,
    ),
    Road(
        "grade net.py answer.tex --time-limit nan",
        "symprop grade: error: argument --time-limit: nan is not above 0",
        status=2,
    ),
    Road(
        "verify net.py",
        "symprop verify: error: the following arguments are required: DERIVATION",
        status=2,
    ),
    Road(
        "plot net.py data.csv",
        "symprop plot: error: the following arguments are required: -o/--output",
        status=2,
    ),
    Road(
        "trace net.py --att x=1",
        "symprop trace: error: unrecognized arguments: --att x=1; did you mean --at?",
        status=2,
    ),
    Road("build", "symprop build: error: the following arguments are required: FILE", status=2),
    Road(
        "plot net.py data.csv -o loss.svg --seed -1",
        "symprop plot: error: argument --seed: -1 is not from 0 on",
        status=2,
    ),
    Road(
        "plot net.py data.csv -o loss.svg --seed 1.5",
        "symprop plot: error: argument --seed: invalid int value: '1.5'",
        status=2,
    ),
    Road(
        "plot net.py data.csv -o loss.svg --std nan",
        "symprop plot: error: argument --std: nan is not from 0 on",
        status=2,
    ),
    Road(
        "plot net.py data.csv -o loss.svg --hold-out 1",
        "symprop plot: error: argument --hold-out: 1 is not from 0 on, below 1",
        status=2,
    ),
    # -- numbers that are none ---------------------------------------------------------------------
    Road(
        ("trace", "net.py", "--at", "x=1"),
        "no value is given for target y, weight w, weight b",
        EVERY,
    ),
    Road(
        ("trace", "net.py", "--at", "q=1"), "'q' is not a declared symbol", "known are x, y, w, b"
    ),
    Road(("trace", "net.py", "--at", "="), "'=' is no name=value", WRITE_AT),
    Road(("trace", "net.py", "--at", "x"), "'x' is no name=value", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=1,x=2"), "x is given twice", "give one value"),
    Road(("trace", "net.py", "--at", "x="), "'x=' is no name=value", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=1;y=2"), NO_NUMBER + "1;y=2", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=nan,y=1,w=1,b=1"), NO_NUMBER + "nan", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=inf,y=1,w=1,b=1"), NO_NUMBER + "inf", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=1/0,y=1,w=1,b=1"), NO_NUMBER + "1/0", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=1e999,y=1,w=1,b=1"), NO_NUMBER + "1e999", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=True,y=1,w=1,b=1"), NO_NUMBER + "True", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=1j,y=1,w=1,b=1"), NO_NUMBER + "1j", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=9**9,y=1,w=1,b=1"), NO_NUMBER + "9**9", WRITE_AT),
    Road(("trace", "net.py", "--at", "x=w,y=1,w=1,b=1"), NO_NUMBER + "w", WRITE_AT),
    Road(("trace", "net.py", "--at", "x='1',y=1,w=1,b=1"), NO_NUMBER + "'1'", WRITE_AT),
    Road(
        ("trace", "net.py", "--at", "x=[1],y=1,w=1,b=1"),
        "x is declared a scalar, but its value is a list of 1",
        "give a number",
    ),
    Road(
        ("trace", "net.py", "--at", "x=" + "[" * 300 + "1" + "]" * 300),
        NO_NUMBER + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...",
        WRITE_AT,
    ),
    Road(
        ("trace", "net.py", "--at", "x=" + "9" * 5000),
        NO_NUMBER + "9999999999999999999999999999999999999...",
        WRITE_AT,
    ),
    Road(
        ("trace", "net.py", "--at", f"x={TOUCHES}"),
        NO_NUMBER + '__import__("pathlib").Path("canary")....',
        WRITE_AT,
    ),
    Road(
        ("trace", "net.py", "--at", f"{TOUCHES}=1"),
        '\'__import__("pathlib").Path("canary").touch()\' is not a declared symbol',
        "known are x, y, w, b",
    ),
    Road(
        ("trace", "net.py", "--at", "x\x1b[31m=1"),
        "'x\\x1b[31m' is not a declared symbol",
        "known are x, y, w, b",
    ),
    Road(
        ("print", "net.py", "--at", "x=1e400,y=1,w=1,b=1"),
        "x is beyond the largest float",
        "take smaller numbers",
    ),
    Road(
        (
            "print",
            "net.py",
            "--at",
            "x=1,y=1e300,w=1,b=1",
            "--learning-rate",
            "1e300",
            "--steps",
            "3",
        ),
        "update 1: w is beyond the largest float: the descent runs away",
        "take a smaller learning rate",
    ),
    Road(
        f"{TRACE} --learning-rate x",
        "--learning-rate needs a number, not 'x'",
        "write --learning-rate 0.1",
    ),
    Road(
        f"{TRACE} --learning-rate 0", "0 is no learning rate", "give a positive number, such as 0.1"
    ),
    Road(
        f"{TRACE} --learning-rate -1",
        "-1 is no learning rate",
        "give a positive number, such as 0.1",
    ),
    Road(
        f"{TRACE} --learning-rate nan",
        "--learning-rate needs a number, not 'nan'",
        "write --learning-rate 0.1",
    ),
    Road(
        f"{TRACE} --learning-rate 0.1 --steps x",
        "--steps needs a whole number, not 'x'",
        "write --steps 3",
    ),
    Road(
        f"{TRACE} --learning-rate 0.1 --steps -1",
        "-1 is no number of steps",
        "give a whole number from 0 on",
    ),
    Road(
        f"{TRACE} --learning-rate 0.1 --steps 1.5",
        "--steps needs a whole number, not '1.5'",
        "write --steps 3",
    ),
    Road(
        f"{TRACE} --learning-rate 0.1 --steps 9999999",
        "9,999,999 steps are too many",
        "the most there can be are 1,000,000",
    ),
    Road(f"{TRACE} --steps 2", "2 steps need a learning rate", "give one, such as 0.1"),
    Road(f"{TRACE} --decimals 0", "0 is no number of decimals", "give a whole number from 1 to 15"),
    Road(
        f"{TRACE} --decimals 16", "16 is no number of decimals", "give a whole number from 1 to 15"
    ),
    Road(f"{TRACE} --decimals x", "--decimals needs a whole number, not 'x'", "write --decimals 3"),
    Road(
        ("trace", "net.py", "--at", "x=1,y=1,w=1,b=1", "--learning-rate", TOUCHES),
        '--learning-rate needs a number, not \'__import__("pathlib").Path("canary").tou\'',
        "write --learning-rate 0.1",
    ),
    Road(
        ("graph", "net.py", "--at", f"x={TOUCHES}"),
        NO_NUMBER + '__import__("pathlib").Path("canary")....',
        WRITE_AT,
    ),
    Road(
        ("plot", "net.py", "data.csv", "-o", "loss.svg", "--surface", "--weights", TOUCHES),
        "no weight '__import__(\"pathlib\").Path(\"canary\").touch()' in network 'neuron'",
        "its weights: w, b",
    ),
    Road(
        ("verify", "net.py", "answer.tex", "--partial", ""),
        "column 1: there is no formula in this text",
        "expected a formula",
    ),
    Road(
        "trace logarithm.py --at x=0,y=1,w=1",
        "step 'f' has no finite real value at this point: log(w*x), where w = 1, x = 0",
        "look at what it divides by, and at the arguments of logs and roots",
    ),
    Road(
        "trace logarithm.py --at x=-1,y=1,w=1",
        "step 'f' has no finite real value at this point: log(w*x), where w = 1, x = -1",
        "look at what it divides by, and at the arguments of logs and roots",
    ),
    Road(
        "print logarithm.py --at x=-1,y=1,w=1",
        "step 'f' has no finite real value at this point: log(w*x), where w = 1, x = -1",
        "look at what it divides by, and at the arguments of logs and roots",
    ),
    Road(
        "graph logarithm.py --at x=0,y=1,w=1",
        "step 'f' has no finite real value at this point: log(w*x), where w = 1, x = 0",
        "look at what it divides by, and at the arguments of logs and roots",
    ),
    # -- data to train on that is none -------------------------------------------------------------
    Road(
        "plot net.py missing.npz -o loss.svg --epochs 2", "missing.npz: No such file or directory"
    ),
    Road("plot net.py folder -o loss.svg --epochs 2", "folder: Is a directory"),
    Road("plot net.py broken.npz -o loss.svg --epochs 2", "broken.npz is not a .npz file"),
    Road("plot net.py empty.csv -o loss.svg --epochs 2", "empty.csv holds no samples"),
    Road("plot net.py words.csv -o loss.svg --epochs 2", "words.csv: ..."),
    Road(
        "plot net.py narrow.csv -o loss.svg --epochs 2",
        "narrow.csv: the table has 1 columns; expected 2: 1 for x, 1 for y",
    ),
    Road("plot net.py ragged.csv -o loss.svg --epochs 2", "ragged.csv: ..."),
    Road("plot net.py objects.npz -o loss.svg --epochs 2", "objects.npz cannot be read: ..."),
    Road(
        "plot net.py other.npz -o loss.svg --epochs 2",
        "other.npz lacks the arrays x, y; it holds q",
    ),
    Road(
        "plot net.py uneven.npz -o loss.svg --epochs 2",
        "uneven.npz: y has the shape (4,); expected (n,) with n = 5",
    ),
    Road(
        "plot net.py complex.npz -o loss.svg --epochs 2",
        "complex.npz: x holds complex128; expected real numbers",
    ),
    Road(
        "plot net.py words.npz -o loss.svg --epochs 2",
        "words.npz: x holds <U3; expected real numbers",
    ),
    Road("plot net.py flat.npy -o loss.svg --epochs 2", "flat.npy is not a .npz file"),
    Road(
        "plot net.py none.npz -o loss.svg --epochs 2",
        "none.npz: --hold-out 0.2 leaves none of 0 samples to train on",
    ),
    Road(
        "plot net.py columns.npz -o loss.svg --epochs 2",
        "columns.npz: x has the shape (5, 2); expected (n,) with n = 5",
    ),
    Road("plot net.py net.py -o loss.svg --epochs 2", "net.py is not a .npz file"),
    # -- derivations that are none -----------------------------------------------------------------
    Road("verify net.py missing.tex", "missing.tex cannot be read: No such file or directory"),
    Road("verify net.py folder", "folder cannot be read: Is a directory"),
    Road("verify net.py latin.tex", "latin.tex is not in UTF-8", "save it in UTF-8"),
    Road("verify net.py bytes.tex", "bytes.tex is not in UTF-8", "save it in UTF-8"),
    Road("verify net.py huge.tex", "huge.tex has more than 4,000,000 bytes"),
    Road(
        "verify net.py unknown_option.tex",
        "unknown_option.tex, line 1: symprop has no option 'colour'",
        "there is network",
    ),
    Road(
        "verify net.py unknown_network.tex",
        "unknown_network.tex, line 1: net.py has no network 'nett'",
        "did you mean net?",
    ),
    Road(("verify", "net.py", ""), ". cannot be read: Is a directory"),
    Road("verify missing.py answer.tex", "missing.py: no such file"),
    Road("verify net.py:q answer.tex", "net.py has no network 'q'", "it declares net"),
    Road(
        "grade net.py missing.tex", "missing.tex: no such file", "name the files with the answers"
    ),
    Road(
        "grade missing.py missing.tex",
        "missing.tex: no such file",
        "name the files with the answers",
    ),
)
