"""Edits of a game with letters: its expressions follow their outcomes and sets to new numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nl2efg.errors import UserError
from nl2efg.families import Expression, GameFamily, family_of, read_expression
from nl2efg.families.expression_text import ExpressionError
from nl2efg.families.note_writing import with_note
from nl2efg.families.polynomials import ExpressionTooLargeError
from nl2efg.game import NO_OUTCOME, GameTree

Place = tuple[int, int]


def written_value(tree: GameTree, value: str, what: str) -> Expression:
    """A number, or an expression in the letters of a game.

    Raises:
        UserError: it is neither.
    """
    family = family_of(tree)
    known = {each.symbol for each in family.parameters} if family is not None else set()
    try:
        found = read_expression(value.replace("−", "-"))
    except (ExpressionError, ExpressionTooLargeError):
        found = None
    if found is None or not found.letters <= known:
        letters = f", or an expression in {', '.join(sorted(known))}" if known else ""
        raise UserError(f"{value!r} is no {what}", hint=f"write 3, -1/2 or 0.25{letters}")
    return found


def own_payoff(tree: GameTree, node: int, player: int, total: Expression) -> Expression:
    """What a node's own outcome pays a player who gets a total there, the way to it included."""
    family = family_of(tree)
    for step in tree.path(node)[:-1]:
        number = tree.outcome_of[step]
        if number != NO_OUTCOME:
            paid = tree.outcomes[number].payoffs[player]
            total -= family.payoff(number, player) if family else Expression.number(paid)
    return total


def copied_letters(tree: GameTree, outcome: int) -> dict[int, Expression]:
    """The expressions of an outcome, by player."""
    family = family_of(tree)
    if family is None:
        return {}
    return {player: text for (number, player), text in family.payoffs.items() if number == outcome}


def refuse_letters_of_chance(tree: GameTree, number: int) -> None:
    """Say that a draw with letters cannot be given other probabilities.

    Raises:
        UserError: it has letters.
    """
    family = family_of(tree)
    if family is not None and any(own == number for own, _ in family.probabilities):
        raise UserError(
            "the probabilities there are written in letters",
            hint="change game.py and run `nl2efg refresh`, or say the change with `nl2efg edit`",
        )


def with_letters(
    before: GameTree,
    changed: GameTree,
    *,
    outcomes: Sequence[int],
    sets: Sequence[int],
    written: Mapping[Place, Expression],
) -> GameTree:
    """A changed game with the letters of the game before it.

    Args:
        before: the game before.
        changed: the changed tree.
        outcomes: of each of its outcomes the number before; of a new one a number in ``written``.
        sets: the same of its information sets; a new one has no letters.
        written: expressions of new outcomes, by (number, player).

    Raises:
        UserError: a letter says how large the tree is: only its program can build such a game.
    """
    family: GameFamily | None = family_of(before)
    if family is None:
        return changed
    if family.sizes:
        raise UserError(
            f"{family.sizes[0].symbol} says how large the tree is, which these edits would lose",
            hint="change game.py and run `nl2efg refresh`, or say the change with `nl2efg edit`",
        )
    payoffs = {**family.payoffs, **written}
    return with_note(
        replace(
            family,
            tree=changed,
            payoffs={
                (new, player): payoffs[old, player]
                for new, old in enumerate(outcomes)
                for player in range(len(changed.players))
                if (old, player) in payoffs
            },
            probabilities={
                (new, action): text
                for new, old in enumerate(sets)
                for (number, action), text in family.probabilities.items()
                if number == old
            },
            program="",  # it builds the game before
        )
    )
