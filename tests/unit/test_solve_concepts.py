"""Known answers from the literature, concept by concept, and their brute-force checks."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.exact_lp import optimum
from nl2efg.equilibria.reduced_form import reduced_form
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import solve, verify_profile
from nl2efg.solving.commitment import best_commitment, security_levels
from nl2efg.solving.correlated import CorrelatedEquilibrium, correlated_equilibrium
from nl2efg.solving.rationalisable import rationalisable
from tests.references.textbook import beer_quiche
from tests.trees import game_trees

Payoffs = tuple[int, int]
Table = list[list[Payoffs]]
SLOW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def bimatrix(table: Table) -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    columns = builder.information_set(1, [f"c{j}" for j in range(len(table[0]))])
    rows = builder.information_set(0, [f"r{i}" for i in range(len(table))])
    for i, node in enumerate(builder.move(0, rows)):
        for j, leaf in enumerate(builder.move(node, columns)):
            builder.pay(leaf, list(table[i][j]))
    return builder.build()


PENNIES = bimatrix([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
DILEMMA = bimatrix([[(2, 2), (0, 3)], [(3, 0), (1, 1)]])
CHICKEN = bimatrix([[(6, 6), (2, 7)], [(7, 2), (0, 0)]])
SEXES = bimatrix([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
HUNT = bimatrix([[(4, 4), (0, 3)], [(3, 0), (3, 3)]])
MYERSON = bimatrix(
    [[(1, 1), (0, 0), (-9, -9)], [(0, 0), (0, 0), (-7, -7)], [(-9, -9), (-7, -7), (-7, -7)]]
)
ROCK = bimatrix(
    [[(0, 0), (-1, 1), (1, -1)], [(1, -1), (0, 0), (-1, 1)], [(-1, 1), (1, -1), (0, 0)]]
)
SHAPLEY = bimatrix([[(0, 0), (4, 5), (5, 4)], [(5, 4), (0, 0), (4, 5)], [(4, 5), (5, 4), (0, 0)]])


def values(game: GameTree, concept: str) -> set[tuple[str, ...]]:
    return {tuple(map(str, e.values)) for e in solve(game, concept=concept, all=True).equilibria}


def van_damme() -> GameTree:
    """Selten's entry game with a useless third action: perfect is more than subgame-perfect."""
    return bimatrix([[(1, 1), (0, 0)], [(0, 0), (0, 0)]])


def entrant(table: dict[str, tuple[Payoffs, Payoffs]], out: Payoffs, last: str) -> GameTree:
    """A first player stays out or moves in one of two ways, which the second cannot tell apart."""
    builder = TreeBuilder(["One", "Two"])
    ways = [*table, last]
    children = dict(zip(ways, builder.move(0, builder.information_set(0, ways)), strict=True))
    reply = builder.information_set(1, ["first", "second"])
    for way, payoffs in table.items():
        for leaf, pay in zip(builder.move(children[way], reply), payoffs, strict=True):
            builder.pay(leaf, list(pay))
    builder.pay(children[last], list(out))
    return builder.build()


# Mas-Colell, Whinston and Green 1995, Figure 9.C.1: fighting is never best, whatever is believed.
ENTRY = entrant({"in 1": ((-1, -1), (3, 0)), "in 2": ((-1, -1), (2, 1))}, out=(0, 2), last="out")
# Gibbons 1992, Figure 4.1.1: the answer R' is never best, whatever is believed.
GIBBONS = entrant({"L": ((2, 1), (0, 0)), "M": ((0, 2), (0, 1))}, out=(1, 3), last="R")


def kreps_wilson() -> GameTree:
    """Selten's horse (1975, Figure 1), as Kreps and Wilson (1982) read it."""
    builder = TreeBuilder(["One", "Two", "Three"])
    down, across = builder.move(0, builder.information_set(0, ["D", "C"]))
    third = builder.information_set(2, ["l", "r"])
    below, end = builder.move(across, builder.information_set(1, ["d", "c"]))
    builder.pay(end, [1, 1, 1])
    for node, table in ((down, ([3, 2, 2], [0, 0, 0])), (below, ([4, 4, 0], [0, 0, 1]))):
        for leaf, payoffs in zip(builder.move(node, third), table, strict=True):
            builder.pay(leaf, payoffs)
    return builder.build()


