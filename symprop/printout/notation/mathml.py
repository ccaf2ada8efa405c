"""Notation spelled in MathML Core, which today's browsers show by themselves."""

from __future__ import annotations

from html import escape

from symprop.printout.notation import alphabets
from symprop.printout.notation.markup import (
    TIMES,
    Cases,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Gap,
    Grid,
    Hole,
    Letter,
    Markup,
    Named,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
    Styled,
    Words,
    parts_of,
    row,
)


def mathml(markup: Markup, *, display: bool = False) -> str:
    """A formula as an element of its own."""
    block = ' display="block"' if display else ""
    return f"<math{block}>{mathml_of(markup)}</math>"


def breakable(markup: Markup) -> str:
    """A line of its own, which a narrow page may break before each relation inside it."""
    pieces: list[list[Markup]] = [[]]
    for part in parts_of(markup):
        if isinstance(part, Sign) and part.kind == "relation" and pieces[-1]:
            pieces.append([])
        pieces[-1].append(part)
    return "<wbr>".join(mathml(row(*piece), display=True) for piece in pieces)


def mathml_of(markup: Markup, style: str = "") -> str:
    """The MathML of notation, inside a formula; `style` is the alphabet of its letters."""
    match markup:
        case Letter(_, char):
            return _letters(char, style)
        case Digits(text):
            return f"<mn>{_styled(text, style)}</mn>"
        case Sign(_, char, kind):
            return _sign(char, kind)
        case Named(_, text):
            return f"<mi>{escape(text)}</mi>"
        case Words(text):
            return f"<mtext>{escape(' '.join(text.split()))}</mtext>"
        case Space(_, size):
            return f'<mspace width="{size}em"/>'
        case Row(parts):
            return f"<mrow>{_row(parts, style)}</mrow>"
        case Fraction(above, below):
            return f"<mfrac>{mathml_of(above, style)}{mathml_of(below, style)}</mfrac>"
        case Scripts(base, sub, sup):
            return _scripts(base, sub, sup, style)
        case Over(base, accent, mark):
            return _over(mathml_of(base, style), accent, mark)
        case Fenced(left, right, inside):
            content = _row(parts_of(inside), style)
            tall = markup.is_tall
            opening, closing = _fence(left, "prefix", tall), _fence(right, "postfix", tall)
            return f"<mrow>{opening}{content}{closing}</mrow>"
        case Root(inside):
            return f"<msqrt>{mathml_of(inside, style)}</msqrt>"
        case Styled(other, inside):
            return _in_style(other, inside)
        case Grid(rows):
            return _grid(rows)
        case Cases(rows):
            return _cases(rows)
        case Framed(inside, name):
            box = f'<mrow class="box">{_row(parts_of(inside), style)}</mrow>'
            return box if name is None else f"<munder>{box}{mathml_of(name)}</munder>"
        case Gap(label, length, inside):
            return _gap(label, length, inside, style)
        case Hole():
            return "<mrow></mrow>"
    raise TypeError(type(markup).__name__)


def _gap(label: str, length: float, inside: Markup | None, style: str) -> str:
    """A line to write on, or what is written on it."""
    number = f'<mtext class="number">{escape(label)}\u00a0</mtext>' if label else ""
    if inside is None:
        line = f'<mspace class="gap" width="{length:g}em" height="1.5em" depth="0.2em"/>'
    else:
        line = f'<mrow class="answer">{_row(parts_of(inside), style)}</mrow>'
    return f"<mrow>{number}{line}</mrow>"


def _row(parts: tuple[Markup, ...], style: str) -> str:
    written = []
    for index, part in enumerate(parts):
        text = mathml_of(part, style)
        if index and isinstance(parts[index - 1], Named) and isinstance(part, Fenced):
            text = f"<mo>\u2061</mo>{text}"
        if part == TIMES and _is_spaced(parts[index - 1], parts[index + 1]):
            text += '<mspace width="0.16em"/>'
        written.append(text)
    return "".join(written)


def _is_spaced(left: Markup, right: Markup) -> bool:
    """Whether two factors side by side need a little space: fractions, and functions by name."""
    if isinstance(left, Fraction | Framed) or isinstance(right, Framed):
        return True
    head = parts_of(right)[0]
    return isinstance(head.base if isinstance(head, Scripts) else head, Named)


