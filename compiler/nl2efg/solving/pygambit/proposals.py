"""pygambit's solvers as proposers: what they find is polished, then verified like all else."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from time import perf_counter
from typing import Any

from nl2efg.equilibria.deadline import time_left
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import Row, Stage
from nl2efg.formats import write_efg
from nl2efg.game import CHANCE, GameTree, TreeBuilder
from nl2efg.solving.pygambit.process import GAMBIT, ProcessFailedError

MAX_STAGE_SIZE = 20_000
"""Most nodes of a stage that is handed to pygambit."""


def stage_tree(
    flat: FlatGame, stage: Stage, leaves: Sequence[Row], unit: Fraction | None = None
) -> tuple[GameTree, list[int]]:
    """A stage as a game of its own, and for each of its information sets the game's.

    Args:
        leaves: exact payoffs of its leaves.
        unit: what all players' payoffs are divided by. By default each player's payoffs are moved
            and scaled to [0, 1], which changes no equilibrium, but does change logit responses.
    """
    tree = flat.tree
    builder = TreeBuilder([str(player) for player in range(len(tree.players))])
    low = [min(column) for column in zip(*leaves, strict=True)]
    spans = [unit or max(column) - min(column) or 1 for column in zip(*leaves, strict=True)]
    payoffs = dict(zip(stage.leaves, leaves, strict=True))
    handles: dict[int, int] = {}
    origin: list[int] = []
    stack = [(stage.root, 0)]
    while stack:
        node, place = stack.pop()
        if node in payoffs:
            row = zip(payoffs[node], low, spans, strict=True)
            builder.pay(place, [Fraction(u - least) / Fraction(span) for u, least, span in row])
            continue
        number = tree.set_of[node]
        infoset = tree.information_sets[number]
        labels = [str(action) for action in range(len(infoset.actions))]
        if number not in handles:
            handles[number] = (
                builder.chance(labels, infoset.probabilities or ())
                if infoset.player == CHANCE
                else builder.information_set(infoset.player, labels)
            )
            origin.append(number)
        children = builder.move(place, handles[number])
        stack.extend(reversed(list(zip(tree.children[node], children, strict=True))))
    return builder.build(), origin


def logit_branch(tree: GameTree, regret: float) -> list[tuple[dict[int, Row], float]]:
    """Points of the logit path, each with its lambda, until the regret is small enough.

    Rows are those of the players' information sets; they are not verified here.

    Raises:
        ProcessFailedError: no answer.
    """
    request = {"method": "branch", "regret": regret, "efg": write_efg(tree)}
    reply = GAMBIT.ask(request, perf_counter() + time_left())
    return list(zip(_profiles(reply), reply["lambdas"], strict=True))


def _profiles(reply: dict[str, Any]) -> list[dict[int, Row]]:
    return [
        {n: _row(texts) for n, texts in enumerate(table) if texts} for table in reply["profiles"]
    ]


def _row(texts: Sequence[str]) -> Row:
    """A row, normalised; rows that no player's plan reaches may come as zeros."""
    exact = not any("." in text or "e" in text or "n" in text for text in texts)
    row: list[Any] = [Fraction(text) if exact else float(text) for text in texts]
    row = [p if p > 0 else p * 0 for p in row]
    total = sum(row)
    if not (0 < total < float("inf")):
        return tuple(Fraction(1, len(row)) for _ in row)
    return tuple(p / total for p in row)


def stage_profiles(
    flat: FlatGame,
    stage: Stage,
    leaves: Sequence[Row],
    method: str,
    share: float,
) -> list[dict[int, Row]]:
    """What one of pygambit's methods finds for a stage, by the game's own information sets.

    It is not verified here.

    Args:
        share: of the time that is left until the deadline, how much the method gets.

    Raises:
        ProcessFailedError: no answer.
    """
    if len(flat.stage_nodes(stage.root)) + len(stage.leaves) > MAX_STAGE_SIZE:
        raise ProcessFailedError("the stage is too large for it")
    tree, origin = stage_tree(flat, stage, leaves)
    reply = GAMBIT.ask(
        {"method": method, "efg": write_efg(tree)}, perf_counter() + time_left(), share
    )
    return [{origin[n]: row for n, row in rows.items()} for rows in _profiles(reply)]
