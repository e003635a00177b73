"""GameFamily: a game with letters in it, and the games that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from nl2efg.errors import UserError
from nl2efg.families.conditions import DIVISION, PROBABILITY, TEXT, Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.note_writing import with_note, without_note
from nl2efg.families.parameters import Parameter
from nl2efg.game.model import GameTree, InformationSet, Outcome
from nl2efg.game.numbers import exact_number
from nl2efg.lazy import notebook_picture

Values = Mapping[str, Fraction]
Place = tuple[int, int]
Run = Callable[[str, Values], "GameFamily"]


@dataclass(frozen=True, repr=False)
class GameFamily:
    """A game with letters: a tree at the values to work with, and what is written in its places.

    Args:
        tree: the game at the values of the parameters.
        parameters: the letters.
        payoffs: by (outcome, player) the expressions in which a letter is.
        probabilities: by (information set, action) the same of chance.
        conditions: what the description demands, and under what the tree has this shape.
        program: the code that builds it; empty if there is none.
        run: runs the program with other values of the parameters; None if nothing can.

    Raises:
        ValueError: the parts do not fit each other.
    """

    tree: GameTree
    parameters: tuple[Parameter, ...]
    payoffs: Mapping[Place, Expression]
    probabilities: Mapping[Place, Expression]
    conditions: tuple[Condition, ...] = ()
    program: str = ""
    run: Run | None = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        values = ", ".join(f"{symbol} = {value}" for symbol, value in self.values.items())
        return f"<GameFamily {self.tree.title!r} at {values}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The picture for notebooks, with the letters."""
        return {"image/svg+xml": notebook_picture(self.tree), "text/plain": repr(self)}

    def __post_init__(self) -> None:
        symbols = {parameter.symbol for parameter in self.parameters}
        if len(symbols) != len(self.parameters):
            raise ValueError("a symbol stands for two parameters")
        written: list[frozenset[str]] = [condition.letters for condition in self.conditions]
        written += [e.letters for e in (*self.payoffs.values(), *self.probabilities.values())]
        for letters in written:
            if not letters <= symbols:
                raise ValueError(f"{min(letters - symbols)} is no parameter")
        try:
            self._check_values()
        except (IndexError, ZeroDivisionError) as error:
            raise ValueError(f"an expression stands where nothing is: {error}") from None
        broken = next((c for c in self.conditions if not c.holds(self.values)), None)
        if broken is not None:
            raise ValueError(f"the values to work with break {broken}")

    def _check_values(self) -> None:
        for (number, player), expression in self.payoffs.items():
            if self.tree.outcomes[number].payoffs[player] != expression.at(self.values):
                raise ValueError(f"outcome {number} does not pay {expression.text}")
        for (number, action), expression in self.probabilities.items():
            row = self.tree.information_sets[number].probabilities
            if row is None or row[action] != expression.at(self.values):
                raise ValueError(f"information set {number} has no chance of {expression.text}")

    @cached_property
    def values(self) -> dict[str, Fraction]:
        """The values to work with, by symbol."""
        return {parameter.symbol: parameter.value for parameter in self.parameters}

    @property
    def quantities(self) -> tuple[Parameter, ...]:
        """The parameters that are quantities."""
        return tuple(each for each in self.parameters if not each.is_size)

    @property
    def sizes(self) -> tuple[Parameter, ...]:
        """The parameters that shape the tree."""
        return tuple(each for each in self.parameters if each.is_size)

    @property
    def demands(self) -> tuple[Condition, ...]:
        """The conditions of the description."""
        return tuple(each for each in self.conditions if each.kind == TEXT)

    def payoff(self, outcome: int, player: int) -> Expression:
        """What an outcome pays a player.

        Args:
            outcome: index of the outcome in the tree.
            player: index of the player, from 0.
        """
        found = self.payoffs.get((outcome, player))
        return found or Expression.number(self.tree.outcomes[outcome].payoffs[player])

    def probability(self, information_set: int, action: int) -> Expression:
        """The probability of an action of chance.

        Args:
            information_set: index of a set of chance.
            action: index of the action in it.
        """
        found = self.probabilities.get((information_set, action))
        if found is not None:
            return found
        row = self.tree.information_sets[information_set].probabilities
        assert row is not None
        return Expression.number(row[action])

    def at(self, **values: Fraction | int | str) -> GameTree:
        """The game where the parameters have these values; the others keep theirs.

        Args:
            values: by symbol; text such as ``"1/3"`` is exact.

        Raises:
            UserError: a parameter or value that does not exist, a value outside of its domain, or
                one that breaks a condition of the description.
        """
        return self.with_values(values).tree

    def with_values(self, values: Mapping[str, Fraction | int | str]) -> GameFamily:
        """The family with other values to work with; as :meth:`at`.

        Args:
            values: by symbol; text such as ``"1/3"`` is exact.
        """
        given = {symbol: exact_value(symbol, value) for symbol, value in values.items()}
        whole = self.admitted(given)
        if whole == self.values:
            return self
        sized = any(whole[each.symbol] != each.value for each in self.sizes)
        bent = next(
            (c for c in self.conditions if c.kind != TEXT and not c.holds(whole)), None
        )  # the tree has another shape there
        if not sized and bent is None:
            return self._substituted(whole)
        if self.run is None or not self.program:
            why = f"{bent} no longer holds" if bent else "a size shapes the tree"
            raise UserError(
                f"the game has another shape there ({why}), and its program is not at hand",
                hint="use the folder of the compilation, or compile the text again",
            )
        return self.run(self.program, whole)

    def fixed(self, values: Mapping[str, Fraction | int | str]) -> GameFamily:
        """The family with numbers in the place of some letters, which are letters no more.

        Sizes stay among the parameters, with the values given.

        Args:
            values: by symbol; text such as ``"1/3"`` is exact.

        Raises:
            UserError: as :meth:`at`.
        """
        there = self.with_values(values)
        known = {each.symbol: each.value for each in there.quantities if each.symbol in values}
        if not known:
            return there

        def lettered(written: Mapping[Place, Expression]) -> dict[Place, Expression]:
            found = {place: each.partly_at(known) for place, each in written.items()}
            return {place: each for place, each in found.items() if each.letters}

        conditions = (
            replace(each, left=each.left.partly_at(known), right=each.right.partly_at(known))
            for each in there.conditions
        )
        found = replace(
            there,
            parameters=tuple(each for each in there.parameters if each.symbol not in known),
            payoffs=lettered(there.payoffs),
            probabilities=lettered(there.probabilities),
            conditions=tuple(each for each in conditions if each.letters),
            program="",
            run=None,
        )
        if found.parameters:
            return replace(found, tree=with_note(found))
        plain = replace(there.tree, comment=without_note(there.tree.comment))
        return replace(found, tree=plain)

    def admitted(self, given: Values) -> dict[str, Fraction]:
        """All values, with the given ones in the place of those to work with.

        Args:
            given: values by symbol.

        Raises:
            UserError: as :meth:`at`.
        """
        known = {parameter.symbol: parameter for parameter in self.parameters}
        whole = dict(self.values)
        for symbol, value in given.items():
            if symbol not in known:
                names = ", ".join(known) or "none"
                raise UserError(f"the game has no parameter {symbol}", hint=f"it has {names}")
            if trouble := known[symbol].trouble(value):
                raise UserError(trouble, hint=_quoted(known[symbol]))
            whole[symbol] = value
        for condition in self.demands:
            if not condition.holds(whole):
                shown = ", ".join(f"{s} = {whole[s]}" for s in sorted(condition.letters))
                raise UserError(f"{shown} breaks {condition}, which the description demands")
        return whole

    def values_at(self, values: Values) -> GameTree:
        """The game by substitution alone, without its note: the quick way of sweeps.

        Args:
            values: of all parameters, by symbol.

        Raises:
            ZeroDivisionError: an expression divides by zero there.
        """
        tree = self.tree
        outcomes = list(tree.outcomes)
        rows: dict[int, list[Fraction]] = {}
        for (number, player), expression in self.payoffs.items():
            row = rows.setdefault(number, list(outcomes[number].payoffs))
            row[player] = expression.at(values)
        for number, row in rows.items():
            outcomes[number] = Outcome(tuple(row), outcomes[number].label)
        sets = list(tree.information_sets)
        chances: dict[int, list[Fraction]] = {}
        for (number, action), expression in self.probabilities.items():
            chance = chances.setdefault(number, list(sets[number].probabilities or ()))
            chance[action] = expression.at(values)
        for number, chance in chances.items():
            own = sets[number]
            sets[number] = InformationSet(own.player, own.actions, own.label, tuple(chance))
        return replace(tree, outcomes=tuple(outcomes), information_sets=tuple(sets), comment="")

    def _substituted(self, values: Values) -> GameFamily:
        try:
            tree = self.values_at(values)
        except ZeroDivisionError:
            raise UserError("an expression of the game divides by zero there") from None
        tree = replace(tree, comment=without_note(self.tree.comment))
        parameters = tuple(replace(each, value=values[each.symbol]) for each in self.parameters)
        found = replace(self, tree=tree, parameters=parameters)
        return replace(found, tree=with_note(found))


def exact_value(symbol: str, value: Fraction | int | str) -> Fraction:
    """The value that a caller gives a parameter.

    Raises:
        UserError: it is no number.
    """
    if isinstance(value, str):
        found = exact_number(value.strip())
        if found is None:
            raise UserError(
                f"{symbol} = {value!r:.60} is no number", hint="write a fraction such as 1/3"
            )
        return found
    return Fraction(value)


def shape_conditions(family: GameFamily) -> tuple[Condition, ...]:
    """The conditions that are not the description's: of shape, probabilities and divisions."""
    return tuple(each for each in family.conditions if each.kind != TEXT)


def _quoted(parameter: Parameter) -> str:
    return f"the text says: {parameter.quote}" if parameter.quote else ""


__all__ = ["DIVISION", "PROBABILITY", "GameFamily", "exact_value", "shape_conditions"]
