"""The information sets that a phrase of a told profile speaks of: ``calls with K after Bet``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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
        last: whether of several moves with an action of this label the last one counts.
    """

    label: str
    is_set: bool = False
    player: int | None = None
    last: bool = False


Find = Callable[[Sequence[Mark]], Collection[int]]
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
        _lead: the word that announced the last of them.
    """

    action: str = ""
    probability: Probability | None = None
    places: list[list[Mark]] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    otherwise: bool = False
    leads: bool = False
    _group: int = 0
    _bases: list[list[Mark]] = field(default_factory=lambda: [[]])
    _lead: str = ""

    def add(self, mark: Mark, joint: str, *, lead: str, find: Find) -> None:
        """Take one more mark: an alternative, or more of what must be there.

        ``with K or Q after Bet`` is K after Bet, or Q after Bet; ``with K after Bet or Check`` is K
        after Bet, or K after Check.

        Args:
            mark: the mark.
            joint: what joins it to what came before: ``and``, ``or``, a comma, or nothing.
            lead: the word such as "with" that stands between, if one does.
            find: the information sets that could be meant with all of some marks.

        Raises:
            UserError: both could be meant, as in ``after K and Bet``.
        """
        group = self.places[self._group :]
        further = [[*marks, mark] for marks in group]
        alternatives = [[*base, mark] for base in self._bases]
        listed, again = joint in ("and", ","), lead in ("", self._lead)
        clauses = mark.player is not None and bool(group) and group[-1][-1].player != mark.player
        both = set().union(*map(find, further)) if joint != "or" else set()
        twice = any(mark in marks for marks in group)
        long = any(len(marks) > 1 for marks in group)
        more = bool(lead) and not twice and (clauses or not (again or long))
        lost = len({bool(find(each)) for each in further}) > 1  # "at the start and after L with K"
        if (not joint and lost) or (listed and both and not more):
            if lost or both != set().union(*map(find, [*group, *alternatives])):
                raise UserError(
                    f"the profile can be read in two ways at {mark.label!r}: as one more thing "
                    "that must have been, or as another case",
                    hint="write such as 'with K after Bet' for both at once, and 'with K or J' for "
                    "either",
                )
            more = True
        self._lead = lead or self._lead
        if not self.places:
            self.places.append([mark])
        elif not joint or (more and both):
            self.places[self._group :] = further
            self._bases = group
        elif (not lead or self._bases == [[]]) and any(map(find, alternatives)):
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
        if mark.player is None and not mark.last:
            return mark.label in self.tree.history(node)
        done = [
            self.tree.action_label(after) == mark.label
            for before, after in pairwise(self.tree.path(node))
            if mark.player in (None, self.tree.player_of(before))
            and mark.label in self.tree.information_sets[self.tree.set_of[before]].actions
        ]
        return any(done[-1:] if mark.last else done)

    def refuse_unclear(self, among: Sequence[int], phrase: Phrase) -> None:
        """Refuse a place that may be another one: ``after Left`` where two players moved.

        An action of several players, or at several times, leads to other sets as one of them or
        another, or the last one, is meant.

        Args:
            among: the sets that could be meant.
            phrase: says where.

        Raises:
            UserError: it says so in two ways.
        """
        owners = {self.tree.information_sets[number].player for number in among}
        for one, marks in enumerate(phrase.places):
            for place, mark in enumerate(marks):
                found = set()
                for reading in self._readings(mark, owners):
                    told = [*marks[:place], reading, *marks[place + 1 :]]
                    places = [*phrase.places[:one], told, *phrase.places[one + 1 :]]
                    sets = [n for n in among if any(self.fits(n, each) for each in places)]
                    alone = reading == mark or any(self.fits(n, told) for n in sets)
                    found |= {tuple(sets)} if alone else set()
                if len(found) > 1:
                    raise UserError(
                        f"the profile can be read in two ways at {mark.label!r}: it does not say "
                        "who did it, or which time",
                        hint=f"such as 'if Ann plays {mark.label}', by the player's name; or tell "
                        "all that was done in brackets: 'after (Left, Right)'",
                    )

    def _readings(self, mark: Mark, owners: Collection[int]) -> list[Mark]:
        """What else a mark may mean, itself first; itself alone where only one set has it."""
        sets = self.movers.get(mark.label, ())
        if mark.is_set or len(sets) < 2:
            return [mark]
        others = {self.tree.information_sets[number].player for number in sets}
        if len(owners) == 1:
            others -= set(owners)
        by_player = [replace(mark, player=player) for player in sorted(others)]
        return [mark, replace(mark, last=True), *(by_player if mark.player is None else ())]

    @cached_property
    def movers(self) -> dict[str, list[int]]:
        """The information sets that have an action, by its label; those of chance too."""
        found: dict[str, list[int]] = {}
        for number, own in enumerate(self.tree.information_sets):
            for label in dict.fromkeys(own.actions):
                found.setdefault(label, []).append(number)
        return found

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
