"""Strategies told in sentences: ``Ann bets with K, checks with J; Ben calls half the time``.

Words are read by the game's own labels: players, actions and information sets. A verb may be
bent (``bets`` is the action ``Bet``). Whatever is no label, no probability and none of the few
words between them is an error: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from nl2efg.errors import UserError
from nl2efg.library.claims import Claims
from nl2efg.library.names import Key, stem, words_as_written, words_of
from nl2efg.library.phrases import START, History, Mark, Phrase, Places
from nl2efg.library.told_text import ToldText

_NOT = frozenset("¬~!")
_LEADING = frozenset("with holding having at after on upon if when given seeing facing in".split())  # noqa: SIM905
_FILLER_WORDS = """
a an the she he they it her his their i you plays play chooses choose takes picks does goes moves
stay stays will would should then and or but information set node once has have been being always
probability chance time of cases mixes randomizes randomises
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_ARTICLES = frozenset("a an the her his their and or information set node".split())  # noqa: SIM905
_CHANCES = frozenset({"probability", "chance"})
_JOINS = frozenset({"and", "or"})
_REST = frozenset({"otherwise", "else", "remaining", "rest"})
_START = frozenset({"start", "root", "beginning"})
_ENDS = frozenset(";.\n")
_WORK = 50
"""Steps of work for a word that is looked ahead at, and for a mark that is copied to a phrase."""


def read_sentences(text: str, claims: Claims) -> None:
    """Gather what sentences claim.

    Args:
        text: the sentences.
        claims: takes what is said.

    Raises:
        UserError: words that are read as nothing, an action that the player does not have there, or
            no player; or the text and the game are both very large.
    """
    _Reader(text, claims).read()


def sets_named(claims: Claims, words: str) -> Sequence[int]:
    """Information sets that words name: a label, a player, or a player and what led there.

    Args:
        claims: of the game.
        words: such as ``Ann``, ``Ann with K``, ``(Deal, Raise)``, ``after Raise``.

    Raises:
        UserError: they name none.
    """
    found = claims.names.sets.get(words_of(words), ())
    labels = claims.tree.information_sets
    exact = [number for number in found if labels[number].label == words.strip()]
    return exact or found or _Reader(words, claims).places()