@pytest.mark.parametrize(
    ("game", "concept", "expected"),
    [
        # Nash (1951), and every textbook since.
        (PENNIES, "nash", {("0", "0")}),
        (DILEMMA, "nash", {("1", "1")}),
        (SEXES, "nash", {("2", "1"), ("1", "2"), ("2/3", "2/3")}),  # Luce and Raiffa 1957, p. 90
        (CHICKEN, "nash", {("7", "2"), ("2", "7"), ("14/3", "14/3")}),  # Aumann 1974
        (HUNT, "nash", {("4", "4"), ("3", "3")}),  # the mixed one pays (3, 3) too
        (ROCK, "nash", {("0", "0")}),
        (SHAPLEY, "nash", {("3", "3")}),  # Shapley 1964
        # Myerson 1978, p. 79: three equilibria, two perfect ones, one proper one.
        (MYERSON, "nash", {("1", "1"), ("0", "0"), ("-7", "-7")}),
        (MYERSON, "perfect", {("1", "1"), ("0", "0")}),
        (MYERSON, "proper", {("1", "1")}),
        # Selten 1975, p. 33: the horse has two pure equilibria, one of them perfect.
        (kreps_wilson(), "spe", {("1", "1", "1"), ("3", "2", "2")}),
        (kreps_wilson(), "pbe", {("1", "1", "1")}),
        (kreps_wilson(), "sequential", {("1", "1", "1")}),
        (kreps_wilson(), "perfect", {("1", "1", "1")}),
        (ENTRY, "spe", {("0", "2"), ("3", "0")}),
        (GIBBONS, "spe", {("2", "1"), ("1", "3")}),
        *[(ENTRY, concept, {("3", "0")}) for concept in ("pbe", "sequential", "perfect")],
        *[(GIBBONS, concept, {("2", "1")}) for concept in ("pbe", "sequential", "perfect")],
        # Cho and Kreps 1987: both poolings have consistent beliefs.
        (beer_quiche(), "pbe", {("29/10", "9/10"), ("21/10", "9/10")}),
        (beer_quiche(), "sequential", {("29/10", "9/10"), ("21/10", "9/10")}),
        *[(PENNIES, concept, {("0", "0")}) for concept in ("pbe", "sequential")],
        *[(DILEMMA, concept, {("1", "1")}) for concept in ("pbe", "sequential")],
        # Strict equilibria, and completely mixed ones, are proper (Myerson 1978).
        (SEXES, "proper", {("2", "1"), ("1", "2"), ("2/3", "2/3")}),
        # van Damme 1991, Figure 2.2.1: the weakly dominated equilibrium is not perfect.
        (van_damme(), "perfect", {("1", "1")}),
        (van_damme(), "proper", {("1", "1")}),
        (PENNIES, "proper", {("0", "0")}),
        (DILEMMA, "proper", {("1", "1")}),
        (DILEMMA, "perfect", {("1", "1")}),
        (PENNIES, "perfect", {("0", "0")}),
        (ROCK, "proper", {("0", "0")}),
    ],
)
def test_equilibria_of_the_literature(
    game: GameTree, concept: str, expected: set[tuple[str, ...]]
) -> None:
    assert values(game, concept) == expected


def test_cho_and_kreps_leave_the_pooling_on_beer() -> None:
    """Cho and Kreps (1987, p. 183 and 206): quiche fails the intuitive criterion."""
    first, second, *mixed = solve(beer_quiche(), concept="sequential").equilibria
    assert [first.values[0], second.values[0]] == [Fraction(29, 10), Fraction(21, 10)]
    for name in ("intuitive", "d1"):
        assert first.claim(name).holds is True
        assert second.claim(name).holds is False
    assert "Surly gains by it for sure" in second.claim("intuitive").reason
    assert [found.claim("intuitive").holds for found in mixed] == [True, False]


@pytest.mark.parametrize(
    ("game", "kind", "expected"),
    [
        (CHICKEN, "ce", ("21/4", "21/4")),  # Aumann 1974: beyond the hull of the equilibria
        (CHICKEN, "efce", ("21/4", "21/4")),  # of simultaneous moves both are the same
        (SEXES, "ce", None),
        (PENNIES, "ce", ("0", "0")),
        (DILEMMA, "ce", ("1", "1")),
        (DILEMMA, "cce", ("1", "1")),
        (PENNIES, "cce", ("0", "0")),
        (SHAPLEY, "ce", None),  # only the six cells that pay 9 in all
        (SHAPLEY, "cce", None),
        (HUNT, "ce", ("4", "4")),
        (HUNT, "cce", ("4", "4")),
        (SEXES, "cce", None),
        (ROCK, "cce", ("0", "0")),
        (HUNT, "efce", ("4", "4")),
        (DILEMMA, "efce", ("1", "1")),
        (PENNIES, "efce", ("0", "0")),
        (ROCK, "efce", ("0", "0")),
    ],
)
def test_correlated_equilibria_of_the_literature(
    game: GameTree, kind: str, expected: tuple[str, ...] | None
) -> None:
    found = correlated_equilibrium(game, kind=kind)
    assert found.optimal
    assert sum(p for _, p in found.plan) == 1
    if expected is None:
        assert sum(found.values) == (9 if game is SHAPLEY else 3)
    else:
        assert tuple(map(str, found.values)) == expected


