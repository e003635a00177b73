"""Lines in the very words in which nl2efg tells an equilibrium, read back by position.

``Ann with Jack, after Check, Bet: Fold two times in three, Call one time in three``, or
``Fold 2/3, Call 1/3``. Everything else is for :mod:`nl2efg.library.profile_words`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from nl2efg.equilibria.wording import COUNTS, all_places
from nl2efg.errors import UserError
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability
from nl2efg.library.claims import Claims, probability_of

Told = list[tuple[int, Probability]]


def read_told_lines(tree: GameTree, text: str, claims: Claims) -> str:
    """Gather what lines in nl2efg's own words claim.

    Args:
        tree: the game.
        text: lines.
        claims: takes what is said.

    Returns:
        the lines that are told in other words.

    Raises:
        UserError: a line contradicts another one.
    """
    places, tree = all_places(tree), tree.told
    heads = {
        f"{tree.player_name(infoset.player)} {places[number]}: ": number
        for number, infoset in enumerate(tree.information_sets)
        if not infoset.is_chance
    }
    left: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        # The place may hold a colon itself.
        ends = [n + 2 for n in range(len(stripped)) if stripped.startswith(": ", n)]
        number = next((heads[stripped[:end]] for end in ends if stripped[:end] in heads), None)
        rows = None
        if number is not None:
            head = next(end for end in ends if stripped[:end] in heads)
            rows = _actions(tree.information_sets[number].actions, stripped[head:], 0)
        if number is None or rows is None:
            left.append(line)
            continue
        for action, probability in rows:
            claims.add(number, action, probability)
    return "\n".join(left)


def _actions(labels: tuple[str, ...], text: str, start: int) -> Told | None:
    """Actions with their probabilities, in the set's order; None if the text is something else."""
    for action in range(start, len(labels)):
        if not text.startswith(labels[action]):
            continue
        rest = text[len(labels[action]) :]
        if not rest and not start:
            return [(action, Fraction(1))]
        for words, more in _splits(rest):
            probability = _probability(words)
            if probability is None:
                continue
            if not more:
                return [(action, probability)]
            later = _actions(labels, more, action + 1)
            if later is not None:
                return [(action, probability), *later]
    return None


def _splits(rest: str) -> Iterator[tuple[str, str]]:
    """Probability words and what follows them."""
    if not rest.startswith(" "):
        return
    at = rest.find(", ")
    while at >= 0:
        yield rest[1:at], rest[at + 2 :]
        at = rest.find(", ", at + 2)
    yield rest[1:], ""


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
