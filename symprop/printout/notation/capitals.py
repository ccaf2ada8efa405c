"""Capital letters for matrices that hold a value of each sample: X of x, Delta_a of delta_a."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symprop.printout.notation import alphabets
from symprop.printout.notation.markup import Letter, Markup, Over, Scripts, Styled, Words


def capital(look: Markup, is_taken: Callable[[Markup], bool]) -> Markup:
    """A name with a capital letter at its head; in bold where that is taken, or is none."""
    for head in (_capital, _bold):
        found = _with_head(look, head)
        if found is not None and not is_taken(found):
            return found
    return Words(f"all of {_text(look)}")


def _with_head(look: Markup, change: Callable[[Markup], Markup | None]) -> Markup | None:
    """A name with something else at its head, its accents and scripts kept."""
    if isinstance(look, Scripts | Over):
        base = _with_head(look.base, change)
        return None if base is None else replace(look, base=base)
    return change(look)


def _capital(head: Markup) -> Markup | None:
    if not isinstance(head, Letter):
        return None
    name = head.latex.removeprefix("\\")
    raised = name[:1].upper() + name[1:]
    if raised == name:
        return None
    if head.latex == name:
        return Letter(raised, raised) if len(name) == 1 else None
    if raised in alphabets.GREEK:
        return Letter(f"\\{raised}", alphabets.GREEK[raised])
    return None


def _bold(head: Markup) -> Markup | None:
    if isinstance(head, Styled):
        return Styled("mathbf", head.inside)
    if isinstance(head, Letter) and head.latex.isalpha():
        return Styled("mathbf", Letter(head.latex.upper(), head.char.upper()))
    return Styled("boldsymbol", head) if isinstance(head, Letter) else None


def _text(look: Markup) -> str:
    if isinstance(look, Scripts | Over):
        return _text(look.base)
    return look.text if isinstance(look, Words) else "a value"
