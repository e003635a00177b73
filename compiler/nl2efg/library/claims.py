"""What is claimed of a profile: probabilities of actions at information sets, as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from nl2efg.errors import UserError
from nl2efg.families import family_of, value_of
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import exact_number
from nl2efg.game.profile import BehaviourProfile, Probability
from nl2efg.game.wording import told_histories
from nl2efg.library.names import Names
from nl2efg.text import counted

MOST_DIGITS = 12
"""A decimal with more of them was worked out in floating point, and is read as such."""
SLACK = 1e-9
"""By how much what was worked out in floating point may miss a probability or their sum."""
MAX_NAMED = 3
"""How many information sets a message names before it only counts them."""


class Claims:
    """Probabilities of a behaviour profile as they are gathered; the rest follows or is missing.

    Args:
        tree: the game.
    """

    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        self._letters: Mapping[str, Fraction] | None = None
        self._told: dict[int, dict[int, Probability | None]] = {}

    @cached_property
    def names(self) -> Names:
        """The game's names, and how much more may be looked for among them."""
        return Names(self.tree)

    def add(self, infoset: int, action: int, probability: Probability | None = None) -> None:
        """Note how likely an action is.

        Args:
            infoset: index of the information set.
            action: index of the action in it.
            probability: None for whatever the others leave.

        Raises:
            UserError: something else was claimed before, or it is no probability.
        """
        if probability is not None and not 0 <= probability <= 1:
            raise UserError(f"{self._place(infoset)}: {probability} is no probability")
        row = self._told.setdefault(infoset, {})
        if row.setdefault(action, probability) != probability:
            label = self.tree.information_sets[infoset].actions[action]
            raise UserError(f"{self._place(infoset)}: {label!r} is given two probabilities")

    def number(self, given: object) -> Probability:
        """A probability, which may be an expression in the game's letters at their values.

        Args:
            given: as :func:`probability_of` takes it, or such as ``"1 - p"``.

        Raises:
            UserError: it is none.
        """
        if isinstance(given, str) and exact_number(given.strip().removesuffix("%")) is None:
            if self._letters is None:
                family = family_of(self.tree)
                self._letters = family.values if family is not None else {}
            value = value_of(given, self._letters) if self._letters else None
            if value is not None:
                return value
        return probability_of(given)

    def is_told(self, infoset: int) -> bool:
        """Whether anything was claimed of an information set.

        Args:
            infoset: its index.
        """
        return infoset in self._told

    def profile(self) -> BehaviourProfile:
        """The profile that was claimed.

        Raises:
            UserError: nothing is said of some information set, or its probabilities are no
                distribution; the sets are named.
        """
        rows = tuple(self._row(number) for number in range(len(self.tree.information_sets)))
        missing = [number for number, row in enumerate(rows) if row is None]
        if missing:
            named = "; ".join(self._place(number) for number in missing[:MAX_NAMED])
            more = len(missing) - MAX_NAMED
            raise UserError(
                f"the profile does not say what is done {named}"
                + (f"; and at {counted(more, 'more information set')}" if more > 0 else ""),
                hint="say for every information set of a player which action is taken, or how "
                "likely each is",
            )
        return BehaviourProfile(self.tree, tuple(row for row in rows if row is not None))

    def _row(self, infoset: int) -> tuple[Probability, ...] | None:
        own = self.tree.information_sets[infoset]
        if own.probabilities is not None:
            return own.probabilities
        told = self._told.get(infoset)
        if told is None:
            return (Fraction(1),) if len(own.actions) == 1 else None
        given = sum(value for value in told.values() if value is not None)
        rest = [action for action in range(len(own.actions)) if told.get(action, 0) is None]
        if not rest and given != 1:  # the one action that nobody mentions takes what is left
            rest = [action for action in range(len(own.actions)) if action not in told]
        if len(rest) > 1:
            labels = ", ".join(own.actions[action] for action in rest)
            raise UserError(f"{self._place(infoset)}: it is not said how likely each is: {labels}")
        if not _is_one(given) and (given > 1 or not rest):
            raise UserError(
                f"{self._place(infoset)}: the probabilities sum to {given}, not to 1",
                hint="write fractions, or leave one action out: it takes the rest",
            )
        row: list[Probability] = [
            told.get(action) or Fraction(0) for action in range(len(own.actions))
        ]
        if rest:
            row[rest[0]] = max(1 - given, Fraction(0))
        return tuple(row)

    def _place(self, infoset: int) -> str:
        return place(self.tree, infoset)


def _is_one(total: Probability) -> bool:
    return total == 1 or (isinstance(total, float) and abs(total - 1) < SLACK)


def place(tree: GameTree, infoset: int) -> str:
    """Where an information set is, for a message.

    Args:
        tree: the game.
        infoset: its index.
    """
    own = tree.information_sets[infoset]
    label = f" {own.label!r}" if own.label else ""
    return (
        f"at {tree.player_name(own.player)}'s information set{label} "
        f"(set {infoset + 1}: {told_histories(tree, tree.members[infoset], 2)})"
    )


def probability_of(given: object) -> Probability:
    """A probability that is written as a number, a fraction or a percentage.

    Args:
        given: such as ``1``, ``0.25``, ``"1/3"``, ``"40%"``; text is exact, unless it is a decimal
            of more than ``MOST_DIGITS`` digits.

    Raises:
        UserError: it is none.
    """
    if isinstance(given, Fraction | float | int) and not isinstance(given, bool):
        return given if isinstance(given, float) else Fraction(given)
    text = str(given).strip()
    value = exact_number(text.removesuffix("%").strip())
    if value is None:
        raise UserError(f"{text[:40]!r} is no probability", hint="write 1/3, 0.25 or 40%")
    value = value / 100 if text.endswith("%") else value
    near = -SLACK <= value <= 1 + SLACK  # 1.0000000000000002 was computed as well
    long = near and "/" not in text and _digits(text) > MOST_DIGITS
    return min(max(float(value), 0.0), 1.0) if long else value


def _digits(text: str) -> int:
    return sum(each.isdigit() for each in text.lower().partition("e")[0].lstrip("0."))
