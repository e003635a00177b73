"""What a compilation tells of the text's open points and contradictions, against what it must tell.

A game's ``expected.json`` lists in short words what a correct compilation has to report as assumed,
and where the text contradicts itself. An entry is told if one reported point of its kind has all of
the entry's numbers, and for each of its words of four letters or more a word that begins with it:
``"3 or 4 for the rent"`` is told by *"Is the rent 3 or 4?"*. Words with bars between them are
alternatives: ``"payoff|worth"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nl2efg.evaluation.expected import Expected
from nl2efg.examination.open_points import OpenPoints
from nl2efg.schema.sketch import Sketch, SketchAssumption

_KEY = re.compile(r"\d+(?:[./]\d+)?|[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Points:
    """What a compile reported, each point in words."""

    assumptions: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """Points against what must be reported.

    Args:
        told: entries of ``expected.json`` that were reported.
        missing: those that were not.
        further: how many points were reported that no entry asks for.
    """

    told: tuple[str, ...]
    missing: tuple[str, ...]
    further: int


def points_of(sketch: Sketch | None, second: OpenPoints | None = None) -> Points:
    """The points that a compile reports.

    Args:
        sketch: of the first reading, if there is one.
        second: what a second reader says of open points, where one was asked.
    """
    further = second.further if second is not None else ()
    if sketch is None:
        return Points(further)
    settled = dict(second.settled) if second is not None else {}
    kept = [each for each in sketch.assumptions if each.question not in settled]
    return Points((*map(_in_words, kept), *further), tuple(map(_in_words, sketch.contradictions)))


def report(points: Points, expected: Expected) -> Reported:
    """Count which demanded entries the points tell."""
    told: list[str] = []
    missing: list[str] = []
    further = 0
    for entries, given in (
        (expected.assumptions, points.assumptions),
        (expected.contradictions, points.contradictions),
    ):
        for entry in entries:
            (told if any(tells(point, entry) for point in given) else missing).append(entry)
        further += sum(not any(tells(point, entry) for entry in entries) for point in given)
    return Reported(tuple(told), tuple(missing), further)


def tells(point: str, entry: str) -> bool:
    """Whether a point says what an entry asks for; see the top of this module."""
    wanted = _wanted(entry)
    if not wanted:
        return entry.casefold() in point.casefold()
    said = set(_keys(point))
    return all(any(_says(said, key) for key in alternatives) for alternatives in wanted)


def _wanted(entry: str) -> list[list[str]]:
    """What must be said: of each list one."""
    found: list[list[str]] = []
    for chunk in entry.split():
        keys = _keys(chunk)
        found += [keys] if "|" in chunk else [[key] for key in keys]
    return list(filter(None, found))


def _says(said: set[str], key: str) -> bool:
    if key[0].isdecimal():
        return key in said
    return any(word.startswith(key) for word in said)


def _keys(text: str) -> list[str]:
    return _KEY.findall(text.casefold())


def _in_words(point: SketchAssumption) -> str:
    return " ".join(filter(None, (point.question, point.assumed)))


def total(found: Iterable[Reported]) -> tuple[int, int, int]:
    """How many entries were demanded, how many told, and how many points were further ones."""
    rows = list(found)
    told = sum(len(each.told) for each in rows)
    return told + sum(len(each.missing) for each in rows), told, sum(each.further for each in rows)
