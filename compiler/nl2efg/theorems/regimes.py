"""Regimes: the parts of a domain of one or two letters in which the same equilibria hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nl2efg.families.conditions import Condition
from nl2efg.theorems.conjunctions import conjunction
from nl2efg.theorems.curves import ARC, CORNER, FACE
from nl2efg.theorems.line import Interval, Line
from nl2efg.theorems.plane import Plane

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Regime:
    """Open cells on which the same equilibria hold; cells without one are a regime too.

    Args:
        equilibria: numbers of those that hold, from 1.
        region: the cells, in words of mathematics; empty for the whole domain.
        point: a rational point of the regime, by symbol.
        alternatives: with two letters, the region as conditions: all of a group hold, for one of
            the groups.
        undecided: whether there may be more equilibria, as candidates were left out there.
    """

    equilibria: tuple[int, ...]
    region: str
    point: dict[str, Fraction]
    alternatives: tuple[tuple[Condition, ...], ...] = ()
    undecided: bool = False


@dataclass(frozen=True)
class Regimes:
    """A domain cut into cells on which no condition changes its sign, and what holds on each.

    Args:
        parts: those of the open cells.
        counts: how many cells there are, by name: intervals and points, or faces, arcs, corners.
        bare: cells of lower dimension on which nothing holds, each as a rational point by symbol;
            None stands for one without a rational point at hand.
        whole: whether all cells of lower dimension were looked at; the open ones always are.
        linear: whether every condition is of the first degree in each letter.
    """

    parts: tuple[Regime, ...]
    counts: dict[str, int]
    bare: tuple[dict[str, Fraction] | None, ...] = ()
    whole: bool = True
    linear: bool = True

    @property
    def gaps(self) -> tuple[Regime, ...]:
        """The regimes without an equilibrium."""
        return tuple(part for part in self.parts if not part.equilibria)

    def record(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "parts": [
                {
                    "equilibria": list(part.equilibria),
                    "region": part.region,
                    "point": {symbol: str(value) for symbol, value in part.point.items()},
                    "undecided": part.undecided,
                }
                for part in self.parts
            ],
            "cells": self.counts,
            "bare_boundary_cells": len(self.bare),
            "all_boundary_cells_known": self.whole,
        }


Held = tuple[tuple[int, ...], bool]
"""Which equilibria hold on a cell, and whether there may be more."""


def regimes_of(
    cut: Line | Plane, held: Sequence[Sequence[bool]], left_out: Sequence[Sequence[bool]] = ()
) -> Regimes:
    """The regimes of a line or a plane.

    Args:
        cut: the cells.
        held: for each equilibrium and each cell whether it is one there.
        left_out: for each candidate that was left out and each cell whether it may be one there.
    """
    sets: list[Held] = [
        (
            tuple(number for number, own in enumerate(held, 1) if own[place]),
            any(own[place] for own in left_out),
        )
        for place in range(len(cut.cells))
    ]
    return _of_line(cut, sets) if isinstance(cut, Line) else _of_plane(cut, sets)


def _of_line(line: Line, sets: Sequence[Held]) -> Regimes:
    opened = [n for n, cell in enumerate(line.cells) if not cell.is_root]
    parts = []
    for own in sorted({sets[n] for n in opened}, key=_order):
        chosen = [n for n in opened if sets[n] == own]
        point = line.cells[chosen[0]].point
        assert point is not None
        whole = len(chosen) == len(opened)
        text = (
            ""
            if whole
            else " or ".join(each.text(line.symbol) for each in _joined(line, sets, chosen))
        )
        parts.append(Regime(own[0], text, {line.symbol: point}, (), own[1]))
    points = [n for n, cell in enumerate(line.cells) if cell.is_root]
    bare = [line.cells[n].point for n in points if not sets[n][0]]
    return Regimes(
        tuple(parts),
        {"intervals": len(opened), "points": len(points)},
        tuple(None if each is None else {line.symbol: each} for each in bare),
    )


def _joined(line: Line, sets: Sequence[Held], chosen: Collection[int]) -> Iterable[Interval]:
    """Chosen open cells; neighbours are joined if what holds on them holds between them too."""
    found: list[Interval] = []
    last = len(line.cells) - 1
    for n in sorted(chosen):
        cell = line.cells[n]
        low = None if n == 0 or (n == 1 and line.cells[0].is_root) else cell.low
        high = None if n == last or (n == last - 1 and line.cells[last].is_root) else cell.high
        through = set(sets[n][0]) <= set(sets[n - 1][0])
        joins = n - 2 in chosen and through and line.cells[n - 1].is_root
        if joins and found:
            found[-1] = Interval(found[-1].low, high, False, False)
        else:
            found.append(Interval(low, high, False, False))
    return found


def _of_plane(plane: Plane, sets: Sequence[Held]) -> Regimes:
    symbols = plane.letters.symbols
    faces = [n for n, cell in enumerate(plane.cells) if cell.dimension == FACE]
    parts = []
    for own in sorted({sets[n] for n in faces}, key=_order):
        chosen = {n for n in faces if sets[n] == own}
        alternatives = plane.region(chosen)
        texts = [" and ".join(conjunction(group)) for group in alternatives]
        point = plane.cells[min(chosen)].point
        assert point is not None
        values = dict(zip(symbols, point, strict=True))
        parts.append(Regime(own[0], _alternatives(texts), values, alternatives, own[1]))
    counts = {
        name: sum(cell.dimension == dimension for cell in plane.cells)
        for name, dimension in (("faces", FACE), ("arcs", ARC), ("corners", CORNER))
    }
    bare = [
        None if cell.point is None else dict(zip(symbols, cell.point, strict=True))
        for n, cell in enumerate(plane.cells)
        if cell.dimension != FACE and not sets[n][0]
    ]
    return Regimes(tuple(parts), counts, tuple(bare), plane.whole, plane.is_linear)


def _alternatives(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return " or ".join(f"({text})" if " and " in text else text for text in texts)


def _order(own: Held) -> tuple[bool, Held]:
    """Regimes by their equilibria; those without any last."""
    return not own[0], own


def behaviours(rows: Sequence[object]) -> tuple[int, ...]:
    """For each equilibrium the number, from 1, of the first one with the same strategies.

    Args:
        rows: strategies of every equilibrium.
    """
    return tuple(rows.index(own) + 1 for own in rows)


def counts_words(counts: Mapping[str, int]) -> str:
    """How many cells there are: ``2 faces, 1 arc``."""
    told = [f"{n} {name[:-1] if n == 1 else name}" for name, n in counts.items() if n]
    return ", ".join(told)
