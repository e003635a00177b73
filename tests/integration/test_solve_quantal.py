"""Logit quantal responses, and sequential equilibria as their limit or by Bayes' rule alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve, solver
from nl2efg.solving.methods import quantal_response as quantal
from nl2efg.solving.pygambit import process
from nl2efg.solving.pygambit.process import ProcessFailedError
from tests.trees import kuhn

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True, scope="module")
def gambit() -> Iterator[None]:
    pytest.importorskip("pygambit")
    yield
    process.GAMBIT.kill()


def pennies() -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    second = builder.information_set(1, ["H", "T"])
    for i, node in enumerate(builder.move(0, builder.information_set(0, ["H", "T"]))):
        for j, leaf in enumerate(builder.move(node, second)):
            builder.pay(leaf, [1, -1] if i == j else [-1, 1])
    return builder.build()


def horse() -> GameTree:
    """Selten's horse (1975, IJGT 4, p. 33)."""
    builder = TreeBuilder(["One", "Two", "Three"])
    down, across = builder.move(0, builder.information_set(0, ["D", "C"]))
    third = builder.information_set(2, ["l", "r"])
    below, end = builder.move(across, builder.information_set(1, ["d", "c"]))
    builder.pay(end, [1, 1, 1])
    for node, table in ((down, ([3, 2, 2], [0, 0, 0])), (below, ([4, 4, 0], [0, 0, 1]))):
        for leaf, payoffs in zip(builder.move(node, third), table, strict=True):
            builder.pay(leaf, payoffs)
    return builder.build()


def test_the_horse_is_sequential_only_where_two_would_not_go_down() -> None:
    solution = solve(horse(), concept="sequential", budget=60)
    assert [found.values for found in solution.equilibria] == [(1, 1, 1)]
    assert "numerical" in solution.equilibria[0].method


def test_the_limit_of_kuhn_poker_settles_and_is_worth_what_it_should_be() -> None:
    found = solve(kuhn(3), concept="sequential", budget=60).equilibria[0]
    assert "settled" in found.method
    assert abs(float(found.values[0]) + 1 / 18) < 1e-9


def test_precision_grows_until_the_profile_has_settled() -> None:
    found = solve(kuhn(3), concept="qre", budget=60).equilibria
    regrets = [float(e.certificate.max_regret) for e in found]
    assert len(found) > 3
    assert regrets[-1] < regrets[0] / 100


def test_uniform_play_is_the_logit_response_of_pennies_at_any_precision() -> None:
    (found,) = solve(pennies(), concept="qre", budget=60).equilibria
    assert found.profile.probabilities == ((0.5, 0.5), (0.5, 0.5))


def test_without_the_path_an_equilibrium_that_reaches_everything_is_sequential(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "sequential", lambda *_: None)
    (found,) = solve(pennies(), concept="sequential").equilibria
    assert found.certificate.exact
    assert "Bayes" in found.method
    assert found.beliefs[1] == (Fraction(1, 2), Fraction(1, 2))
    assert not solve(horse(), concept="sequential").equilibria


def test_a_path_that_breaks_later_leaves_the_limit_that_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    follow = quantal._Path.follow
    calls: list[float] = []

    def once(self: quantal._Path, regret: float) -> object:
        calls.append(regret)
        if len(calls) > 1:
            raise ProcessFailedError("out of time")
        return follow(self, regret)

    monkeypatch.setattr(quantal._Path, "follow", once)
    monkeypatch.setattr(quantal, "SETTLED", 0.0)
    monkeypatch.setattr(solver, "SETTLED", 0.0)
    (found,) = solve(kuhn(3), concept="sequential", budget=60).equilibria
    assert len(calls) == 2
    assert "still moving" in found.method
