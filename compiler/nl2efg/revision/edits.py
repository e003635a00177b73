"""Edits of a game that need no model: payoffs, probabilities, who knows what, names.

A place is a history: labels from the root with commas between them, found loosely (see
:mod:`nl2efg.game.history`). A step ``*`` means every action, ``#2`` the second one, for labels that
are empty or repeated. Each edit gives a new game and leaves the old one as it is.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from nl2efg.errors import ReadingWarning, UserError, expect
from nl2efg.families import Expression, family_of
from nl2efg.game import (
    NO_OUTCOME,
    NO_SET,
    GameTree,
    InformationSet,
    Outcome,
    exact_number,
)
from nl2efg.game.builder import first_seen
from nl2efg.game.rounded_probabilities import unrounded, unrounded_share
from nl2efg.game.wording import after_history, told_histories, told_list
from nl2efg.revision.letters import (
    copied_letters,
    own_payoff,
    refuse_letters_of_chance,
    with_letters,
    written_value,
)
from nl2efg.revision.places import (
    A_PLAYER,
    History,
    Twice,
    decision_at,
    ends_at,
    nodes_at,
    places_of,
    player_called,
    renamed_places,
)
from nl2efg.text import steady, steers

Value = str | int | Fraction
"""An exact number: ``3``, ``"-1/2"``, ``"0.25"``."""


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
    seat, total = player_called(tree, player), written_value(tree, str(value), "payoff")
    family = family_of(tree)
    values = family.values if family is not None else {}
    outcomes, outcome_of = list(tree.outcomes), list(tree.outcome_of)
    written: dict[tuple[int, int], Expression] = {}
    uses = Counter(tree.outcome_of)
    for node in ends_at(tree, history):
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
    expect(values, Mapping, "mapping of actions to probabilities", hint='such as {"Rain": "1/4"}')
    sets, set_of = list(tree.information_sets), list(tree.set_of)
    for node in nodes_at(tree, history):
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
    written: dict[int, Value] = {}
    for action, value in values.items():
        places = places_of(action, own.actions)
        if len(places) != 1:
            raise UserError(
                f"{'no' if not places else 'more than one'} action of chance is {action!r}",
                hint=f"they are {told_list(own.actions)}; #2 means the second one",
            )
        if places[0] in given:
            raise UserError(f"the probability of {action!r} is given twice")
        given[places[0]], written[places[0]] = _number(value, "probability"), value
    others = [place for place in range(len(own.actions)) if place not in given]
    if min(given.values()) >= 0:
        given = _unrounded(given, written, every=not others)
    rest = 1 - sum(given.values())
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


def _unrounded(
    given: dict[int, Fraction], written: Mapping[int, Value], *, every: bool
) -> dict[int, Fraction]:
    """Probabilities with what rounded decimals among them were rounded from, and a word of it."""
    simple = {
        place: value
        if not isinstance(written[place], str) or "/" in str(written[place])
        else unrounded_share(value)
        for place, value in given.items()
    }
    if every and sum(simple.values()) != 1:
        simple = dict(zip(given, unrounded(list(given.values()))[0], strict=True))
    for place, value in simple.items():
        if value != given[place]:
            message = f"the probability {written[place]} is a rounded decimal; taken as {value}"
            warnings.warn(message, ReadingWarning, stacklevel=4)
    return simple


def join(tree: GameTree, *histories: History) -> GameTree:
    """The game in which a player cannot tell histories apart: their information sets become one.

    Args:
        tree: the game.
        histories: two or more, or one with ``*`` in it; everything in their information sets joins.

    Raises:
        UserError: different players move there, or with different actions; or it is one set
            already; or a letter that shapes the tree.
    """
    nodes = [node for history in histories for node in nodes_at(tree, history)]
    numbers = list(dict.fromkeys(decision_at(tree, node) for node in nodes))
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
    joined = frozenset(numbers)
    set_of = [numbers[0] if number in joined else number for number in tree.set_of]
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
    nodes = sorted({node for history in histories for node in nodes_at(tree, history)})
    numbers = {decision_at(tree, node) for node in nodes}
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
            alone. ``player:NAME`` and ``action:NAME`` where both have the name; ``player:#2`` is
            the second player, ``action:#2`` the second action at the root.
        new: the name.

    Raises:
        UserError: as for :func:`rename_all`.
    """
    return rename_all(tree, [(old, new)])


