"""Moves that follow each other along one path, as in a centipede: one loop over the stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.gambit.code.loops import INDENT
from nl2efg.gambit.code.patterns import Step
from nl2efg.gambit.code.python_source import literal, quoted, wrapped
from nl2efg.game.model import GameTree

MIN_CHAIN = 4


def continues(tree: GameTree, chain: Sequence[Step], step: Step) -> bool:
    """Whether a step goes on a chain, or can start one if the chain is empty.

    In a chain each step is a single node after one more of the same action, and the actions to
    choose from are the same.
    """
    infoset = tree.information_sets[step.number]
    if step.joins is not None or infoset.is_chance or infoset.label or len(step.patterns) != 1:
        return False
    pattern = step.patterns[0]
    if len(set(pattern)) > 1 or not all(isinstance(position, str) for position in pattern):
        return False
    if not chain:
        return True
    last = chain[-1]
    before = last.patterns[0]
    return (
        len(pattern) == len(before) + 1
        and pattern[: len(before)] == before
        and infoset.actions == tree.information_sets[last.number].actions
    )


def chain_lines(tree: GameTree, chain: Sequence[Step], walk: str) -> Iterator[str]:
    """The loop that makes these steps.

    Args:
        tree: the game, with safe labels.
        chain: at least ``MIN_CHAIN`` steps, each of which ``continues`` the ones before.
        walk: what gives the nodes after some actions.
    """
    sets = [tree.information_sets[step.number] for step in chain]
    players = [tree.players[own.player] for own in sets]
    label = chain[-1].patterns[0][-1]
    start = len(chain[0].patterns[0])
    yield ""
    if len(set(players)) == 1:
        yield f"# {players[0]} moves again and again."
        first = f"{start}, " if start else ""
        yield f"for stage in range({first}{start + len(chain)}):"
        player = quoted(players[0])
    else:
        yield f"# {' and '.join(dict.fromkeys(players))} move in turn."
        behind = f", start={start}):" if start else "):"
        period = _period(players)
        if period < len(players):
            turns = f"{literal(players[:period])} * {len(players) // period}"
            yield f"for stage, player in enumerate({turns}{behind}"
        else:
            items = [quoted(name) for name in players]
            yield from wrapped("for stage, player in enumerate(", items, behind)
        player = "player"
    nodes = f"{walk}(*[{quoted(str(label))}] * stage)"
    yield f"{INDENT}game.append_move({nodes}, {player}, {literal(sets[0].actions)})"


def _period(players: Sequence[str]) -> int:
    """After how many turns the players repeat; all of them if they do not."""
    for period in range(1, len(players) // 2 + 1):
        if len(players) % period == 0 and all(
            players[place] == players[place % period] for place in range(len(players))
        ):
            return period
    return len(players)
