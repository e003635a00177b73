"""Edits of a game that need no model: payoffs, probabilities, who knows what, names.

A place is a history: labels from the root with commas between them, found loosely (see
:mod:`nl2efg.game.history`). A step ``*`` means every action, ``#2`` the second one, for labels that
are empty or repeated. Each edit gives a new game and leaves the old one as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from nl2efg.errors import ConstraintError, UserError
from nl2efg.families import Expression, family_of
from nl2efg.game import (
    CHANCE,
    NO_OUTCOME,
    NO_SET,
    GameTree,
    InformationSet,
    Outcome,
    exact_number,
    match_label,
)
from nl2efg.game.builder import first_seen
from nl2efg.game.constraints import parse_payoff
from nl2efg.game.history import is_pattern, match_step
from nl2efg.game.wording import after_history, told_histories, told_list
from nl2efg.revision.letters import (
    copied_letters,
    own_payoff,
    refuse_letters_of_chance,
    with_letters,
    written_value,
)
from nl2efg.text import steady, steers

History = str | Sequence[str]
"""A place: ``"Enter, Fight"``, or the labels one by one; empty for the root."""

Value = str | int | Fraction
"""An exact number: ``3``, ``"-1/2"``, ``"0.25"``."""

_PLACE = re.compile(r"#([1-9]\d{0,5})")


def set_payoff(tree: GameTree, history: History, player: str, value: Value) -> GameTree:
    """The game in which a player gets another payoff at an end.

    Args:
        tree: the game.
        history: the end; with ``*`` in it, every end that it leads to.
        player: a name.
        value: all that the player gets there, what is paid on the way included; in a game with
            letters an expression of them too.

    Raises:
        UserError: no such end or player, no number, or a letter that shapes the tree.
    """
    seat, total = _player(tree, player), written_value(tree, str(value), "payoff")
    family = family_of(tree)
    values = family.values if family is not None else {}
    outcomes, outcome_of = list(tree.outcomes), list(tree.outcome_of)
    written: dict[tuple[int, int], Expression] = {}
    uses = Counter(tree.outcome_of)
    for node in _ends(tree, history):
        own = tree.outcome_of[node]
        before = (Fraction(0),) * len(tree.players) if own == NO_OUTCOME else outcomes[own].payoffs
        paid = {**copied_letters(tree, own), seat: own_payoff(tree, node, seat, total)}
        changed = list(before)
        changed[seat] = paid[seat].at(values)
        # An outcome of its own: others may share the old one.
        label = "" if own == NO_OUTCOME or uses[own] > 1 else outcomes[own].label
        outcome_of[node] = len(outcomes)
        written |= {(len(outcomes), each): text for each, text in paid.items() if text.letters}
        outcomes.append(Outcome(tuple(changed), label))
    return _renumbered(tree, outcomes=outcomes, outcome_of=outcome_of, written=written)


def set_probabilities(tree: GameTree, history: History, values: Mapping[str, Value]) -> GameTree:
    """The game in which chance draws with other probabilities at a place.

    Args:
        tree: the game.
        history: where chance moves; with ``*`` in it, every such place.
        values: by action, from 0 to 1; the actions that are not named share the rest as they did.

    Raises:
        UserError: chance does not move there, no such action, probabilities that cannot sum to 1,
            or a letter that shapes the tree.
    """
    sets, set_of = list(tree.information_sets), list(tree.set_of)
    for node in _nodes(tree, history):
        own = None if tree.is_terminal(node) else tree.information_sets[tree.set_of[node]]
        if own is None or own.probabilities is None:
            raise UserError(f"chance does not move {after_history(tree.history(node))}")
        refuse_letters_of_chance(tree, tree.set_of[node])
        set_of[node] = len(sets)
        sets.append(replace(own, probabilities=_shared_out(own, values)))
    return _renumbered(tree, sets=sets, set_of=set_of)


def _shared_out(own: InformationSet, values: Mapping[str, Value]) -> tuple[Fraction, ...]:
    assert own.probabilities is not None
    given: dict[int, Fraction] = {}
    for action, value in values.items():
        places = _match(action, own.actions)
        if len(places) != 1:
            raise UserError(
                f"{'no' if not places else 'more than one'} action of chance is {action!r}",
                hint=f"they are {told_list(own.actions)}; #2 means the second one",
            )
        given[places[0]] = _number(value, "probability")
    rest = 1 - sum(given.values())
    others = [place for place in range(len(own.actions)) if place not in given]
    weight = sum((own.probabilities[place] for place in others), Fraction(0))
    if min(given.values()) < 0 or rest < 0 or (rest and not others):
        raise UserError(
            f"{told_list([str(each) for each in given.values()])} cannot be what one draw comes to",
            hint="each is from 0 to 1, and together they make 1",
        )
    shares = {
        place: rest * (own.probabilities[place] / weight if weight else Fraction(1, len(others)))
        for place in others
    }
    return tuple({**given, **shares}[place] for place in range(len(own.actions)))


def join(tree: GameTree, *histories: History) -> GameTree:
    """The game in which a player cannot tell histories apart: their information sets become one.

    Args:
        tree: the game.
        histories: two or more, or one with ``*`` in it; everything in their information sets joins.

    Raises:
        UserError: different players move there, or with different actions; or it is one set
            already; or a letter that shapes the tree.
    """
    nodes = [node for history in histories for node in _nodes(tree, history)]
    numbers = list(dict.fromkeys(_decision(tree, node) for node in nodes))
    if len(numbers) < 2:
        raise UserError(
            f"{told_histories(tree, nodes)} are in one information set already"
            if len(nodes) > 1
            else "name two histories to join",
        )
    first = tree.information_sets[numbers[0]]
    for number in numbers[1:]:
        other = tree.information_sets[number]
        where = after_history(tree.history(tree.members[number][0]))
        if other.player != first.player:
            raise UserError(
                f"{tree.player_name(other.player)} moves {where}, and not "
                f"{tree.player_name(first.player)}: one information set has one player"
            )
        if other.actions != first.actions:
            raise UserError(
                f"the actions {where} are {told_list(other.actions)}, and not "
                f"{told_list(first.actions)}: what cannot be told apart has the same actions",
                hint="rename them first, in the same order",
            )
    set_of = [numbers[0] if number in numbers else number for number in tree.set_of]
    return _renumbered(tree, set_of=set_of)


def split(tree: GameTree, *histories: History) -> GameTree:
    """The game in which a player can tell histories from all others of their information set.

    Args:
        tree: the game.
        histories: they leave their set, and form one of their own, together.

    Raises:
        UserError: nothing is left to tell them from, they are of several sets, or a game with
            letters.
    """
    nodes = sorted({node for history in histories for node in _nodes(tree, history)})
    numbers = {_decision(tree, node) for node in nodes}
    if len(numbers) > 1:
        raise UserError(
            f"{told_histories(tree, nodes)} are in different information sets already",
            hint="split the histories of one set at a time",
        )
    (number,) = numbers
    if len(nodes) == len(tree.members[number]):
        raise UserError(
            f"{told_histories(tree, nodes)} is the whole information set: nothing is left to tell "
            "it from"
        )
    sets, set_of = list(tree.information_sets), list(tree.set_of)
    for node in nodes:
        set_of[node] = len(sets)
    sets.append(replace(sets[number], label=""))
    return _renumbered(tree, sets=sets, set_of=set_of)


def rename(tree: GameTree, old: str, new: str) -> GameTree:
    """The game in which a player or an action has another name.

    Args:
        tree: the game.
        old: a player; or an action, wherever it is called so; or a history, for its last action
            alone. ``player:NAME`` and ``action:NAME`` where both have the name.
        new: the name.

    Raises:
        UserError: nothing is called so, or a player and an action; the name is taken by another
            player, or has control characters in it; or a letter that shapes the tree.
    """
    if steers(new):
        raise UserError(
            f"{steady(new)!r} is no name: there are control characters in it",
            hint="write a name of letters and signs that show",
        )
    kind, sign, name = old.partition(":")
    kind, name = (kind, name) if sign and kind in ("player", "action") else ("", old)
    players = match_label(name, tree.players) if kind != "action" else ()
    actions = kind != "player" and any(
        match_label(name, each.actions) for each in tree.information_sets
    )
    if players and actions:
        raise UserError(
            f"{name!r} is a player and an action",
            hint=f"write 'player:{name}' or 'action:{name}'",
        )
    if players:
        return _rename_player(tree, players, new)
    if actions:
        sets = [
            replace(each, actions=_with(each.actions, match_label(name, each.actions), new))
            for each in tree.information_sets
        ]
        return _renumbered(tree, sets=sets)
    if "," not in name:
        raise UserError(
            f"no player and no action is called {name!r}",
            hint=f"the players are {told_list(tree.players)}",
        )
    sets = list(tree.information_sets)
    for node in _nodes(tree, name):
        if node:
            number = tree.set_of[tree.parents[node]]
            own = sets[number]
            sets[number] = replace(own, actions=_with(own.actions, (tree.action_of[node],), new))
    return _renumbered(tree, sets=sets)


def _rename_player(tree: GameTree, places: Sequence[int], new: str) -> GameTree:
    if len(places) > 1:
        raise UserError(f"several players are called {tree.players[places[0]]!r}")
    if new in tree.players:
        raise UserError(f"another player is called {new!r} already")
    return replace(tree, players=_with(tree.players, places, new))


def _with(labels: Sequence[str], places: Sequence[int], new: str) -> tuple[str, ...]:
    return tuple(new if place in places else label for place, label in enumerate(labels))


def _renumbered(
    tree: GameTree,
    *,
    sets: Sequence[InformationSet] | None = None,
    set_of: Sequence[int] | None = None,
    outcomes: Sequence[Outcome] | None = None,
    outcome_of: Sequence[int] | None = None,
    written: Mapping[tuple[int, int], Expression] | None = None,
) -> GameTree:
    """The tree with other parts; sets and outcomes in the order of their first nodes."""
    every_set = tree.information_sets if sets is None else sets
    every_outcome = tree.outcomes if outcomes is None else outcomes
    set_of, set_order = first_seen(tree.set_of if set_of is None else set_of, NO_SET)
    outcome_of, order = first_seen(
        tree.outcome_of if outcome_of is None else outcome_of, NO_OUTCOME
    )
    changed = replace(
        tree,
        information_sets=tuple(every_set[old] for old in set_order),
        outcomes=tuple(every_outcome[old] for old in order),
        set_of=set_of,
        outcome_of=outcome_of,
    )
    return with_letters(tree, changed, outcomes=order, sets=set_order, written=written or {})


def _labels(history: History) -> tuple[str, ...]:
    if not isinstance(history, str):
        return tuple(history)
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


def _nodes(tree: GameTree, history: History) -> tuple[int, ...]:
    """The nodes that are meant; several only where the history says so with a pattern."""
    steps = _labels(history)
    found: tuple[int, ...] = (0,)
    for length, step in enumerate(steps):
        following: list[int] = []
        for node in found:
            if not tree.is_terminal(node):
                actions = tree.information_sets[tree.set_of[node]].actions
                following += (tree.children[node][place] for place in _match(step, actions))
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


def _match(step: str, labels: Sequence[str]) -> tuple[int, ...]:
    numbered = _PLACE.fullmatch(step)
    if numbered and step not in labels:
        place = int(numbered[1]) - 1
        return (place,) if place < len(labels) else ()
    return match_step(step, labels)


def _ends(tree: GameTree, history: History) -> tuple[int, ...]:
    nodes = _nodes(tree, history)
    ends = tuple(node for node in nodes if tree.is_terminal(node))
    if not ends:
        infoset = tree.information_sets[tree.set_of[nodes[0]]]
        raise UserError(
            f"the game goes on {after_history(tree.history(nodes[0]))}: nothing is paid there",
            hint=f"name an end; {tree.player_name(infoset.player)} can choose "
            f"{told_list(infoset.actions)}",
        )
    return ends


def _decision(tree: GameTree, node: int) -> int:
    number = tree.set_of[node]
    if number == NO_SET or tree.information_sets[number].player == CHANCE:
        raise UserError(f"no player moves {after_history(tree.history(node))}")
    return number


def _player(tree: GameTree, name: str) -> int:
    places = _match(name, tree.players)
    if len(places) != 1:
        raise UserError(
            f"{'no' if not places else 'more than one'} player is called {name!r}",
            hint=f"the players are {told_list(tree.players)}; #2 means the second one",
        )
    return places[0]


def _number(value: Value, what: str) -> Fraction:
    found = exact_number(str(value).replace("−", "-"))
    if found is None:
        raise UserError(
            f"{value!r} is no number, so no {what}", hint="write 3, -1/2 or 0.25, without letters"
        )
    return found
