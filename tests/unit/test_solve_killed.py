"""Time that ends at any look at the clock: what is told then is still true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from math import inf
from typing import Any

import pytest

from nl2efg.equilibria import deadline
from nl2efg.equilibria.result import ALL_PURE
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import Claim, Solution, solve
from nl2efg.solving.commitment import best_commitment, security_levels
from nl2efg.solving.correlated import CorrelatedEquilibrium, correlated_equilibrium
from nl2efg.solving.list_claims import REFINED, proved
from nl2efg.solving.rationalisable import rationalisable
from nl2efg.solving.solver import CONCEPTS

MODULES = (
    "solver",
    "first_equilibrium",
    "list_search",
    "refined_search",
    "search_state",
    "subgame_perfect",
)
"""Those that look at the clock themselves."""


def beer_and_more() -> GameTree:
    """Two types signal, the receiver answers; equilibria with and without beliefs."""
    builder = TreeBuilder(["Ann", "Ben"])
    replies = [builder.information_set(1, ["yes", "no"]) for _ in range(2)]
    types = builder.move(0, builder.chance(["strong", "weak"], [Fraction(9, 10), Fraction(1, 10)]))
    for strong, node in zip((True, False), types, strict=True):
        sender = builder.information_set(0, ["beer", "quiche"])
        for message, after in enumerate(builder.move(node, sender)):
            liked = (message == 0) == strong
            for fights, leaf in zip(
                (True, False), builder.move(after, replies[message]), strict=True
            ):
                builder.pay(leaf, [liked + 2 * (not fights), int(fights != strong)])
    return builder.build()


class Clock:
    """A clock that stands still for so many looks and then is at the end of all time."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.rang = False

    def __call__(self) -> float:
        self.looks -= 1
        self.rang = self.rang or self.looks < 0
        return 1e12 if self.rang else 0.0


def at_every_look(
    question: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[object | UserError, bool]]:
    """What a question is answered when time ends at the first look, at a later one, and never.

    Yields:
        the answer or the error, and whether time ended.
    """
    looks = 0.0
    for _ in count():
        clock = Clock(int(looks))
        with monkeypatch.context() as patched:
            patched.setattr(deadline, "perf_counter", clock)
            for module in MODULES:
                patched.setattr(f"nl2efg.solving.{module}.perf_counter", clock, raising=False)
            try:
                answer: object = question()
            except UserError as error:
                answer = error
        yield answer, clock.rang
        if not clock.rang:
            return
        looks = looks * 1.25 + 1


@pytest.mark.parametrize("concept", [c for c in CONCEPTS if c != "qre"])
def test_equilibria_are_proved_whenever_time_ends(
    concept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = beer_and_more()
    whole = solve(tree, concept=concept, all=True)
    of_pure = whole.completeness.claim in ALL_PURE
    known = {e.profile.probabilities for e in whole.equilibria if e.is_pure or not of_pure}
    assert known
    ended = 0
    for found, rang in at_every_look(lambda: solve(tree, concept=concept, all=True), monkeypatch):
        assert isinstance(found, Solution)
        for one in found.equilibria:
            assert one.certificate.is_nash
            assert concept not in REFINED or proved(one, concept)
        if not found.equilibria:
            assert found.completeness.claim is Claim.NONE
        if found.completeness.claim is whole.completeness.claim:
            assert known <= {one.profile.probabilities for one in found.equilibria}
        if rang and not found.equilibria:
            assert any("the budget ended" in remark for remark in found.remarks)
        ended += rang
    assert ended > 3


def told(answer: Any) -> object:
    """What an answer claims; of correlated equilibria several may be optimal."""
    if isinstance(answer, CorrelatedEquilibrium):
        return answer.values if answer.optimal else None
    several = answer if isinstance(answer, tuple | list) else [answer]
    return [one.words for one in several]


@pytest.mark.parametrize(
    "question",
    [
        lambda tree: correlated_equilibrium(tree, kind="ce"),
        lambda tree: correlated_equilibrium(tree, kind="cce"),
        lambda tree: correlated_equilibrium(tree, kind="efce"),
        rationalisable,
        security_levels,
        best_commitment,
    ],
)
def test_concepts_of_plans_answer_whole_or_not_at_all(
    question: Callable[[GameTree], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = beer_and_more()
    whole = question(tree)
    refused = 0
    for answer, _ in at_every_look(lambda: question(tree), monkeypatch):
        if isinstance(answer, UserError):
            assert "too few" in answer.message
            refused += 1
        else:
            assert told(answer) in (None, told(whole))
    assert refused


def test_what_is_left_out_is_told_with_the_reason() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    out, ask = builder.move(0, builder.information_set(0, ["out", "ask"]))
    builder.pay(out, [0, 0])
    for leaf, pay in zip(
        builder.move(ask, builder.information_set(1, ["help", "take"])), (1, -1), strict=True
    ):
        builder.pay(leaf, [pay, 1 - pay])
    found = solve(builder.build(), concept="proper")
    assert found.completeness.claim is Claim.ALL_PURE_PROPER
    assert "one Nash equilibrium that was found is not proper" in found.remarks


def test_a_clock_that_never_rings_has_looks_left() -> None:
    clock = Clock(3)
    assert [clock(), clock(), clock()] == [0.0] * 3
    assert not clock.rang
    assert clock() < inf
    assert clock.rang
