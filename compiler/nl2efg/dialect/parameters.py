"""``parameter``: how generated code names the letters of a description."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from nl2efg.dialect.numbers import exact
from nl2efg.dialect.session import refuse, session
from nl2efg.dialect.symbolic_number import SymbolicNumber, expression_of, plain
from nl2efg.families.conditions import PROBABILITY
from nl2efg.families.expressions import Expression
from nl2efg.families.parameters import MAX_PARAMETERS, SIZE, Parameter

_MAX_WORDS = 300  # characters of a meaning
_FIX = 'write parameter("delta", "9/10", low=0, high=1), or kind="size" for a whole number'


def parameter(
    symbol: Any,
    value: Any,
    low: Any = None,
    high: Any = None,
    kind: Any = "quantity",
    meaning: Any = "",
    **_: Any,
) -> Any:
    """A letter of the description.

    Args:
        symbol: how it is written.
        value: a value to work with, that meets all conditions of the description.
        low, high: bounds of its domain, both included.
        kind: ``quantity``, or ``size`` for a whole number that shapes the tree.
        meaning: what it stands for.

    Returns:
        A number that keeps its letter; for a size an ``int``.
    """
    letters = session().letters
    name = str(symbol)
    try:
        given = letters.wanted.get(name)
        found = Parameter(
            name,
            plain(exact(value)) if given is None else given,
            str(kind),
            None if low is None else plain(exact(low)),
            None if high is None else plain(exact(high)),
            str(meaning)[:_MAX_WORDS],
        )
    except (TypeError, ValueError, ArithmeticError) as error:
        raise refuse("B320", f"parameter {name!r:.60}: {error}", fix=_FIX) from None
    known = letters.parameters.get(name)
    if known is not None and (known.kind, known.value) != (found.kind, found.value):
        raise refuse(
            "B320",
            f"the parameter {name} is a {known.kind} of {known.value}, "
            f"and asked for again as a {found.kind} of {found.value}",
            fix="ask for a parameter once, and use the variable",
        )
    if known is None and len(letters.parameters) >= MAX_PARAMETERS:
        raise refuse(
            "B320",
            f"the program asks for more than {MAX_PARAMETERS} parameters",
            fix="make parameters of the letters of the text alone",
        )
    if known is None:
        letters.parameters[name] = found
    if found.kind == SIZE:
        return int(found.value)
    return SymbolicNumber(Fraction(found.value), Expression.letter(name))


def check_chance(row: Sequence[Fraction], history: tuple[str, ...] | None, line: int) -> None:
    """Whether probabilities with letters are some whatever these stand for; says so if not.

    That each lies between 0 and 1 is recorded as a condition.

    Args:
        row: of one chance move.
        history: of a node of it.
        line: of the program, where the move is made; 0 if that is not known.
    """
    total = Expression.number(0)
    letters = session().letters
    for prob in row:
        own = expression_of(prob)
        total = total + own
        letters.record(own, ">=", Expression.number(0), line, PROBABILITY)
    if total.constant != 1:
        session().error(
            "B323",
            f"the probabilities {', '.join(map(str, row))} sum to {total.text}: "
            "to 1 only at the values to work with",
            history=history,
            line=line or None,
            fix="write 1 - p for the probability that is left",
        )


def assertion_lines(tree: ast.Module) -> frozenset[int]:
    """The lines of ``assert`` statements: what is compared there, the description demands."""
    return frozenset(
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    )
