"""Information sets from what a reader says that each player knows at each node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nl2efg.errors import ReplyError
from nl2efg.examination.answers import Answers
from nl2efg.examination.questions import MAX_STEPS, Questions
from nl2efg.game import CHANCE, NO_SET, GameTree, InformationSet
from nl2efg.game.history import loose

BATCH = 60
"""Nodes of one call. A player's are in one call as far as they fit, so that equal knowledge gets
equal words; several players share a call where they fit together."""

MAX_NODES = 600
"""Decisions that are asked about at most."""


def knowledge_questions(tree: GameTree) -> list[Questions]:
    """The questions about every decision of a tree, player by player, a call for each batch.

    Raises:
        ReplyError: there are more decisions than are asked about, or they lie too deep.
    """
    batches: list[list[int]] = []
    decisions = 0
    for player in range(len(tree.players)):
        nodes = [node for node in range(len(tree)) if tree.player_of(node) == player]
        decisions += len(nodes)
        if any(tree.depth[node] > MAX_STEPS for node in nodes) or decisions > MAX_NODES:
            raise ReplyError(
                f"the tree has too many decisions to ask about each of them: over {MAX_NODES}, "
                f"or deeper than {MAX_STEPS} moves",
                hint="compile with --method sketch",
            )
        for start in range(0, len(nodes), BATCH):
            part = nodes[start : start + BATCH]
            if batches and len(batches[-1]) + len(part) <= BATCH:
                batches[-1] += part
            else:
                batches.append(part)
    return [Questions(tree, tuple(part), (), (), len(part), 0, 0) for part in batches]


def with_knowledge(tree: GameTree, answers: Sequence[Answers]) -> GameTree:
    """The tree with the information sets that the answers describe.

    Nodes of one player lie in one set if the player has the same actions there and knows the same.
    A node without an answer stays alone.
    """
    known: dict[tuple[object, ...], int] = {}
    sets: list[InformationSet] = []
    seen = {node: answer for each in answers for node, answer in each.decisions.items()}
    set_of: list[int] = []
    for node, number in enumerate(tree.set_of):
        if number == NO_SET:
            set_of.append(NO_SET)
            continue
        infoset = tree.information_sets[number]
        answer = seen.get(node)
        key: tuple[object, ...]
        if infoset.player == CHANCE:
            key = ("chance", number)
        elif answer is None:
            key = ("alone", node)
        else:
            key = (infoset.player, infoset.actions, loose(answer.seen))
        if key not in known:
            known[key] = len(sets)
            sets.append(replace(infoset, label=""))
        set_of.append(known[key])
    return replace(tree, information_sets=tuple(sets), set_of=tuple(set_of))
