"""Which places of a game written words mean: histories, players, and what a new name is for.

Labels are found loosely (see :mod:`nl2efg.game.history`); a step ``*`` means every action, ``#2``
the second one, for labels that are empty or repeated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence

from nl2efg.errors import ConstraintError, UserError, expect
from nl2efg.game import CHANCE, NO_SET, GameTree, match_label
from nl2efg.game.constraints import parse_payoff
from nl2efg.game.history import is_pattern, match_step
from nl2efg.game.wording import after_history, told_histories, told_list

History = str | Sequence[str]
"""A place: ``"Enter, Fight"``, or the labels one by one; empty for the root."""

A_PLAYER = -2
"""Stands where a place of an action has the number of its information set."""

_HISTORY = (
    'labels from the root, such as "Enter, Fight" or ["Enter", "Fight"]; #2 is the second action'
)
_PLACE = re.compile(r"#([1-9]\d{0,5})")


class Twice:
    """What was said of which places, so that nothing is said of one twice without a word."""

    def __init__(self) -> None:
        self._said: list[tuple[Hashable, frozenset[Hashable]]] = []

    def refuse(self, of: Hashable, places: Collection[Hashable], what: str) -> None:
        """Take in places, unless something was said of one of them before.

        Fewer places after more are no contradiction: "everywhere 0, and here 1".

        Args:
            of: what is said of the places, such as the payoff of a player.
            places: of which it is said.
            what: the same in words, for the message.

        Raises:
            UserError: it was said of one of them, and they are not fewer than those were.
        """
        own = frozenset(places)
        for other, before in self._said:
            if other == of and own & before and not own < before:
                raise UserError(
                    f"{what} is given twice",
                    hint="what holds at more places comes first, and then what holds at fewer"
                    if own != before
                    else "",
                )
        self._said.append((of, own))


def renamed_places(tree: GameTree, old: str) -> list[tuple[int, int]]:
    """What is called so: set and place of each action, ``A_PLAYER`` and the place of a player.

    Args:
        tree: the game.
        old: a player, an action wherever it is called so, or a history for its last action;
            ``player:`` or ``action:`` may stand before it.

    Raises:
        UserError: nothing is called so, or a player and an action, or several players.
    """
    kind, sign, name = old.partition(":")
    kind, name = (kind, name) if sign and kind in ("player", "action") else ("", old)
    players = places_of(name, tree.players, patterns=False) if kind != "action" else ()
    actions = [
        (number, place)
        for number, each in enumerate(tree.information_sets)
        for place in match_label(name, each.actions)
        if kind != "player"
    ]
    if not actions and kind != "player" and ("," in name or _PLACE.fullmatch(name)):
        actions = _last_actions(tree, name, may_fail=bool(players))
    if players and actions and not kind and _PLACE.fullmatch(name):
        players, actions = _of_need(tree, players, actions)
    if players and actions:
        raise UserError(
            f"{name!r} is a player and an action",
            hint=f"write 'player:{name}' or 'action:{name}'",
        )
    if len(players) > 1:
        raise UserError(
            f"several players are called {tree.players[players[0]]!r}",
            hint=f"write 'player:#{players[1] + 1}' for the one at that place, from #1",
        )
    if not players and not actions:
        raise UserError(
            f"no player and no action is called {name!r}",
            hint=f"the players are {told_list(tree.told.players)}; player:#2 is the second one",
        )
    return [(A_PLAYER, place) for place in players] or actions


def _last_actions(tree: GameTree, history: str, *, may_fail: bool) -> list[tuple[int, int]]:
    try:
        nodes = nodes_at(tree, history)
    except UserError:
        if may_fail:
            return []
        raise
    found = ((tree.set_of[tree.parents[node]], tree.action_of[node]) for node in nodes if node)
    return list(dict.fromkeys(found))


def _of_need(
    tree: GameTree, players: tuple[int, ...], actions: list[tuple[int, int]]
) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    """Of a player and an action with one number the one that has no name of its own, if one has."""
    player = tree.players[players[0]]
    number, place = actions[0]
    labels = tree.information_sets[number].actions
    nameless = not player.strip() or tree.players.count(player) > 1
    unlabelled = not labels[place].strip() or labels.count(labels[place]) > 1
    if nameless == unlabelled:
        return players, actions
    return (players, []) if nameless else ((), actions)


def _labels(history: History) -> tuple[str, ...]:
    if not isinstance(history, str):
        expect(history, Iterable, "history", hint=_HISTORY)
        steps = tuple(history)
        for step in steps:
            expect(step, str, "label of an action", hint=_HISTORY)
        return steps
    if not history.strip():
        return ()
    try:
        return parse_payoff(f"u[*]({history})").history
    except ConstraintError:
        raise UserError(
            f"{history!r} is no history",
            hint='write labels with commas, such as "Enter, Fight"; one with a comma, a bracket '
            "or a quotation mark in it goes between quotation marks",
        ) from None


def nodes_at(tree: GameTree, history: History) -> tuple[int, ...]:
    """The nodes that are meant; several only where the history says so with a pattern.

    Raises:
        UserError: there is no such history, or it means several without a pattern.
    """
    steps = _labels(history)
    found: tuple[int, ...] = (0,)
    for length, step in enumerate(steps):
        following: list[int] = []
        for node in found:
            if not tree.is_terminal(node):
                actions = tree.information_sets[tree.set_of[node]].actions
                following += (tree.children[node][place] for place in places_of(step, actions))
        if not following:
            where = after_history(steps[:length])
            ends = all(map(tree.is_terminal, found))
            actions = () if ends else tree.information_sets[tree.set_of[found[0]]].actions
            raise UserError(
                f"there is no {step!r} {where}",
                hint=f"the game ends {where}" if ends else f"the actions are {told_list(actions)}",
            )
        found = tuple(following)
    if len(found) > 1 and not is_pattern(steps):
        raise UserError(
            f"{', '.join(steps)} means {len(found)} places: {told_histories(tree, found)}",
            hint="tell them apart by positions: #2 is the second action",
        )
    return found


def places_of(step: str, labels: Sequence[str], *, patterns: bool = True) -> tuple[int, ...]:
    """Positions of labels that a step means; ``#2`` is the second one.

    Args:
        step: a label, ``#`` with a number, or a pattern.
        labels: those that it may mean.
        patterns: whether ``*`` and the like mean several.
    """
    numbered = _PLACE.fullmatch(step)
    if numbered and step not in labels:
        place = int(numbered[1]) - 1
        return (place,) if place < len(labels) else ()
    return match_step(step, labels) if patterns else match_label(step, labels)


def ends_at(tree: GameTree, history: History) -> tuple[int, ...]:
    """The ends that are meant.

    Raises:
        UserError: there is no such history, or the game goes on there.
    """
    nodes = nodes_at(tree, history)
    ends = tuple(node for node in nodes if tree.is_terminal(node))
    if not ends:
        infoset = tree.information_sets[tree.set_of[nodes[0]]]
        raise UserError(
            f"the game goes on {after_history(tree.history(nodes[0]))}: nothing is paid there",
            hint=f"name an end; {tree.player_name(infoset.player)} can choose "
            f"{told_list(infoset.actions)}",
        )
    return ends


def decision_at(tree: GameTree, node: int) -> int:
    """The information set of a node.

    Raises:
        UserError: no player moves there.
    """
    number = tree.set_of[node]
    if number == NO_SET or tree.information_sets[number].player == CHANCE:
        raise UserError(f"no player moves {after_history(tree.history(node))}")
    return number


def player_called(tree: GameTree, name: str) -> int:
    """The place of the player that a name means.

    Raises:
        UserError: no player is called so, or more than one.
    """
    expect(name, str, "name of a player", hint="#1 means the first one")
    places = places_of(name, tree.players)
    if len(places) != 1:
        raise UserError(
            f"{'no' if not places else 'more than one'} player is called {name!r}",
            hint=f"the players are {told_list(tree.players)}; #2 means the second one",
        )
    return places[0]
