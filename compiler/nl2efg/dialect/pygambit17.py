"""What pygambit 17 calls the building steps: events, sets of players, relabelling, histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nl2efg.dialect.arguments import game_of
from nl2efg.dialect.edits import Editing
from nl2efg.dialect.elements import Infoset, Player
from nl2efg.dialect.information_sets import Informing
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.moves import Moves
from nl2efg.dialect.node import Node
from nl2efg.dialect.selectors import GroupedSelector, HistoryView
from nl2efg.dialect.session import session


class Modern(Moves, Informing, Editing):
    """The part of ``Game`` that pygambit 17 brought."""

    def append_event(self, nodes: Any, actions: Any, probs: Any = None) -> Any:
        """A chance move: a mapping from labels to probabilities, or both one after the other."""
        if isinstance(nodes, GroupedSelector):
            return [self.append_event(g, actions, probs) for g in nodes.groups(self._root)]
        moved = self.append_move(nodes, self._chance, actions)
        if probs is not None:
            self.set_chance_probs(moved, probs)
        return moved

    def insert_event(self, node: Any, actions: Any) -> Node | None:
        """A chance move before a node."""
        return self.insert_move(node, self._chance, actions)

    def make_event(self, nodes: Any, probs: Any, label: Any = None) -> Infoset | None:
        """Form nodes with the same actions into one chance event."""
        made = self.make_infoset(nodes, self._chance, label)
        if made is not None:
            self._give_probabilities(made, probs)
        return made

    make_chance_event = make_event

    def set_players(self, players: Iterable[Any], drop: bool = False, add: bool = True) -> None:
        """The players, in order: those that there are stay, others are new."""
        wanted = [as_label(getattr(one, "label", one)) for one in players]
        known = {player._label: player for player in self._players}
        for label in known:
            if label not in wanted:
                session().note("B307", f"set_players leaves out the player {label!r}")
        self._players[:] = [
            known[label] if label in known else self._new(label) for label in wanted
        ]

    def _new(self, label: str) -> Player:
        return Player(game_of(self), label)

    def set_actions(
        self, infoset: Any, actions: Any, probs: Any = None, drop: bool = False, add: bool = True
    ) -> None:
        """The actions, in order: those that there are keep their subtrees, others are new."""
        found = self._infoset(infoset, "set_actions")
        if isinstance(actions, Mapping):
            actions, probs = list(actions), actions
        wanted = [as_label(getattr(one, "label", one)) for one in actions]
        for action in list(found._actions):
            if action._label not in wanted and len(found._actions) > 1:
                self.delete_action(action)
        for label in wanted:
            if label not in [action._label for action in found._actions]:
                self.add_action(found, label)
        order = [[action._label for action in found._actions].index(label) for label in wanted]
        found._actions[:] = [found._actions[i] for i in order]
        for member in found._members:
            member._children[:] = [member._children[i] for i in order]
        if probs is not None:
            self._give_probabilities(found, probs)

    def set_move_actions(self, infoset: Any, actions: Any, **options: Any) -> None:
        """``set_actions`` of a player's move."""
        self.set_actions(infoset, actions, **options)

    def set_event_actions(self, event: Any, probs: Any, **options: Any) -> None:
        """``set_actions`` of a chance event."""
        self.set_actions(event, probs, **options)

    def relabel_actions(self, infoset: Any, labels: Mapping[Any, Any], strict: bool = True) -> None:
        """Change labels of actions, all at once."""
        found = self._infoset(infoset, "relabel_actions")
        new = {str(getattr(old, "label", old)): value for old, value in labels.items()}
        for action in found._actions:
            if action._label in new:
                action.label = new[action._label]

    def relabel_players(self, labels: Mapping[Any, Any], strict: bool = True) -> None:
        """Change names of players, all at once."""
        found = [(self._player(old, "relabel_players"), new) for old, new in labels.items()]
        for player, new in found:
            player.label = new

    def get_histories(self, selector: Any) -> list[HistoryView]:
        """The histories that a selector finds."""
        return [HistoryView(node) for node in selector.nodes(self._root)]

    def get_infosets(self, player: Any) -> list[HistoryView]:
        """A history of each information set of a player."""
        mover = self._player(player, "get_infosets")
        return [
            HistoryView(next(iter(one._members)))
            for one in self._ordered_infosets()
            if one._player is mover
        ]

    def get_events(self) -> list[HistoryView]:
        """A history of each chance event."""
        return self.get_infosets(self._chance)

    def get_player(self, history: Any) -> str | None:
        """Who moves at a history."""
        node = self._existing(history, "get_player")
        return None if node is None or node.player is None else node.player._label

    def get_actions(self, history: Any) -> list[str]:
        """The labels of the actions at a history; none where the game ends."""
        node = self._existing(history, "get_actions")
        return [] if node is None else node._labels()

    def get_action_probs(self, history: Any) -> dict[str, Any]:
        """The probabilities at a chance event."""
        node = self._existing(history, "get_action_probs")
        if node is None or node._infoset is None or not node._infoset.is_chance:
            return {}
        return {action._label: action._prob for action in node._infoset._actions}

    def get_members(self, history: Any) -> list[HistoryView]:
        """The histories in the same information set."""
        node = self._existing(history, "get_members")
        return [] if node is None else [HistoryView(member) for member in node.members]
