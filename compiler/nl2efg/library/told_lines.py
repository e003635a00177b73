"""Lines in the very words in which nl2efg tells an equilibrium, read back by position.

``Ann with Jack, after Check, Bet: Fold two times in three, Call one time in three``, or
``Fold 2/3, Call 1/3``. Everything else is for :mod:`nl2efg.library.profile_words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from nl2efg.equilibria.wording import COUNTS, all_places
from nl2efg.errors import UserError
from nl2efg.game.effort import Effort
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability
from nl2efg.library.claims import Claims, probability_of
from nl2efg.library.names import words_of

Told = list[tuple[int, Probability]]

MAX_STEPS = 5_000_000
"""Labels that are tried at all places of all lines, and hundreds of characters of their heads."""

_LONGEST = 5_000
"""Characters of a probability: more than any number has that is read."""

_CHARACTERS = 100

_END = re.compile(r"[.;](?:\s+|$)")
"""Between sentences of one line."""


def read_told_lines(tree: GameTree, text: str, claims: Claims) -> str:
    """Gather what lines in nl2efg's own words claim.

    Args:
        tree: the game.
        text: lines.
        claims: takes what is said.

    Returns:
        the lines that are told in other words.

    Raises:
        UserError: a line contradicts another one, or text and game are both very large.
    """
    lines = _Lines(tree)
    left: list[str] = []
    others: list[str] = []
    for line in text.split("\n"):
        found = lines.read(line.strip())
        if found is None:  # several on one line
            parts = [lines.read(part.strip()) for part in _END.split(line) if part.strip()]
            found = [told for part in parts for told in part or ()] if all(parts) else None
        if found is None or not line.strip():
            left.append(line)
            others.append(line)
            continue
        for number, action, probability in found:
            claims.add(number, action, probability)
        left.append(_player_of(tree, claims, found))  # whom the next line may still speak of
        others.append("")
    return "\n".join(left) if any(map(str.strip, others)) else ""


def _player_of(tree: GameTree, claims: Claims, found: Sequence[tuple[int, int, object]]) -> str:
    """The name of the player of the last information set, if sentences can be told by it."""
    if not found:
        return ""
    name = claims.tree.player_name(tree.information_sets[found[-1][0]].player)
    return name if words_of(name) in claims.names.players else ""


class _Lines:
    """Reads lines that begin with a player and a place of a game.

    Args:
        tree: the game.
    """

    def __init__(self, tree: GameTree) -> None:
        places, self.tree = all_places(tree), tree.told
        self.heads = {
            f"{self.tree.player_name(infoset.player)} {places[number]}: ": number
            for number, infoset in enumerate(self.tree.information_sets)
            if not infoset.is_chance
        }
        self.longest = max(map(len, self.heads), default=0)
        self.effort = Effort(MAX_STEPS, "reading the profile")

    def read(self, line: str) -> list[tuple[int, int, Probability]] | None:
        """Set, action and probability of each action of a line; None if it is told otherwise.

        Args:
            line: the line, without space around it.
        """
        # The place may hold a colon itself.
        ends = [n + 2 for n in range(self.longest) if line.startswith(": ", n)]
        self.effort.spend(len(ends) * self.longest // _CHARACTERS)
        head = next((end for end in ends if line[:end] in self.heads), None)
        if head is None:
            return None
        number = self.heads[line[:head]]
        rows = _actions(self.tree.information_sets[number].actions, line, head, self.effort)
        return None if rows is None else [(number, *row) for row in rows]


def _actions(labels: tuple[str, ...], text: str, head: int, effort: Effort) -> Told | None:
    """Actions with their probabilities, in the set's order; None if the text is something else.

    Args:
        labels: of the actions.
        text: a line.
        head: where the actions begin in it.
        effort: counts the labels that are tried.
    """
    if text[head:] in labels:
        return [(labels.index(text[head:]), Fraction(1))]
    path: Told = []
    places = [head]  # where each action of the path begins, and where the next one does
    action = 0
    while True:
        found = None
        while action < len(labels) and found is None:
            effort.spend(1)
            found = _one(labels[action], text, places[-1])
            action += 1
        if found is not None:
            probability, end = found
            path.append((action - 1, probability))
            if end > len(text):
                return path
            places.append(end)
        elif path:  # another action may begin where the last one did: names may hold commas
            places.pop()
            action = path.pop()[0] + 1
        else:
            return None


def _one(label: str, text: str, start: int) -> tuple[Probability, int] | None:
    """The probability of an action that is told at a place, and where the next one begins."""
    words = start + len(label) + 1
    if not text.startswith(f"{label} ", start):
        return None
    end = text.find(", ", words)
    end = len(text) if end < 0 else end
    if end - words > _LONGEST:
        return None
    probability = _probability(text[words:end])
    return None if probability is None else (probability, end + 2)


def _probability(words: str) -> Probability | None:
    """The inverse of :func:`nl2efg.equilibria.wording.number_words`, and of its numerals."""
    if words == "always":
        return Fraction(1)
    if words == "half the time":
        return Fraction(1, 2)
    number = words.removeprefix("with probability ")
    if number != words or (words[:1].isdecimal() and " " not in words):
        try:
            return probability_of(number)
        except UserError:
            return None
    over, _, under = words.partition(" times in " if " times in " in words else " time in ")
    if over in COUNTS[1:] and under in COUNTS[1:]:
        return Fraction(COUNTS.index(over), COUNTS.index(under))
    return None
