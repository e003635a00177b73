"""Games with known solutions, and what cannot be solved."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest

from nl2efg.errors import UserError
from nl2efg.formats import load_game, simultaneous_game
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Claim, certify, solve
from tests.catalogue import CATALOGUE, GAMES, catalogue
from tests.trees import absent_minded_driver, kuhn

NO_EQUILIBRIUM = {"wichardt2008"}


def matching_pennies() -> GameTree:
    return bimatrix([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])


def bimatrix(table: list[list[tuple[int, int]]]) -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    first = builder.information_set(0, [f"r{i}" for i in range(len(table))])
    second = builder.information_set(1, [f"c{j}" for j in range(len(table[0]))])
    for row, node in zip(table, builder.move(0, first), strict=True):
        for payoffs, leaf in zip(row, builder.move(node, second), strict=True):
            builder.pay(leaf, list(payoffs))
    return builder.build()


def beer_and_quiche() -> GameTree:
    """Cho and Kreps (1987): strong nine times in ten; both pooling equilibria are supported."""
    builder = TreeBuilder(["Sender", "Receiver"])
    strong, weak = builder.move(
        0, builder.chance(["Strong", "Weak"], [Fraction(9, 10), Fraction(1, 10)])
    )
    reply = [builder.information_set(1, ["Fight", "Retreat"], meal) for meal in ("Beer", "Quiche")]
    for node, liked, wants_fight in ((strong, 0, 0), (weak, 1, 1)):
        meals = builder.move(node, builder.information_set(0, ["Beer", "Quiche"]))
        for meal, after in enumerate(meals):
            fought, retreated = builder.move(after, reply[meal])
            taste = int(meal == liked)
            builder.pay(fought, [taste, wants_fight])
            builder.pay(retreated, [taste + 2, 1 - wants_fight])
    return builder.build()


@pytest.mark.parametrize(
    ("cards", "value"), [(3, Fraction(-1, 18)), (4, None), (5, None), (13, None)]
)
def test_kuhn_poker_is_solved_exactly(cards: int, value: Fraction | None) -> None:
    found = solve(kuhn(cards)).equilibria[0]
    assert found.certificate.exact
    assert found.certificate.max_regret == 0
    assert value in (None, found.values[0])
    assert sum(found.values) == 0


def test_kuhn_poker_lies_in_its_family_of_equilibria() -> None:
    tree = kuhn(3)
    rows = solve(tree).equilibria[0].profile.probabilities
    by_label = {own.label: rows[n] for n, own in enumerate(tree.information_sets)}
    bluff = by_label["0-open"][1]
    assert 0 <= bluff <= Fraction(1, 3)
    assert by_label["1-open"][1] == 0
    assert by_label["2-open"][1] == 3 * bluff
    assert by_label["1-raised"][1] == bluff + Fraction(1, 3)
    assert by_label["0-checked"][1] == Fraction(1, 3)
    assert by_label["1-bet"][1] == Fraction(1, 3)


def test_every_member_of_kuhns_family_is_certified() -> None:
    tree = kuhn(3)
    base = list(solve(tree).equilibria[0].profile.probabilities)
    number = {own.label: n for n, own in enumerate(tree.information_sets)}
    for bluff in (Fraction(0), Fraction(1, 7), Fraction(1, 3)):
        rows = list(base)
        for label, p in (
            ("0-open", bluff),
            ("2-open", 3 * bluff),
            ("1-raised", bluff + Fraction(1, 3)),
        ):
            rows[number[label]] = (1 - p, p)
        assert certify(BehaviourProfile(tree, tuple(rows))).is_subgame_perfect
    rows[number["0-open"]] = (Fraction(1, 2), Fraction(1, 2))
    wrong = certify(BehaviourProfile(tree, tuple(rows)))
    assert not wrong.is_nash
    assert wrong.max_regret > 0
    assert any(entry.deviation for entry in wrong.players)


def test_beer_and_quiche_pools() -> None:
    tree = beer_and_quiche()
    found = solve(tree).equilibria[0]
    senders = [found.profile.probabilities[n] for n in tree.sets_of_player(0)]
    assert senders[0] == senders[1]
    assert max(senders[0]) == 1
    assert found.values[1] == Fraction(9, 10)


def test_beer_and_quiche_has_two_pure_poolings() -> None:
    found = solve(beer_and_quiche(), all=True)
    assert found.completeness.claim is Claim.ALL_EXTREME_PERFECT
    assert [e.is_pure for e in found.equilibria] == [True, True, False, False]
    for kind in (found.equilibria[:2], found.equilibria[2:]):
        assert {e.values for e in kind} == {
            (Fraction(29, 10), Fraction(9, 10)),
            (Fraction(21, 10), Fraction(9, 10)),
        }
    assert [entry.equilibria for entry in found.components] == [(1, 3), (2, 4)]


def test_seltens_horse_has_two_pure_equilibria() -> None:
    found = solve(catalogue("journals/ijgt/selten1975/fig1.efg"), all=True)
    assert [e.values for e in found.equilibria] == [(1, 1, 1), (3, 2, 2)]
    assert found.completeness.claim is Claim.ALL_PURE_PERFECT


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("books/myerson1991/fig2_1.efg", ("1/3", "-1/3")),
        ("books/watson2013/fig29_1.efg", ("4", "4")),  # pooling on no education
        ("books/vonstengel2022/fig10.12.efg", ("1/3", "-1/3")),
        ("journals/ijgt/selten1975/fig2.efg", ("1", "1")),
    ],
)
def test_textbook_values(name: str, values: tuple[str, ...]) -> None:
    found = solve(catalogue(name)).equilibria
    assert values in {tuple(map(str, each.values)) for each in found}
    assert all(each.certificate.exact for each in found)


@pytest.mark.parametrize("path", GAMES, ids=lambda path: path.stem)
def test_every_game_of_the_catalogue_is_certified(path: Path) -> None:
    if path.stem in NO_EQUILIBRIUM:
        pytest.skip("no equilibrium in behaviour strategies exists (Wichardt 2008)")
    found = solve(load_game(path)).equilibria
    assert found
    assert found[0].certificate.is_subgame_perfect


def test_the_absent_minded_driver_continues_two_times_in_three() -> None:
    found = solve(absent_minded_driver()).equilibria[0]
    assert found.profile.probabilities == ((Fraction(1, 3), Fraction(2, 3)),)
    assert found.values == (Fraction(4, 3),)
    assert found.certificate.exact


def test_pure_absent_mindedness_is_refused_by_the_certificate() -> None:
    tree = absent_minded_driver()
    wrong = certify(BehaviourProfile(tree, ((Fraction(0), Fraction(1)),)))
    assert wrong.max_regret == Fraction(1, 3)


def test_backward_induction_without_ties_is_unique() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    stop, on = builder.move(0, builder.information_set(0, ["Stop", "Go"]))
    end, far = builder.move(on, builder.information_set(1, ["Take", "Pass"]))
    for node, payoffs in ((stop, [1, 0]), (end, [0, 2]), (far, [3, 1])):
        builder.pay(node, payoffs)
    solution = solve(builder.build())
    assert solution.completeness.claim is Claim.UNIQUE
    assert solution.equilibria[0].words == ("Ann at the start: Stop", "Ben after Go: Take")
    assert any("pays everybody more: 3, 1" in remark for remark in solution.remarks)


def test_ties_are_told() -> None:
    builder = TreeBuilder(["Ann"])
    for leaf in builder.move(0, builder.information_set(0, ["a", "b"])):
        builder.pay(leaf, [1])
    solution = solve(builder.build(), all=False)
    assert solution.completeness.claim is Claim.SOME
    assert any(remark.startswith("ties") for remark in solution.remarks)
    whole = solve(builder.build())
    assert len(whole.equilibria) == 2
    assert not any(remark.startswith("ties") for remark in whole.remarks)


def test_subgame_perfection_rules_out_an_empty_threat() -> None:
    builder = TreeBuilder(["Entrant", "Incumbent"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    fight, share = builder.move(entered, builder.information_set(1, ["Fight", "Share"]))
    for node, payoffs in ((out, [0, 2]), (fight, [-1, -1]), (share, [1, 1])):
        builder.pay(node, payoffs)
    tree = builder.build()
    one, zero = Fraction(1), Fraction(0)
    threat = certify(BehaviourProfile(tree, ((one, zero), (one, zero))))
    assert threat.is_nash
    assert not threat.is_subgame_perfect
    assert solve(tree).equilibria[0].values == (1, 1)


@pytest.mark.parametrize("gain", [Fraction(1, 10**30), Fraction(1, 3), 1, 10**30])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_gain_of_any_size_is_seen(gain: Fraction, hidden: bool) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    builder.pay(out, [0, 0])
    own = builder.information_set(1, ["l", "r"])
    nodes = [entered]
    if hidden:
        nodes = builder.move(entered, builder.information_set(0, ["a", "b"]))
    for node in nodes:
        for payoff, leaf in zip((0, gain), builder.move(node, own), strict=True):
            builder.pay(leaf, [-1, payoff])
    tree = builder.build()
    wrong = certify(BehaviourProfile(tree, tuple(((Fraction(1), Fraction(0)),) * (2 + hidden))))
    assert wrong.is_nash
    assert not wrong.is_subgame_perfect
    right = solve(tree).equilibria[0]
    assert right.certificate.is_subgame_perfect
    assert right.profile.probabilities[-1] == (0, 1)


def test_zero_sum_says_the_value() -> None:
    remarks = solve(matching_pennies()).remarks
    assert any("worth 0 to Row and 0 to Column" in remark for remark in remarks)


def test_a_simultaneous_game_of_three() -> None:
    table = {
        (a, b, c): [int(a != b), int(b != c), int(a == c)]
        for a in range(2)
        for b in range(2)
        for c in range(2)
    }
    builder = TreeBuilder(["A", "B", "C"])
    sets = [builder.information_set(i, ["0", "1"]) for i in range(3)]
    for a, after_a in enumerate(builder.move(0, sets[0])):
        for b, after_b in enumerate(builder.move(after_a, sets[1])):
            for c, leaf in enumerate(builder.move(after_b, sets[2])):
                builder.pay(leaf, table[a, b, c])
    found = solve(builder.build()).equilibria[0]
    assert found.certificate.is_nash


def test_tables_and_normal_form_files_are_solved() -> None:
    assert simultaneous_game  # read_nfg builds its trees with it
    for path in sorted(CATALOGUE.rglob("*.nfg")):
        assert solve(load_game(path)).equilibria


def test_payoffs_of_any_size() -> None:
    big = 10**19
    tree = bimatrix([[(big, -big), (-big, big)], [(-big, big), (big, -big)]])
    found = solve(tree).equilibria[0]
    assert found.profile.probabilities == ((Fraction(1, 2),) * 2,) * 2
    assert found.values == (0, 0)


def test_no_player() -> None:
    builder = TreeBuilder([])
    with pytest.raises(UserError, match="no player"):
        solve(builder.build())


def test_no_moves_gives_the_payoffs_of_the_root() -> None:
    builder = TreeBuilder(["Ann"])
    builder.pay(0, [7])
    solution = solve(builder.build())
    assert solution.equilibria[0].values == (7,)
    assert any("nobody moves" in remark for remark in solution.remarks)


def test_a_missing_outcome_counts_as_zero_and_is_told() -> None:
    builder = TreeBuilder(["Ann"])
    left, _ = builder.move(0, builder.information_set(0, ["Left", "Right"]))
    builder.pay(left, [-1])
    solution = solve(builder.build())
    assert solution.equilibria[0].values == (0,)
    assert any("Right" in remark and "get 0" in remark for remark in solution.remarks)


def test_only_chance_moves() -> None:
    builder = TreeBuilder(["Ann"])
    for payoff, leaf in enumerate(
        builder.move(0, builder.chance(["a", "b"], [Fraction(1, 4), Fraction(3, 4)]))
    ):
        builder.pay(leaf, [payoff])
    assert solve(builder.build()).equilibria[0].values == (Fraction(3, 4),)


def test_chance_that_does_not_sum_to_one_is_refused() -> None:
    builder = TreeBuilder(["Ann"])
    for leaf in builder.move(0, builder.chance(["a", "b"], [Fraction(1, 2), Fraction(1, 3)])):
        builder.pay(leaf, [0])
    with pytest.raises(UserError, match="sum to 5/6"):
        solve(builder.build())


@pytest.mark.parametrize(
    "options",
    [{"concept": "bayes"}, {"budget": 0}, {"budget": math.nan}, {"concept": "qre", "all": True}],
)
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(UserError):
        solve(matching_pennies(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", [(0.4, 0.4), (math.nan, 1.0), (-0.5, 1.5)])
def test_a_row_that_is_no_distribution_gets_no_certificate(row: tuple[float, float]) -> None:
    with pytest.raises(UserError, match="no distribution"):
        certify(BehaviourProfile(matching_pennies(), (row, (0.5, 0.5))))


def test_chance_cannot_be_changed_by_a_profile() -> None:
    tree = beer_and_quiche()
    rows = [tuple(Fraction(1, 2) for _ in own.actions) for own in tree.information_sets]
    with pytest.raises(UserError, match="belongs to chance"):
        certify(BehaviourProfile(tree, tuple(rows)))


def test_a_path_of_many_moves() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(20_000):
        stop, node = builder.move(node, builder.information_set(stage % 2, ["Stop", "Go"]))
        builder.pay(stop, [stage + 2 * (stage % 2 == 0), stage + 2 * (stage % 2)])
    builder.pay(node, [20_000, 20_000])
    found = solve(builder.build()).equilibria[0]
    assert found.profile.probabilities[0] == (1, 0)
    assert found.certificate.is_subgame_perfect


def test_nash_lists_all_pure_equilibria_of_three_players() -> None:
    solution = solve(
        catalogue("journals/ijgt/selten1975/fig1.efg"), concept="nash", all=True, budget=20
    )
    assert solution.completeness.claim is Claim.ALL_PURE
    assert [e.values for e in solution.equilibria] == [(1, 1, 1), (3, 2, 2)]


def test_records_and_frames_keep_exact_numbers() -> None:
    solution = solve(kuhn(3), all=True)
    record = solution.record()
    assert record.equilibria[0].players[0].value == "-1/18"
    assert record.equilibria[0].max_regret == "0"
    assert len(record.equilibria[0].probabilities) == len(kuhn(3).information_sets)
    frame = solution.to_frame()
    assert set(frame["equilibrium"]) == {1, 2}
    sums = frame.groupby(["equilibrium", "information_set"])["probability"].sum()
    assert sums.between(1 - 1e-12, 1 + 1e-12).all()


def test_beliefs_and_expected_payoffs_follow_bayes() -> None:
    tree = kuhn(3)
    found = solve(tree).equilibria[0]
    for number, own in enumerate(tree.information_sets):
        beliefs = found.beliefs[number]
        if own.is_chance or beliefs is None:
            continue
        assert sum(beliefs) == 1
        payoffs = found.expected_payoffs(number)
        assert payoffs is not None
        assert sum(payoffs) == 0


def test_words_say_how_often() -> None:
    words = solve(matching_pennies()).equilibria[0].words
    assert words[0] == "Row at the start: r0 half the time, r1 half the time"
