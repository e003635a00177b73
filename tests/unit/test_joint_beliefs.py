"""Which beliefs are consistent together, against beliefs that random trembles bring about."""

from __future__ import annotations

import random
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.cli.solve_report import Telling, solution_lines
from nl2efg.equilibria import refinements
from nl2efg.equilibria.assessment import JointBeliefs, JointCell, joint_words
from nl2efg.equilibria.deadline import OutOfTimeError
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.game import CHANCE, BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Equilibrium, solve
from tests.oracles.trees import gains

Row = tuple[Fraction, ...]


def linked(draw: random.Random, ways: int = 3, peak: int = 3) -> GameTree:
    """One may stay out, or go in by several ways that neither of two others can tell apart."""
    builder = TreeBuilder(["One", "Two", "Three"])
    first = builder.information_set(0, ["out", *(f"in{i}" for i in range(1, ways))])
    second = builder.information_set(1, ["l", "r"], "two")
    third = builder.information_set(2, ["u", "d"], "left")
    fourth = builder.information_set(2, ["p", "q"], "right")
    out, *inside = builder.move(0, first)
    builder.pay(out, [peak, 1, 1])
    for node in inside:
        for number, after in zip((third, fourth), builder.move(node, second), strict=True):
            for leaf in builder.move(after, number):
                builder.pay(leaf, [draw.randint(0, peak) for _ in range(3)])
    return builder.build()


def trembled(profile: BehaviourProfile, draw: random.Random) -> dict[int, Row]:
    """The limits of beliefs as unused actions are played ever less, with orders and sizes."""
    tree = profile.tree
    size = {
        (n, a): (draw.choice([1, 1, 2, 3]), Fraction(draw.choice([1, 2, 3, 7])))
        for n, row in enumerate(profile.probabilities)
        for a, p in enumerate(row)
        if not p
    }
    found = {}
    for number, own in enumerate(tree.information_sets):
        if own.player == CHANCE:
            continue
        likely = []
        for member in tree.members[number]:
            order, weight, node = 0, Fraction(1), member
            while node:
                step = tree.set_of[tree.parents[node]], tree.action_of[node]
                p = Fraction(profile.probabilities[step[0]][step[1]])
                order += 0 if p else size[step][0]
                weight *= p or size[step][1]
                node = tree.parents[node]
            likely.append((order, weight))
        least = min(order for order, _ in likely)
        weights = [weight if order == least else Fraction(0) for order, weight in likely]
        found[number] = tuple(weight / sum(weights) for weight in weights)
    return found


def holds(cell: JointCell, beliefs: dict[int, Row]) -> bool:
    def product(factors: tuple[tuple[int, int], ...]) -> Fraction:
        return prod((beliefs[number][place] for number, place in factors), start=Fraction(1))

    return all(is_mixture(beliefs[n], corners) for n, corners in cell.beliefs) and all(
        product(tie.left) == tie.factor * product(tie.right) for tie in cell.ties
    )


def is_mixture(belief: Row, corners: tuple[Row, ...]) -> bool:
    columns = zip(zip(*corners, strict=True), belief, strict=True)
    equal = [(list(column), p) for column, p in columns]
    whole = ([1] * len(corners), 1)
    return maximise([0] * len(corners), equal=[*equal, whole]) is not None


def sequential_ones(tree: GameTree) -> list[tuple[Equilibrium, JointBeliefs]]:
    found = solve(tree, all=True).equilibria
    pairs = [(e, e.assessment.joint if e.assessment else None) for e in found]
    return [(e, joint) for e, joint in pairs if joint is not None]


@given(st.integers(0, 10**6))
def test_whatever_trembles_bring_about_and_supports_the_play_is_in_a_cell(seed: int) -> None:
    draw = random.Random(seed)
    for found, joint in sequential_ones(linked(draw, draw.choice([3, 4]))):
        ways = {n: gains(found.profile, n) for cell in joint.cells for n, _ in cell.beliefs}
        for _ in range(25):
            beliefs = trembled(found.profile, draw)
            supports = all(
                sum(p * g for p, g in zip(beliefs[n], way, strict=True)) <= 0
                for n in ways
                for way in ways[n]
            )
            if supports and joint.complete:
                assert any(holds(cell, beliefs) for cell in joint.cells)


@given(st.integers(0, 10**6))
def test_every_corner_of_a_cell_supports_the_play(seed: int) -> None:
    for found, joint in sequential_ones(linked(random.Random(seed))):
        for cell in joint.cells:
            for number, corners in cell.beliefs:
                for way in gains(found.profile, number):
                    for corner in corners:
                        assert sum(p * g for p, g in zip(corner, way, strict=True)) <= 0


def test_who_sees_no_more_believes_the_same() -> None:
    """Two and Three cannot tell the ways in apart, and nobody but One makes a difference."""
    builder = TreeBuilder(["One", "Two", "Three"])
    first = builder.information_set(0, ["out", "a", "b"])
    second = builder.information_set(1, ["l", "r"], "two")
    third = builder.information_set(2, ["u", "d"], "three")
    out, *inside = builder.move(0, first)
    builder.pay(out, [9, 0, 0])
    for node in inside:
        left, right = builder.move(node, second)
        builder.pay(right, [0, 0, 0])
        for leaf in builder.move(left, third):
            builder.pay(leaf, [0, 0, 0])
    solution = solve(builder.build(), concept="sequential", all=True)
    found = solution.equilibria[0]
    assert found.assessment is not None
    joint = found.assessment.joint
    assert joint is not None
    assert joint.complete
    assert not joint.free
    tied = [cell for cell in joint.cells if cell.ties]
    assert len(tied) == 1
    told = "\n".join(solution_lines("", solution, Telling()))
    sides = {"P(b) P(a, l)", "P(a) P(b, l)"}
    (equation,) = {
        line.split("none of them 0, with ")[1] for line in told.splitlines() if "none of" in line
    }
    assert set(equation.split(";")[0].split(" = ")) == sides
    record = found.assessment.record(found.profile.tree).joint
    assert record is not None
    assert record.words.startswith("consistent beliefs: any P(a), any P(a, l)")


def test_of_one_set_all_beliefs_may_be_consistent() -> None:
    import nl2efg

    (found,) = nl2efg.solve("selten_horse", concept="sequential").equilibria
    assert found.assessment is not None
    assert found.assessment.joint is not None
    assert found.assessment.joint.free


def test_consistency_is_kept_where_joint_beliefs_take_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(*_: object) -> None:
        raise OutOfTimeError

    tree = linked(random.Random(1))
    told = solve(tree, concept="sequential").equilibria
    assert any(each.assessment and each.assessment.joint for each in told)
    monkeypatch.setattr(refinements, "joint_beliefs", late)
    without = solve(tree, concept="sequential").equilibria
    assert [each.profile for each in without] == [each.profile for each in told]
    assert not any(each.assessment and each.assessment.joint for each in without)


def test_one_way_that_is_not_told_is_one() -> None:
    tree = linked(random.Random(1))
    cell = JointCell(((1, ((Fraction(1), Fraction(0)),)),))
    assert "or in 1 more way" in joint_words(tree, JointBeliefs((cell,) * 4, True, False))
    assert "more ways" not in joint_words(tree, JointBeliefs((cell,) * 4, True, False))
