"""The written histories of a sketch as patterns that are followed step by step down a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nl2efg.game.effort import Effort
from nl2efg.game.history import SEEN_ACTION, loose, match_step, vagueness
from nl2efg.schema.sketch import Sketch, SketchChance, SketchClaim, SketchInformationSet

Entry = SketchInformationSet | SketchChance | SketchClaim


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One written history.

    Args:
        steps: labels and stars from the root.
        entry: the part of the sketch that it belongs to.
        place: the number of that part among all of its sketch.
        vagueness: how much of it is left open; the less, the more exact.
    """

    steps: tuple[str, ...]
    entry: Entry
    place: int
    vagueness: tuple[int, int]

    @property
    def seen(self) -> tuple[int, ...]:
        """Positions of the steps that the player has seen."""
        return tuple(place for place, step in enumerate(self.steps) if step == SEEN_ACTION)


def patterns_of(sketch: Sketch) -> list[Pattern]:
    """Every written history of a sketch: of moves first, then of ends."""
    entries: Iterable[Entry] = (*sketch.chance, *sketch.information_sets, *sketch.claims)
    return [
        Pattern(tuple(steps), entry, place, vagueness(steps))
        for place, entry in enumerate(entries)
        for steps in _histories(entry)
    ]


def _histories(entry: Entry) -> Sequence[Sequence[str]]:
    return [entry.history] if isinstance(entry, SketchClaim) else entry.histories


def below(
    live: Sequence[Pattern], depth: int, actions: Sequence[str], effort: Effort
) -> Iterator[tuple[int, list[Pattern]]]:
    """The patterns that go on with each action.

    Args:
        live: the patterns that have matched so far.
        depth: how many steps that were.
        actions: the labels of the move.
        effort: bounds the patterns that go on.

    Raises:
        EffortError: it takes more than ``effort`` has left.
    """
    places: dict[str, tuple[int, ...]] = {}
    following: list[list[Pattern]] = [[] for _ in actions]
    for pattern in live:
        if len(pattern.steps) <= depth:
            continue
        step = pattern.steps[depth]
        if step not in places:
            effort.spend(len(actions))
            places[step] = match_step(step, actions)
        effort.spend(len(places[step]))
        for place in places[step]:
            following[place].append(pattern)
    yield from enumerate(following)


def done(labels: Iterable[str]) -> tuple[str, ...]:
    """What was done, whatever the order: simultaneous moves may be told either way round."""
    return tuple(sorted(map(loose, labels)))