def signalling_with_useless_degree() -> GameTree:
    """von Stengel and Forges (2008, Figure 1): a costless signal, in which only a mediator who
    tells each move where it is to be made helps.
    """
    builder = TreeBuilder(["Student", "Firm"])
    good, bad = builder.move(0, builder.chance(["G", "B"], ["1/2", "1/2"]))
    replies = [builder.information_set(1, [f"l{s}", f"r{s}"]) for s in "XY"]
    tables = {good: ([4, 10], [0, 6]), bad: ([6, 0], [0, 6])}
    for kind in (good, bad):
        messages = builder.move(kind, builder.information_set(0, ["X", "Y"]))
        for message, reply in zip(messages, replies, strict=True):
            for leaf, payoffs in zip(builder.move(message, reply), tables[kind], strict=True):
                builder.pay(leaf, payoffs)
    return builder.build()


def test_only_an_extensive_form_mediator_lets_a_costless_signal_tell() -> None:
    game = signalling_with_useless_degree()
    plain = correlated_equilibrium(game, kind="ce")
    assert plain.values == (0, 6)
    stepwise = correlated_equilibrium(game, kind="efce", objective="Firm")
    assert stepwise.values == (Fraction(7, 2), Fraction(13, 2))


def test_commitment_pays() -> None:
    """Conitzer and Sandholm (2006, Figure 1): 2 without, 3 by a pure, 7/2 by a mixed commitment."""
    game = bimatrix([[(2, 1), (4, 0)], [(1, 0), (3, 1)]])
    assert values(game, "nash") == {("2", "1")}
    found = best_commitment(game)
    assert found.values[0] == Fraction(7, 2)
    assert best_commitment(PENNIES).values == (0, 0)
    assert best_commitment(DILEMMA).values == (1, 1)
    assert best_commitment(SEXES).values == (2, 1)
    assert best_commitment(SEXES, 1).values == (1, 2)
    assert best_commitment(HUNT).values == (4, 4)
    assert best_commitment(CHICKEN).values[0] == 7


def test_what_players_can_secure() -> None:
    def level(game: GameTree) -> list[str]:
        return [str(entry.maxmin) for entry in security_levels(game)]

    assert level(PENNIES) == ["0", "0"]
    assert level(SEXES) == ["2/3", "2/3"]
    assert level(CHICKEN) == ["2", "2"]
    assert level(DILEMMA) == ["1", "1"]
    assert level(HUNT) == ["3", "3"]
    assert level(ROCK) == ["0", "0"]
    (row, _) = security_levels(PENNIES)
    assert (row.pure_maxmin, row.pure_minmax) == (-1, 1)


def test_iterated_dominance_tells_its_rounds() -> None:
    assert rationalisable(DILEMMA).solves
    # Gibbons 1992, Figure 1.1.4: three rounds.
    game = bimatrix([[(1, 0), (1, 2), (0, 1)], [(0, 3), (0, 1), (2, 0)]])
    found = rationalisable(game)
    assert found.solves
    assert [entry.round for entry in found.eliminated] == [1, 2, 3]
    assert found.words[0].startswith("round 1: Column gets more by c1 than by c2")
    # Dominated by a mixture alone (Pearce 1984).
    mixed = rationalisable(bimatrix([[(3, 0), (0, 1)], [(0, 1), (3, 0)], [(1, 5), (1, 5)]]))
    assert [len(entry.by) for entry in mixed.eliminated] == [2]
    for game in (PENNIES, SEXES, ROCK, HUNT):
        assert not rationalisable(game).eliminated


@st.composite
def tables(draw: st.DrawFn) -> GameTree:
    m, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cell = st.tuples(st.integers(0, 4), st.integers(0, 4))
    return bimatrix(draw(st.lists(st.lists(cell, min_size=n, max_size=n), min_size=m, max_size=m)))


SMALL = st.one_of(
    tables(), game_trees(max_players=3, max_moves=5, absent_minded=False, inner_outcomes=False)
)


