"""Proofs by algebra where they come cheaply: over numbers, and within a budget.

Both sides become SymPy expressions, derivatives those of the derivation. Functions stay closed
boxes at first, then the exponential stands for sigmoid and tanh; a difference that is 0 as a
fraction of polynomials is a proof. What is not proved so may be true all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

from sympy import Dummy, Expr, Integer, Rational, Symbol, exp, expand, fraction, pi, sqrt, together
from sympy import E as EULER
from sympy.core.function import Application

from symprop.derivation.record import Derivation
from symprop.errors import SympropError
from symprop.expression.nodes import leaves
from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.meaning.calls import function_of
from symprop.verification.meaning.names import VALUED, axes_of, label
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry

TERMS = 400
"""A difference that may have more terms when it is multiplied out is not worked with."""
LARGEST_EXPONENT = 12


class NoExpressionError(Exception):
    """A tree that is not turned into an expression."""


class Proofs:
    """Proves claims over one network."""

    def __init__(self, network: Network, derivation: Derivation) -> None:
        self.network = network
        self.derivation = derivation

    def proves(self, claim: Claim) -> bool:
        """Whether algebra shows that both sides are equal."""
        try:
            left, right = (_Expressions(self).of(side) for side in claim.trees)
            return self._is_zero(left - right)
        except (NoExpressionError, SympropError):
            return False

    def _is_zero(self, difference: Expr) -> bool:
        """Whether a difference is 0: over the names of steps, then over what these stand for."""
        for form in (difference, self._opened(difference)):
            for rewritten in (form, _with_exponentials(form)):
                if _vanishes(rewritten):
                    return True
        return False

    def _opened(self, expression: Expr) -> Expr:
        """An expression with the definitions of all steps in the place of their names."""
        for step in reversed(self.network.steps.values()):
            symbol = Symbol(step.name, real=True)
            if expression.has(symbol):
                expression = expression.xreplace({symbol: by_name(step.expression)})
            if _terms(expression) > TERMS:
                raise NoExpressionError
        return expression


def by_name(expression: Any) -> Expr:
    """An expression in real symbols, those of a name alike; only of numbers."""
    if not isinstance(expression, Expr) or expression.is_commutative is False:
        raise NoExpressionError
    if any(getattr(part, "is_Matrix", False) for part in expression.atoms()):
        raise NoExpressionError
    return expression.xreplace({s: Symbol(str(s), real=True) for s in expression.atoms(Symbol)})


# -- is it zero -----------------------------------------------------------------------------------


def _vanishes(expression: Expr) -> bool:
    closed = _closed(expression)
    if _terms(closed) > TERMS:
        return False
    above, _ = fraction(together(closed))
    return _terms(above) <= TERMS**2 and expand(above) == 0


def _closed(expression: Expr) -> Expr:
    """An expression with a symbol in the place of each function of something."""
    boxes: dict[Expr, Expr] = {}

    def box(found: Expr) -> Expr:
        inner = found.func(*(expand(argument) for argument in found.args))
        return boxes.setdefault(inner, Dummy(real=True))

    outermost = {f: box(f) for f in expression.atoms(Application)}
    for size in sorted(outermost, key=lambda f: -f.count_ops()):
        expression = expression.xreplace({size: outermost[size]})
    return expression


def _with_exponentials(expression: Expr) -> Expr:
    """An expression with exponentials in the place of sigmoid, tanh, sinh and cosh."""

    def instead(found: Any) -> Any:
        name = type(found).__name__
        return _EXPONENTIALS[name](found.args[0])

    return expression.replace(lambda found: type(found).__name__ in _EXPONENTIALS, instead)


_EXPONENTIALS: dict[str, Callable[[Expr], Expr]] = {
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
    "tanh": lambda z: (exp(z) - exp(-z)) / (exp(z) + exp(-z)),
    "sinh": lambda z: (exp(z) - exp(-z)) / 2,
    "cosh": lambda z: (exp(z) + exp(-z)) / 2,
}


def _terms(expression: Expr) -> int:
    """How many terms an expression has at most when it is multiplied out."""
    if expression.is_Add:
        return sum(_terms(part) for part in expression.args)
    count = 1
    if expression.is_Mul:
        for part in expression.args:
            count *= _terms(part)
            if count > TERMS**2:
                break
    elif expression.is_Pow and expression.exp.is_Integer:
        count = min(_terms(expression.base) ** min(abs(int(expression.exp)), 20), TERMS**2 + 1)
    return count


# -- trees as expressions -------------------------------------------------------------------------


class _Expressions:
    """Turns trees over numbers into SymPy expressions; NoExpressionError for all others."""

    def __init__(self, proofs: Proofs) -> None:
        self.derivation = proofs.derivation
        self.network = proofs.network

    @singledispatchmethod
    def of(self, tree: t.Tree) -> Expr:
        """The expression that a tree is."""
        raise NoExpressionError

    @of.register
    def _(self, tree: t.Name) -> Expr:
        if tree.reference is None:
            return Symbol(f"{label(tree)} free", real=True)
        entry = self._entry(tree)
        if entry.definition is not None:
            return self.of(entry.definition)
        if entry.kind not in (*VALUED, "rate") or entry.shape not in ((), None):
            raise NoExpressionError
        return Symbol(entry.name, real=True)

    @staticmethod
    def _entry(tree: t.Tree) -> Entry:
        name = t.bare(tree)
        reference = name.reference if isinstance(name, t.Name) else None
        if reference is None or reference.entry is None or reference.indices:
            raise NoExpressionError
        return reference.entry

    @of.register
    def _(self, tree: t.Number) -> Expr:
        return Rational(tree.text)

    @of.register
    def _(self, tree: t.Constant) -> Expr:
        known: dict[str, Expr] = {"e": EULER, r"\pi": pi}
        if tree.symbol not in known:
            raise NoExpressionError
        return known[tree.symbol]

    @of.register(t.Group)
    @of.register(t.Boxed)
    def _(self, tree: t.Group | t.Boxed) -> Expr:
        return self.of(tree.body)

    @of.register
    def _(self, tree: t.Sum) -> Expr:
        terms = [self.of(term) for term in tree.terms]
        signed = (-e if sign == "-" else e for sign, e in zip(tree.signs, terms, strict=True))
        return sum(signed, Integer(0))

    @of.register
    def _(self, tree: t.Product) -> Expr:
        result: Expr = Integer(1)
        for factor in tree.factors:
            result *= self.of(factor)
        return result

    @of.register
    def _(self, tree: t.Fraction) -> Expr:
        return self.of(tree.above) / self.of(tree.below)

    @of.register
    def _(self, tree: t.Power) -> Expr:
        exponent = self.of(tree.exponent)
        base = self.of(tree.base)
        if base == EULER:
            return exp(exponent)
        if not exponent.is_Integer or abs(int(exponent)) > LARGEST_EXPONENT:
            raise NoExpressionError
        return base**exponent

    @of.register
    def _(self, tree: t.Root) -> Expr:
        return sqrt(self.of(tree.body))

    @of.register
    def _(self, tree: t.Call) -> Expr:
        entry = self._entry(tree.head)
        if entry.kind in ("step", "loss"):
            return self.of(tree.head)
        function = function_of(entry.name, self.network)
        if function is None or entry.kind != "function":
            raise NoExpressionError
        return by_name(function(*(self.of(argument) for argument in tree.arguments)))

    @of.register
    def _(self, tree: t.Nabla) -> Expr:
        by = self._entry(tree.body)
        if tree.by is not None or axes_of(by):
            raise NoExpressionError
        return by_name(self.derivation.upstream(by.name))

    @of.register
    def _(self, tree: t.Rate) -> Expr:
        """The derivative of the loss, or the local one of a step by what it reads."""
        of, by = self._entry(tree.of), self._entry(tree.by)
        if axes_of(by):
            raise NoExpressionError
        if of.kind == "loss":
            return by_name(self.derivation.upstream(by.name))
        read = [leaf.name for leaf in leaves(of.node)] if of.node is not None else []
        if of.kind != "step" or by.name not in read or self._goes_on(by.name, read):
            raise NoExpressionError
        return by_name(self.derivation.local(of.name, by.name))

    def _goes_on(self, name: str, read: list[str]) -> bool:
        """Whether another one of the steps that are read depends on a name."""
        waiting = [other for other in read if other != name]
        while waiting:
            step = self.network.steps.get(waiting.pop())
            below = [leaf.name for leaf in leaves(step.node)] if step is not None else []
            if name in below:
                return True
            waiting += below
        return False
