"""Numbers that are written as expressions: what a picture or a telling shows of a family.

A written number is the value to work with, so whatever computes with payoffs and probabilities
takes it; added up along a path, or weighed with a probability, it keeps its expression, and as text
it is the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily, Place
from nl2efg.families.note import family_of
from nl2efg.game.model import GameTree, Outcome

Row = tuple[Fraction, ...]

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class WrittenNumber(Fraction):
    """A fraction that is written as an expression.

    Args:
        value: where the letters have their values to work with.
        expression: what it is.
    """

    expression: Expression

    def __new__(cls, value: Fraction, expression: Expression) -> WrittenNumber:
        self = super().__new__(cls, value.numerator, value.denominator)
        self.expression = expression
        return self

    def __add__(self, other: Any) -> Any:
        return _sum(self, other)

    def __radd__(self, other: Any) -> Any:
        return _sum(other, self)

    def __mul__(self, other: Any) -> Any:
        return _product(self, other)

    def __rmul__(self, other: Any) -> Any:
        return _product(other, self)

    def __str__(self) -> str:
        return shown(self.expression)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec) if not spec else super().__format__(spec)

    def __hash__(self) -> int:  # type: ignore[override]
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, WrittenNumber):
            return super().__eq__(other) and self.expression == other.expression
        return super().__eq__(other)

    def __reduce__(self) -> Any:
        return WrittenNumber, (Fraction(self.numerator, self.denominator), self.expression)


def _sum(a: Any, b: Any) -> Any:
    if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
        return NotImplemented
    value = _plain(a) + _plain(b)
    total = _expression(a) + _expression(b)
    return WrittenNumber(value, total) if total.letters else value


def _product(a: Any, b: Any) -> Any:
    if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
        return NotImplemented
    value = _plain(a) * _plain(b)
    found = _expression(a) * _expression(b)
    return WrittenNumber(value, found) if found.letters else value


def _plain(number: int | Fraction) -> Fraction:
    return Fraction(number.numerator, number.denominator)


def _expression(number: int | Fraction) -> Expression:
    return number.expression if isinstance(number, WrittenNumber) else Expression.number(number)


def shown(expression: Expression) -> str:
    """An expression as people write it: ``δ(1 − p) − c``."""
    return _tokens(expression.text, symbol_shown, "", "−", lambda n: n.translate(_POWERS))


def tex(expression: Expression) -> str:
    """An expression as TeX in math mode: ``\\delta (1 - p) - c``."""
    return _tokens(expression.text, symbol_tex, r"\,", "-", lambda n: f"^{{{n}}}")


def symbol_shown(symbol: str) -> str:
    """A symbol as people write it: ``delta1`` is ``δ₁``."""
    name, digits = _split(symbol)
    found = GREEK.get(name)
    if found is None and len(name) > 1:
        return symbol
    return (found or name) + digits.translate(_SUBSCRIPTS)


def symbol_tex(symbol: str) -> str:
    """A symbol as TeX in math mode: ``delta1`` is ``\\delta_{1}``."""
    name, digits = _split(symbol)
    named = {letter: word for word, letter in GREEK.items()}
    if name in GREEK or name in named:
        word = name if name in GREEK else named[name]
        head = "\\" + ("varepsilon" if word == "epsilon" else word)
    elif len(name) > 1:
        head = r"\mathit{" + name.replace("_", r"\_") + "}"
    else:
        head = name
    return f"{head}_{{{digits}}}" if digits else head


def _split(symbol: str) -> tuple[str, str]:
    name = symbol.rstrip("0123456789")
    digits = symbol[len(name) :]
    return (name.removesuffix("_"), digits) if digits else (symbol, "")


def _tokens(text: str, symbol: Any, times: str, minus: str, power: Any) -> str:
    """The text of an expression in another notation."""
    import re

    found = []
    pieces = re.findall(r"\*\*\(?\d+\)?|[^\W\d]\w*|\d+|\s+|.", text)
    for place, piece in enumerate(pieces):
        if piece.startswith("**"):
            found.append(power(piece.strip("*()")))
        elif piece[0].isalpha() or piece[0] == "_":
            found.append(symbol(piece))
        elif piece == "*":
            after = pieces[place + 1][:1] if place + 1 < len(pieces) else ""
            before = pieces[place - 1] if place else ""
            digits = after.isdecimal()
            long = len(before) > 1 and before.isidentifier() and symbol(before) == before
            found.append("·" if digits or long else times)
        elif piece == "-":
            found.append(minus)
        else:
            found.append(piece)
    return "".join(found)


def lettered(tree: GameTree) -> GameTree:
    """The game with its letters in the places of numbers; itself if it has none."""
    family = family_of(tree)
    return tree if family is None else written(family)


def written(family: GameFamily) -> GameTree:
    """The tree of a family with its expressions in the places of numbers."""
    return with_numbers(family, WrittenNumber)


def with_numbers(
    family: GameFamily, number_for: Callable[[Fraction, Expression], Fraction]
) -> GameTree:
    """The tree of a family with numbers of another kind wherever it has letters.

    Args:
        family: the game.
        number_for: makes such a number of the value to work with and the expression.
    """

    def row(known: Mapping[Place, Expression], number: int, own: Row) -> Row:
        return tuple(
            number_for(value, known[number, place]) if (number, place) in known else value
            for place, value in enumerate(own)
        )

    tree = family.tree
    return replace(
        tree,
        outcomes=tuple(
            Outcome(row(family.payoffs, number, each.payoffs), each.label)
            for number, each in enumerate(tree.outcomes)
        ),
        information_sets=tuple(
            each
            if each.probabilities is None
            else replace(each, probabilities=row(family.probabilities, number, each.probabilities))
            for number, each in enumerate(tree.information_sets)
        ),
    )


def formulas(tree: GameTree) -> dict[str, str]:
    """For each written number of a game, as it is shown, the same as TeX in math mode."""
    rows = [each.payoffs for each in tree.outcomes]
    rows += [each.probabilities or () for each in tree.information_sets]
    return {
        str(number): tex(number.expression)
        for row in rows
        for number in row
        if isinstance(number, WrittenNumber)
    }
