r"""Letters, signs and names of functions: their LaTeX commands, and the characters they show."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

GREEK = {
    **dict(zip("alpha beta gamma delta".split(), "αβγδ", strict=True)),
    **dict(zip("epsilon zeta eta theta".split(), "ϵζηθ", strict=True)),
    **dict(zip("iota kappa lambda mu".split(), "ικλμ", strict=True)),
    **dict(zip("nu xi pi rho sigma".split(), "νξπρσ", strict=True)),
    **dict(zip("tau upsilon phi chi psi omega".split(), "τυϕχψω", strict=True)),
    **dict(zip("varepsilon vartheta varphi varrho".split(), "εϑφϱ", strict=True)),
    **dict(zip("Gamma Delta Theta Lambda Xi Pi".split(), "ΓΔΘΛΞΠ", strict=True)),
    **dict(zip("Sigma Upsilon Phi Psi Omega".split(), "ΣΥΦΨΩ", strict=True)),
}
LETTERS = GREEK | {"ell": "ℓ", "partial": "∂", "nabla": "∇", "infty": "∞", "hbar": "ℏ"}
FROM_CHARACTER = {char: name for name, char in LETTERS.items()} | {"µ": "mu"}

ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
}
"""Accents, with the combining character of each."""
ABOVE = {
    "\u0302": "\u02c6",
    "\u0304": "¯",
    "\u0303": "\u02dc",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u20d7": "→",
}
"""What stands above a base in MathML."""

SIGNS = {
    "cdot": ("·", "binary"),
    "times": ("×", "binary"),
    "odot": ("⊙", "binary"),
    "oslash": ("⊘", "binary"),
    "otimes": ("⊗", "binary"),
    "circ": ("∘", "binary"),
    "pm": ("±", "binary"),
    "setminus": ("∖", "plain"),
    "top": ("⊤", "plain"),
    "prime": ("′", "plain"),
    "star": ("⋆", "plain"),
    "ast": ("∗", "plain"),
    "dagger": ("†", "plain"),
    "dots": ("…", "plain"),
    "ldots": ("…", "plain"),
    "cdots": ("⋯", "plain"),
    "le": ("≤", "relation"),
    "leq": ("≤", "relation"),
    "ge": ("≥", "relation"),
    "geq": ("≥", "relation"),
    "ne": ("≠", "relation"),
    "in": ("∈", "relation"),
    "to": ("→", "relation"),
    "mid": ("∣", "relation"),
    "sum": ("∑", "big"),
}
NAMED = set(
    "log ln exp sin cos tan sinh cosh tanh arctan arcsin arccos max min arg det dim ker lim "
    "sup inf sec csc cot coth".split()
)
STYLES = {"mathcal", "mathbf", "mathbb", "mathrm", "mathit", "mathsf", "mathtt", "mathfrak"}
SPACES = {
    ",": 0.17,
    ":": 0.22,
    ";": 0.28,
    "!": -0.17,
    " ": 0.3,
    "quad": 1.0,
    "qquad": 2.0,
}
FENCES = {
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    "|": "|",
    ".": "",
    r"\{": "{",
    r"\}": "}",
    r"\|": "‖",
    r"\lceil": "⌈",
    r"\rceil": "⌉",
    r"\lfloor": "⌊",
    r"\rfloor": "⌋",
    r"\langle": "⟨",
    r"\rangle": "⟩",
}
FENCE_LATEX = {char: latex for latex, char in FENCES.items()}

_BASES = {
    "mathcal": (0x1D49C, 0x1D4B6, None),
    "mathbf": (0x1D400, 0x1D41A, 0x1D7CE),
    "mathbb": (0x1D538, 0x1D552, 0x1D7D8),
    "mathsf": (0x1D5A0, 0x1D5BA, 0x1D7E2),
    "mathtt": (0x1D670, 0x1D68A, 0x1D7F6),
    "mathfrak": (0x1D504, 0x1D51E, None),
}
_EXCEPTIONS = {
    "mathcal": dict(zip("BEFHILMReog", "ℬℰℱℋℐℒℳℛℯℴℊ", strict=True)),
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}


def styled_character(style: str, char: str) -> str:
    """A letter or digit in another alphabet, itself where there is none."""
    if char in _EXCEPTIONS.get(style, {}):
        return _EXCEPTIONS[style][char]
    upper, lower, digit = _BASES.get(style, (None, None, None))
    for first, last, start in (("A", "Z", upper), ("a", "z", lower), ("0", "9", digit)):
        if start is not None and first <= char <= last:
            return chr(start + ord(char) - ord(first))
    return char


_NOT_SET = "ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŌŦŧŲųſ×÷"


def is_plain_latin(char: str) -> bool:
    """Whether pdfLaTeX can set a character in a text as it is: a Latin letter with an accent."""
    return "\u00c0" <= char <= "\u017f" and char not in _NOT_SET
