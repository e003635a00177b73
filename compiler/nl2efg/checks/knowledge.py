"""Checks of how knowledge arises: nobody learns what no move and no word of the text tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nl2efg.checks.context import CheckContext, set_name
from nl2efg.game import CHANCE, NO_SET
from nl2efg.game.outline import Step, needed, outline
from nl2efg.game.wording import told_histories
from nl2efg.schema.diagnostics import Diagnostic, Severity

_MAX_PLAYERS = 8
"""Trails are kept for each player and node; games of many players are not looked at."""


def check_learning(case: CheckContext) -> Iterator[Diagnostic]:
    """Knowledge that appears from nowhere, in a text that tells of no revelation."""
    prose = case.prose
    if prose is None or not prose.is_english or prose.cues("revealing"):
        return
    if len(case.tree.players) > _MAX_PLAYERS:
        return
    yield from _learned_from_nothing(case)
    yield from _draw_seen_at_times(case)
    yield from _irregular_sets(case)


def _learned_from_nothing(case: CheckContext) -> Iterator[Diagnostic]:
    """Two nodes that a player could not tell apart, and can after the same actions.

    The key of a node is the player's last own information set and the labels since; nodes with
    one key and several information sets were told apart by nothing that happened. Only hidden
    draws count: what others did in a round is mostly seen after it, and few texts say so.
    """
    tree = case.tree
    players = len(tree.players)
    trails: dict[tuple[int, int, str], int] = {}
    at: list[tuple[int, ...]] = [(0,) * players]
    first: dict[tuple[int, int], int] = {}
    done = [0] * len(tree)  # the sequence of the players' actions, without the draws
    sequences: dict[tuple[int, str], int] = {}
    for node in range(len(tree)):
        if node:
            parent = tree.parents[node]
            label = tree.action_label(node)
            mover = tree.player_of(parent)
            done[node] = (
                done[parent]
                if mover == CHANCE
                else sequences.setdefault((done[parent], label), len(sequences) + 1)
            )
            above = at[parent]
            at.append(
                tuple(
                    # An own move starts a new trail at its set; before the first own move
                    # nothing was hidden from the player yet.
                    trails.setdefault((-1, tree.set_of[parent], label), len(trails) + 1)
                    if player == mover
                    else trails.setdefault((player, above[player], label), len(trails) + 1)
                    if above[player]
                    else 0
                    for player in range(players)
                )
            )
        number = tree.set_of[node]
        if number == NO_SET or tree.information_sets[number].is_chance:
            continue
        player = tree.information_sets[number].player
        trail = at[node][player]
        other = first.setdefault((player, trail), node) if trail else node
        if tree.set_of[other] != number and done[node] == done[other]:
            yield case.found(
                "C208",
                Severity.WARNING,
                f"{tree.players[player]!r} could not tell "
                f"{told_histories(tree, [other, node])} apart before, and can now, though nothing "
                "was shown in between",
                node=node,
                part="information_set",
                fix=f"put both into one information set, as at {tree.players[player]!r}'s "
                "earlier move",
            )
            return


def _draw_seen_at_times(case: CheckContext) -> Iterator[Diagnostic]:
    """What a player sees of chance at the first own move depends on what others did."""
    tree = case.tree
    known: dict[tuple[int, int, str], int] = {}  # numbers for sequences of labels
    drawn = [0] * len(tree)
    done = [0] * len(tree)
    partitions: dict[int, dict[int, dict[int, int]]] = {}
    for node in range(len(tree)):
        if node:
            parent = tree.parents[node]
            label = tree.action_label(node)
            drawn[node], done[node] = drawn[parent], done[parent]
            by_chance = tree.player_of(parent) == CHANCE
            longer = drawn if by_chance else done
            key = (by_chance, longer[parent], label)
            longer[node] = known.setdefault(key, len(known) + 1)
        player = tree.player_of(node)
        if player is None or player == CHANCE:
            continue
        if not case.moved_before(player, node):
            partitions.setdefault(player, {}).setdefault(done[node], {})[drawn[node]] = node
    for player, by_moves in partitions.items():
        yield from _compare(case, player, by_moves)


def _compare(
    case: CheckContext, player: int, by_moves: dict[int, dict[int, int]]
) -> Iterator[Diagnostic]:
    """Compare what the player sees of the draw after each sequence of moves."""
    tree = case.tree
    seen: dict[frozenset[int], frozenset[frozenset[int]]] = {}
    for nodes in by_moves.values():
        cells: dict[int, set[int]] = {}
        for draw, node in nodes.items():
            cells.setdefault(tree.set_of[node], set()).add(draw)
        partition = frozenset(map(frozenset, cells.values()))
        if seen.setdefault(frozenset(nodes), partition) != partition:
            node = next(iter(nodes.values()))
            yield case.found(
                "C209",
                Severity.WARNING,
                f"what {tree.players[player]!r} sees of the draw depends on what others did: "
                f"compare {set_name(tree, tree.set_of[node])}",
                node=node,
                part="information_set",
                fix="group the nodes after each of these actions in the same way",
            )
            return


def _irregular_sets(case: CheckContext) -> Iterator[Diagnostic]:
    """Of the nodes of one step some are told apart and others are not.

    A player who sees some draws only is possible, but then the text says what is shown. What
    another player did is looked at in simultaneous games only.
    """
    tree = case.tree
    assert case.prose is not None
    simultaneous = bool(case.prose.cues("simultaneous"))
    steps = outline(tree)
    for step in steps:
        numbers = [tree.set_of[node] for node in step.nodes]
        if len(numbers) < 3 or NO_SET in numbers or tree.player_of(step.nodes[0]) == CHANCE:
            continue
        sizes = Counter(numbers)
        if len(set(sizes.values())) > 1 and (simultaneous or _is_about_chance(case, steps, step)):
            large = max(sizes, key=sizes.__getitem__)
            odd = next(node for node in step.nodes if sizes[tree.set_of[node]] < sizes[large])
            yield case.found(
                "C210",
                Severity.WARNING,
                f"{set_name(tree, large)} joins {sizes[large]} nodes, but the one at "
                f"{told_histories(tree, [odd])} only {sizes[tree.set_of[odd]]}, where the same "
                "happens",
                node=odd,
                part="information_set",
                fix="group these nodes in the same way",
            )
            return


def _is_about_chance(case: CheckContext, steps: list[Step], step: Step) -> bool:
    """Whether the information sets of a step depend on nothing but draws of chance."""
    tree = case.tree
    numbers = [tree.set_of[node] for node in step.nodes]
    places = needed(step.rows, numbers, len(step.coordinates))
    return all(
        tree.player_of(steps[step.coordinates[place]].nodes[0]) == CHANCE for place in places
    )
