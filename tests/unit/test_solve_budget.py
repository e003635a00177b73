"""The budget holds inside this process: long work stops, and the result says where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import inf
from time import perf_counter

import pytest

from nl2efg.equilibria import certificate
from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.deadline import (
    GRAIN,
    OutOfTimeError,
    in_grace,
    in_time,
    share_of_time,
    time_left,
    time_limit,
)
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.equilibria.properness import proper_claim
from nl2efg.equilibria.sequence_form import stage_at
from nl2efg.equilibria.trembles import perfect_claim
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Claim, certify, listing, refined_search, search_state, solve, solver
from nl2efg.solving import subgame_perfect as perfect
from nl2efg.solving.commitment import best_commitment, security_levels
from nl2efg.solving.correlated import correlated_equilibrium
from nl2efg.solving.method_choice import alone, dynamics, forgetful
from nl2efg.solving.methods import near_priors as near_priors_module
from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.lemke import solve_lemke
from nl2efg.solving.methods.near_priors import near_priors
from nl2efg.solving.rationalisable import rationalisable
from nl2efg.solving.stage_problem import StageProblem
from tests.bench.solve_scale import bayesian


def complete(depth: int) -> GameTree:
    """A complete binary tree of two players in turn."""
    builder = TreeBuilder(["Ann", "Ben"])
    level = [0]
    for move in range(depth):
        level = [
            child
            for node in level
            for child in builder.move(node, builder.information_set(move % 2, ["l", "r"]))
        ]
    for number, leaf in enumerate(level):
        builder.pay(leaf, [number * 7919 % 10007, number * 7932 % 10009])
    return builder.build()


def simultaneous(widths: Sequence[int], owners: Sequence[int]) -> GameTree:
    """Moves that nobody sees; payoffs without pattern."""
    builder = TreeBuilder([f"P{i}" for i in range(max(owners) + 1)])
    level = [0]
    for owner, width in zip(owners, widths, strict=True):
        own = builder.information_set(owner, [str(a) for a in range(width)])
        level = [child for node in level for child in builder.move(node, own)]
    for number, leaf in enumerate(level):
        builder.pay(leaf, [number * (7919 + 13 * i) % 10007 for i in range(max(owners) + 1)])
    return builder.build()


def test_items_come_through_unchanged_until_time_is_up() -> None:
    with time_limit(perf_counter() + 600):
        assert list(in_time(range(3 * GRAIN + 1))) == list(range(3 * GRAIN + 1))
    seen = []
    with time_limit(0.0):
        with pytest.raises(OutOfTimeError):
            seen.extend(in_time(range(2 * GRAIN)))
        assert len(list(in_time(range(GRAIN - 1)))) == GRAIN - 1


def test_limits_nest_and_end_with_their_phase() -> None:
    now = perf_counter()
    with time_limit(now + 600, grace=60):
        with share_of_time(0.5):
            assert 0 < time_left() <= 300
            with time_limit(now + 1000):
                assert time_left() <= 300
            with in_grace():
                assert 600 < time_left() <= 660
        assert 300 < time_left() <= 600
    assert time_left() == inf


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("concept", ["spe", "nash"])
def test_a_large_game_without_time_has_no_profile_and_says_so(
    concept: str, everything: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "GRACE", 0.0)
    found = solve(complete(13), concept=concept, all=everything, budget=1e-9)
    assert not found.equilibria
    assert found.completeness.claim is Claim.NONE
    assert found.remarks == (
        "the budget ended while the game was prepared: there is no certified profile",
    )
    assert found.tried[-1] == "the budget is used up"


def test_a_profile_whose_certificate_takes_too_long_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(certificate, "_assemble", never)
    found = solve(complete(3))
    assert not found.equilibria
    assert found.completeness.claim is Claim.NONE
    assert any("was being certified: there is no certified" in line for line in found.remarks)


def test_certified_profiles_stay_when_time_ends_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(solver, "equilibrium_remarks", never)
    found = solve(complete(3))
    assert found.equilibria[0].certificate.is_subgame_perfect
    assert "the budget ended while remarks on the equilibrium were sought" in found.remarks


def test_certify_obeys_the_limit_of_its_phase() -> None:
    tree = complete(3)
    profile = solve(tree).equilibria[0].profile
    flat = flat_game_of(tree)
    with time_limit(0.0), pytest.raises(OutOfTimeError):
        certify(profile, flat)


def one_task(tree: GameTree) -> StageProblem:
    """The game as one stage."""
    arrays = flat_game_of(tree)
    stage = stage_at(arrays, 0)
    leaves = [leaf_row(arrays, leaf, {}) for leaf in stage.leaves]
    return StageProblem(arrays, stage, leaves, [])


def test_best_responses_stop() -> None:
    task = one_task(simultaneous([2, 3], [0, 1]))
    for method in (alone, dynamics):
        with time_limit(0.0), pytest.raises(OutOfTimeError):
            method(task)


def test_responses_without_recall_stop() -> None:
    task = one_task(simultaneous([3] * 6, [0] * 6))
    with time_limit(0.0), pytest.raises(OutOfTimeError):
        forgetful(task)


@pytest.mark.parametrize("exact", [False, True])
def test_lemke_gives_up_before_its_first_pivot(exact: bool) -> None:
    arrays = flat_game_of(simultaneous([5, 6], [0, 1]))
    stage = stage_at(arrays, 0)
    leaves = [leaf_row(arrays, leaf, {}) for leaf in stage.leaves]
    game = two_players(stage, leaves)
    with time_limit(0.0), pytest.raises(OutOfTimeError):
        solve_lemke(game, exact=exact)
    assert solve_lemke(game, exact=exact) is not None


def test_a_large_tableau_is_solved_as_a_small_one() -> None:
    rows = solve(simultaneous([140, 150], [0, 1]), budget=60)
    assert rows.equilibria[0].certificate.is_subgame_perfect


def test_what_was_tried_is_told_when_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(task: StageProblem) -> None:
        task.tried.append("a method: no answer")
        raise OutOfTimeError

    monkeypatch.setattr(perfect, "solve_stage", never)
    found = solve(simultaneous([2, 2], [0, 1]), all=False)
    assert found.tried == ("a method: no answer", "the budget is used up")


def test_what_is_found_first_stays_when_the_listing_takes_its_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(listing, "_stage_profiles", never)
    for concept in ("spe", "nash", "pbe", "sequential"):
        found = solve(simultaneous([2, 2], [0, 1]), all=True, concept=concept)
        assert len(found.equilibria) == 1
        assert found.completeness.claim is Claim.SOME
        assert "the listing of all equilibria took its share of the time" in found.tried


@pytest.mark.parametrize("concept", ["pbe", "sequential", "perfect", "proper"])
def test_refined_concepts_without_time_have_no_profile_and_say_so(
    concept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "GRACE", 0.0)
    found = solve(complete(13), concept=concept, budget=1e-9)
    assert not found.equilibria
    assert found.completeness.claim is Claim.NONE
    assert any("the budget ended" in remark for remark in found.remarks)


def test_concepts_of_plans_refuse_a_budget_that_is_too_small() -> None:
    game = simultaneous([12, 12], [0, 1])
    for question in (
        lambda: correlated_equilibrium(game, budget=1e-9),
        lambda: rationalisable(game, budget=1e-9),
        lambda: security_levels(game, budget=1e-9),
        lambda: best_commitment(game, budget=1e-9),
    ):
        with pytest.raises(UserError, match="too few"):
            question()


def ties(size: int) -> GameTree:
    """A table in which everything pays the same but a corner: many orders of plans."""
    builder = TreeBuilder(["Row", "Column"])
    columns = builder.information_set(1, [f"c{j}" for j in range(size)])
    rows = builder.information_set(0, [f"r{i}" for i in range(size)])
    for i, node in enumerate(builder.move(0, rows)):
        for j, leaf in enumerate(builder.move(node, columns)):
            builder.pay(leaf, [(i + 2 * j) % 3, (2 * i + j) % 3])
    return builder.build()


@pytest.mark.parametrize("claim", [proper_claim, lambda p: perfect_claim(p, sequential=None)])
def test_trembles_obey_the_limit(claim: Callable[[BehaviourProfile], object]) -> None:
    tree = ties(3)
    third = Fraction(1, 3)
    profile = BehaviourProfile(tree, ((third,) * 3, (third,) * 3))
    with time_limit(0.0), pytest.raises(OutOfTimeError):
        claim(profile)


@pytest.mark.parametrize("concept", ["pbe", "sequential", "perfect", "proper"])
def test_what_time_did_not_allow_to_prove_is_not_listed(
    concept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(search_state, "judged", never)
    monkeypatch.setattr(refined_search, "judged", never)
    monkeypatch.setattr(refined_search, "sequential_candidates", never)
    found = solve(ties(3), concept=concept)
    assert not found.equilibria
    assert found.completeness.claim is Claim.NONE
    [said] = [line for line in found.remarks if "of which it is not decided whether" in line]
    assert "for two players only" not in said


def test_proper_of_three_players_says_that_it_is_decided_for_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refined_search, "sequential_candidates", lambda *_: iter(()))
    found = solve(simultaneous([2, 2, 2], [0, 1, 2]), concept="proper")
    assert any(line.endswith("decided for two players only") for line in found.remarks)


def general_sum(types: int) -> StageProblem:
    return one_task(bayesian(types, 2, 3, last=True))


def test_paths_from_near_priors_end_in_exact_equilibria() -> None:
    found = near_priors(general_sum(5))
    assert found is not None
    assert found.exact
    assert found.method == "Lemke from averages, exact"


def test_paths_from_near_priors_are_tried_until_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_priors_module, "PIVOTS", 0)
    problem = general_sum(3)
    with time_limit(perf_counter() + 0.3), pytest.raises(OutOfTimeError):
        near_priors(problem)
    assert problem.nearest is not None  # the best average is kept
