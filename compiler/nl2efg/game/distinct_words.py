"""Words that tell the members of a list apart, whatever their labels are.

Labels may repeat and may be empty; positions decide. Words have labels alone, so where those do
not tell apart, the words say which is meant: ``the first of two actions named 1``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nl2efg.text import one_line

_COUNTS = "no one two three four five six seven eight nine ten".split()  # noqa: SIM905
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()  # noqa: SIM905
_LIKE_OURS = re.compile(r"the (\w+ of \w+ )?(action|player)s? (named|without)\b")


@lru_cache(maxsize=4096)
def distinct_words(labels: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """A word for each label: the label itself where it tells its bearer from the others.

    No two words are equal, and none is empty, whatever the labels. White space and what does not
    show tell nothing apart.

    Args:
        labels: of the actions of an information set, or of the players.
        kind: what they are called, in the singular.

    Returns:
        The same tuple if every label will do.
    """
    shown = labels if all(map(_is_plain, labels)) else tuple(map(one_line, labels))
    plain = len(set(shown)) == len(shown) and "" not in shown
    if plain and not any(_LIKE_OURS.match(label) for label in shown):
        kept = zip(labels, shown, strict=True)
        words = tuple(label if len(label.splitlines()) == 1 else one for label, one in kept)
        return labels if words == labels else words
    counts: dict[str, int] = {}
    for one in shown:
        counts[one] = counts.get(one, 0) + 1
    met = dict.fromkeys(counts, 0)
    found = []
    for label, one in zip(labels, shown, strict=True):
        met[one] += 1
        alone = counts[one] == 1
        if alone and one and not _LIKE_OURS.match(one):
            found.append(label if len(label.splitlines()) == 1 else one)
            continue
        which = kind if alone else f"{_ordinal(met[one])} of {_count(counts[one])} {kind}s"
        found.append(f"the {which} {f'named {one}' if one else 'without a name'}")
    return tuple(found)


def _is_plain(label: str) -> bool:
    """Whether a label is sure to be shown as it is."""
    return label.isascii() and label.isprintable() and label == label.strip() and "  " not in label


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{('th', 'st', 'nd', 'rd')[last] if last < 4 else 'th'}"


def labels_that_name(owners: Sequence[int], labels: Sequence[str]) -> tuple[str, ...]:
    """Labels of information sets, without those that name nothing.

    Args:
        owners: the player of each set.
        labels: theirs.

    Returns:
        For each set its label, or nothing where another set of the same player has the same.
    """
    seen: dict[tuple[int, str], int] = {}
    keys = [(player, one_line(label)) for player, label in zip(owners, labels, strict=True)]
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
    return tuple(
        label if key[1] and seen[key] == 1 else "" for key, label in zip(keys, labels, strict=True)
    )
