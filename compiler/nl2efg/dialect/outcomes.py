"""Outcomes: making them, and attaching them to nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nl2efg.dialect.arguments import Operands, game_of
from nl2efg.dialect.elements import Outcome, read_number
from nl2efg.dialect.forward_references import LaterNode
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.numbers import is_number
from nl2efg.dialect.session import current_line, session


class Paying(Operands):
    """The part of ``Game`` that deals with outcomes."""

    def add_outcome(self, *args: Any, label: Any = None, payoffs: Any = None) -> Outcome:
        """A new outcome: ``(payoffs, label)`` before 16.7, ``(label, payoffs)`` since."""
        for value in args:
            if isinstance(value, str) and label is None:
                label = value
            elif payoffs is None:
                payoffs = value
            elif label is None:
                label = value
        return self._new_outcome(payoffs, as_label(label))

    def delete_outcome(self, outcome: Any) -> None:
        """Delete an outcome, from all nodes too."""
        gone = self._outcome(outcome, "delete_outcome")
        self._outcomes.remove(gone)
        for node in self._root._below():
            if node._outcome is gone:
                node._outcome = None

    def set_outcome(self, node: Any, outcome: Any, label: Any = None) -> None:
        """Attach an outcome to a node (or several); None takes it away."""
        meant = self._outcome_or_payoffs(outcome, label)
        for place in self._places(node, "set_outcome"):
            if isinstance(place, Node):
                self._attach(place, meant, current_line())
            else:
                self._attach_at_end(place, meant, current_line())

    def make_outcome(self, location: Any, payoffs: Any, label: Any = None) -> Outcome:
        """A new outcome, attached (17)."""
        made = self._new_outcome(payoffs, as_label(label))
        self.set_outcome(location, made)
        return made

    def make_outcome_null(self, location: Any) -> None:
        """Take the outcome away (17)."""
        self.set_outcome(location, None)

    def get_outcome(self, location: Any) -> str | None:
        """The label of the outcome at a node (17)."""
        node = self._existing(location, "get_outcome")
        return None if node is None or node._outcome is None else node._outcome._label

    def get_outcome_payoffs(self, label: Any) -> dict[str, Any]:
        """The payoffs of an outcome (17)."""
        found = self._outcome(label, "get_outcome_payoffs")
        return {player._label: found.payoff(player) for player in self._players}

    def set_outcome_payoffs(self, label: Any, payoffs: Any) -> None:
        """Change the payoffs of an outcome (17)."""
        self._fill(self._outcome(label, "set_outcome_payoffs"), payoffs)

    def relabel_outcomes(self, labels: Mapping[Any, Any], strict: bool = True) -> None:
        """Change labels of outcomes, all at once (17)."""
        found = [(self._outcome(old, "relabel_outcomes"), new) for old, new in labels.items()]
        for outcome, new in found:
            outcome.label = new

    def _outcome_or_payoffs(self, value: Any, label: Any) -> Outcome | None:
        if value is None or isinstance(value, Outcome):
            return value
        if isinstance(value, str) and not is_number(value):
            return self._outcome(value, "set_outcome")
        if isinstance(value, Mapping) or hasattr(value, "__iter__") or is_number(value):
            session().note("B308", "set_outcome is given payoffs; a new outcome is made of them")
            return self._new_outcome(value, as_label(label))
        return self._outcome(value, "set_outcome")

    def _new_outcome(self, payoffs: Any, label: str) -> Outcome:
        made = Outcome(game_of(self), label)
        self._outcomes.append(made)
        if payoffs is not None:
            self._fill(made, payoffs)
        return made

    def _fill(self, outcome: Outcome, payoffs: Any) -> None:
        """Set an outcome's payoffs as far as they can be read; what cannot is reported."""
        if isinstance(payoffs, Mapping):
            for player, value in payoffs.items():
                outcome[player] = value
            return
        values = list(payoffs) if _is_row(payoffs) else [payoffs]
        if len(values) == 1 and _is_row(values[0]):
            values = list(values[0])
        if len(values) != len(self._players):
            names = ", ".join(player._label for player in self._players)
            name = f" {outcome._label!r}" if outcome._label else ""
            session().error(
                "B204",
                f"the outcome{name} has {len(values)} payoffs for {len(self._players)} players",
                fix=f"give one payoff each to {names}" if names else "add the players first",
            )
        for player, value in zip(self._players, values, strict=False):
            outcome._payoffs[player] = read_number(value, f"{player._label}'s payoff")

    def _attach(self, node: Node, outcome: Outcome | None, line: int) -> None:
        before = node._outcome
        if before is not None and outcome is not None and before is not outcome:
            rows = [one.row() for one in (before, outcome)]
            shown = [f"({', '.join(map(str, row))})" for row in rows]
            say = session().note if rows[0] == rows[1] else session().warn
            say(
                "B305",
                f"a second outcome {shown[1]} takes the place of {shown[0]}, set on line "
                f"{node._lines[2]}",
                history=node._history,
                line=line,
                fix="set one outcome for each terminal node; another node may be meant",
            )
        node._outcome = outcome
        node._lines[2] = line if outcome is not None else 0

    def _attach_at_end(self, place: LaterNode, outcome: Outcome | None, line: int) -> None:
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
                self._attach(node, outcome, line)
                return
            self._report_missing(place, "set_outcome", line)

        session().at_end.append(later)


def _is_row(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str)
