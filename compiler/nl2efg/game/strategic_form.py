"""The strategic form of a small game, exactly: strategies, payoffs, best responses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod

from nl2efg.game.model import CHANCE, GameTree
from nl2efg.game.profile import BehaviourProfile, Probability

ONE: Probability = Fraction(1)
MAX_CELLS = 1_000
MAX_WORK = 2_000_000  # cells times nodes

Strategy = tuple[int, ...]
"""For each information set of a player, in order, the index of the action taken there."""


@dataclass(frozen=True)
class StrategicForm:
    """Pure strategies of every player, and what each profile pays.

    Args:
        tree: the game.
        sets: for each player the indices of his information sets.
        strategies: for each player his strategies. Two that differ only where the player himself
            keeps play away are one (the reduced strategic form of Kuhn 1953); the first stands
            for all.
    """

    tree: GameTree
    sets: tuple[tuple[int, ...], ...]
    strategies: tuple[tuple[Strategy, ...], ...]

    @cached_property
    def payoffs(self) -> dict[tuple[int, ...], tuple[Fraction, ...]]:
        """The expected payoffs of each profile of strategies, named by their indices."""
        found = {}
        for profile in product(*(range(len(own)) for own in self.strategies)):
            chosen: dict[int, int] = {}
            for player, index in enumerate(profile):
                chosen.update(zip(self.sets[player], self.strategies[player][index], strict=True))
            found[profile] = _expected(self.tree, chosen)
        return found

    @cached_property
    def best_responses(self) -> frozenset[tuple[int, tuple[int, ...]]]:
        """Pairs of a player and a profile in which his strategy is a best response."""
        found = set()
        for player in range(len(self.strategies)):
            best: dict[tuple[int, ...], Fraction] = {}
            for profile, paid in self.payoffs.items():
                others = (*profile[:player], *profile[player + 1 :])
                best[others] = max(best.get(others, paid[player]), paid[player])
            for profile, paid in self.payoffs.items():
                if paid[player] >= best[(*profile[:player], *profile[player + 1 :])]:
                    found.add((player, profile))
        return frozenset(found)

    @cached_property
    def equilibria(self) -> tuple[tuple[int, ...], ...]:
        """The profiles in which every strategy is a best response: the pure Nash equilibria."""
        players = range(len(self.strategies))
        best = self.best_responses
        return tuple(p for p in self.payoffs if all((player, p) in best for player in players))

    def weights(self, profile: BehaviourProfile) -> tuple[tuple[Probability, ...], ...]:
        """For each player the probability of each strategy: the mixed strategies of a profile.

        Each is the product of the probabilities at the sets that the strategy meets (Kuhn 1953).

        Args:
            profile: of this game; where a player is absent-minded, one that is pure at the sets
                that a play crosses twice, since no mixed strategy pays what another one does.
        """
        given = profile.probabilities
        return tuple(
            tuple(
                prod((given[n][a] for n, a in zip(own, plan, strict=True) if a >= 0), start=ONE)
                for plan in plans
            )
            for own, plans in zip(self.sets, self.strategies, strict=True)
        )

    def name(self, player: int, index: int) -> str:
        """The actions of a strategy, in the order of the information sets."""
        sets = self.tree.information_sets
        chosen = zip(self.sets[player], self.strategies[player][index], strict=True)
        return ", ".join(sets[number].actions[action] for number, action in chosen if action >= 0)


def strategic_form(
    tree: GameTree, *, max_cells: int = MAX_CELLS, max_work: int = MAX_WORK
) -> StrategicForm | None:
    """The reduced strategic form of a game; None if it has no players or is not small.

    Args:
        tree: the game.
        max_cells: profiles of strategies.
        max_work: profiles times nodes.
    """
    if not tree.players:
        return None
    sets = tuple(tuple(tree.sets_of_player(player)) for player in range(len(tree.players)))
    sizes = [prod(len(tree.information_sets[n].actions) for n in own) for own in sets]
    if max(sizes) > max_work:
        return None
    strategies = tuple(tuple(_reduced(tree, own)) for own in sets)
    cells = prod(map(len, strategies))
    if cells > max_cells or cells * len(tree) > max_work:
        return None
    return StrategicForm(tree, sets, strategies)


def _reduced(tree: GameTree, own: Sequence[int]) -> Iterator[Strategy]:
    """A player's strategies, -1 at the sets that he himself keeps play away from."""
    seen: set[Strategy] = set()
    place = {index: position for position, index in enumerate(own)}
    for strategy in product(*(range(len(tree.information_sets[n].actions)) for n in own)):
        met = _sets_met(tree, place, strategy)
        reduced = tuple(a if n in met else -1 for n, a in zip(own, strategy, strict=True))
        if reduced not in seen:
            seen.add(reduced)
            yield reduced


def _sets_met(tree: GameTree, place: dict[int, int], strategy: Strategy) -> set[int]:
    """The player's sets that some play of the others leads to.

    Only nodes that the strategy allows are visited: of the player's own moves one child each.
    """
    found: set[int] = set()
    stack = [0]
    while stack:
        node = stack.pop()
        number = tree.set_of[node]
        if number in place:
            found.add(number)
            stack.append(tree.children[node][strategy[place[number]]])
        else:
            stack.extend(tree.children[node])
    return found


def _expected(tree: GameTree, chosen: dict[int, int]) -> tuple[Fraction, ...]:
    """Expected payoffs when every set of a player takes its chosen action."""
    totals = [Fraction(0)] * len(tree.players)
    stack = [(0, Fraction(1))]
    while stack:
        node, chance = stack.pop()
        number = tree.set_of[node]
        if number < 0:
            for player, paid in enumerate(tree.path_payoffs[node]):
                totals[player] += chance * paid
            continue
        infoset = tree.information_sets[number]
        if infoset.player == CHANCE:
            for child, given in zip(tree.children[node], infoset.probabilities or (), strict=True):
                if given:
                    stack.append((child, chance * given))
        else:
            stack.append((tree.children[node][chosen[number]], chance))
    return tuple(totals)
