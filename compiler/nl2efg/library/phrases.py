"""The information sets that a phrase of a told profile speaks of: ``calls with K after Bet``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nl2efg.errors import UserError
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability
from nl2efg.library.names import Names, stem, words_as_written, words_of


@dataclass(frozen=True, slots=True)
class History:
    """A history in brackets: its text, its words as they are written, and without endings."""

    text: str
    written: list[str]
    stems: list[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """By what an information set is known.

    Args:
        label: of an action that led there, or of the set itself.
        is_set: whether it is the set's own label.
        player: who did the action; None for anybody.
    """

    label: str
    is_set: bool = False
    player: int | None = None


START = Mark("", is_set=True)
"""Of the set at which the game starts."""


@dataclass
class Phrase:
    """What is said in one go: an action, how likely, and where.

    Args:
        action: label of the action; empty while there is none.
        probability: of the action, if it is told.
        places: alternatives; of each, all marks that must be there.
        histories: of which one must have led there, each told whole.
        otherwise: whether it stands for all that is left.
        leads: whether the places stand before the action, and so hold for what follows it too.
        _group: the first of the alternatives of which a further place says more.
        _bases: what they have in common, each without the mark that was added last.
    """

    action: str = ""
    probability: Probability | None = None
    places: list[list[Mark]] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    otherwise: bool = False
    leads: bool = False
    _group: int = 0
    _bases: list[list[Mark]] = field(default_factory=lambda: [[]])

    def add(
        self, mark: Mark, joint: str, *, announced: bool, fits: Callable[[Sequence[Mark]], bool]
    ) -> None:
        """Take one more mark: an alternative, or more of what must be there.

        ``with K or Q after Bet`` is K after Bet, or Q after Bet; ``with K after Bet or Check`` is K
        after Bet, or K after Check.

        Args:
            mark: the mark.
            joint: what joins it to what came before: ``and``, ``or``, a comma, or nothing.
            announced: whether a word such as "with" stands between.
            fits: whether there is an information set with all of some marks.
        """
        group = self.places[self._group :]
        further = [[*marks, mark] for marks in group]
        alternatives = [[*base, mark] for base in self._bases]
        if not self.places:
            self.places.append([mark])
        elif (not joint or (announced and joint != "or")) and (
            not joint or any(map(fits, further))
        ):
            self.places[self._group :] = further
            self._bases = group
        elif (not announced or self._bases == [[]]) and any(map(fits, alternatives)):
            self.places += alternatives
        else:
            self._group, self._bases = len(self.places), [[]]
            self.places.append([mark])

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

    def with_action(self, among: Iterable[int], label: str) -> list[int]:
        """Those of some sets that have an action of a label."""
        return [n for n in among if label in self.tree.information_sets[n].actions]

    def has_action(self, player: int | None, label: str) -> bool:
        """Whether a player, or for None anybody, has an action of this label."""
        return bool(self.with_action(self.of(player), label))

    def only_owner(self, action: str) -> int | None:
        """The one player who has an action of this name; None if several have, or nobody."""
        found = self.with_action(self.of(None), action)
        owners = {self.tree.information_sets[number].player for number in found}
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
        if phrase.is_placed:
            found = self.at(own, phrase)
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

    def at(self, among: Sequence[int], phrase: Phrase) -> list[int]:
        """Those of some sets that are where a phrase says."""
        found = list(among)
        if phrase.places:
            found = [n for n in found if any(self.fits(n, marks) for marks in phrase.places)]
        if phrase.histories:
            found = self._led_to(found, phrase.histories)
        return found

    def fits(self, infoset: int, marks: Sequence[Mark]) -> bool:
        """Whether a player at the set knows of all of these: its label, or moves on every way."""
        own, members = self.tree.information_sets[infoset], self.tree.members[infoset]
        for mark in marks:
            self.names.effort.spend(len(members))
            if mark == START:
                if members != (0,):
                    return False
            elif mark.is_set:
                if own.label != mark.label:
                    return False
            elif not all(self._was_done(mark, node) for node in members):
                return False
        return True

    def _was_done(self, mark: Mark, node: int) -> bool:
        """Whether an action lies on the way to a node."""
        if mark.player is None:
            return mark.label in self.tree.history(node)
        way = self.tree.path(node)
        return any(
            self.tree.player_of(before) == mark.player
            and self.tree.action_label(after) == mark.label
            for before, after in pairwise(way)
        )

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
