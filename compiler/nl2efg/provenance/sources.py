"""Where each part of a game comes from: the line of the code and the sentence of the text."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import TypeVar

from nl2efg.game import CHANCE, NO_OUTCOME, GameTree
from nl2efg.game.effort import Effort, EffortError
from nl2efg.game.wording import told_payoffs
from nl2efg.prose.numbers import number_of, probabilities_in
from nl2efg.prose.players_in_text import players_in
from nl2efg.prose.text import Cue, Prose, prose_of, stem, words_of
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.built import SourceMap
from nl2efg.schema.record import Provenance
from nl2efg.schema.sketch import Sketch

MAX_STEPS = 50_000_000
"""What a game holds times the text: the characters that are looked through for labels and quotes,
and ``_LOOK`` for each sentence that is looked at for payoffs, labels and comments."""

Key = TypeVar("Key", bound=Hashable)

_LOOK = 32
"""Characters that are looked through in the time in which a sentence's words are compared."""

MAX_QUOTED = 20_000_000
"""Characters of sentences in all rows: parts of the game times the longest sentence. Of very long
ones the start is quoted, and never less than ``MIN_QUOTED``."""

MIN_QUOTED = 80

_NEAR = 4
"""A comment speaks for so many lines below it."""

_LAST_ACTIONS = 12
"""So many actions before an end are looked for in the sentence that gives its payoffs."""

_NUMBER = re.compile(r"[-−]?[$£€]?\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?\s*%?")


