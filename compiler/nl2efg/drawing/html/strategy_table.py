"""An equilibrium as a table: by player, and by what he knows where he moves."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.drawing.numbers import NumberFormat
from nl2efg.game import CHANCE, BehaviourProfile
from nl2efg.game.knowledge_words import infoset_numbers, known_at
from nl2efg.schema.record import EquilibriumRecord
from nl2efg.text import one_line

MAX_ROWS = 300


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """What a player does at one information set.

    Args:
        player: his index.
        name: his name.
        number: of the information set, from 1.
        node: its first node.
        known: what he knows there, in words.
        choice: actions with their probabilities.
        value: his expected payoff from there; empty where play does not come.
        reached: whether play comes there.
        beliefs: beliefs that support the choice, in words; empty if they were not worked out.
    """

    player: int
    name: str
    number: int
    node: int
    known: str
    choice: str
    value: str
    reached: bool
    beliefs: str


def strategy_rows(
    profile: BehaviourProfile,
    record: EquilibriumRecord | None,
    payoffs: NumberFormat,
    chances: NumberFormat,
) -> list[StrategyRow]:
    """The rows of an equilibrium, player by player; of very many the first.

    Args:
        profile: the equilibrium.
        record: what the compilation's record says of it, or None.
        payoffs, chances: how numbers are written.
    """
    tree = profile.tree
    numbers = infoset_numbers(tree)
    beliefs = support_words(record)
    order = sorted(
        (infoset.player, index)
        for index, infoset in enumerate(tree.information_sets)
        if infoset.player != CHANCE
    )
    found = []
    for player, index in order[:MAX_ROWS]:
        infoset = tree.information_sets[index]
        row = zip(infoset.actions, profile.probabilities[index], strict=True)
        choice = ", ".join(
            one_line(action) if chance == 1 else f"{one_line(action)} {chances.show(chance)}"
            for action, chance in row
            if chance
        )
        values = profile.value_at(index)
        found.append(
            StrategyRow(
                player,
                one_line(tree.players[player]),
                numbers[index],
                tree.members[index][0],
                one_line(known_at(tree, index)),
                choice,
                "" if values is None else payoffs.show(values[player]),
                values is not None,
                beliefs.get(index, ""),
            )
        )
    return found


def support_words(record: EquilibriumRecord | None) -> dict[int, str]:
    """For information sets of a recorded equilibrium the beliefs that support it, in words."""
    assessment = getattr(record, "assessment", None)
    if assessment is None:
        return {}
    return {entry.infoset: entry.words for entry in assessment.beliefs if entry.words}
