"""Properties of a tree that its readers ask for first; all in near-linear time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree


@dataclass(frozen=True, slots=True)
class GameFacts:
    """Figures that a reader wants first.

    Args:
        title: the game's title.
        players: their names.
        nodes, terminals: how many.
        depth: number of actions on the longest path.
        information_sets: how many, by player; players of one name are counted together.
        perfect_recall, perfect_information, constant_sum: as the functions of these names.
        zero_sum: whether the payoffs at every end sum to zero; None in records that do not say.
        chance_sets: how many information sets chance has.
    """

    title: str
    players: tuple[str, ...]
    nodes: int
    terminals: int
    depth: int
    information_sets: dict[str, int]
    perfect_recall: bool
    perfect_information: bool
    constant_sum: bool
    zero_sum: bool | None = None
    chance_sets: int | None = None


def facts(tree: GameTree) -> GameFacts:
    """The figures of a tree."""
    counts = dict.fromkeys(tree.players, 0)
    chance_sets = 0
    for information_set in tree.information_sets:
        if information_set.is_chance:
            chance_sets += 1
        else:
            counts[tree.players[information_set.player]] += 1
    constant = is_constant_sum(tree)
    return GameFacts(
        title=tree.title,
        players=tree.players,
        nodes=len(tree),
        terminals=len(tree.terminals),
        depth=max(tree.depth),
        information_sets=counts,
        chance_sets=chance_sets,
        perfect_recall=has_perfect_recall(tree),
        perfect_information=has_perfect_information(tree),
        constant_sum=constant,
        zero_sum=constant and not sum(tree.path_payoffs[tree.terminals[0]]),
    )


def imperfect_recall_sets(tree: GameTree) -> tuple[int, ...]:
    """The information sets at which their owner has just forgotten something, in order.

    A set is listed if two paths to it differ in the owner's last information set before it or in
    the action taken there. A tree has perfect recall (Kuhn 1953, definition 17) exactly if none
    is: then the paths to a set agree in all earlier own moves too (Selten 1975).
    """
    last_own = [(NO_SET, -1)] * len(tree.players)  # the last (set, action) of each player
    undo: list[tuple[int, int, tuple[int, int]]] = []  # end of subtree, player, what was before
    remembered: dict[int, tuple[int, int]] = {}
    forgetful: set[int] = set()
    for node in range(len(tree)):
        while undo and undo[-1][0] <= node:
            _, player, before = undo.pop()
            last_own[player] = before
        if node:
            parent_set = tree.set_of[tree.parents[node]]
            player = tree.information_sets[parent_set].player
            if player != CHANCE:
                undo.append((tree.subtree_end[node], player, last_own[player]))
                last_own[player] = (parent_set, tree.action_of[node])
        number = tree.set_of[node]
        if number == NO_SET or tree.information_sets[number].is_chance:
            continue
        own = last_own[tree.information_sets[number].player]
        if remembered.setdefault(number, own) != own:
            forgetful.add(number)
    return tuple(sorted(forgetful))


def has_perfect_recall(tree: GameTree) -> bool:
    """Whether no player ever forgets an own move or what was known at it (Kuhn 1953)."""
    return not imperfect_recall_sets(tree)


def absent_minded_sets(tree: GameTree) -> tuple[int, ...]:
    """The information sets that some path meets twice (Piccione and Rubinstein 1997)."""
    return tuple(
        number
        for number, members in enumerate(tree.members)
        if not tree.information_sets[number].is_chance and is_met_twice(tree, members)
    )


def is_met_twice(tree: GameTree, members: Sequence[int]) -> bool:
    """Whether some path meets two of these nodes, given in preorder."""
    # If any of them lies below another, the next one after the upper does.
    return any(below < tree.subtree_end[above] for above, below in pairwise(members))


def unpaid_ends(tree: GameTree) -> tuple[int, ...]:
    """Terminal nodes without any outcome on the path to them, in preorder.

    A game that pays on the way needs no outcome at its ends.
    """
    paid = [False] * len(tree)
    for node, outcome in enumerate(tree.outcome_of):
        paid[node] = outcome != NO_OUTCOME or (node > 0 and paid[tree.parents[node]])
    return tuple(node for node in tree.terminals if not paid[node])


def has_perfect_information(tree: GameTree) -> bool:
    """Whether every information set of a player holds a single node (Kuhn 1953)."""
    return all(
        len(members) == 1 or tree.information_sets[number].is_chance
        for number, members in enumerate(tree.members)
    )


def is_constant_sum(tree: GameTree) -> bool:
    """Whether the players' payoffs add up to one number at every terminal node."""
    return len({sum(payoffs) for payoffs in tree.end_payoffs}) == 1