class _Reader:
    """One reading of a text, word by word."""

    def __init__(self, text: str, claims: Claims) -> None:
        self.tree, self.claims, self.names = claims.tree, claims, claims.names
        self.words = ToldText(text, self.names)
        self.sets = Places(self.tree, self.names)
        self.at = 0
        self.player: int | None = None
        self.phrase = Phrase()
        self.before: Phrase | None = None  # the last phrase of the same player and sentence
        self.outer: Phrase | None = None  # places of the sentence told before the player's name
        self.lead: Phrase | None = None  # the last phrase of the player that began with its place
        self.waiting = False  # whether a word such as "with" announces a place
        self.fresh = False  # whether that word is the one before

    def read(self) -> None:
        """Read all; each finished phrase goes to the claims."""
        while self.at < len(self.words):
            if not self._one():
                self._refuse()
        self._finish()
        if self.phrase.is_placed:
            raise UserError(
                "the profile ends with a place, and does not say what is done there",
                hint="such as " + "; ".join(self.sets.sample()),
            )

    def places(self) -> Sequence[int]:
        """Read words that name a place only."""
        self.waiting = True
        while self.at < len(self.words):
            if not (self._bracket() or self._separator() or self._name()):
                self._refuse()
        return self.sets.named_by(self.player, self.phrase)

    def _one(self) -> bool:
        return self._bracket() or self._separator() or self._probability() or self._name()

    def _refuse(self, sign: str = "") -> None:
        raise UserError(
            f"the profile cannot be read at {sign + self.words.rest(self.at)!r}",
            hint="use the game's own names of players, actions and information sets, such as "
            + "; ".join(self.sets.sample()),
        )

    def _bracket(self) -> bool:
        """A history in brackets."""
        end = self._closing(self.at)
        if end is None:
            return False
        words = self.words
        tokens = words.tokens[self.at + 1 : end]
        folded = [word for token in tokens for word in words_of(token)]
        written = [word for token in tokens for word in words_as_written(token)]
        told = words.text[words.starts[self.at] + 1 : words.starts[end]].strip()
        self.phrase.histories.append(History(told, written, [stem(word) for word in folded]))
        self.at, self.waiting, self.fresh = end + 1, False, False
        return True

    def _closing(self, at: int) -> int | None:
        """Where the bracket that opens at a word is closed; None if none opens there."""
        if self.words.word(at) != "(":
            return None
        end = at + 1
        while end < len(self.words) and self.words.tokens[end] != ")":
            end += 1
        if end == len(self.words):
            raise UserError("the profile has a bracket that is not closed")
        return end

    def _separator(self) -> bool:
        token = self.words.tokens[self.at]
        if token not in ",;:.\n":
            return False
        self.at, self.fresh = self.at + 1, False
        if token != ":" and (token != "," or not self._more_places()):
            self._finish(keep_places=token == ",")
            if token in _ENDS:
                self.before = self.lead = self.outer = None
        self.waiting = False
        return True

    def _more_places(self) -> bool:
        """Whether a comma goes on with places: ``with K, Q or J``, ``with K, after Bet``."""
        if not self.phrase.is_placed or self.at >= len(self.words):
            return False
        word = self.words.word(self.at)
        if word in _LEADING:
            return bool(self.phrase.action) and not self._opens_a_phrase(self.at)
        if not self.phrase.places or word in _JOINS or self.words.player(self.at):
            return False
        found = self.words.action(self.at)
        return found is not None and not self._is_own(found)

    def _is_own(self, key: Key) -> bool:
        return self.sets.has_action(self.player, self._label_of(key))

    def _probability(self) -> bool:
        found = self.words.probability(self.at)
        if found is None:
            return False
        value, taken = found
        if sign := self.words.bound(self.at):
            raise UserError(
                f"the profile cannot be read at {sign + self.words.tokens[self.at]!r}",
                hint="a probability is a number, such as 1/3 or 0.25",
            )
        if self.phrase.probability is not None and self.phrase.action:  # 1/3 Bet and 2/3 Check
            self._finish()
        if self.phrase.probability not in (None, value):
            raise UserError(
                f"the profile gives {self.phrase.probability} and {value} to one action"
            )
        self.phrase.probability, self.at = value, self.at + taken
        self.waiting = self.fresh = False
        return True

    def _name(self) -> bool:
        """A player, an action, a place, or a word that only joins them."""
        words = self.words
        player, action, label = (
            find(self.at) for find in (words.player, words.action, words.label)
        )
        fresh, self.fresh = self.fresh, False
        if player and not (action and len(action) > len(player)):
            self._take_player(player, announced=fresh)
        elif label and (self.waiting or not action) and len(label) >= len(action or ()):
            spelled = words.spelled(self.names.labels[label], self.at)[0]
            self._add_place(Mark(spelled, is_set=True), len(label))
        elif action:
            self._take_action(action, announced=fresh)
        elif words.word(self.at) in _LEADING:
            self._lead_on()
        else:
            return self._join(fresh=fresh)
        return True

    def _join(self, *, fresh: bool) -> bool:
        """A word that means little by itself."""
        word = self.words.word(self.at)
        if word in _START:
            self._add_place(START, 1)
        elif word in _REST:
            self.at += 1
            if self.phrase.action and self._does_something():  # "bets with K otherwise checks"
                self._finish()
            self.phrase.otherwise, self.waiting = True, False
        elif word in _FILLERS:
            self.waiting = self.waiting and word in _ARTICLES
            self.fresh = fresh and self.waiting
            self.at += 1
        else:
            return False
        return True

    def _does_something(self) -> bool:
        """Whether an action of the player's comes next."""
        at = self.at
        while self.words.word(at) in _FILLERS:
            at += 1
        found = self.words.action(at)
        return found is not None and self._is_own(found)

    def _take_player(self, key: Key, *, announced: bool) -> None:
        """Whose the next actions are; but ``if Ann bets`` names a place."""
        number, length = self.names.players[key], len(key)
        done = self.words.action(self.at + length) if announced else None
        if done:
            self.at += length
            self._add_place(Mark(self._label_of(done, number), player=number), len(done))
            return
        if self.phrase.action:
            self._finish()
        if self.phrase.is_placed:
            self.outer = deepcopy(self.phrase)
        self.player, self.before, self.lead, self.waiting = number, None, None, False
        self.at += length

    def _lead_on(self) -> None:
        """A word such as "with": it announces where the next phrase is, or more of this one's."""
        if self.words.word(self.at + 1) in _CHANCES:
            self.at += 2
        elif self.words.is_share(self.at + 1):  # "with 2/3"
            self.at += 1
        else:
            if self.phrase.action and self.phrase.is_placed and self._opens_a_phrase(self.at):
                self._finish()
            self.waiting = self.fresh = True
            self.at += 1

    def _opens_a_phrase(self, at: int) -> bool:
        """Whether the place that a word announces is that of what is told behind it.

        So it is in ``after Bet checks``, and not in ``with K and folds with Q``.
        """
        words, start, placed, joined, fresh = self.words, at, False, False, False
        is_listed = words.word(at - 1) in _JOINS | {","}
        while at < len(words):
            self.names.effort.spend(_WORK)
            word, closing = words.word(at), self._closing(at)
            player, action, label = (f(at) for f in (words.player, words.action, words.label))
            if word in _LEADING and not self._tells_how_likely(at):
                at, fresh = at + 1, True
                continue
            if player and not (action and len(action) > len(player)):
                done = words.action(at + len(player)) if fresh else None
                if not done and placed and joined and is_listed:
                    raise UserError(
                        f"the profile can be read in two ways at {words.rest(start)!r}",
                        hint="begin a new sentence where the place belongs to what follows",
                    )
                if not done:
                    return placed and not joined
                at += len(player) + len(done)
            elif label and len(label) >= len(action or ()):
                at += len(label)
            elif action:
                if placed and self._is_own(action):
                    return not joined
                at += len(action)
            elif closing is not None:
                at = closing + 1
            elif word in _START:
                at += 1
            elif word in _JOINS | {","}:
                at, joined = at + 1, True
                continue
            elif word in _FILLERS:
                at += 1
                continue
            elif word == ":":
                return not joined
            else:
                likely = self._tells_how_likely(at) or words.probability(at) is not None
                return likely and is_listed and not joined
            placed, joined, fresh = True, False, False
        return False

    def _tells_how_likely(self, at: int) -> bool:
        """Whether a probability follows a word such as "with"."""
        return self.words.word(at) in _LEADING and (
            self.words.word(at + 1) in _CHANCES or self.words.is_share(at + 1)
        )

    def _joined(self) -> bool:
        return self.words.word(self.at - 1) in _JOINS

    def _label_of(self, key: Key, player: int | None = None) -> str:
        """The label of the action that is named: the player's own before another's, as spelled."""
        whose = self.player if player is None else player
        found = self._labels(key)
        own = [n for n in found if whose in self.names.spellings[key][n]]
        return (own or found)[0]

    def _place_of(self, key: Key) -> str:
        """The label of the action that led to a place: one that did, as spelled."""
        found = self._labels(key)
        if len(found) == 1:
            return found[0]
        own = self.sets.of(self.player)
        led = (n for n in found if any(self.sets.fits(number, [Mark(n)]) for number in own))
        return next(led, found[0])

    def _labels(self, key: Key) -> list[str]:
        return self.words.spelled(self.names.spellings[key], self.at)

    def _take_action(self, key: Key, *, announced: bool) -> None:
        label, length = self._label_of(key), len(key)
        sign = self.words.sign(self.at)
        if sign in _NOT and sign not in label:
            self._refuse(sign)
        anew = self._begins_anew(key, label)
        placed = self.phrase.is_placed and (anew or not self._joined())
        is_place = announced or (self.waiting and not placed)
        if is_place or (
            (self.waiting or self.phrase.action) and not self.sets.has_action(self.player, label)
        ):
            self._add_place(Mark(self._place_of(key)), length)
            return
        if self.phrase.action:
            self._finish()
        if self.phrase.is_placed:
            self.phrase.leads = True
            self.lead = deepcopy(self.phrase)
        self.phrase.action = label
        self.at += length

    def _begins_anew(self, key: Key, label: str) -> bool:
        """Whether an action behind an "and" is done: ``bets after Bet and checks after Check``."""
        if not (self.phrase.action and self.words.word(self.at - 1) == "and"):
            return False
        end = self.at + len(key)
        bent = tuple(self.words.folded[self.at : end]) != words_of(label)
        placed = self.words.word(end) in _LEADING and not self._tells_how_likely(end)
        return (bent or placed) and self.sets.has_action(self.player, label)

    def _add_place(self, mark: Mark, length: int) -> None:
        at = self.at - 1
        while self.words.word(at) in _ARTICLES - _JOINS:
            at -= 1
        announced = self.words.word(at) in _LEADING
        if announced:
            at -= 1
        self.names.effort.spend(_WORK * (1 + sum(map(len, self.phrase.places))))
        joint = self.words.word(at) if self.words.word(at) in _JOINS | {","} else ""
        self.phrase.add(mark, joint, announced=announced, fits=self._fits)
        self.at += length

    def _fits(self, marks: Sequence[Mark]) -> bool:
        return any(self.sets.fits(number, marks) for number in self.sets.of(self.player))

    def _finish(self, *, keep_places: bool = False) -> None:
        """Hand over a phrase. Places told before their action wait for it."""
        phrase = self.phrase
        if not phrase.action:
            if phrase.probability is not None:
                raise UserError(f"the profile gives {phrase.probability} to no action")
            if not (keep_places or phrase.is_placed):
                self.phrase = Phrase()
            return
        for number in self._meant(phrase):
            action = self.tree.information_sets[number].actions.index(phrase.action)
            self.claims.add(number, action, phrase.probability)
        self.before, self.phrase, self.waiting = phrase, Phrase(), False

    def _meant(self, phrase: Phrase) -> list[int]:
        """The information sets that a finished phrase speaks of."""
        before = self.before
        if before and self.player is None:  # the owner of the action stands for the player
            owners = {self.sets.only_owner(each.action) for each in (before, phrase)}
            before = before if len(owners) == 1 else None
        mixes = before is not None and before.probability is not None
        if before and not phrase.is_placed and (mixes or not phrase.otherwise):
            phrase.places, phrase.histories = before.places, before.histories
        found = self.sets.with_action(self.sets.named_by(self.player, phrase), phrase.action)
        for place in (self.outer, None if phrase.leads else self.lead):
            if place:  # "After Bet, Ben calls with K and folds with Q"
                found = self.sets.at(found, place) or found
        if phrase.otherwise and not mixes:
            found = [number for number in found if not self.claims.is_told(number)]
        if not found:
            who = "nobody" if self.player is None else self.tree.player_name(self.player)
            raise UserError(f"{who} has no action {phrase.action!r} where the profile says so")
        return found