def _sign(char: str, kind: str) -> str:
    if kind == "prefix":
        return f'<mo form="prefix">{escape(char)}</mo>'
    if kind in ("plain", "open", "close"):
        return f'<mo lspace="0" rspace="0" stretchy="false">{escape(char)}</mo>'
    if kind == "big":
        return f'<mo movablelimits="false">{escape(char)}</mo>'
    if kind in ("binary", "relation"):
        return f'<mo form="infix">{escape(char)}</mo>'
    return f"<mo>{escape(char)}</mo>"


def _fence(char: str, form: str, tall: bool = True) -> str:
    if not char:
        return ""
    stretchy = "" if tall else ' stretchy="false"'
    return f'<mo form="{form}" lspace="0" rspace="0"{stretchy}>{escape(char)}</mo>'


def _letters(text: str, style: str) -> str:
    if style in ("mathrm", "mathtt", "mathsf") or (style == "mathbf" and len(text) > 1):
        return f'<mi mathvariant="normal">{_styled(text, style)}</mi>'
    return f"<mi>{_styled(text, style)}</mi>"


def _styled(text: str, style: str) -> str:
    return escape("".join(alphabets.styled_character(style, char) for char in text))


def _in_style(style: str, inside: Markup) -> str:
    """Letters side by side in an upright alphabet are one word."""
    letters = [part.char for part in parts_of(inside) if isinstance(part, Letter)]
    if style == "mathrm" and len(letters) == len(parts_of(inside)):
        return _letters("".join(letters), style)
    if style == "boldsymbol":
        return f'<mrow class="bold">{mathml_of(inside, "mathbf")}</mrow>'
    return mathml_of(inside, style)


def _over(base: str, accent: str, mark: str) -> str:
    """A base under an accent, as wide as the base or small."""
    char = alphabets.ABOVE[mark]
    if accent.startswith(r"\wide") or accent == r"\overline":
        return f'<mover accent="true">{base}<mo>{char}</mo></mover>'
    if accent in (r"\bar", r"\vec"):  # they are drawn too wide unless as small as a script
        return f'<mover>{base}<mo lspace="0" rspace="0" stretchy="false">{char}</mo></mover>'
    return f'<mover accent="true">{base}<mo stretchy="false">{char}</mo></mover>'


def _scripts(base: Markup, sub: Markup | None, sup: Markup | None, style: str) -> str:
    below = "" if sub is None else mathml_of(sub)
    above = "" if sup is None else mathml_of(sup)
    if isinstance(base, Fenced) and base.right and not base.is_tall:
        return _behind_bracket(base, below, above, style)
    written = mathml_of(base, style)
    if isinstance(base, Sign) and base.kind == "big" and sup is None:
        return f"<munder>{written}{below}</munder>"
    return _with_scripts(written, below, above)


def _with_scripts(base: str, below: str, above: str) -> str:
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    return f"<msup>{base}{above}</msup>" if above else f"<msub>{base}{below}</msub>"


def _behind_bracket(fenced: Fenced, below: str, above: str, style: str) -> str:
    """Scripts as high as the bracket that they stand behind, whatever is inside."""
    opening = _fence(fenced.left, "prefix", False)
    closing = _with_scripts(_fence(fenced.right, "postfix", False), below, above)
    return f"<mrow>{opening}{_row(parts_of(fenced.inside), style)}{closing}</mrow>"


def _cases(rows: tuple[tuple[Markup, Markup], ...]) -> str:
    lines = "".join(
        f"<mtr><mtd>{mathml_of(value)}</mtd><mtd>{mathml_of(when)}</mtd></mtr>"
        for value, when in rows
    )
    return f'<mrow>{_fence("{", "prefix")}<mtable class="cases">{lines}</mtable></mrow>'


def _grid(rows: tuple[tuple[Markup, ...], ...]) -> str:
    lines = (
        "<mtr>" + "".join(f"<mtd>{mathml_of(entry)}</mtd>" for entry in line) + "</mtr>"
        for line in rows
    )
    table = f"<mtable>{''.join(lines)}</mtable>"
    return f"<mrow>{_fence('(', 'prefix')}{table}{_fence(')', 'postfix')}</mrow>"