def rename_all(tree: GameTree, renames: Sequence[Sequence[str]]) -> GameTree:
    """The game in which players and actions have other names.

    Args:
        tree: the game.
        renames: old name and new name, as for :func:`rename`. All old names are those of this
            game, so that two may change places. Of two for one action the later one counts, which
            must be of fewer actions.

    Raises:
        UserError: nothing is called so, or a player and an action; a name is given twice, is taken
            by another player, has control characters in it, or is none though a player needs one;
            or a letter that shapes the tree.
    """
    players, twice = list(tree.players), Twice()
    actions = [list(each.actions) for each in tree.information_sets]
    for old, new in renames:
        _refuse_name(new)
        found = renamed_places(tree, old)
        twice.refuse("", found, f"a new name of {old!r}")
        for own, place in found:
            if own == A_PLAYER:
                _refuse_nameless(tree.players[place], new)
                players[place] = new
            else:
                actions[own][place] = new
    for place, name in enumerate(players):
        if name != tree.players[place] and players.count(name) > 1:
            raise UserError(f"another player is called {name!r} already")
    sets = [
        each if each.actions == tuple(labels) else replace(each, actions=tuple(labels))
        for each, labels in zip(tree.information_sets, actions, strict=True)
    ]
    changed = replace(tree, information_sets=tuple(sets), players=tuple(players))
    return _renumbered(tree, sets=sets, players=players, outcomes=_relabelled(tree, changed))


def _refuse_name(name: str) -> None:
    if steers(name):
        raise UserError(
            f"{steady(name)!r} is no name: there are control characters in it",
            hint="write a name of letters and signs that show",
        )


def _refuse_nameless(player: str, new: str) -> None:
    if not new.strip():
        raise UserError(
            f"{player or 'the player'} would have no name", hint="a player needs one to be told of"
        )


def _relabelled(before: GameTree, after: GameTree) -> list[Outcome]:
    """The outcomes; those that are called by the history of their end follow its new names."""
    outcomes = list(before.outcomes)
    for node in before.terminals:
        number = before.outcome_of[node]
        label = "" if number == NO_OUTCOME else before.outcomes[number].label
        # The last action first: histories of a deep tree are long.
        if not label or not node or not label.endswith(before.action_label(node)):
            continue
        if label == ", ".join(before.history(node)):
            outcomes[number] = replace(outcomes[number], label=", ".join(after.history(node)))
    return outcomes


def _renumbered(
    tree: GameTree,
    *,
    sets: Sequence[InformationSet] | None = None,
    set_of: Sequence[int] | None = None,
    outcomes: Sequence[Outcome] | None = None,
    outcome_of: Sequence[int] | None = None,
    written: Mapping[tuple[int, int], Expression] | None = None,
    players: Sequence[str] | None = None,
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
        players=tree.players if players is None else tuple(players),
        information_sets=tuple(every_set[old] for old in set_order),
        outcomes=tuple(every_outcome[old] for old in order),
        set_of=set_of,
        outcome_of=outcome_of,
    )
    return with_letters(tree, changed, outcomes=order, sets=set_order, written=written or {})


def _number(value: Value, what: str) -> Fraction:
    found = exact_number(str(value).replace("−", "-"))
    if found is None:
        raise UserError(
            f"{value!r} is no number, so no {what}", hint="write 3, -1/2 or 0.25, without letters"
        )
    return found
