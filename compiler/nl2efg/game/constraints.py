"""Constraints on payoffs, for texts that give an order where a tree needs numbers.

A constraint compares payoffs at the ends of histories::

    u[Entrant](Enter, Accommodate) > u[Entrant](Stay out) >= 0
    u[*](Stop) = 2 * u[Ann](Go, Stop) - 1/2

Grammar (spaces are free)::

    constraint = sum , comparison , sum , { comparison , sum } ;
    comparison = ">" | ">=" | "=" | "<=" | "<" ;
    sum        = product , { ( "+" | "-" ) , product } ;
    product    = factor , { ( "*" | "/" ) , factor } ;
    factor     = number | "-" , factor | "(" , sum , ")" | payoff ;
    payoff     = "u[" , player , "]" , "(" , [ label , { "," , label } ] , ")" ;

``number`` is an integer or a decimal, read exactly; fractions are divisions. ``player`` and
``label`` are written as in the tree, with or without quotation marks, which are needed around a
comma, an unpaired bracket or a quotation mark (``\\"``); brackets inside a label come in pairs.
They are found loosely, see :mod:`nl2efg.game.history`. ``*`` stands for any player or any action:
the constraint must then hold for every choice of each star, those of different payoffs being
independent. A history must end the game; of those that a star stands for, only the ones that do
are meant.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from nl2efg.errors import ConstraintError
from nl2efg.game.effort import Effort, EffortError
from nl2efg.game.history import ANY_ACTION, find_history, match_label
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import exact_number, is_too_long
from nl2efg.game.wording import told_list

Payoff = Callable[[int, int], Fraction]
"""The payoff at a terminal node (first) of a player (second)."""

Place = tuple[int, int]
"""A terminal node and a player."""

_COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "≥": operator.ge,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_MAX_CASES = 1_000_000
MAX_STEPS = 3_000_000
"""Of all constraints that are tested together: nodes that their histories pass, and operations in
all the cases of their stars, where a step is an operation on numbers of a few digits."""

_BITS_PER_STEP = 256
_MAX_TOLD = 200
_MAX_NESTING = 50
_MAX_OPERATIONS = 200


@dataclass(frozen=True, slots=True)
class PayoffTerm:
    """``u[player](history)``."""

    player: str
    history: tuple[str, ...]

    def __str__(self) -> str:
        return f"u[{self.player}]({', '.join(self.history)})"

    def places(self, tree: GameTree, effort: Effort | None = None) -> tuple[Place, ...]:
        """The terminal nodes and players that are meant.

        Args:
            tree: the game.
            effort: bounds the work, for callers with many terms.

        Raises:
            ConstraintError: the tree has no such player or history, the game goes on there, or it
                takes more than ``effort`` has left.
        """
        try:
            return self._places(tree, effort or constraint_effort())
        except EffortError as error:
            raise ConstraintError(error.message, hint=_FEWER) from None

    def _places(self, tree: GameTree, effort: Effort) -> tuple[Place, ...]:
        effort.spend(len(tree.players))
        if self.player == ANY_ACTION:
            players: Sequence[int] = range(len(tree.players))
        else:
            players = match_label(self.player, tree.players)
        if not players:
            raise ConstraintError(
                f"{self}: the game has no player {self.player!r}",
                hint=f"its players are {told_list(tree.players)}",
            )
        nodes = find_history(tree, self.history, effort)
        if not nodes:
            raise ConstraintError(
                f"{self}: the game has no such history", hint=self._where_it_ends(tree, effort)
            )
        ends = tuple(node for node in nodes if tree.is_terminal(node))
        if not ends:
            raise ConstraintError(
                f"{self}: the game goes on after this history",
                hint="name a whole history, to the end of the game",
            )
        effort.spend(len(players) * len(ends))
        return tuple((node, player) for player in players for node in ends)

    def _where_it_ends(self, tree: GameTree, effort: Effort) -> str:
        known: tuple[int, ...] = (0,)
        length = 0
        while length < len(self.history) and (
            longer := find_history(tree, self.history[: length + 1], effort)
        ):
            known, length = longer, length + 1
        before = f"after ({', '.join(self.history[:length])})" if length else "at the root"
        own = tree.set_of[known[0]]
        if tree.is_terminal(known[0]):
            return f"the game ends {before}"
        return f"{before} the actions are {told_list(tree.information_sets[own].actions)}"


@dataclass(frozen=True, slots=True)
class _Operation:
    symbol: str
    left: Expression
    right: Expression


Expression = Fraction | PayoffTerm | _Operation


@dataclass(frozen=True, slots=True)
class Constraint:
    """A chain of comparisons.

    Args:
        text: as it was written.
        sums: what is compared.
        comparisons: between each sum and the next.
    """

    text: str
    sums: tuple[Expression, ...]
    comparisons: tuple[str, ...]

    @property
    def terms(self) -> tuple[PayoffTerm, ...]:
        """The payoffs that it speaks of, each once, in order."""
        found: dict[PayoffTerm, None] = {}
        for own in self.sums:
            found.update(dict.fromkeys(_terms(own)))
        return tuple(found)

    def bind(self, tree: GameTree, effort: Effort | None = None) -> BoundConstraint:
        """Find its histories in a tree.

        Args:
            tree: the game.
            effort: bounds the work, for callers with many constraints.

        Raises:
            ConstraintError: one of them is not there, or the stars stand for too many cases.
        """
        effort = effort or constraint_effort()
        places = {term: term.places(tree, effort) for term in self.terms}
        if prod(map(len, places.values())) > _MAX_CASES:
            raise ConstraintError(
                f"{self.text}: the stars stand for more than {_MAX_CASES:,} cases",
                hint="use fewer stars in one constraint",
            )
        return BoundConstraint(self, places)

    def broken_in(self, tree: GameTree) -> str:
        """How the tree breaks it, in words; empty if it holds.

        Raises:
            ConstraintError: as :meth:`bind`.
        """
        return self.bind(tree).broken(lambda node, player: tree.path_payoffs[node][player], tree)


@dataclass(frozen=True, slots=True)
class BoundConstraint:
    """A constraint whose histories are found: for each term the places that it stands for."""

    constraint: Constraint
    places: dict[PayoffTerm, tuple[Place, ...]]

    @property
    def steps(self) -> int:
        """Operations of a test of all its cases, more or less."""
        return sum(
            prod(len(self.places[term]) for term in set(terms)) * (1 + len(terms))
            for left, right in pairwise(self.constraint.sums)
            for terms in [(*_terms(left), *_terms(right))]
        )

    def broken(self, payoff: Payoff, tree: GameTree, effort: Effort | None = None) -> str:
        """The first case that breaks it, in words; empty if there is none.

        Args:
            payoff: the payoffs to test.
            tree: names the players and histories.
            effort: bounds the work, for callers with many constraints.

        Raises:
            ConstraintError: it takes more than ``effort`` has left, or comes to numbers of more
                digits than are read.
        """
        try:
            return self._broken(payoff, tree, effort or constraint_effort())
        except EffortError as error:
            raise ConstraintError(
                f"{_start(self.constraint.text)}: {error.message}", hint=_FEWER
            ) from None

    def _broken(self, payoff: Payoff, tree: GameTree, effort: Effort) -> str:
        for left, symbol, right in zip(
            self.constraint.sums,
            self.constraint.comparisons,
            self.constraint.sums[1:],
            strict=False,
        ):
            terms = tuple(dict.fromkeys((*_terms(left), *_terms(right))))
            for case in product(*(self.places[term] for term in terms)):
                values = {term: payoff(*place) for term, place in zip(terms, case, strict=True)}
                try:
                    here, there = _value(left, values, effort), _value(right, values, effort)
                except ZeroDivisionError:
                    return f"{self.constraint.text}: a division by zero"
                if not _COMPARISONS[symbol](here, there):
                    return f"{self.constraint.text}: {_case_words(tree, case, values)}"
        return ""

    def holds(self, payoff: Payoff, tree: GameTree, effort: Effort | None = None) -> bool:
        """Whether no case breaks it; see :meth:`broken`."""
        return not self.broken(payoff, tree, effort)


@dataclass(frozen=True, slots=True)
class OpenPayoffs:
    """What a reference tree leaves open, and what must hold all the same.

    Args:
        places: terminal nodes and players whose payoffs are free.
        constraints: in the reference's labels.
    """

    places: frozenset[Place]
    constraints: tuple[BoundConstraint, ...]

    @classmethod
    def parse(
        cls, reference: GameTree, open_payoffs: Sequence[str], constraints: Sequence[str]
    ) -> OpenPayoffs:
        """Read terms such as ``u[*](Enter, *)`` and constraints against a reference.

        Raises:
            ConstraintError: one of them cannot be read, or names no history of the reference.
        """
        places = {place for text in open_payoffs for place in parse_payoff(text).places(reference)}
        return cls(
            frozenset(places),
            tuple(parse_constraint(text).bind(reference) for text in constraints),
        )


def parse_constraint(text: str) -> Constraint:
    """Read one constraint.

    Raises:
        ConstraintError: it does not follow the grammar; the message names the column.
    """
    return _Parser(text).constraint()


def parse_payoff(text: str) -> PayoffTerm:
    """Read one payoff, such as ``u[Ann](Left, *)``.

    Raises:
        ConstraintError: it does not follow the grammar; the message names the column.
    """
    return _Parser(text).only_payoff()


def _terms(expression: Expression) -> list[PayoffTerm]:
    found: list[PayoffTerm] = []
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _Operation):
            waiting += (part.right, part.left)
        elif isinstance(part, PayoffTerm):
            found.append(part)
    return found


def _case_words(tree: GameTree, case: Sequence[Place], values: dict[PayoffTerm, Fraction]) -> str:
    parts = [
        f"u[{tree.players[player]}]({', '.join(tree.history(node))}) = {value}"
        for (node, player), value in zip(case, values.values(), strict=True)
    ]
    return ", ".join(parts) or "it compares numbers only"


def _value(expression: Expression, values: dict[PayoffTerm, Fraction], effort: Effort) -> Fraction:
    if isinstance(expression, Fraction):
        found = expression
    elif isinstance(expression, PayoffTerm):
        found = values[expression]
    else:
        left = _value(expression.left, values, effort)
        right = _value(expression.right, values, effort)
        found = _ARITHMETIC[expression.symbol](left, right)
        if is_too_long(found):
            raise ConstraintError("a constraint comes to a number of too many digits", hint=_HINT)
    bits = found.numerator.bit_length() + found.denominator.bit_length()
    effort.spend(1 + bits // _BITS_PER_STEP)
    return found


def constraint_effort() -> Effort:
    """For constraints that are tested together."""
    return Effort(MAX_STEPS, "testing the order of payoffs in this game")


def _start(text: str) -> str:
    return text if len(text) <= _MAX_TOLD else f"{text[:_MAX_TOLD]}…"


class _Parser:
    """Recursive descent; nesting and length are bounded."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.at = 0
        self.nesting = 0
        self.operations = 0
        if len(self.text) > 10_000:
            raise ConstraintError("a constraint is longer than 10,000 characters")

    def constraint(self) -> Constraint:
        sums, comparisons = [self._sum()], []
        while not self._at_end():
            comparisons.append(self._symbol(_COMPARISONS, "a comparison (>, >=, =, <=, <)"))
            sums.append(self._sum())
        if not comparisons:
            raise self._error("a comparison (>, >=, =, <=, <)")
        if not any(map(_terms, sums)):
            raise ConstraintError(f"{self.text!r} speaks of no payoff", hint=_HINT)
        return Constraint(self.text, tuple(sums), tuple(comparisons))

    def only_payoff(self) -> PayoffTerm:
        found = self._payoff()
        if not self._at_end():
            raise self._error("the end")
        return found

    def _sum(self) -> Expression:
        found = self._product()
        while self._peek() in ("+", "-"):
            found = self._operation(self._take(), found, self._product())
        return found

    def _product(self) -> Expression:
        found = self._factor()
        while self._peek() in ("*", "/"):
            found = self._operation(self._take(), found, self._factor())
        return found

    def _operation(self, symbol: str, left: Expression, right: Expression) -> Expression:
        self.operations += 1
        if self.operations > _MAX_OPERATIONS:
            raise ConstraintError(f"{self.text[:40]!r}… has more than {_MAX_OPERATIONS} operations")
        return _Operation(symbol, left, right)

    def _factor(self) -> Expression:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise ConstraintError(f"{self.text!r}: brackets are nested too deep")
        try:
            return self._unnested_factor()
        finally:
            self.nesting -= 1

    def _unnested_factor(self) -> Expression:
        if self._peek() == "-":
            self._take()
            return _Operation("-", Fraction(0), self._factor())
        if self._peek() == "(":
            self._take()
            found = self._sum()
            self._expect(")")
            return found
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            value = exact_number(number[0])
            if value is None:
                raise self._error("a number of fewer digits")
            return value
        if self._peek() == "u":
            return self._payoff()
        raise self._error("a number or a payoff u[player](history)")

    def _payoff(self) -> PayoffTerm:
        self._expect("u")
        self._expect("[")
        player = self._label("]")
        self._expect("]")
        self._expect("(")
        history: list[str] = []
        if self._peek() != ")":
            history.append(self._label(",)"))
            while self._peek() == ",":
                self._take()
                history.append(self._label(",)"))
        self._expect(")")
        return PayoffTerm(player, tuple(history))

    def _label(self, ends: str) -> str:
        """A quoted label, or all up to one of ``ends`` outside of brackets."""
        if self._peek() == '"':
            quoted = re.compile(r'"((?:[^"\\]|\\.)*)"').match(self.text, self.at)
            if quoted is None:
                raise self._error("a closing quotation mark")
            self.at = quoted.end()
            return re.sub(r"\\(.)", r"\1", quoted[1])
        start, depth = self.at, 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if depth == 0 and char in ends:
                break
            depth += (char in "([") - (char in ")]")
            if depth < 0:
                break
            self.at += 1
        label = self.text[start : self.at].strip()
        if not label:
            raise self._error("a label")
        return label

    def _peek(self) -> str:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1].replace("−", "-")

    def _take(self) -> str:
        found = self._peek()
        self.at += 1
        return found

    def _expect(self, char: str) -> None:
        if self._peek() != char:
            raise self._error(repr(char))
        self.at += 1

    def _symbol(self, known: dict[str, Callable[[Fraction, Fraction], bool]], wanted: str) -> str:
        self._peek()
        for symbol in known:
            if self.text.startswith(symbol, self.at):
                self.at += len(symbol)
                return symbol
        raise self._error(wanted)

    def _at_end(self) -> bool:
        return not self._peek()

    def _error(self, wanted: str) -> ConstraintError:
        rest = self.text[self.at : self.at + 20]
        found = repr(rest) if rest else "the end"
        return ConstraintError(
            f"{self.text!r}, column {self.at + 1}: expected {wanted}, found {found}", hint=_HINT
        )


_FEWER = "use fewer stars, or fewer constraints"
_HINT = "write it like u[Ann](Left, Right) > u[Bob](Left, Left)"
