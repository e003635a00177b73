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
from nl2efg.library.names import Key, words_of
from nl2efg.library.phrases import START, Mark, Phrase, Places
from nl2efg.library.told_clauses import (
    ARTICLES,
    FILLERS,
    JOINS,
    LEADING,
    PRONOUNS,
    START_WORDS,
    Clause,
    Lookahead,
)
from nl2efg.library.told_text import ToldText

_NOT = frozenset("¬~!")
_REST = frozenset({"otherwise", "else", "remaining", "rest"})
_ENDS = frozenset(";.\n")
_WORK = 50
"""Steps of work for a mark that is copied to a phrase."""


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
        self.ahead = Lookahead(self.words, self.names, self.sets)
        self.at = 0
        self.player: int | None = None
        self.phrase = Phrase()
        self.before: Phrase | None = None  # the last phrase of the same player and sentence
        self.outer: Phrase | None = None  # places of the sentence told before the player's name
        self.lead: Phrase | None = None  # the last phrase of the player that began with its place
        self.waiting = False  # whether a word such as "with" announces a place
        self.fresh = False  # whether that word is the one before
        self.owed: int | None = None  # that word, until its place is told
        self.clausal = False  # whether the last place is what somebody did
        self.strict = False  # whether the player must know of the places told before the name

    def read(self) -> None:
        """Read all; each finished phrase goes to the claims."""
        while self.at < len(self.words):
            if not self._one():
                self._refuse()
        self._finish()
        self._end()

    def _end(self) -> None:
        """What ends with a place alone says nothing of it."""
        self._settle()
        if self.phrase.is_placed:
            self.ahead.refuse_end(self.at)

    def _settle(self) -> None:
        """A word such as "if" is followed by what it announces."""
        if self.owed is not None:
            self.at = self.owed
            self._refuse()

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
        end = self.ahead.closing(self.at)
        if end is None:
            return False
        if self.phrase.places and self._before()[0]:
            self.ahead.refuse_two_ways(self.at)
        self.phrase.histories.append(self.words.history(self.at, end))
        self.at, self.waiting, self.fresh, self.owed = end + 1, False, False, None
        return True

    def _separator(self) -> bool:
        token, before = self.words.tokens[self.at], self.words.word(self.at - 1)
        if token not in ",;:.\n":
            return False
        self._settle()
        self.at, self.fresh = self.at + 1, False
        if token != ":" and (token != "," or not self._more_places(before)):
            self._finish(keep_places=token == ",")
            if token in _ENDS:
                if token != "\n" or before not in (":", ",", "\n"):
                    self._end()
                self.before = self.lead = self.outer = None
        self.waiting = False
        return True

    def _more_places(self, before: str) -> bool:
        """Whether a comma goes on with places: ``with K, Q or J``, ``with K, after Bet``."""
        if not self.phrase.is_placed or self.at >= len(self.words):
            return False
        word = self.words.word(self.at)
        if word in LEADING:
            more = bool(self.phrase.action) and not self._opens_a_phrase(self.at)
            if more and before in JOINS:  # "with K and, after Bet, with J"
                self.ahead.refuse_two_ways(self.at - 2)
            return more
        if not self.phrase.places or word in JOINS or self.ahead.player(self.at):
            return False
        found = self.words.action(self.at)
        return (
            found is not None
            and not self.ahead.is_own(found, self.at, self.player)
            and not self.ahead.maps(self.at + len(found))
        )

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
        if self.owed != self.at - 1:  # "in half the cases"
            self._settle()
        self.phrase.probability, self.at = value, self.at + taken
        self.waiting, self.fresh, self.owed = False, False, None
        return True

    def _name(self) -> bool:
        """A player, an action, a place, or a word that only joins them."""
        words, at = self.words, self.at
        player, action, label = self.ahead.player(at), words.action(at), words.label(at)
        fresh, self.fresh = self.fresh, False
        if player:
            self._take_player(player, announced=fresh)
        elif label and (self.waiting or not action) and len(label) >= len(action or ()):
            spelled = words.spelled(self.names.labels[label], at)[0]
            self._add_place(Mark(spelled, is_set=True), len(label))
        elif words.word(at) in LEADING and self._is_leading(action):
            self._lead_on()
        elif action and not self.ahead.is_article(at):
            self._take_action(action, announced=fresh)
        elif fresh and words.word(at) in PRONOUNS and (clause := self.ahead.clause(at)):
            self._take_clause(clause)
        else:
            return self._join(fresh=fresh)
        return True

    def _is_leading(self, action: Key | None) -> bool:
        """Whether a word such as "with" is that, and not an action of this name."""
        told = bool(self.phrase.action) and self.ahead.tells_how_likely(self.at)
        return not action or (len(action) == 1 and told)

    def _join(self, *, fresh: bool) -> bool:
        """A word that means little by itself."""
        word = self.words.word(self.at)
        if word in START_WORDS:
            self._add_place(START, 1)
        elif word in _REST:
            self.at += 1
            if self.phrase.action and self.ahead.does_something(
                self.at, self.player
            ):  # "bets with K otherwise checks"
                self._finish()
            self.phrase.otherwise, self.waiting = True, False
        elif word == "player" and self.ahead.player(self.at + 1):
            self.fresh = fresh
            self.at += 1
        elif word in FILLERS:
            self.waiting = self.waiting and word in ARTICLES
            self.fresh = fresh and self.waiting
            self.at += 1
        else:
            return False
        return True

    def _take_player(self, key: Key, *, announced: bool) -> None:
        """Whose the next actions are; but ``if Ann bets`` names a place."""
        number = self.names.players[key]
        joined = self.clausal and self.phrase.is_placed and self.words.word(self.at - 1) in JOINS
        clause = self.ahead.clause(self.at) if announced or joined else None
        if clause and (announced or self._goes_on(clause)):
            self._take_clause(clause)
            return
        self._settle()
        if self.phrase.action:
            self._finish()
        self.strict = self.phrase.is_placed
        if self.phrase.is_placed:
            self.outer = deepcopy(self.phrase)
        self.player, self.before, self.lead, self.waiting = number, None, None, False
        self.at += len(key)

    def _goes_on(self, clause: Clause) -> bool:
        """Whether a clause behind an "and" is one more place: ``if Ann bets and Ben calls``."""
        if not self.phrase.action or self.words.word(self.at - 1) == "or":
            return True
        marks = self.ahead.marks(clause, self.player) or ()
        if any(self._find([*place, *marks]) for place in self.phrase.places):
            self.ahead.refuse_two_ways(self.at - 1)
        return False

    def _take_clause(self, clause: Clause) -> None:
        """A place that is told by who did what there."""
        joint = self._before()[0]
        marks = self.ahead.marks(clause, self.player)
        if marks is None:
            self._refuse()
        for mark in marks or ():
            self.at = clause.at
            self._add_place(mark, len(clause.key), joint=joint)
            joint = clause.joint
        self.clausal = True

    def _lead_on(self) -> None:
        """A word such as "with": it announces where the next phrase is, or more of this one's."""
        self._settle()
        if (chance := self.ahead.chance(self.at + 1)) is not None:
            self.at = chance + 1
        elif self.words.is_share(self.at + 1):  # "with 2/3"
            self.at += 1
        else:
            done = self.phrase.action and (
                self.phrase.is_placed or self.words.word(self.at - 1) in JOINS
            )
            if done and self._opens_a_phrase(self.at):
                self._finish()
            self.owed, self.waiting, self.fresh = self.at, True, True
            self.at += 1

    def _opens_a_phrase(self, at: int) -> bool:
        return self.ahead.opens_a_phrase(at, self.player, led=self.phrase.leads)

    def _take_action(self, key: Key, *, announced: bool) -> None:
        label, length = self.words.label_of(key, self.at, self.player), len(key)
        sign = self.words.sign(self.at)
        if sign in _NOT and sign not in label:
            self._refuse(sign)
        bound = self.words.bound(self.at).strip()
        is_sign = self.words.word(self.at)[0].isdigit() or bound not in "-−"
        if bound and is_sign and bound not in label:
            self._refuse(bound)
        anew = bool(self.phrase.action) and self.ahead.begins_anew(key, self.at, label, self.player)
        placed = self.phrase.is_placed and (anew or self.words.word(self.at - 1) not in JOINS)
        is_place = announced or (self.waiting and not placed) or self._is_mapped(key)
        if is_place or (
            (self.waiting or self.phrase.action) and not self.sets.has_action(self.player, label)
        ):
            self._add_place(Mark(self.ahead.place_of(key, self.at, self.player)), length)
            return
        self._settle()
        if self.phrase.action:
            self._finish()
        if self.phrase.is_placed:
            self.phrase.leads = True
            self.lead = deepcopy(self.phrase)
        self.phrase.action = label
        self.at += length

    def _is_mapped(self, key: Key) -> bool:
        """Whether an action is where another one is done: ``K: Bet``, ``Bet -> Fold``."""
        if not self.ahead.maps(self.at + len(key)):
            return False
        if self.phrase.action:
            self._finish()
        mark = Mark(self.ahead.place_of(key, self.at, self.player))
        return any(self.sets.fits(n, [mark]) for n in self.sets.of(self.player))

    def _add_place(self, mark: Mark, length: int, joint: str | None = None) -> None:
        """Take a mark; it says itself by what it is joined, or the words before it do."""
        joint, lead = self._before() if joint is None else (joint, "if")
        if self.phrase.histories and joint:
            self.ahead.refuse_two_ways(self.at)
        self.names.effort.spend(_WORK * (1 + sum(map(len, self.phrase.places))))
        self.phrase.add(mark, joint, lead=lead, find=self._find)
        self.at += length
        self.owed, self.clausal = None, False

    def _before(self) -> tuple[str, str]:
        """What joins a place to what came before, and the word such as "with" that announces it."""
        at, lead = self.at - 1, ""
        while self.words.word(at) in ARTICLES - JOINS:
            at -= 1
        if self.words.word(at) in LEADING:
            lead = self.words.word(at)
            at -= 1
        return self.words.word(at) if self.words.word(at) in JOINS | {","} else "", lead

    def _find(self, marks: Sequence[Mark]) -> list[int]:
        """The sets that a place could mean: before an action, those of a player yet to be named."""
        for player in (self.player,) if self.phrase.action else (self.player, None):
            found = [n for n in self.sets.of(player) if self.sets.fits(n, marks)]
            if found:
                return found
        return []

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
        found = self.sets.named_by(self.player, phrase)
        self.sets.refuse_unclear(
            self.sets.with_action(self.sets.of(self.player), phrase.action), phrase
        )
        found = named = self.sets.with_action(found, phrase.action)
        for place in (self.outer, None if phrase.leads else self.lead):
            if place:  # "After Bet, Ben calls with K and folds with Q"
                self.sets.refuse_unclear(found, place)
                strict = self.strict and place is self.outer
                found = self.sets.at(found, place) or ([] if strict else found)
        if phrase.otherwise and not mixes:
            if all(map(self.claims.is_told, found)):  # "If Ann bets, Ben folds, otherwise raises"
                found = named
            found = [number for number in found if not self.claims.is_told(number)]
        if not found:
            who = "nobody" if self.player is None else self.tree.player_name(self.player)
            raise UserError(f"{who} has no action {phrase.action!r} where the profile says so")
        return found
