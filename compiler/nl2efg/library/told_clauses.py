"""Looking ahead in a told profile: clauses such as ``if Ann plays Left``, and what they open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nl2efg.errors import UserError
from nl2efg.library.names import Key, Names, words_of
from nl2efg.library.phrases import Mark, Places
from nl2efg.library.told_text import ToldText

_LEADING_WORDS = """
with holding having at after on upon if when whenever once given seeing facing following against in
"""
LEADING = frozenset(_LEADING_WORDS.split())
_FILLER_WORDS = """
a an the she he they it her his their i you plays play played chooses choose chose takes picks does
goes moves stay stays stayed will would should then and or but information set node have has had
been being always probability chance time of cases mixes randomizes randomises
"""
FILLERS = frozenset(_FILLER_WORDS.split())
ARTICLES = frozenset("a an the her his their and or information set node".split())  # noqa: SIM905
PRONOUNS = frozenset("she he they it".split())  # noqa: SIM905
CHANCES = frozenset({"probability", "chance"})
JOINS = frozenset({"and", "or"})
START_WORDS = frozenset({"start", "root", "beginning"})
_HOLDS = frozenset({"has", "have", "had"})
_MAPS = (":", "->", "=>", "→", "⇒", "↦", "⟶", "⟼")
_WORK = 50
"""Steps of work for a word that is looked ahead at."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What somebody did, or holds, as a clause tells it.

    Args:
        players: who; empty for a pronoun.
        joint: ``and`` or ``or`` between several.
        key: the words of the action.
        at: where they begin.
        holds: whether it is said to be held, as a card is.
    """

    players: tuple[int, ...]
    joint: str
    key: Key
    at: int
    holds: bool

    @property
    def end(self) -> int:
        """The word behind it."""
        return self.at + len(self.key)


class Lookahead:
    """What comes next in a told profile, without taking it.

    Args:
        words: of the text.
        names: of the game.
        sets: of the game.
    """

    def __init__(self, words: ToldText, names: Names, sets: Places) -> None:
        self.words, self.names, self.sets = words, names, sets

    def clause(self, at: int) -> Clause | None:
        """The clause that begins at a player or a pronoun: ``Ann and Ben play Left``."""
        words, start = self.words, at
        players: list[int] = []
        joint = ""
        while key := self.player(at):
            self.names.effort.spend(_WORK)
            players.append(self.names.players[key])
            at += len(key)
            at += words.word(at) == "s" and words.sign(at) in ("'", "’")  # Ann's Bet
            if words.word(at) not in JOINS | {","} or not self.player(at + 1):
                break
            joint = words.word(at) if words.word(at) in JOINS else joint
            at += 1
        if not players:
            if words.word(at) not in PRONOUNS:
                return None
            at += 1
        holds = False
        while words.word(at) in FILLERS - JOINS - CHANCES and not words.action(at):
            holds = holds or words.word(at) in _HOLDS
            at += 1
        done = words.action(at)
        if done is None or at == start:
            return None
        return Clause(tuple(players), joint or "and", done, at, holds)

    def marks(self, clause: Clause, player: int | None) -> list[Mark] | None:
        """The marks of a clause as a player's place; None if it says nothing that could lead there.

        Args:
            clause: the clause.
            player: whose place is told.
        """
        whose: Sequence[int | None] = clause.players or (None,)
        owners = self.names.owners(clause.key)
        marks = []
        for who in whose:
            if who in owners:
                marks.append(Mark(self.words.label_of(clause.key, clause.at, who), player=who))
            elif who is None or (clause.holds and who == player):  # "if Ben has K"
                marks.append(Mark(self.place_of(clause.key, clause.at, player)))
            else:
                return None
        return marks

    def place_of(self, key: Key, at: int, player: int | None) -> str:
        """The label of the action that led to a place of a player: one that did, as spelled."""
        found = self.words.spelled(self.names.spellings[key], at)
        if len(found) == 1:
            return found[0]
        own = self.sets.of(player)
        led = (n for n in found if any(self.sets.fits(number, [Mark(n)]) for number in own))
        return next(led, found[0])

    def is_own(self, key: Key, at: int, player: int | None) -> bool:
        """Whether an action that is named at a word is one of a player's."""
        return self.sets.has_action(player, self.words.label_of(key, at, player))

    def does_something(self, at: int, player: int | None) -> bool:
        """Whether an action of the player's comes next."""
        while self.words.word(at) in FILLERS:
            at += 1
        found = self.words.action(at)
        return found is not None and self.is_own(found, at, player)

    def begins_anew(self, key: Key, at: int, label: str, player: int | None) -> bool:
        """Whether an action behind an "and" is done: ``bets after Bet and checks after Check``."""
        if self.words.word(at - 1) != "and":
            return False
        end = at + len(key)
        bent = tuple(self.words.folded[at:end]) != words_of(label)
        placed = self.words.word(end) in LEADING and not self.tells_how_likely(end)
        return (bent or placed) and self.sets.has_action(player, label)

    def player(self, at: int) -> Key | None:
        """The player who is named at a word, where that is no longer action and no article."""
        words = self.words
        key = words.player(at)
        if key is None:
            return None
        action = words.action(at)
        if (action and len(action) > len(key)) or self.is_article(at):
            return None
        return key

    def is_article(self, at: int) -> bool:
        """Whether a small "a" or "the" is not the name that it could be: ``with a K``."""
        words = self.words
        word = words.tokens[at] if at < len(words) else ""
        if word not in ("a", "an", "the", "i") or word in self.names.spelled:
            return False
        key = words.player(at)
        if key is None:  # an action
            return words.word(at + 1) in CHANCES or words.action(at + 1) is not None
        action = words.action(at + 1)
        if action is None:
            return words.label(at + 1) is not None
        return self.names.players[key] not in self.names.owners(action)

    def closing(self, at: int) -> int | None:
        """Where the bracket that opens at a word is closed; None if none opens there."""
        if self.words.word(at) != "(":
            return None
        end = at + 1
        while end < len(self.words) and self.words.tokens[end] != ")":
            end += 1
        if end == len(self.words):
            raise UserError("the profile has a bracket that is not closed")
        return end

    def maps(self, end: int) -> bool:
        """Whether what ends at a word is where the action behind a colon or an arrow is done."""
        words = self.words
        colon = words.word(end) == ":"
        if not colon and not words.between(end).strip().startswith(_MAPS):
            return False
        at = end + colon
        while words.word(at) in FILLERS - JOINS - CHANCES and not words.action(at):
            at += 1
        return words.action(at) is not None

    def tells_how_likely(self, at: int) -> bool:
        """Whether a probability follows a word such as "with"."""
        return self.words.word(at) in LEADING and (
            self.chance(at + 1) is not None or self.words.is_share(at + 1)
        )

    def chance(self, at: int) -> int | None:
        """Where the word "probability" is, behind an article or none; None if it is not there."""
        at += self.words.word(at) in ("a", "the")
        return at if self.words.word(at) in CHANCES and not self.words.action(at) else None

    def opens_a_phrase(self, at: int, player: int | None, *, led: bool) -> bool:
        """Whether the place that a word announces is that of what is told behind it.

        So it is in ``after Bet checks``, and not in ``with K and folds with Q``.

        Args:
            at: the word.
            player: whose actions are told.
            led: whether the place of the phrase before stood before its action.

        Raises:
            UserError: it can be read in two ways.
        """
        words, start, placed, joined, fresh = self.words, at, False, False, False
        is_listed, paused = words.word(at - 1) in JOINS | {","}, False
        while at < len(words):
            self.names.effort.spend(_WORK)
            word, closing = words.word(at), self.closing(at)
            named, action, label = self.player(at), words.action(at), words.label(at)
            if word in LEADING and not action and not self.tells_how_likely(at):
                at, fresh = at + 1, True
                continue
            clause = self.clause(at) if fresh and (named or word in PRONOUNS) else None
            if clause:
                at = clause.end
            elif named:
                if placed and joined and is_listed:
                    self.refuse_two_ways(start)
                return placed and not joined
            elif label and len(label) >= len(action or ()):
                at += len(label)
            elif action and not self.is_article(at):
                if placed and self.is_own(action, at, player):
                    if led and paused and words.word(start - 1) == "and":
                        self.refuse_two_ways(start)  # "after Bet raises and with K, folds"
                    return not joined
                at += len(action)
            elif closing is not None:
                at = closing + 1
            elif word in START_WORDS:
                at += 1
            elif word in JOINS | {","}:
                at, joined, paused = at + 1, True, word == ","
                continue
            elif word == "but" and placed:  # what follows is another phrase
                return False
            elif word in FILLERS:
                at += 1
                continue
            elif word == ":":
                return not joined
            else:
                likely = self.tells_how_likely(at) or words.probability(at) is not None
                return likely and is_listed and not joined
            placed, joined, fresh = True, False, False
        return False

    def refuse_two_ways(self, at: int) -> None:
        """Refuse a place that may belong to what stands before it, or behind.

        Args:
            at: where it begins.

        Raises:
            UserError: always.
        """
        raise UserError(
            f"the profile can be read in two ways at {self.words.rest(at)!r}",
            hint="tell places before what is done there: 'if Ann bets and Ben calls, Cat folds'",
        )

    def refuse_end(self, at: int) -> None:
        """Refuse a sentence that ends with a place.

        Args:
            at: the word behind it.

        Raises:
            UserError: always.
        """
        raise UserError(
            f"a sentence of the profile ends with a place at {self.words.rest(max(at - 6, 0))!r}, "
            "and does not say what is done there",
            hint="such as " + "; ".join(self.sets.sample()),
        )
