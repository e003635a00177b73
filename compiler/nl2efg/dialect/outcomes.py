"""Outcomes: making them, and attaching them to nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_outcome, find_places, find_player, report_missing
from nl2efg.dialect.elements import Outcome, read_number
from nl2efg.dialect.forward_references import LaterNode
from nl2efg.dialect.labels17 import check_free, relabelled
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.numbers import is_number
from nl2efg.dialect.session import current_line, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def add_outcome(game: Game, *args: Any, label: Any = None, payoffs: Any = None) -> Outcome:
    """A new outcome: ``(payoffs, label)`` before 16.7, ``(label, payoffs)`` since."""
    for value in args:
        if isinstance(value, str) and label is None:
            label = value
        elif payoffs is None:
            payoffs = value
        elif label is None:
            label = value
    return new_outcome(game, payoffs, as_label(label))


def delete_outcome(game: Game, outcome: Any) -> None:
    """Delete an outcome, from all nodes too."""
    gone = find_outcome(game, outcome, "delete_outcome")
    game._outcomes.remove(gone)
    for node in game._root._below():
        if node._outcome is gone:
            node._outcome = None


def set_outcome(game: Game, node: Any, outcome: Any, label: Any = None) -> None:
    """Attach an outcome to a node (or several); None takes it away."""
    meant = _outcome_or_payoffs(game, outcome, label)
    for place in find_places(game, node, "set_outcome"):
        if isinstance(place, Node):
            _attach(game, place, meant, current_line())
        else:
            _attach_at_end(game, place, meant, current_line())


def make_outcome(game: Game, location: Any, payoffs: Any, label: Any = None) -> Outcome:
    """A new outcome, attached (17). What is at these nodes alone is gone from the game."""
    name = as_label(label)
    places = find_places(game, location, "make_outcome")
    if not name:
        session().note(
            "B319",
            "make_outcome: pygambit 17 wants a label for each outcome",
            fix="write make_outcome(nodes, {'Ann': 1}, 'the label')",
        )
    _let_go(game, places)
    check_free(name, [one._label for one in game._outcomes], "make_outcome", "outcome")
    made = new_outcome(game, None, name)
    fill_wholly(game, made, payoffs, "make_outcome")
    _attach_at(game, places, made)
    return made


def make_outcome_null(game: Game, location: Any) -> None:
    """Take the outcome away (17). What is at these nodes alone is gone from the game."""
    places = find_places(game, location, "make_outcome_null")
    _let_go(game, places)
    _attach_at(game, places, None)


def set_outcome_payoffs(game: Game, label: Any, payoffs: Any) -> None:
    """Change the payoffs of an outcome (17)."""
    found = find_outcome(game, label, "set_outcome_payoffs")
    fill_wholly(game, found, payoffs, "set_outcome_payoffs")


def relabel_outcomes(game: Game, labels: Any, strict: bool = True) -> None:
    """Change labels of outcomes, all at once (17).

    Raises:
        DialectError: as :func:`nl2efg.dialect.labels17.relabelled`.
    """
    current = [outcome._label for outcome in game._outcomes]
    changes = relabelled(current, labels, "relabel_outcomes", "outcome", strict=strict)
    for outcome in game._outcomes:
        outcome.label = changes.get(outcome._label, outcome._label)


def _let_go(game: Game, places: list[Node | LaterNode]) -> None:
    """Forget outcomes that are attached at these nodes and at no others; their labels are free."""
    here = {id(place) for place in places}
    inside = [place._outcome for place in places if isinstance(place, Node)]
    outside = {id(node._outcome) for node in game._root._below() if id(node) not in here}
    for outcome in dict.fromkeys(inside):
        if outcome is not None and id(outcome) not in outside and outcome in game._outcomes:
            game._outcomes.remove(outcome)


def _attach_at(game: Game, places: list[Node | LaterNode], outcome: Outcome | None) -> None:
    line = current_line()
    for place in places:
        if isinstance(place, Node):
            _attach(game, place, outcome, line)
        else:
            _attach_at_end(game, place, outcome, line)


def fill_wholly(game: Game, outcome: Outcome, payoffs: Any, doing: str) -> None:
    """Set payoffs as pygambit 17 takes them: a mapping with every player."""
    if not isinstance(payoffs, Mapping):
        session().note(
            "B319",
            f"{doing}: pygambit 17 takes a mapping from players to payoffs",
            fix="write {'Ann': 1, 'Ben': 2}",
        )
        _fill(game, outcome, payoffs)
        return
    named = [find_player(game, key, doing) for key in payoffs]
    missing = [player._label for player in game._players if player not in named]
    if missing:
        session().error(
            "B204",
            f"{doing}: no payoff is given to {', '.join(missing)}",
            fix="give every player a payoff, and 0 where it is nothing",
        )
    _fill(game, outcome, payoffs)


def _outcome_or_payoffs(game: Game, value: Any, label: Any) -> Outcome | None:
    if value is None or isinstance(value, Outcome):
        return value
    if isinstance(value, str) and not is_number(value):
        return find_outcome(game, value, "set_outcome")
    if isinstance(value, Mapping) or hasattr(value, "__iter__") or is_number(value):
        session().note("B308", "set_outcome is given payoffs; a new outcome is made of them")
        return new_outcome(game, value, as_label(label))
    return find_outcome(game, value, "set_outcome")


def new_outcome(game: Game, payoffs: Any, label: str) -> Outcome:
    made = Outcome(game, label)
    game._outcomes.append(made)
    if payoffs is not None:
        _fill(game, made, payoffs)
    return made


def _fill(game: Game, outcome: Outcome, payoffs: Any) -> None:
    """Set an outcome's payoffs as far as they can be read; what cannot is reported."""
    if isinstance(payoffs, Mapping):
        for player, value in payoffs.items():
            outcome[player] = value
        return
    values = list(payoffs) if _is_row(payoffs) else [payoffs]
    if len(values) == 1 and _is_row(values[0]):
        values = list(values[0])
    if len(values) != len(game._players):
        names = ", ".join(player._label for player in game._players)
        name = f" {outcome._label!r}" if outcome._label else ""
        session().error(
            "B204",
            f"the outcome{name} has {len(values)} payoffs for {len(game._players)} players",
            fix=f"give one payoff each to {names}" if names else "add the players first",
        )
    for player, value in zip(game._players, values, strict=False):
        outcome._payoffs[player] = read_number(value, f"{player._label}'s payoff")


def _attach(game: Game, node: Node, outcome: Outcome | None, line: int) -> None:
    before = node._outcome
    if before is not None and outcome is not None and before is not outcome:
        rows = [one.row() for one in (before, outcome)]
        shown = [f"({', '.join(map(str, row))})" for row in rows]
        say = session().note if rows[0] == rows[1] else session().warn
        say(
            "B305",
            f"a second outcome {shown[1]} takes the place of {shown[0]}, set on line "
            f"{node._lines.outcome}",
            history=node._history,
            line=line,
            fix="set one outcome for each terminal node; another node may be meant",
        )
    node._outcome = outcome
    node._lines.outcome = line if outcome is not None else 0


def _attach_at_end(game: Game, place: LaterNode, outcome: Outcome | None, line: int) -> None:
    """Attach an outcome to a node that exists only later, or to the last one on the way."""

    def later() -> None:
        node = place._now()
        if node is not None:
            session().note(
                "B316",
                "set_outcome comes before the moves are appended; it is carried out after them",
                history=node._history,
                line=line,
            )
            _attach(game, node, outcome, line)
            return
        report_missing(game, place, "set_outcome", line)

    session().at_end.append(later)


def _is_row(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str)
