"""Strategies told in sentences: ``Ann bets with K, checks with J; Ben calls half the time``.

Words are read by the game's own labels: players, actions and information sets. A verb may be
bent (``bets`` is the action ``Bet``). Whatever is no label, no probability and none of the few
words between them is an error: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from fractions import Fraction

from nl2efg.errors import UserError
from nl2efg.game.profile import Probability
from nl2efg.library.claims import Claims, probability_of
from nl2efg.library.names import Key, stem, words_as_written, words_of
from nl2efg.library.phrases import History, Phrase, Places

_TOKEN = re.compile(r"\d+(?:[./]\d+)?\s?%?(?![^\W_])|[^\W_]+|[(),;:.\n]")
_NO_VALUE = re.compile(r"(?:(?:(?<![-=])>|[<≤≥≠±√])=?\s*|!=\s*|(?<![^\s(:,=])[-−])\Z")
"""What stands before a number that is a bound, a root or negative."""

_SIGN = 8
"""Characters before a number that are looked at for it."""

_NOT = frozenset("¬~!")
_SHARE = re.compile(r"\d+[./]\d+\s?%?|\d+\s?%")
_LEADING = frozenset("with holding having at after on upon if when given seeing facing in".split())  # noqa: SIM905
_FILLER_WORDS = """
a an the she he they it her his their i you plays play chooses choose takes picks does goes moves
stay stays will would should then and or but information set node once has have been being always
probability chance time of
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_ARTICLES = frozenset("a an the her his their and or information set node".split())  # noqa: SIM905
_CHANCES = frozenset({"probability", "chance"})
_JOINS = frozenset({"and", "or"})
_REST = frozenset({"otherwise", "else", "remaining", "rest"})
_COUNTS = "never one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_START = frozenset({"start", "root", "beginning"})


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
        names = self.names
        self.sets = Places(self.tree, names)
        self.players, self.labels, self.actions = names.players, names.labels, names.actions
        self.text, found = text, list(_TOKEN.finditer(text))
        self.tokens = [token[0] for token in found]
        self.starts = [token.start() for token in found]
        self.folded = [token.casefold() for token in self.tokens]
        self.stems = [stem(word) for word in self.folded]
        self.at = 0
        self.player: int | None = None
        self.phrase = Phrase()
        self.before: Phrase | None = None  # the last phrase of the same player and sentence
        self.waiting = False  # whether a word such as "with" announces a place

    def read(self) -> None:
        """Read all; each finished phrase goes to the claims."""
        while self.at < len(self.tokens):
            if not self._one():
                self._refuse()
        self._finish()

    def places(self) -> Sequence[int]:
        """Read words that name a place only."""
        self.waiting = True
        while self.at < len(self.tokens):
            if not (self._bracket() or self._separator() or self._name()):
                self._refuse()
        return self.sets.named_by(self.player, self.phrase)

    def _one(self) -> bool:
        return self._bracket() or self._separator() or self._probability() or self._name()

    def _refuse(self, sign: str = "") -> None:
        rest = sign + " ".join(self.tokens[self.at : self.at + 6])
        raise UserError(
            f"the profile cannot be read at {rest!r}",
            hint="use the game's own names of players, actions and information sets, such as "
            + "; ".join(self.sets.sample()),
        )

    def _bracket(self) -> bool:
        """A history in brackets."""
        if self.tokens[self.at] != "(":
            return False
        end = self.at + 1
        while end < len(self.tokens) and self.tokens[end] != ")":
            end += 1
        if end == len(self.tokens):
            raise UserError("the profile has a bracket that is not closed")
        tokens = self.tokens[self.at + 1 : end]
        words = [word for token in tokens for word in words_of(token)]
        written = [word for token in tokens for word in words_as_written(token)]
        told = self.text[self.starts[self.at] + 1 : self.starts[end]].strip()
        self.phrase.histories.append(History(told, written, [stem(word) for word in words]))
        self.at, self.waiting = end + 1, False
        return True

    def _separator(self) -> bool:
        token = self.tokens[self.at]
        if token not in ",;:.\n":
            return False
        self.at += 1
        if token != ":" and (token != "," or not self._more_places()):
            self._finish(keep_places=token == ",")
            if token in ";.\n":
                self.before = None
        self.waiting = False
        return True

    def _more_places(self) -> bool:
        """Whether a comma goes on with places: ``with K, Q or J``."""
        if not self.phrase.places or self.at >= len(self.tokens):
            return False
        if self.tokens[self.at].casefold() in _LEADING | _JOINS:
            return False
        return self._match_player() is None and not self._is_choice()

    def _is_choice(self) -> bool:
        found = self._match_action()
        return found is None or self.sets.has_action(self.player, self._label_of(found))

    def _match_player(self) -> Key | None:
        return self.names.longest(self.players, self.folded, self.at)

    def _match_action(self) -> Key | None:
        return self.names.longest(self.actions, self.stems, self.at)

    def _probability(self) -> bool:
        word = self.tokens[self.at].casefold()
        ahead = [token.casefold() for token in self.tokens[self.at : self.at + 4]]
        value: Probability | None = None
        taken = 1
        if word[0].isdigit() and self._match_action() is None:
            value = probability_of(word)
        elif ahead[:2] == ["half", "the"]:
            value, taken = Fraction(1, 2), 3
        elif len(ahead) == 4 and ahead[1].startswith("time") and ahead[2] == "in":
            over, under = (_COUNTS.index(w) if w in _COUNTS else 0 for w in (ahead[0], ahead[3]))
            value, taken = (Fraction(over, under), 4) if under else (None, 1)
        elif word in ("always", "never"):
            value = Fraction(word == "always")
        if value is None:
            return False
        self._refuse_bound()
        if self.phrase.probability is not None and self.phrase.action:  # 1/3 Bet and 2/3 Check
            self._finish()
        if self.phrase.probability not in (None, value):
            raise UserError(
                f"the profile gives {self.phrase.probability} and {value} to one action"
            )
        self.phrase.probability, self.at, self.waiting = value, self.at + taken, False
        return True

    def _refuse_bound(self) -> None:
        """Refuse a number that is not the probability itself, such as one behind ``≥``."""
        start = self.starts[self.at]
        if sign := _NO_VALUE.search(self.text[max(start - _SIGN, 0) : start]):
            raise UserError(
                f"the profile cannot be read at {sign[0] + self.tokens[self.at]!r}",
                hint="a probability is a number, such as 1/3 or 0.25",
            )

    def _name(self) -> bool:
        """A player, an action, a place, or a word that only joins them."""
        token = self.tokens[self.at].casefold()
        player = self._match_player()
        action = self._match_action()
        label = self.names.longest(self.labels, self.folded, self.at)
        if player and not (action and len(action) > len(player)):
            if self.phrase.action:
                self._finish()
            self.player, self.before, self.waiting = self.players[player], None, False
            self.at += len(player)
            return True
        if label and (self.waiting or not action) and len(label) >= len(action or ()):
            self._add_place(f"@{self._spelled(self.labels[label])[0]}", len(label))
            return True
        if action:
            self._take_action(action)
            return True
        if token in _START:
            self._add_place("@", 1)
        elif token in _LEADING and self._next() in _CHANCES:
            self.at += 2
        elif token in _LEADING and self._is_share(self.at + 1):  # "with 2/3"
            self.at += 1
        elif token in _LEADING:
            if self.phrase.action and self.phrase.places and not self._joined():
                self._finish()
            self.waiting, self.at = True, self.at + 1
        elif token in _REST:
            self.phrase.otherwise, self.waiting, self.at = True, False, self.at + 1
        elif token in _FILLERS:
            self.waiting = self.waiting and token in _ARTICLES
            self.at += 1
        else:
            return False
        return True

    def _next(self) -> str:
        return self.tokens[self.at + 1].casefold() if self.at + 1 < len(self.tokens) else ""

    def _is_share(self, at: int) -> bool:
        """Whether a token is a fraction, decimal or percentage, and no name."""
        names = self.names
        self.sets = Places(self.tree, names)
        return (
            at < len(self.tokens)
            and _SHARE.fullmatch(self.tokens[at]) is not None
            and names.longest(self.actions, self.stems, at) is None
            and names.longest(self.labels, self.folded, at) is None
        )

    def _joined(self) -> bool:
        return self.at > 0 and self.tokens[self.at - 1].casefold() in _JOINS

    def _label_of(self, key: Key) -> str:
        """The label of the action that is named: the player's own before another's, as spelled."""
        found = self._labels(key)
        own = [n for n in found if self.player in self.names.spellings[key][n]]
        return (own or found)[0]

    def _place_of(self, key: Key) -> str:
        """The label of the action that led to a place: one that did, as spelled."""
        found = self._labels(key)
        if len(found) == 1:
            return found[0]
        own = self.sets.of(self.player)
        led = (n for n in found if any(self.sets.fits(number, [n]) for number in own))
        return next(led, found[0])

    def _labels(self, key: Key) -> list[str]:
        return self._spelled(self.names.spellings[key])

    def _spelled(self, labels: Collection[str]) -> list[str]:
        return self.names.as_spelled(labels, self.text, self.starts[self.at])

    def _take_action(self, key: Key) -> None:
        label, length = self._label_of(key), len(key)
        sign = self.text[max(self.starts[self.at] - 1, 0) : self.starts[self.at]]
        if sign in _NOT and sign not in label:
            self._refuse(sign)
        anew = self._begins_anew(key, label)
        placed = self.phrase.places and (anew or not self._joined())
        if (self.waiting and not placed) or (
            (self.waiting or self.phrase.action) and not self.sets.has_action(self.player, label)
        ):
            self._add_place(self._place_of(key), length)
            return
        if self.phrase.action:
            self._finish()
        self.phrase.action = label
        self.at += length

    def _begins_anew(self, key: Key, label: str) -> bool:
        """Whether an action behind an "and" is done: ``bets after Bet and checks after Check``."""
        if not (self.phrase.action and self.tokens[self.at - 1].casefold() == "and"):
            return False
        end = self.at + len(key)
        bent = tuple(self.folded[self.at : end]) != words_of(label)
        ahead = [*self.folded[end : end + 2], "", ""]
        told = ahead[1] in _CHANCES or self._is_share(end + 1)
        placed = ahead[0] in _LEADING and not told
        return (bent or placed) and self.sets.has_action(self.player, label)

    def _add_place(self, label: str, length: int) -> None:
        before = self.tokens[self.at - 1].casefold() if self.at else ""
        if self.phrase.places and not self._alternative(before):
            self.phrase.places[-1].append(label)
        else:
            self.phrase.places.append([label])
        self.at += length

    def _alternative(self, before: str) -> bool:
        return before in _JOINS or before == ","

    def _finish(self, *, keep_places: bool = False) -> None:
        """Hand over a phrase. Places told before their action wait for it."""
        phrase = self.phrase
        if not phrase.action:
            if phrase.probability is not None:
                raise UserError(f"the profile gives {phrase.probability} to no action")
            if not keep_places and phrase.is_placed and self.at < len(self.tokens):
                return
            if not keep_places:
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
        found = [
            number
            for number in self.sets.named_by(self.player, phrase)
            if phrase.action in self.tree.information_sets[number].actions
        ]
        if phrase.otherwise and not mixes:
            found = [number for number in found if not self.claims.is_told(number)]
        if not found:
            who = "nobody" if self.player is None else self.tree.player_name(self.player)
            raise UserError(f"{who} has no action {phrase.action!r} where the profile says so")
        return found
