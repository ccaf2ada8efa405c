r"""The LaTeX that is read: which command is a letter, a sign, a bracket, takes how many arguments.

What is in none of these tables is refused. Several commands for the same are one: `\dfrac` is
`\frac`, `\le` is `\leq`. Characters of other alphabets stand for commands in both forms of text.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from symprop.printout.notation import alphabets

LETTERS = {*alphabets.GREEK, "ell", "hbar", "varpi", "digamma", "imath", "jmath"}

ACCENTS = {
    **{name: name for name in "hat bar tilde dot ddot vec check breve acute grave".split()},
    "widehat": "hat",
    "widetilde": "tilde",
    "overline": "bar",
    "underline": "underline",
    "overrightarrow": "vec",
    "underbar": "underline",
}
STYLES = {
    **{name: name for name in "mathcal mathscr mathbb mathsf mathtt mathfrak mathit".split()},
    **{name: "mathbf" for name in "mathbf boldsymbol bm pmb symbf".split()},
    "mathrm": "mathrm",
    "mathnormal": "mathit",
}
"""Alphabets: of one letter, or of several that are one name."""
WORDS = set(
    "text textrm textit textbf textsf texttt textnormal textup textsc mbox hbox parbox intertext "
    "shortintertext operatorname".split()
)
"""Commands whose argument is text."""

NAMED = set(
    "log ln exp sin cos tan sinh cosh tanh arctan arcsin arccos max min arg det sec csc cot "
    "coth sech csch argmax argmin".split()
)
"""Functions with a command of their own."""

ARGUMENTS = {
    **{name: 2 for name in "frac dfrac tfrac cfrac".split()},
    **{name: 1 for name in "sqrt boxed fbox underbrace overbrace mathop mathbin".split()},
    **{name: 2 for name in "underset overset stackrel textcolor".split()},
    **{name: 1 for name in "mathrel mathord ensuremath".split()},
}
"""How many arguments a command takes."""
SAME = {
    **{name: "frac" for name in "dfrac tfrac cfrac".split()},
    **{name: "dots" for name in "ldots cdots dotsc dotsb dotsm dotsi".split()},
    "le": "leq",
    "ge": "geq",
    "ne": "neq",
    "gets": "leftarrow",
    "ast": "*",
    "intercal": "top",
    "coloneqq": ":=",
    "coloneq": ":=",
    "triangleq": ":=",
    "doteq": ":=",
    "eqqcolon": "=:",
    "eqcolon": "=:",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
    "vert": "|",
    "Vert": r"\|",
    "fbox": "boxed",
    "colon": ":",
    "implies": "Rightarrow",
    "Longrightarrow": "Rightarrow",
    "iff": "Leftrightarrow",
    "Longleftrightarrow": "Leftrightarrow",
    "star": "*",
    "lt": "<",
    "gt": ">",
    "longleftarrow": "leftarrow",
    "bigodot": "odot",
    "bullet": "odot",
    "slash": "/",
}
"""Commands that are read as another one; a sign without a backslash is that character."""
TRANSPARENT = {"mathop", "mathbin", "mathrel", "mathord", "ensuremath", "textcolor"}
"""Commands whose last argument is read as if it stood there alone."""
SILENT = set("color label tag hspace vspace phantom hphantom vphantom".split())
ARGUMENTS |= {name: 1 for name in SILENT}
"""Commands that are left out, with their argument."""

PLAIN_SIGNS = set("+-*/=<>,;:!|.@")
SIGNS = set(
    "cdot times odot circ oslash div pm mp partial nabla sum prod int dots infty top prime dagger "
    "in notin leq geq neq equiv approx sim simeq propto leftarrow rightarrow to mapsto ll gg "
    "Rightarrow Leftrightarrow therefore because forall exists setminus mid otimes colon "
    "vdots ddots".split()
)
RELATIONS = {
    **{sign: sign for sign in ("=", ":=", "<", ">")},
    **{rf"\{name}": rf"\{name}" for name in "leftarrow leq geq neq equiv approx in".split()},
}
"""What stands between two sides."""
NAMING = (":=", "=:")
"""What defines the name on its left, or on its right."""
EQUALITIES = {"=", ":=", r"\equiv", r"\approx", r"\leftarrow"}
"""The relations of a chain of a derivation."""
CONNECTIVES = {r"\Rightarrow", r"\Leftrightarrow", r"\therefore", r"\because"}
"""What stands between two statements."""

GAPS = {"quad", "qquad", "enspace", "hfill"}
"""Spaces wide enough to part two statements."""
SPACES = set(
    ", : ; ! > thinspace medspace thickspace negthinspace limits nolimits displaystyle textstyle "
    "scriptstyle nonumber notag left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl "
    "biggr Biggl Biggr bigm Bigm biggm Biggm allowbreak relax smallskip noindent strut "
    "mathstrut small footnotesize normalsize large blacksquare qed qedhere qedsymbol".split()
) | {" ", "\n", "\t", "/"}
"""What makes no difference to what a formula says."""

OPENING = {"(": ")", "[": "]", r"\{": r"\}", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}
OPENING |= {r"\langle": r"\rangle"}
CLOSING = set(OPENING.values())

LAYOUTS = set(
    "align aligned alignat alignedat split gather gathered equation multline multlined eqnarray "
    "displaymath math flalign subequations".split()
)
"""Environments whose rows are statements."""
WITH_COUNT = {"alignat", "alignedat"}
"""Environments whose first argument is a number of columns."""
MATRICES = {"bmatrix", "pmatrix", "matrix", "smallmatrix", "array"}
SAME_ENVIRONMENT = {"dcases": "cases"}
ENVIRONMENTS = LAYOUTS | MATRICES | {"cases", "dcases"}

CHARACTERS = {
    **{char: f"\\{name}" for char, name in alphabets.FROM_CHARACTER.items()},
    "−": "-",
    "–": "-",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "×": r"\times",
    "⊙": r"\odot",
    "•": r"\odot",
    "∘": r"\circ",
    "⊘": r"\oslash",
    "⊗": r"\otimes",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "÷": r"\div",
    "∑": r"\sum",
    "Σ": r"\Sigma",
    "≈": r"\approx",
    "≠": r"\neq",
    "≤": r"\leq",
    "≥": r"\geq",
    "≡": r"\equiv",
    "≔": ":=",
    "←": r"\leftarrow",
    "→": r"\to",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "∴": r"\therefore",
    "∈": r"\in",
    "…": r"\dots",
    "⋯": r"\dots",
    "∗": "*",
    "⋆": "*",
    "⊤": r"\top",
    "′": "'",
    "‖": r"\|",
    "∣": "|",
    "√": r"\sqrt",
    "∖": r"\setminus",
    "†": r"\dagger",
    "µ": r"\mu",
}
"""Characters, each with what it stands for."""
COMBINING = {mark: name for name, mark in reversed(alphabets.ACCENTS.items())}
"""Accents above the character before them."""
COMBINING = {mark: ACCENTS[name] for mark, name in COMBINING.items()}
STYLED = {
    alphabets.styled_character(style, char): (style, char)
    for style in ("mathcal", "mathbf", "mathbb", "mathsf", "mathtt", "mathfrak")
    for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    if alphabets.styled_character(style, char) != char
}
"""Letters of other alphabets, each with its style and the plain letter."""

_SMALL = "0123456789+-()"
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", _SMALL, strict=True)) | {"ⁿ": "n", "ᵀ": r"\top", "ⁱ": "i"}
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", _SMALL, strict=True))
SUBSCRIPTS |= dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True))
"""Characters that are raised or lowered."""
