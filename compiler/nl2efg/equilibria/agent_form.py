"""The agent strategic form: every information set as a player of its own (Selten 1975)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import check_clock
from nl2efg.game import CHANCE, NO_SET, GameTree

MAX_COMBINATIONS = 3000
"""Most combinations of actions."""


@dataclass(frozen=True)
class AgentForm:
    """What each combination of actions at the information sets pays.

    Args:
        sets: the information sets at which there is a choice; its places count agents.
        owners: for each of them the player.
        widths: how many actions each has.
        payoffs: for each combination of actions every player's expected payoff.
    """

    sets: tuple[int, ...]
    owners: tuple[int, ...]
    widths: tuple[int, ...]
    payoffs: dict[tuple[int, ...], tuple[Fraction, ...]]

    def columns(self, place: int) -> list[list[Fraction]]:
        """For each combination of the other agents' actions what each of an agent's pays him."""
        player, width = self.owners[place], self.widths[place]
        found: dict[tuple[int, ...], list[Fraction]] = {}
        for choice, paid in self.payoffs.items():
            key = choice[:place] + choice[place + 1 :]
            found.setdefault(key, [Fraction(0)] * width)[choice[place]] = paid[player]
        return list(found.values())


def agent_form(tree: GameTree) -> AgentForm | None:
    """The agent strategic form; None if it has more than ``MAX_COMBINATIONS`` combinations.

    Raises:
        OutOfTimeError: time is up.
    """
    sets = [
        n
        for n, infoset in enumerate(tree.information_sets)
        if infoset.player != CHANCE and len(infoset.actions) > 1
    ]
    widths = [len(tree.information_sets[n].actions) for n in sets]
    if prod(widths) > MAX_COMBINATIONS:
        return None
    rows = [infoset.probabilities or (Fraction(1),) for infoset in tree.information_sets]
    payoffs = {}
    for choice in product(*map(range, widths)):
        check_clock()
        payoffs[choice] = _pure_payoffs(tree, rows, dict(zip(sets, choice, strict=True)))
    owners = tuple(tree.information_sets[n].player for n in sets)
    return AgentForm(tuple(sets), owners, tuple(widths), payoffs)


def _pure_payoffs(
    tree: GameTree, rows: Sequence[Sequence[Fraction]], chosen: dict[int, int]
) -> tuple[Fraction, ...]:
    total = [Fraction(0)] * len(tree.players)
    stack = [(0, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        number = tree.set_of[node]
        if number == NO_SET:
            for i, payoff in enumerate(tree.path_payoffs[node]):
                total[i] += weight * payoff
        elif number in chosen:
            stack.append((tree.children[node][chosen[number]], weight))
        else:
            pairs = zip(tree.children[node], rows[number], strict=True)
            stack += [(child, weight * p) for child, p in pairs if p]
    return tuple(total)
