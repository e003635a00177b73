"""What a text may leave open is asked for by topics, as far as its kind of game has them.

A reader of the text alone goes through the topics, and through the points that another reading
found open: what the text settles after all is no assumption, and what only the second reader finds
open is one that nobody had told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nl2efg.game import CHANCE, GameTree


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that descriptions leave open.

    Args:
        words: what a reader is asked to look for.
        arises: whether a game is of a kind that has it.
    """

    words: str
    arises: Callable[[GameTree], bool]


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What a reader is asked: topics, and points that another reading found open, each in words."""

    topics: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """A reader's answers.

    Args:
        further: what is open beside the points that were asked, as questions.
        settled: points that were asked, with the sentence of the text that settles each.
    """

    further: tuple[str, ...] = ()
    settled: tuple[tuple[str, str], ...] = ()


def _always(_: GameTree) -> bool:
    return True


def _has_chance(tree: GameTree) -> bool:
    return any(infoset.player == CHANCE for infoset in tree.information_sets)


def _has_others(tree: GameTree) -> bool:
    return len(tree.players) > 1


def _moves_in_turn(tree: GameTree) -> bool:
    return any(depth > 1 for depth in tree.depth)


def _repeats(tree: GameTree) -> bool:
    """Whether somebody chooses twice on one path."""
    movers: list[frozenset[int]] = []
    for node in range(len(tree)):
        before = movers[tree.parents[node]] if node else frozenset()
        mover = tree.player_of(node)
        if mover in before:
            return True
        movers.append(before if mover is None or mover == CHANCE else before | {mover})
    return False


TOPICS: tuple[Topic, ...] = (
    Topic(
        "missing parts: a figure, a table, a list or an earlier text that the description refers "
        "to and does not hold",
        _always,
    ),
    Topic("choices: what somebody can choose, from which range", _always),
    Topic(
        "order: who chooses before whom or at the same time, who begins, who is asked again",
        _has_others,
    ),
    Topic(
        "knowledge: which earlier draws and choices of others a player has seen when choosing",
        _moves_in_turn,
    ),
    Topic(
        "chance: the probabilities, whether draws depend on each other, when they are made",
        _has_chance,
    ),
    Topic(
        "payoffs: what an end pays to somebody, also where nobody acts, offers or accepts", _always
    ),
    Topic("net or gross: whether what was paid, staked or spent before is taken off", _always),
    Topic("ties: equal bids, offers, cards or votes, and alike places or things", _has_others),
    Topic(
        "time: how often it goes on, how it ends then, whether later payoffs are discounted",
        _repeats,
    ),
)


def open_questions(tree: GameTree, points: Iterable[str] = ()) -> OpenQuestions:
    """What is asked about the text of a game.

    Args:
        tree: the game, for its kind.
        points: what another reading found open.
    """
    topics = tuple(topic.words for topic in TOPICS if topic.arises(tree))
    return OpenQuestions(topics, tuple(dict.fromkeys(points)))
