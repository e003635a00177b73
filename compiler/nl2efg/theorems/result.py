"""What is found about a family: equilibria with their conditions, and what they cover together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nl2efg.families.conditions import Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.theorems.belief_range import BeliefRange
from nl2efg.theorems.conjunctions import conjunction
from nl2efg.theorems.line import Interval
from nl2efg.theorems.regimes import Regimes


@dataclass(frozen=True)
class FamilyCertificate:
    """How an equilibrium's conditions were verified.

    Args:
        inequalities: regrets of one-shot and stage deviations that have to be no gain, before
            those that follow from others were left out.
        inside, outside: random rational points at which the profile was certified as an
            equilibrium, exactly, and refuted.
        cells: with one or two letters, a rational point of each cell of the domain, with whether
            the profile was certified there; on no cell does a condition change its sign.
        failures: points at which the certificate did not agree, which there should be none of.
    """

    inequalities: int
    inside: int
    outside: int
    cells: tuple[tuple[tuple[Fraction, ...], bool], ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every check agreed."""
        return not self.failures


@dataclass(frozen=True, repr=False)
class SymbolicEquilibrium:
    """A type of equilibrium: strategies as expressions, and exactly where it is one.

    Args:
        family: the game.
        rows: for each information set, chance included, the probabilities of its actions.
        values: what each player gets.
        conditions: it is an equilibrium exactly where all of them hold, within the domain.
        pure: whether nobody mixes.
        certificate: how that was verified.
        intervals: with one letter, where that is.
        beliefs: at sets of two nodes off the path, the beliefs that carry it.
    """

    family: GameFamily
    rows: tuple[tuple[Expression, ...], ...]
    values: tuple[Expression, ...]
    conditions: tuple[Condition, ...]
    pure: bool
    certificate: FamilyCertificate
    intervals: tuple[Interval, ...] | None = None
    beliefs: tuple[BeliefRange, ...] = ()

    def __repr__(self) -> str:
        gets = ", ".join(value.text for value in self.values)
        return f"<SymbolicEquilibrium if {self.region or 'anything'}: {gets}>"

    def holds(self, values: Mapping[str, Fraction]) -> bool:
        """Whether it is an equilibrium where the letters have these values."""
        return all(condition.holds(values) for condition in self.conditions)

    def profile(self, tree: GameTree, values: Mapping[str, Fraction]) -> BehaviourProfile:
        """The profile where the letters have these values.

        Args:
            tree: the game there.

        Raises:
            ZeroDivisionError: a probability divides by zero there.
        """
        return BehaviourProfile(tree, tuple(tuple(p.at(values) for p in row) for row in self.rows))

    @property
    def region(self) -> str:
        """Where it is an equilibrium, in words of mathematics; empty for the whole domain."""
        if self.intervals is not None:
            symbol = self.family.quantities[0].symbol
            if not self.conditions:
                return ""
            return " or ".join(each.text(symbol) for each in self.intervals)
        return " and ".join(conjunction(self.conditions))

    @property
    def words(self) -> tuple[str, ...]:
        """The strategies in words, one sentence an information set."""
        from nl2efg.theorems.wording import strategy_words

        return strategy_words(self)


@dataclass(frozen=True, repr=False)
class SymbolicSolution:
    """All that is known of a family's equilibria.

    Args:
        family: the game.
        concept: ``spe``, ``nash``, ``pbe`` or ``sequential``.
        equilibria: by type.
        domain: the conditions that all values meet.
        coverage: whether there is one everywhere, in words.
        uniqueness: whether there is one alone, in words.
        all_pure: whether all pure types with a region of their own are among them.
        remarks: what was left out.
        seconds: how long it took.
        regimes: with one or two letters, the domain cut into cells, and what holds on each.
        left_out: for candidates that were left out, because it was not decided whether they are
            equilibria, the conditions under which they may be; there may be more there, and none
            is known to be alone.
    """

    family: GameFamily
    concept: str
    equilibria: tuple[SymbolicEquilibrium, ...]
    domain: tuple[Condition, ...]
    coverage: str
    uniqueness: str
    all_pure: bool
    remarks: tuple[str, ...]
    seconds: float
    regimes: Regimes | None = None
    left_out: tuple[tuple[Condition, ...], ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether candidates were left out."""
        return bool(self.left_out)

    def __repr__(self) -> str:
        return f"<SymbolicSolution of {len(self.equilibria)} types of equilibrium: {self.coverage}>"

    def __str__(self) -> str:
        """The theorem in words, as ``nl2efg solve --symbolic`` prints it."""
        from nl2efg.theorems.wording import report_lines

        return "\n".join(report_lines(self))

    def at(self, values: Mapping[str, Fraction]) -> tuple[SymbolicEquilibrium, ...]:
        """The types that are equilibria where the letters have these values."""
        return tuple(each for each in self.equilibria if each.holds(values))

    def record(self) -> dict[str, Any]:
        """It as plain data; expressions and conditions are text."""
        return {
            "concept": self.concept,
            "parameters": {p.symbol: str(p.value) for p in self.family.parameters},
            "domain": [condition.text for condition in self.domain],
            "equilibria": [_record(each) for each in self.equilibria],
            "coverage": self.coverage,
            "uniqueness": self.uniqueness,
            "all_pure": self.all_pure,
            "undecided": self.undecided,
            "undecided_where": [
                " and ".join(conjunction(group)) or "everywhere" for group in self.left_out
            ],
            "regimes": None if self.regimes is None else self.regimes.record(),
            "remarks": list(self.remarks),
            "seconds": self.seconds,
        }


def _record(each: SymbolicEquilibrium) -> dict[str, Any]:
    from nl2efg.theorems.wording import belief_words

    certificate = each.certificate
    return {
        "pure": each.pure,
        "probabilities": [[p.text for p in row] for row in each.rows],
        "values": dict(
            zip(each.family.tree.players, (value.text for value in each.values), strict=True)
        ),
        "conditions": [condition.text for condition in each.conditions],
        "region": each.region,
        "words": list(each.words),
        "beliefs": list(belief_words(each)),
        "certificate": {
            "inequalities": certificate.inequalities,
            "points_inside": certificate.inside,
            "points_outside": certificate.outside,
            "cells": [[list(map(str, point)), held] for point, held in certificate.cells],
            "holds": certificate.holds,
            "failures": list(certificate.failures),
        },
    }
