"""Equilibria in words."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.game.knowledge_words import known_at
from nl2efg.game.profile import Probability
from nl2efg.game.wording import last_moves
from nl2efg.text import counted

COUNTS = (
    "never one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
)


MOVES = 30
"""Of a longer history so many last moves are told."""


def number_words(probability: Probability) -> str:
    """How often: ``always``, ``half the time``, ``two times in three``, ``with probability 5/17``.

    A floating-point probability is printed with six digits.
    """
    if isinstance(probability, float):
        return f"with probability {probability:.6g}"
    if probability == 1:
        return "always"
    if probability == Fraction(1, 2):
        return "half the time"
    over, under = probability.numerator, probability.denominator
    if over > 0 and under < len(COUNTS):
        times = "one time" if over == 1 else f"{COUNTS[over]} times"
        return f"{times} in {COUNTS[under]}"
    return f"with probability {probability}"


def _numeral(probability: Probability) -> str:
    return f"{probability:.6g}" if isinstance(probability, float) else str(probability)


def place_words(tree: GameTree, number: int) -> str:
    """An information set in words: its label, or what its player knows there.

    Where the player knows the same at another set, the histories are told that lead to this one.
    """
    label = tree.told.information_sets[number].label
    return f"at {label}" if label else all_places(tree)[number]


def all_places(tree: GameTree) -> tuple[str, ...]:
    """All information sets in words, as :func:`place_words`."""
    sets = tree.told.information_sets
    known = [f"at {each.label}" if each.label else known_at(tree, n) for n, each in enumerate(sets)]
    count = Counter((each.player, words) for each, words in zip(sets, known, strict=True))
    return tuple(
        words if each.label or count[each.player, words] == 1 else _histories(tree.told, number)
        for number, (each, words) in enumerate(zip(sets, known, strict=True))
    )


def _histories(tree: GameTree, number: int) -> str:
    members = tree.members[number]
    if members == (0,):
        return "at the start"
    later = [node for node in members if node]
    ways = [last_moves(tree, node, MOVES) for node in later[:3]]
    parted = ", " if any(" " in label for way in ways for label in way) else " "
    shown = [parted.join(way) for way in ways]
    more = "" if len(later) <= 3 else f" or {len(later) - 3} more"
    start = "" if len(later) == len(members) else "at the start or "
    return f"{start}after {' or '.join(f'({history})' for history in shown)}{more}"


def profile_words(profile: BehaviourProfile, *, numbers: bool = False) -> tuple[str, ...]:
    """One sentence for each information set of a player.

    Args:
        profile: what is played.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """
    sets, places = profile.tree.information_sets, all_places(profile.tree)
    return tuple(
        set_words(profile, number, places[number], numbers=numbers)
        for number, own in enumerate(sets)
        if own.player != CHANCE
    )


def set_words(
    profile: BehaviourProfile, number: int, place: str = "", *, numbers: bool = False
) -> str:
    """What is played at an information set, in a sentence.

    Args:
        number: the set.
        place: where that is; by default as :func:`place_words` has it.
        numbers: as of :func:`profile_words`.
    """
    tree = profile.tree.told
    infoset = tree.information_sets[number]
    parts = [
        f"{action} {_numeral(p) if numbers else number_words(p)}" if p != 1 else action
        for action, p in zip(infoset.actions, profile.probabilities[number], strict=True)
        if p
    ]
    place = place or place_words(tree, number)
    return f"{tree.player_name(infoset.player)} {place}: {', '.join(parts)}"


def brief_words(
    profile: BehaviourProfile, most: int, *, numbers: bool = False
) -> tuple[dict[int, str], tuple[str, ...]]:
    """A strategy in at most so many sentences.

    A short one is told whole, in the order of the sets; of a longer one, by player, the sets that
    play comes to most often, each by what its player knows there.

    Args:
        most: how many sentences.
        numbers: as of :func:`profile_words`.

    Returns:
        Sentences by their information sets, and one for each player on what is left out.
    """
    tree = profile.tree
    own = [n for n, infoset in enumerate(tree.information_sets) if infoset.player != CHANCE]
    if len(own) <= most:
        places = all_places(tree)
        return {n: set_words(profile, n, places[n], numbers=numbers) for n in own}, ()
    often = {n: float(sum(profile.reach[node] for node in tree.members[n])) for n in own}
    found: dict[int, str] = {}
    left: list[str] = []
    movers = sorted({tree.information_sets[n].player for n in own})
    for player in movers:
        sets = [n for n in own if tree.information_sets[n].player == player]
        sets.sort(key=lambda n: -often[n])
        shown = sets[: max(most // len(movers), 1)]
        known = {n: known_at(tree, n) for n in shown if not tree.information_sets[n].label}
        told = list(known.values())
        for n in shown:
            single = told.count(known.get(n, "")) == 1
            found[n] = set_words(profile, n, known[n] if single else "", numbers=numbers)
        if len(shown) < len(sets):
            rest = sets[len(shown) :]
            reached = sum(often[n] > 0 for n in rest)
            left.append(
                f"{tree.player_name(player)}: {counted(len(rest), 'more information set')}, "
                f"of which play comes to {reached}"
            )
    return found, tuple(left)


def departure_words(tree: GameTree, deviation: dict[int, int]) -> str:
    """A deviation in words; empty if there is none."""
    return "; ".join(
        f"{tree.information_sets[number].actions[action]} {place_words(tree, number)}"
        for number, action in deviation.items()
    )
