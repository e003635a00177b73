"""Where each part of a game comes from: the line of the code and the sentence of the text."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property

from nl2efg.game import CHANCE, NO_OUTCOME, GameTree
from nl2efg.game.wording import told_payoffs
from nl2efg.prose.numbers import number_of, probabilities_in
from nl2efg.prose.players_in_text import PlayersInText
from nl2efg.prose.text import Prose, stem, words_of
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.built import SourceMap
from nl2efg.schema.record import Provenance
from nl2efg.schema.sketch import Sketch

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
    return tuple(_Sources(tree, Prose(text), sketch, lines, code).rows())


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
        self.cast = PlayersInText(tree.players, prose)
        self.sketch = sketch
        self.lines = lines
        self.code = code
        self.naming = cache(self._naming)
        self.nearest = cache(self._nearest)
        self.labels_sentence = cache(self._labels_sentence)

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
                    or self._payoff_sentence(node, payoffs)
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
            or (self._hidden_sentence(infoset.player) if joined else move_sentence),
        )

    def _line(self, part: str, node: int) -> int | None:
        if self.lines is None:
            return None
        found: Mapping[int, int] = getattr(self.lines, part)
        return found.get(node)

    def _line_of_name(self, name: str) -> int | None:
        for number, line in enumerate(self.code.splitlines(), start=1):
            if f'"{name}"' in line or f"'{name}'" in line:
                return number
        return None

    @cached_property
    def _quoted(self) -> dict[tuple[str, int], str]:
        """Sentences behind the sketch's quotes, by what they are about and the node."""
        found: dict[tuple[str, int], str] = {}
        if self.sketch is None:
            return found
        match = SketchMatch(self.tree, self.sketch)
        for kind, histories, quote in (
            *(
                ("move", infoset.histories, infoset.quote)
                for infoset in self.sketch.information_sets
            ),
            *(("move", event.histories, event.quote) for event in self.sketch.chance),
            *(("payoff", [claim.history], claim.quote) for claim in self.sketch.claims),
        ):
            sentence = self.prose.sentence_of(quote)
            if sentence:
                for history in histories:
                    for node in match.nodes(history):
                        found.setdefault((kind, node), sentence)
        return found

    def _player_sentence(self, number: int) -> str | None:
        if self.sketch is not None:
            match = SketchMatch(self.tree, self.sketch)
            for player in self.sketch.players:
                if match.player(player.name) == number:
                    sentence = self.prose.sentence_of(player.quote or player.name)
                    if sentence:
                        return sentence
        mentions = self.cast.mentions[number]
        return self.prose.sentence_at(mentions[0][0]) if mentions else None

    @cached_property
    def _comments(self) -> dict[int, str]:
        found = {}
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
    def _sentence_words(self) -> list[frozenset[str]]:
        common = self.prose.vocabulary.common
        return [frozenset(words_of(one)) - common for one in self.prose.sentences]

    def _nearest(self, comment: str) -> str | None:
        """The sentence that shares most words with a comment, if that is most of the comment."""
        verbatim = self.prose.sentence_of(comment)
        words = frozenset(words_of(comment)) - self.prose.vocabulary.common
        if verbatim or len(words) < 3:
            return verbatim
        scores = [len(words & sentence) for sentence in self._sentence_words]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None or scores[best] < max(3, 0.6 * len(words)):
            return None
        return self.prose.sentences[best]

    def _naming(self, label: str) -> frozenset[int]:
        """The sentences that hold a label."""
        found = {self.prose.sentence_at(start) for start, _ in self.prose.mentions(label)}
        return frozenset(n for n, one in enumerate(self.prose.sentences) if one in found)

    def _labels_sentence(self, labels: tuple[str, ...], player: int) -> str | None:
        """The sentence that names most of a move's actions, and best its player too."""
        named = [self.naming(label) for label in labels]
        mover = frozenset[int]() if player == CHANCE else self._naming_player(player)
        scores = [
            (sum(number in one for one in named), number in mover)
            for number in range(len(self.prose.sentences))
        ]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None or sum(scores[best]) < 2 or not scores[best][0]:
            return None
        return self.prose.sentences[best]

    def _naming_player(self, player: int) -> frozenset[int]:
        found = {self.prose.sentence_at(start) for start, _ in self.cast.mentions[player]}
        return frozenset(n for n, one in enumerate(self.prose.sentences) if one in found)

    def _hidden_sentence(self, player: int) -> str | None:
        cues = self.prose.cues("ignorance")
        named = [cue for cue in cues if self.cast.before(cue) == player]
        cue = next(iter(named), None) or self.prose.first_cue("forgetting", "hidden")
        return cue.sentence if cue else None

    def _probability_sentence(self, given: tuple[Fraction, ...]) -> str | None:
        for value, cue in probabilities_in(self.prose):
            if value in given:
                return cue.sentence
        equal = self.prose.first_cue("uniform") if len(set(given)) == 1 else None
        return equal.sentence if equal else None

    @cached_property
    def _sentence_numbers(self) -> list[frozenset[Fraction]]:
        words = self.prose.vocabulary.numbers
        found = []
        for sentence in self.prose.sentences:
            written = [match[0] for match in _NUMBER.finditer(sentence)]
            written += [word for word in words_of(sentence) if word in words]
            values = (number_of(one.rstrip(","), words) for one in written)
            found.append(frozenset(abs(value) for value in values if value is not None))
        return found

    @cached_property
    def _sentence_stems(self) -> list[frozenset[str]]:
        return [frozenset(map(stem, words_of(one))) for one in self.prose.sentences]

    def _payoff_sentence(self, node: int, payoffs: tuple[Fraction, ...]) -> str | None:
        """The sentence that holds every payoff and names most of the last actions.

        At least one action must stand in it, and the last one there or in the sentence before;
        others in the sentence before count half, as in "If Ann enters and Ben fights, both get 0.
        If he yields, both get 2."
        """
        wanted = {abs(payoff) for payoff in payoffs}
        labels: list[frozenset[str]] = []
        while node and len(labels) < _LAST_ACTIONS:
            labels.append(frozenset(map(stem, words_of(self.tree.action_label(node)))))
            node = self.tree.parents[node]
        best, best_score = None, 0
        before: frozenset[str] = frozenset()
        for number, stems in enumerate(self._sentence_stems):
            if wanted <= self._sentence_numbers[number]:
                near = stems | before
                here = sum(bool(label) and label <= stems for label in labels)
                score = here + sum(bool(label) and label <= near for label in labels)
                if here and labels[0] <= near and score > best_score:
                    best, best_score = number, score
            before = stems
        return None if best is None else self.prose.sentences[best]