def provenance(
    tree: GameTree,
    *,
    text: str,
    sketch: Sketch | None = None,
    lines: SourceMap | None = None,
    code: str = "",
) -> tuple[Provenance, ...]:
    """Where every player, move, information set, probability and payoff of a game comes from.

    The sentence is the one that stage 1 quoted; else the one that a comment in the code repeats,
    or that names the part's labels and numbers (for payoffs the other way round). Where there is
    none, the part was assumed.

    Args:
        tree: the game.
        text: its description.
        sketch: stage 1's reading.
        lines: lines of the code behind the nodes, such as a build's source map.
        code: the code, for its comments.
    """
    rows = tuple(_Sources(tree, prose_of(text), sketch, lines, code).rows())
    longest = max(MIN_QUOTED, MAX_QUOTED // len(rows)) if rows else MIN_QUOTED
    return tuple(
        row.model_copy(update={"sentence": row.sentence[:longest]})
        if row.sentence is not None and len(row.sentence) > longest
        else row
        for row in rows
    )


class _Sources:
    """All that may support a part of a tree."""

    def __init__(
        self,
        tree: GameTree,
        prose: Prose,
        sketch: Sketch | None,
        lines: SourceMap | None,
        code: str,
    ) -> None:
        self.tree = tree
        self.prose = prose
        self.cast = players_in(tree.players, prose)
        self.sketch = sketch
        self.match = SketchMatch(tree, sketch) if sketch is not None else None
        self.lines = lines
        self.code = code
        self.effort = Effort(MAX_STEPS, "looking for the game in its description")
        self.naming = cache(self._naming)
        self.nearest = cache(self._while_it_lasts(self._nearest))
        self.labels_sentence = cache(self._while_it_lasts(self._labels_sentence))
        self.naming_player = cache(self._naming_player)
        self.hidden_sentence = cache(self._hidden_sentence)
        self.holding = cache(self._holding)
        self.payoff_sentence = cache(self._while_it_lasts(self._payoff_sentence))

    def _while_it_lasts(self, find: Callable[..., str | None]) -> Callable[..., str | None]:
        """The search, which finds nothing any more where all of them would take too long."""

        def found(*wanted: Hashable) -> str | None:
            try:
                return find(*wanted)
            except EffortError:
                return None

        return found

    def rows(self) -> Iterable[Provenance]:
        tree = self.tree
        for number, name in enumerate(tree.players):
            yield Provenance(
                kind="player",
                name=name,
                line=self._line_of_name(name),
                sentence=self._player_sentence(number),
            )
        for node, number in enumerate(tree.set_of):
            if number >= 0:
                yield from self._move_rows(node, number)
            if tree.outcome_of[node] != NO_OUTCOME:
                line = self._line("outcome", node)
                payoffs = tree.outcomes[tree.outcome_of[node]].payoffs
                yield Provenance(
                    kind="payoff",
                    name=told_payoffs(payoffs),
                    node=node,
                    line=line,
                    sentence=self._quoted.get(("payoff", node))
                    or self.payoff_sentence(self._last_labels(node), payoffs)
                    or self._comment_sentence(line),
                )

    def _move_rows(self, node: int, number: int) -> Iterable[Provenance]:
        tree = self.tree
        infoset = tree.information_sets[number]
        line = self._line("move", node)
        move_sentence = (
            self._quoted.get(("move", node))
            or self._comment_sentence(line)
            or self.labels_sentence(infoset.actions, infoset.player)
        )
        actions = ", ".join(infoset.actions)
        yield Provenance(
            kind="move",
            name=f"{tree.player_name(infoset.player)}: {actions}",
            node=node,
            information_set=number,
            line=line,
            sentence=move_sentence,
        )
        if node != tree.members[number][0]:
            return
        last = tree.members[number][-1]  # the line that closes the set says most about it
        line = self._line("information_set", last)
        if infoset.probabilities is not None:
            yield Provenance(
                kind="probability",
                name=", ".join(map(str, infoset.probabilities)),
                node=node,
                information_set=number,
                line=line,
                sentence=self._quoted.get(("move", node))
                or self._probability_sentence(infoset.probabilities),
            )
            return
        joined = len(tree.members[number]) > 1
        yield Provenance(
            kind="information set",
            name=infoset.label,
            node=node,
            information_set=number,
            line=line,
            sentence=self._quoted.get(("move", node))
            or (self.hidden_sentence(infoset.player) if joined else move_sentence),
        )

    def _line(self, part: str, node: int) -> int | None:
        if self.lines is None:
            return None
        found: Mapping[int, int] = getattr(self.lines, part)
        return found.get(node)

    def _line_of_name(self, name: str) -> int | None:
        places = [self.code.find(f"{mark}{name}{mark}") for mark in "\"'"]
        first = min((place for place in places if place >= 0), default=-1)
        return self.code.count("\n", 0, first) + 1 if first >= 0 else None

    @cached_property
    def _quoted(self) -> dict[tuple[str, int], str]:
        """Sentences behind the sketch's quotes, by what they are about and the node."""
        found: dict[tuple[str, int], str] = {}
        if self.sketch is None or self.match is None:
            return found
        match = self.match
        parts = (
            *(
                ("move", infoset.histories, infoset.quote)
                for infoset in self.sketch.information_sets
            ),
            *(("move", event.histories, event.quote) for event in self.sketch.chance),
            *(("payoff", [claim.history], claim.quote) for claim in self.sketch.claims),
        )
        sentence_of = cache(self._quoted_sentence)
        try:
            for kind, histories, quote in parts:
                sentence = sentence_of(quote)
                for history in histories if sentence else ():
                    for node in match.nodes(history):
                        found.setdefault((kind, node), sentence or "")
        except EffortError:
            pass  # the sketch is too large for the game or the text: what was found is good
        return found

    def _quoted_sentence(self, quote: str) -> str | None:
        self.effort.spend(len(self.prose.text) + len(quote))
        return self.prose.sentence_of(quote)

    @cached_property
    def _introductions(self) -> dict[int, str]:
        """For each player the sentence in which the sketch finds it introduced."""
        found: dict[int, str] = {}
        if self.sketch is None or self.match is None:
            return found
        try:
            for player in self.sketch.players:
                number = self.match.player(player.name)
                if number is not None and number not in found:
                    sentence = self._quoted_sentence(player.quote or player.name)
                    if sentence:
                        found[number] = sentence
        except EffortError:
            pass
        return found

    def _player_sentence(self, number: int) -> str | None:
        if number in self._introductions:
            return self._introductions[number]
        mentions = self.cast.mentions[number]
        return self.prose.sentence_at(mentions[0][0]) if mentions else None

    @cached_property
    def _comments(self) -> dict[int, str]:
        found: dict[int, str] = {}
        if "#" not in self.code:
            return found  # most programs have none, and reading their tokens takes long
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.code).readline):
                if token.type == tokenize.COMMENT:
                    found[token.start[0]] = token.string.lstrip("#! ")
        except (tokenize.TokenError, SyntaxError):
            pass  # what stands before the broken place is still good
        return found

    def _comment_sentence(self, line: int | None) -> str | None:
        """The sentence that the nearest comment above a line repeats."""
        if line is None:
            return None
        for above in range(line, line - _NEAR - 1, -1):
            if above in self._comments:
                return self.nearest(self._comments[above])
        return None

    @cached_property
    def _sentences_of_word(self) -> dict[str, list[int]]:
        """For each uncommon word the numbers of the sentences that hold it."""
        common = self.prose.vocabulary.common
        return _index(frozenset(words_of(one)) - common for one in self.prose.sentences)

    def _nearest(self, comment: str) -> str | None:
        """The sentence that shares most words with a comment, if that is most of the comment."""
        verbatim = self._quoted_sentence(comment)
        words = frozenset(words_of(comment)) - self.prose.vocabulary.common
        if verbatim or len(words) < 3:
            return verbatim
        scores = self._scores(self._sentences_of_word.get(word, ()) for word in words)
        best = min(scores, key=lambda number: (-scores[number], number), default=None)
        if best is None or scores[best] < max(3, 0.6 * len(words)):
            return None
        return self.prose.sentences[best]

    def _scores(self, named: Iterable[Iterable[int]]) -> Counter[int]:
        """How often each sentence is named."""
        scores: Counter[int] = Counter()
        for numbers in named:
            scores.update(numbers)
            self.effort.spend(_LOOK)
        self.effort.spend(_LOOK * scores.total())
        return scores

    def _naming(self, label: str) -> frozenset[int]:
        """The sentences that hold a label."""
        places = self.prose.mentions(label, self.effort)
        return frozenset(self.prose.sentence_number(start) for start, _ in places)

    def _labels_sentence(self, labels: tuple[str, ...], player: int) -> str | None:
        """The sentence that names most of a move's actions, and best its player too."""
        scores = self._scores(map(self.naming, labels))
        mover = frozenset[int]() if player == CHANCE else self.naming_player(player)
        best = max(
            scores,
            key=lambda number: (scores[number], number in mover, -number),
            default=None,
        )
        if best is None or scores[best] + (best in mover) < 2:
            return None
        return self.prose.sentences[best]

    def _naming_player(self, player: int) -> frozenset[int]:
        return frozenset(
            self.prose.sentence_number(start) for start, _ in self.cast.mentions[player]
        )

    def _hidden_sentence(self, player: int) -> str | None:
        cue = self._ignorant.get(player) or self.prose.first_cue("forgetting", "hidden")
        return cue.sentence if cue else None

    @cached_property
    def _ignorant(self) -> dict[int | None, Cue]:
        """For each player the first words that say that it does not know something."""
        found: dict[int | None, Cue] = {}
        for cue in self.prose.cues("ignorance"):
            found.setdefault(self.cast.before(cue), cue)
        return found

    @cached_property
    def _probabilities(self) -> dict[Fraction, tuple[int, str]]:
        """Of each probability in the text its rank and its first sentence."""
        found: dict[Fraction, tuple[int, str]] = {}
        for rank, (value, cue) in enumerate(probabilities_in(self.prose)):
            found.setdefault(value, (rank, cue.sentence))
        return found

    def _probability_sentence(self, given: tuple[Fraction, ...]) -> str | None:
        told = [self._probabilities[value] for value in set(given) if value in self._probabilities]
        if told:
            return min(told)[1]
        equal = self.prose.first_cue("uniform") if len(set(given)) == 1 else None
        return equal.sentence if equal else None

    @cached_property
    def _sentences_of_number(self) -> dict[Fraction, list[int]]:
        """For each number, without its sign, the sentences that hold it."""
        words = self.prose.vocabulary.numbers
        found = []
        for sentence in self.prose.sentences:
            written = [match[0] for match in _NUMBER.finditer(sentence)]
            written += [word for word in words_of(sentence) if word in words]
            values = (number_of(one.rstrip(","), words) for one in written)
            found.append({abs(value) for value in values if value is not None})
        return _index(found)

    @cached_property
    def _sentence_stems(self) -> list[frozenset[str]]:
        return [frozenset(map(stem, words_of(one))) for one in self.prose.sentences]

    def _last_labels(self, node: int) -> tuple[frozenset[str], ...]:
        """The stems of the last actions before a node, the latest first."""
        labels: list[frozenset[str]] = []
        while node and len(labels) < _LAST_ACTIONS:
            labels.append(_stems(self.tree.action_label(node)))
            node = self.tree.parents[node]
        return tuple(labels)

    def _holding(self, numbers: frozenset[Fraction]) -> list[int]:
        """The sentences that hold all of these numbers, in order."""
        known = sorted((self._sentences_of_number.get(one, []) for one in numbers), key=len)
        self.effort.spend(_LOOK * sum(map(len, known)))
        return sorted(set(known[0]).intersection(*known[1:])) if known else []

    def _payoff_sentence(
        self, labels: tuple[frozenset[str], ...], payoffs: tuple[Fraction, ...]
    ) -> str | None:
        """The sentence that holds every payoff and names most of the last actions.

        At least one action must stand in it, and the last one there or in the sentence before;
        others in the sentence before count half, as in "If Ann enters and Ben fights, both get 0.
        If he yields, both get 2."
        """
        best, best_score = None, 0
        for number in self.holding(frozenset(map(abs, payoffs))):
            self.effort.spend(_LOOK * (1 + len(labels)))
            stems = self._sentence_stems[number]
            near = stems | self._sentence_stems[number - 1] if number else stems
            here = sum(bool(label) and label <= stems for label in labels)
            score = here + sum(bool(label) and label <= near for label in labels)
            if here and labels[0] <= near and score > best_score:
                best, best_score = number, score
        return None if best is None else self.prose.sentences[best]


@lru_cache(maxsize=65536)
def _stems(label: str) -> frozenset[str]:
    return frozenset(map(stem, words_of(label)))


def _index(parts: Iterable[Iterable[Key]]) -> dict[Key, list[int]]:
    """For each entry the numbers of the parts that hold it, in order."""
    found: dict[Key, list[int]] = defaultdict(list)
    for number, entries in enumerate(parts):
        for entry in entries:
            found[entry].append(number)
    return found
