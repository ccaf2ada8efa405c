r"""Commands of LaTeX as items: letters, signs, functions, accents, words, fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from symprop.verification.reading import commands
from symprop.verification.reading.errors import UnreadableError
from symprop.verification.reading.items import Item, Items
from symprop.verification.reading.tokens import Token

if TYPE_CHECKING:
    from symprop.verification.reading.building import Builder

Rule: TypeAlias = "Callable[[Builder, Token, str], Items]"

_BRACED = "write it in braces behind it"
_ACCENTS = set(commands.ACCENTS.values())


def command_items(builder: Builder, token: Token) -> Items:
    """What a command, which is taken already, stands for; none where it shows nothing."""
    name = token.text[1:]
    rule = RULES.get(name)
    if rule is None:
        raise _unknown(builder, token)
    return rule(builder, token, commands.SAME.get(name, name))


def _unknown(builder: Builder, token: Token) -> UnreadableError:
    close = get_close_matches(token.text[1:], [name for name in RULES if len(name) > 1], n=1)
    hint = rf"did you mean \{close[0]}?" if close else "it is no mathematics that is known here"
    return builder.fail(f"the command {token.text} is not read", token.span, hint)


# -- signs and letters ----------------------------------------------------------------------------


def _nothing(builder: Builder, token: Token, name: str) -> Items:
    r"""The dot of `\left.` and `\right.` shows nothing either."""
    if name in ("left", "right") and builder.next == ".":
        builder.take()
    return ()


def _gap(builder: Builder, token: Token, name: str) -> Items:
    return (Item("gap", token.text, span=token.span),)


def _sign(builder: Builder, token: Token, name: str) -> Items:
    plain = name in commands.PLAIN_SIGNS or name in (*commands.NAMING, r"\|")
    return (Item("sign", name if plain else f"\\{name}", span=token.span),)


def _letter(builder: Builder, token: Token, name: str) -> Items:
    return (Item("letter", f"\\{name}", span=token.span),)


def _number_sign(builder: Builder, token: Token, name: str) -> Items:
    return (Item("word", "#", style="text", span=token.span),)


def _bar(builder: Builder, token: Token, name: str) -> Items:
    return (Item("sign", r"\|", span=token.span),)


def _bracket(builder: Builder, token: Token, name: str) -> Items:
    return (builder.fence(token._replace(text=name if name == "[" else f"\\{name}")),)


def _negated(builder: Builder, token: Token, name: str) -> Items:
    r"""`\not=` and `\not\in`."""
    signs = {"=": r"\neq", r"\in": r"\notin"}
    if builder.next not in signs:
        raise builder.fail(r"\not is read before = and \in alone", token.span, r"write \neq")
    after = builder.take()
    return (Item("sign", signs[after.text], span=token.span.to(after.span)),)


def _function(builder: Builder, token: Token, name: str) -> Items:
    r"""A function; `\arg\min` is one."""
    span = token.span
    if name == "arg" and builder.next in (r"\min", r"\max"):
        after = builder.take()
        name, span = f"arg{after.text[1:]}", span.to(after.span)
    return (Item("word", name, style="named", span=span),)


# -- words ----------------------------------------------------------------------------------------


def _words(builder: Builder, token: Token, name: str) -> Items:
    """A word or some text; its argument is not looked into."""
    if name == "parbox":
        _skip_box(builder, token)
    if name in ("parbox", "intertext", "shortintertext", "textup", "textsc"):
        name = "text"
    if name == "operatorname" and builder.next == "*":
        builder.take()
    if builder.next != "{":
        raise builder.fail(f"{token.text} lacks its braces", token.span, _BRACED)
    builder.take()
    written, depth = "", 1
    while builder.next:
        depth += (builder.next == "{") - (builder.next == "}")
        part = builder.take()
        if depth == 0:
            text = " ".join(_unescaped(written).split())
            return (Item("word", text, style=name, span=token.span.to(part.span)),)
        written += " " * part.spaced + part.text
    raise builder.fail(f"{token.text} is not closed", token.span, "write }")


def _skip_box(builder: Builder, token: Token) -> None:
    r"""The place and the width in `\parbox[t]{14em}{...}`."""
    if builder.next == "[":
        while builder.next and builder.take().text != "]":
            pass
    builder.argument(token)


def _unescaped(text: str) -> str:
    for command in (r"\,", r"\ ", "~", r"\;", r"\:", r"\!", r"\quad"):
        text = text.replace(command, " ")
    for char in "_%&#$":
        text = text.replace(f"\\{char}", char)
    return text


# -- commands with arguments ----------------------------------------------------------------------


def _styled(builder: Builder, token: Token, name: str) -> Items:
    """A letter under an accent or in an alphabet; several letters upright are a word."""
    inside = builder.argument(token)
    style = commands.STYLES.get(name)
    shown = style or commands.ACCENTS[name]
    span = token.span.to(builder.last)
    if not inside:
        raise builder.fail(f"{token.text} stands over nothing", token.span, _BRACED)
    word = "".join(item.text for item in inside)
    letters = (i.kind in ("letter", "number") and i.is_bare and i.text.isalnum() for i in inside)
    if style and len(word) > 1 and all(letters):
        return (Item("word", word, style=style, span=span),)
    if style and len(inside) == 1 and inside[0].text in _ACCENTS:
        accent = inside[0]  # a bold hat over y, or a hat over a bold y
        return (replace(accent, parts=((Item("command", style, accent.parts, span=span),),)),)
    return (Item("command", shown, (inside,), span=span),)


def _with_arguments(builder: Builder, token: Token, name: str) -> Items:
    if name == "sqrt" and builder.next == "[":
        reason = "roots other than square roots are not read"
        raise builder.fail(reason, token.span, "write ^{1/3}")
    arguments = tuple(builder.argument(token) for _ in range(commands.ARGUMENTS[name]))
    span = token.span.to(builder.last)
    if name in commands.SILENT:
        return ()
    if name in commands.TRANSPARENT:
        return arguments[-1]
    if name in ("overset", "stackrel") and len(arguments[1]) == 1:
        if arguments[1][0].text in commands.EQUALITIES:
            return (replace(arguments[1][0], span=span),)  # what is above it is a remark
    return (Item("command", name, arguments, span=span),)


def _environment(builder: Builder, token: Token, name: str) -> Items:
    return (builder.environment(token),)


def _rules() -> dict[str, Rule]:
    """A rule for every command that is read."""
    kinds: list[tuple[Iterable[str], Rule]] = [
        (commands.SPACES, _nothing),
        (commands.GAPS, _gap),
        (commands.SIGNS, _sign),
        (commands.LETTERS, _letter),
        (commands.NAMED, _function),
        (commands.WORDS, _words),
        ((*commands.ACCENTS, *commands.STYLES), _styled),
        (commands.ARGUMENTS, _with_arguments),
    ]
    rules = {name: rule for names, rule in kinds for name in names}
    for name, same in commands.SAME.items():
        rules[name] = rules.get(same, _sign)
    brackets = {name: _bracket for name in ("lbrace", "lbrack")}
    special = {"begin": _environment, "not": _negated, "#": _number_sign, "|": _bar}
    return rules | brackets | special


RULES = _rules()
