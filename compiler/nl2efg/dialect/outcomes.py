"""Outcomes: making them, and attaching them to nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_outcome, find_places, report_missing
from nl2efg.dialect.elements import Outcome, read_number
from nl2efg.dialect.forward_references import LaterNode
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
    """A new outcome, attached (17)."""
    made = new_outcome(game, payoffs, as_label(label))
    set_outcome(game, location, made)
    return made


def make_outcome_null(game: Game, location: Any) -> None:
    """Take the outcome away (17)."""
    set_outcome(game, location, None)


def set_outcome_payoffs(game: Game, label: Any, payoffs: Any) -> None:
    """Change the payoffs of an outcome (17)."""
    _fill(game, find_outcome(game, label, "set_outcome_payoffs"), payoffs)


def relabel_outcomes(game: Game, labels: Mapping[Any, Any], strict: bool = True) -> None:
    """Change labels of outcomes, all at once (17)."""
    found = [(find_outcome(game, old, "relabel_outcomes"), new) for old, new in labels.items()]
    for outcome, new in found:
        outcome.label = new


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
