"""sweep(): a family solved at every point of its axes, on all cores, resumable."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

from nl2efg.batch.storage.append_log import Part, read_entries
from nl2efg.errors import UserError
from nl2efg.families import GameFamily
from nl2efg.sweeps import axes as axes_module
from nl2efg.sweeps.axes import Axis, read_axis
from nl2efg.sweeps.point import Job, Point, solve_chunk
from nl2efg.sweeps.processes import results

CHUNK = 100
"""Points that a process takes at a time."""

MOST_DRAWN = 2
"""Axes that a picture has at most."""
_ALONE = 300  # up to so many points, starting processes costs more than they save


@dataclass(frozen=True, repr=False)
class Sweep:
    """What came out at every point.

    Args:
        family: the game.
        axes: of one parameter each.
        points: in the order of the axes, the last one running fastest.
    """

    family: GameFamily
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]

    def __repr__(self) -> str:
        axes = ", ".join(axis.symbol for axis in self.axes)
        return f"<Sweep over {axes}: {len(self.points)} points, {len(self.types)} types>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The picture for notebooks; of more than two axes the text alone."""
        picture = {"image/svg+xml": self.svg()} if len(self.axes) <= MOST_DRAWN else {}
        return {**picture, "text/plain": repr(self)}

    @property
    def types(self) -> dict[str, int]:
        """How many points there are of each type of equilibrium, the most frequent first."""
        found: dict[str, int] = {}
        for point in self.points:
            if point.certified:
                found[point.type] = found.get(point.type, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def svg(self, player: str = "") -> str:
        """The picture: regimes over a plane, or values along a line.

        Args:
            player: over a plane, draw this player's value instead of the regimes.

        Raises:
            UserError: more than two axes, or no such player.
        """
        from nl2efg.sweeps.picture import picture

        return picture(self, player)


def sweep(
    family: GameFamily,
    over: Sequence[str | Axis],
    *,
    concept: str = "spe",
    budget: float = 10.0,
    workers: int | None = None,
    log: Path | None = None,
    ray: str | None = None,
    count: Callable[[int], None] = lambda _: None,
) -> Sweep:
    """Solve a family at every point of its axes.

    Args:
        family: the game; parameters that no axis names keep their values.
        over: axes, such as ``c=0:1:101``.
        concept, budget, workers, log, ray, count: as of :func:`nl2efg.sweep`.

    Raises:
        UserError: an axis that cannot be, or a log of another sweep.
    """
    axes = tuple(each if isinstance(each, Axis) else read_axis(each, family) for each in over)
    axes_module.count(axes)
    symbols = tuple(axis.symbol for axis in axes)
    every = list(axes_module.points(axes))
    done = _finished(log, family, axes, concept) if log else {}
    keys = [tuple(map(str, point)) for point in every]
    missing = [point for point, key in zip(every, keys, strict=True) if key not in done]
    count(len(every) - len(missing))
    part = Part(log) if log else None
    try:
        if part and not done:
            part.append(_head(family, axes, concept))
        # What runs the program again is found anew in each process.
        jobs = _jobs(replace(family, run=None), symbols, missing, concept, budget)
        for rows in _run(jobs, len(missing), workers, ray):
            for point in rows:
                done[point.values] = point
                if part:
                    part.append({"point": point.record()})
            count(len(rows))
    finally:
        if part:
            part.close()
    return Sweep(family, axes, tuple(done[key] for key in keys))


def _jobs(
    family: GameFamily,
    symbols: tuple[str, ...],
    missing: list[tuple[Fraction, ...]],
    concept: str,
    budget: float,
) -> Iterator[Job]:
    rest = iter(missing)
    while chunk := tuple(islice(rest, CHUNK)):
        yield family, symbols, chunk, concept, budget


def _run(
    jobs: Iterable[Job], size: int, workers: int | None, ray: str | None
) -> Iterator[list[Point]]:
    if ray is not None:
        yield from _on_ray(jobs, ray)
        return
    processes = workers or os.cpu_count() or 1
    if processes == 1 or size <= _ALONE:
        yield from map(solve_chunk, jobs)
        return
    yield from results(jobs, processes)


def _on_ray(jobs: Iterable[Job], address: str) -> Iterator[list[Point]]:
    from nl2efg.batch.engines.ray.connection import connected, loaded

    with loaded(address) as module, connected(module, address):
        remote = module.remote(solve_chunk)
        waiting = [remote.remote(job) for job in jobs]
        while waiting:
            ready, waiting = module.wait(waiting)
            yield from module.get(ready)


def _head(family: GameFamily, axes: Sequence[Axis], concept: str) -> dict[str, object]:
    """What a log must begin with to belong to a sweep."""
    fixed = {
        symbol: str(value)
        for symbol, value in family.values.items()
        if symbol not in {axis.symbol for axis in axes}
    }
    return {
        "game": family.tree.title,
        "axes": [axis.symbol for axis in axes],
        "fixed": fixed,
        "concept": concept,
    }


def _finished(
    log: Path, family: GameFamily, axes: Sequence[Axis], concept: str
) -> dict[tuple[str, ...], Point]:
    if not log.exists() or not log.stat().st_size:
        return {}
    entries = [entry.data for entry in read_entries(log)]
    if not entries or entries[0] != _head(family, axes, concept):
        raise UserError(
            f"{log} is the log of another sweep; nothing was overwritten",
            hint="name another --output, or move the file away",
        )
    points = [Point.from_record(entry["point"]) for entry in entries[1:]]
    return {point.values: point for point in points}