def obeys(found: CorrelatedEquilibrium) -> bool:
    """Whether nobody gains by disobeying, by trying each deviation."""
    form = found.form
    for place, player in enumerate(form.players):
        own = range(len(form.strategies[place]))
        if found.kind == "cce":
            deviations = [dict.fromkeys(own, other) for other in own]
        else:
            deviations = [{told: other} for told in own for other in own]
        for deviation in deviations:
            gain = Fraction(0)
            for combination, p in found.plan:
                told = combination[place]
                other = (*combination[:place], deviation.get(told, told), *combination[place + 1 :])
                gain += p * (form.payoffs[other][player] - form.payoffs[combination][player])
            if gain > 0:
                return False
    return True


@SLOW
@given(SMALL)
def test_nobody_gains_by_disobeying_and_each_kind_allows_more(tree: GameTree) -> None:
    assume(has_perfect_recall(tree) and not tree.is_terminal(0))
    found = {kind: correlated_equilibrium(tree, kind=kind) for kind in ("ce", "cce", "efce")}
    assert obeys(found["ce"])
    assert obeys(found["cce"])
    if all(entry.optimal for entry in found.values()):
        welfare = {kind: sum(entry.values) for kind, entry in found.items()}
        assert welfare["ce"] <= welfare["efce"] <= welfare["cce"]
        solved = solve(tree, concept="nash", budget=5).equilibria
        for nash in solved:
            if nash.certificate.exact:
                assert sum(nash.values) <= welfare["ce"]


@SLOW
@given(tables())
def test_dominated_plans_are_in_no_equilibrium(tree: GameTree) -> None:
    found = rationalisable(tree)
    for equilibrium in solve(tree, concept="nash", all=True).equilibria:
        for place, own in enumerate(found.surviving):
            sets = tree.sets_of_player(found.form.players[place])
            number = next(n for n in sets if len(tree.information_sets[n].actions) > 1)
            row = equilibrium.profile.probabilities[number]
            assert all(action in own for action, p in enumerate(row) if p)


@SLOW
@given(tables())
def test_perfect_equilibria_of_two_players_are_the_undominated_ones(tree: GameTree) -> None:
    """van Damme (1991, theorem 3.2.2)."""
    form = reduced_form(tree)
    for found in solve(tree, concept="nash", all=True).equilibria:
        verdict = verify_profile(tree, found.profile, concept="perfect")
        proper = verify_profile(tree, found.profile, concept="proper")
        undominated = True
        for place in range(len(form.players)):
            number = next(
                n
                for n in tree.sets_of_player(form.players[place])
                if len(tree.information_sets[n].actions) > 1
            )
            row = found.profile.probabilities[number]
            undominated = undominated and not _mixture_dominated(form, place, row)
        if verdict.holds is not None:
            assert verdict.holds == undominated
        if proper.holds:
            assert undominated


def _mixture_dominated(form: object, place: int, row: tuple[Fraction, ...]) -> bool:
    width = len(row)
    others = range(len(form.strategies[1 - place])) if len(form.players) == 2 else range(1)
    rows, total = [], dict.fromkeys(range(width), Fraction(0))
    kept = Fraction(0)
    for other in others:

        def pay(own: int, other: int = other) -> Fraction:
            key = (own,) if len(form.players) == 1 else (own, other) if place == 0 else (other, own)
            return form.payoffs[key][form.players[place]]

        value = sum((p * pay(a) for a, p in enumerate(row)), Fraction(0))
        kept += value
        rows.append(({a: -pay(a) for a in range(width)}, -value))
        for a in range(width):
            total[a] += pay(a)
    whole = (dict.fromkeys(range(width), Fraction(1)), Fraction(1))
    best = optimum(total, width, at_most=rows, equal=[whole])
    assert best is not None
    return best.value > kept


def test_questions_that_cannot_be_answered() -> None:
    with pytest.raises(UserError, match="no kind"):
        correlated_equilibrium(PENNIES, kind="fair")
    with pytest.raises(UserError, match="no objective"):
        correlated_equilibrium(PENNIES, objective="Nobody")
    with pytest.raises(UserError, match="two players"):
        best_commitment(kreps_wilson())
    with pytest.raises(UserError, match="no time"):
        security_levels(PENNIES, budget=0)
    with pytest.raises(UserError, match="combinations"):
        reduced_form(bimatrix([[(0, 0)] * 70] * 70))


def test_objectives_of_the_mediator() -> None:
    assert correlated_equilibrium(SEXES, objective="Column").values == (1, 2)
    assert correlated_equilibrium(SEXES, objective=0).values == (2, 1)
    least = correlated_equilibrium(SEXES, objective="least welfare").values
    assert sum(least) <= Fraction(4, 3)
    words = correlated_equilibrium(CHICKEN).words
    assert words[0] == "half the time the mediator draws Row: r0; Column: c0"
    assert len(list(product(words))) == 3
