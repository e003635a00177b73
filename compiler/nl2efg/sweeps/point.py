"""One point of a sweep: the game there, a certified equilibrium, and what type it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter
from typing import Any

from nl2efg.equilibria.certificate import Certificate, certify
from nl2efg.equilibria.deadline import GRACE, OutOfTimeError, time_limit
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.errors import Nl2efgError
from nl2efg.families import GameFamily
from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.sandbox.families import run_again
from nl2efg.solving import solve
from nl2efg.solving.subgame_perfect import subgame_perfect

_SHOWN = 8
"""Information sets that the name of a type tells."""

Job = tuple[GameFamily, tuple[str, ...], tuple[tuple[Fraction, ...], ...], str, float]
"""A family, the parameters that vary, their values at some points, the concept, and seconds."""

NOT_FOUND = "no certified equilibrium was found"
"""The trouble of a point whose game was searched in vain."""


@dataclass(frozen=True)
class Point:
    """What came out at a point.

    Args:
        values: of the parameters that the sweep runs over, as text.
        type: what is done where play comes, in words; points of one type are of one regime.
        payoffs: of every player, exact as text, or rounded for a floating-point profile.
        strategies: what is done everywhere, in words.
        certified: whether the certificate holds.
        exact: whether it is exact.
        method: what found it.
        trouble: why there is none, in words.
    """

    values: tuple[str, ...]
    type: str = ""
    payoffs: tuple[str, ...] = ()
    strategies: str = ""
    certified: bool = False
    exact: bool = False
    method: str = ""
    trouble: str = ""

    def record(self) -> list[Any]:
        """It as plain data."""
        return [
            self.values, self.type, self.payoffs, self.strategies, self.certified, self.exact,
            self.method, self.trouble,
        ]  # fmt: skip

    @classmethod
    def from_record(cls, row: list[Any]) -> Point:
        """It from plain data."""
        values, kind, payoffs, *rest = row
        return cls(tuple(values), kind, tuple(payoffs), *rest)


def solve_point(
    family: GameFamily, values: Mapping[str, Fraction], concept: str, budget: float
) -> Point:
    """Solve a family at a point; what cannot be is said in the point's ``trouble``.

    Args:
        values: of the parameters that the sweep runs over.
        concept: as for :func:`nl2efg.solve`.
        budget: seconds.
    """
    shown = tuple(str(value) for value in values.values())
    try:
        tree = _game(family, values)
        found = _solved(tree, concept, budget)
    except (Nl2efgError, ZeroDivisionError) as error:
        return Point(shown, trouble=str(error))
    if found is None:
        return Point(shown, trouble=NOT_FOUND)
    profile, certificate, method = found
    return Point(
        shown,
        type_words(profile),
        tuple(_told(entry.value) for entry in certificate.players),
        "; ".join(_words(profile)),
        True,
        certificate.exact,
        method,
    )


def _game(family: GameFamily, values: Mapping[str, Fraction]) -> GameTree:
    """The game there: by substitution where its shape is the same."""
    whole = family.admitted(values)
    same = all(whole[each.symbol] == each.value for each in family.sizes)
    if same and all(condition.holds(whole) for condition in family.conditions):
        return family.values_at(whole)
    return family.with_values(values).tree


def _solved(
    tree: GameTree, concept: str, budget: float
) -> tuple[BehaviourProfile, Certificate, str] | None:
    """A certified profile: subgame-perfect ones without the remarks that ``solve`` adds."""
    if concept == "spe":
        try:
            with time_limit(perf_counter() + budget, GRACE):
                flat = flat_game_of(tree)
                found = subgame_perfect(flat, [])
                profile = found.profile(flat) if found.failed is None else None
                certificate = certify(profile, flat) if profile else None
        except OutOfTimeError:
            return None
        if profile and certificate and certificate.is_subgame_perfect:
            return profile, certificate, found.method
    for each in solve(tree, concept=concept, budget=budget).equilibria:
        return each.profile, each.certificate, each.method
    return None


def type_words(profile: BehaviourProfile) -> str:
    """What is done at the information sets that play comes to, in words."""
    tree, reach = profile.tree, profile.reach
    found = []
    for number, infoset in enumerate(tree.information_sets):
        if infoset.player == CHANCE or not any(reach[node] for node in tree.members[number]):
            continue
        used = [a for a, p in zip(infoset.actions, profile.probabilities[number], strict=True) if p]
        place = f" ({infoset.label})" if infoset.label else ""
        found.append(f"{tree.players[infoset.player]}{place}: {' or '.join(used)}")
    more = len(found) - _SHOWN
    return "; ".join([*found[:_SHOWN], *([f"{more} more"] if more > 0 else [])])


def _words(profile: BehaviourProfile) -> list[str]:
    from nl2efg.equilibria.wording import profile_words

    return list(profile_words(profile))


def _told(value: Any) -> str:
    return str(value) if isinstance(value, int | Fraction) else repr(float(value))


def solve_chunk(job: Job) -> list[Point]:
    """The points of a job, in a process of its own."""
    family, symbols, chunk, concept, budget = job
    runnable = replace(family, run=run_again)
    return [
        solve_point(runnable, dict(zip(symbols, point, strict=True)), concept, budget)
        for point in chunk
    ]
