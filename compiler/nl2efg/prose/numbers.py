"""Numbers that a text gives: in digits, as percentages and fractions, in words."""

from __future__ import annotations

import re
from fractions import Fraction

from nl2efg.game.numbers import exact_number
from nl2efg.prose.text import Cue, Prose

_CURRENCY = str.maketrans("", "", "$£€, \t\n")


def number_of(written: str, words: dict[str, str]) -> Fraction | None:
    """The exact value of a written number, or None: ``1/3``, ``0.25``, ``$3,000``, ``10 %``,
    ``two-thirds``.

    Args:
        words: numbers in words, as a vocabulary has them.
    """
    plain = " ".join(re.split(r"[\s-]+", written.strip().lower()))
    if plain in words:
        return Fraction(words[plain])
    scale = Fraction(1)
    if percent := re.fullmatch(r"(.*?)\s*(%|per ?cent)", plain):
        plain, scale = percent[1], Fraction(1, 100)
    bare = written if scale == 1 else plain
    bare = bare.strip().replace("−", "-").lstrip("+").translate(_CURRENCY)
    value = exact_number(bare)
    return None if value is None else value * scale


def valued_cues(prose: Prose, family: str) -> list[tuple[dict[str, str], Cue]]:
    """Cues of a family together with what their named groups hold."""
    text = prose.text
    searched, lowered = prose.searched
    pattern, _ = prose.vocabulary.family(family, lowered=lowered)
    found = []
    for cue in prose.cues(family):
        match = pattern.match(searched, cue.start)
        if match:
            spans = {name: match.span(name) for name in pattern.groupindex}
            groups = {name: text[start:end] for name, (start, end) in spans.items() if start < end}
            found.append((groups, cue))
    return found


def probabilities_in(prose: Prose) -> list[tuple[Fraction, Cue]]:
    """Every probability that the text gives in so many words, in order."""
    found = []
    for groups, cue in valued_cues(prose, "probability"):
        for written in groups.values():
            value = number_of(written, prose.vocabulary.numbers)
            if value is not None:
                found.append((value, cue))
    return found


def values_in(prose: Prose, family: str) -> list[tuple[Fraction, Cue]]:
    """Every number in a group ``value`` of a family, in order."""
    found = []
    for groups, cue in valued_cues(prose, family):
        value = number_of(groups.get("value", ""), prose.vocabulary.numbers)
        if value is not None:
            found.append((value, cue))
    return found


def vectors_in(prose: Prose, family: str) -> list[tuple[tuple[Fraction, ...], Cue]]:
    """Every bracketed vector in a group ``vector`` of a family, in order."""
    found = []
    for groups, cue in valued_cues(prose, family):
        parts = re.split(r"\s*,\s*", groups.get("vector", "").strip("()[] "))
        values = [number_of(part, prose.vocabulary.numbers) for part in parts]
        known = [value for value in values if value is not None]
        if known and len(known) == len(values):
            found.append((tuple(known), cue))
    return found
