"""The information sets that a phrase of a told profile speaks of: ``calls with K after Bet``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from nl2efg.errors import UserError
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability
from nl2efg.library.names import Names, stem, words_as_written, words_of


@dataclass(frozen=True)
class History:
    """A history in brackets: its text, its words as they are written, and without endings."""

    text: str
    written: list[str]
    stems: list[str]


@dataclass
class Phrase:
    """What is said in one go: an action, how likely, and where.

    Args:
        action: label of the action; empty while there is none.
        probability: of the action, if it is told.
        places: alternatives; of each, all that must hold: labels of actions that led there, or
            ``@`` and an information set's label; ``@`` alone is the start.
        histories: alternatives beside these, each told whole.
        otherwise: whether it stands for all that is left.
    """

    action: str = ""
    probability: Probability | None = None
    places: list[list[str]] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    otherwise: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether it says where."""
        return bool(self.places or self.histories)


class Places:
    """The information sets of a game by what phrases say of them.

    Args:
        tree: the game.
        names: of the game; bound the work.
    """

    def __init__(self, tree: GameTree, names: Names) -> None:
        self.tree, self.names = tree, names

    def sample(self) -> list[str]:
        """Players' choices; with the set's name where one player has the same choice twice."""
        own = [infoset for infoset in self.tree.information_sets if not infoset.is_chance]
        times = Counter((each.player, each.actions) for each in own)
        found = dict.fromkeys(
            self.tree.player_name(each.player)
            + (f" at {each.label}" if each.label and times[each.player, each.actions] > 1 else "")
            + f": {' or '.join(each.actions[:3])}"
            for each in own
        )
        return list(found)[:3]

    def of(self, player: int | None) -> list[int]:
        """A player's information sets; those of all players for None."""
        self.names.effort.spend(len(self.tree.information_sets))
        return [
            number
            for number, infoset in enumerate(self.tree.information_sets)
            if not infoset.is_chance and player in (None, infoset.player)
        ]

    def has_action(self, player: int | None, label: str) -> bool:
        """Whether a player, or for None anybody, has an action of this label."""
        return any(
            label in self.tree.information_sets[number].actions for number in self.of(player)
        )

    def only_owner(self, action: str) -> int | None:
        """The one player who has an action of this name; None if several have, or nobody."""
        sets = self.tree.information_sets
        owners = {sets[number].player for number in self.of(None) if action in sets[number].actions}
        return owners.pop() if len(owners) == 1 else None

    def named_by(self, player: int | None, phrase: Phrase) -> list[int]:
        """The information sets that a phrase speaks of.

        Args:
            player: whose they are; None if nobody was named.
            phrase: says where.

        Raises:
            UserError: there are none, or nothing says whose they are.
        """
        own = found = self.of(player)
        if phrase.places:
            found = [
                n for n in own if any(self.fits(n, alternative) for alternative in phrase.places)
            ]
        if phrase.histories:
            found = self._led_to(found, phrase.histories)
        elsewhere = player is None and not phrase.is_placed
        alone = self.only_owner(phrase.action) if elsewhere else None
        if alone is not None:
            found = [n for n in own if self.tree.information_sets[n].player == alone]
        if not found or (elsewhere and alone is None):
            raise UserError(
                "the profile names no information set of "
                + ("any player" if player is None else self.tree.player_name(player))
                + " there",
                hint="such as " + "; ".join(self.sample()),
            )
        return found

    def fits(self, infoset: int, places: Sequence[str]) -> bool:
        """Whether a player at the set knows of all of these: its label, or moves on every way."""
        own = self.tree.information_sets[infoset]
        for label in places:
            self.names.effort.spend(len(self.tree.members[infoset]))
            if label.startswith("@"):
                at_start = label == "@" and self.tree.members[infoset] == (0,)
                if not at_start and label[1:] != own.label:
                    return False
            elif not all(label in self.tree.history(node) for node in self.tree.members[infoset]):
                return False
        return True

    def _led_to(self, among: Sequence[int], histories: Sequence[History]) -> list[int]:
        """The sets that one of some histories leads to.

        Labels may differ in case or signs alone: where some are as a history is written, others
        are not meant.
        """
        ways: dict[int, list[History]] = {}
        for number in among:
            self.names.effort.spend(self._size_of_ways(number) * (1 + len(histories)))
            ways[number] = [self._history_of(node) for node in self.tree.members[number]]
        found: dict[int, None] = {}
        for history in histories:
            told = [n for n in among if any(own.text == history.text for own in ways[n])]
            exact = [n for n in among if any(own.written == history.written for own in ways[n])]
            alike = [n for n in among if any(own.stems == history.stems for own in ways[n])]
            found |= dict.fromkeys(told or exact or alike)
        return [n for n in among if n in found]

    def _history_of(self, node: int) -> History:
        labels = self.tree.history(node)
        written = [word for label in labels for word in words_as_written(label)]
        stems = [stem(word) for label in labels for word in words_of(label)]
        return History(", ".join(labels), written, stems)

    def _size_of_ways(self, infoset: int) -> int:
        """How many actions lead to all nodes of a set together."""
        return sum(1 + self.tree.depth[node] for node in self.tree.members[infoset])
