"""Further answers that the literature gives: subgame perfection, signals, dominance, selection."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from nl2efg.errors import UserError
from nl2efg.formats import read_efg
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.pipeline import example
from nl2efg.solving import solve
from nl2efg.solving.rationalisable import rationalisable
from nl2efg.solving.selection import select
from tests.oracles.games import table_game
from tests.references.textbook import beer_quiche

HALF = Fraction(1, 2)


def bundled(name: str) -> GameTree:
    return read_efg(example(name).reference)


def centipede(legs: int) -> GameTree:
    builder = TreeBuilder(["One", "Two"])
    node = 0
    for leg in range(legs):
        move = builder.information_set(leg % 2, ["take", "pass"])
        end, node = builder.move(node, move)
        builder.pay(end, [leg + 1, leg - 1] if leg % 2 == 0 else [leg - 1, leg + 1])
    builder.pay(node, [legs, legs - 2])
    return builder.build()


def two_rounds() -> GameTree:
    """Two rounds of offers with a discount of one half, in steps of a quarter."""
    builder = TreeBuilder(["One", "Two"])
    first = builder.information_set(0, [f"keep {i}/4" for i in range(5)])
    for i, node in enumerate(builder.move(0, first)):
        yes, no = builder.move(node, builder.information_set(1, ["yes", "no"]))
        builder.pay(yes, [Fraction(i, 4), 1 - Fraction(i, 4)])
        last = builder.information_set(1, [f"keep {j}/4" for j in range(5)])
        for j, later in enumerate(builder.move(no, last)):
            agreed, refused = builder.move(later, builder.information_set(0, ["yes", "no"]))
            builder.pay(agreed, [HALF * (1 - Fraction(j, 4)), HALF * Fraction(j, 4)])
            builder.pay(refused, [0, 0])
    return builder.build()


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (centipede(6), {(1, -1)}),  # Rosenthal 1981: the first mover takes at once
        (bundled("trust_game"), {(0, 0)}),  # Kreps 1990: nobody trusts
        (bundled("entry_deterrence"), {(1, 1)}),  # Selten 1978: entry, and no fight
        (bundled("ultimatum"), {(9, 1)}),  # Güth, Schmittberger and Schwarze 1982
        (bundled("nim"), {(1, -1)}),  # Bouton 1901: the first mover wins
        # Ståhl 1972: of two rounds the first keeps 1 - d, or a step less where a tie is refused.
        (two_rounds(), {(HALF, HALF), (Fraction(1, 4), Fraction(3, 4))}),
    ],
)
def test_backward_induction(game: GameTree, expected: set[tuple[Fraction, ...]]) -> None:
    solution = solve(game, all=True)
    assert {found.values for found in solution.equilibria} == expected
    assert "subgame-perfect" in str(solution.completeness)


# Signals ---------------------------------------------------------------------------------------


def schooling(costs: Sequence[Fraction]) -> GameTree:
    """Spence (1973): schooling costs the abler less; the firm pays what it believes he is worth."""
    count = len(costs)
    builder = TreeBuilder(["Worker", "Firm"])
    wages = [1 + HALF * k for k in range(2 * count - 1)]
    hire = [builder.information_set(1, [f"{w} at {e}" for w in wages]) for e in (0, 1)]
    nature = builder.chance([f"type {k + 1}" for k in range(count)], [Fraction(1, count)] * count)
    for worth, node in enumerate(builder.move(0, nature), 1):
        choice = builder.information_set(0, ["no school", "school"])
        for school, later in enumerate(builder.move(node, choice)):
            for wage, leaf in zip(wages, builder.move(later, hire[school]), strict=True):
                cost = costs[worth - 1] * school
                builder.pay(leaf, [wage - cost, -((wage - worth) ** 2)])
    return builder.build()


def gibbons() -> GameTree:
    """Gibbons 1992, Game Theory for Applied Economists, Figure 4.2.2."""
    builder = TreeBuilder(["Sender", "Receiver"])
    answers = [builder.information_set(1, [f"u after {m}", f"d after {m}"]) for m in "LR"]
    tables = [[[(1, 3), (4, 0)], [(2, 1), (0, 0)]], [[(2, 4), (0, 1)], [(1, 0), (1, 2)]]]
    nature = builder.chance(["t1", "t2"], [HALF, HALF])
    for node, table in zip(builder.move(0, nature), tables, strict=True):
        sent = builder.move(node, builder.information_set(0, ["L", "R"]))
        for later, answer, row in zip(sent, answers, table, strict=True):
            for leaf, paid in zip(builder.move(later, answer), row, strict=True):
                builder.pay(leaf, list(paid))
    return builder.build()


def passed_by(game: GameTree, messages: Sequence[int]) -> set[tuple[bool | None, ...]]:
    """What the equilibria in which the types send these messages pass: intuitive, D1."""
    found = set()
    types = tuple(game.sets_of_player(0))
    for each in solve(game, concept="pbe", all=True).equilibria:
        rows = [each.profile.probabilities[n] for n in types]
        if all(row[message] == 1 for row, message in zip(rows, messages, strict=True)):
            claims = [each.claim(name) for name in ("intuitive", "d1")]
            found.add(tuple(claim.holds if claim else None for claim in claims))
    return found


PASSES, FAILS, ONLY_D1_SEES_IT = {(True, True)}, {(False, False)}, {(True, False)}
TWO = [Fraction(5, 4), Fraction(1, 4)]
THREE = [Fraction(5, 4), Fraction(3, 4), HALF]


@pytest.mark.parametrize(
    ("game", "messages", "expected"),
    [
        # Cho and Kreps 1987, p. 183: beer passes, quiche does not. Half and half after quiche takes
        # a belief in the surly, whom D1 leaves out.
        (beer_quiche(), (0, 0), PASSES | ONLY_D1_SEES_IT),
        (beer_quiche(), (1, 1), FAILS),
        # Spence 1973 by Cho and Kreps 1987, section IV: the Riley outcome alone passes.
        (schooling(TWO), (0, 1), PASSES),
        (schooling(TWO), (0, 0), FAILS),
        # With three types the intuitive criterion no longer selects, D1 does (p. 212).
        (schooling(THREE), (0, 0, 0), ONLY_D1_SEES_IT),
        # Gibbons 1992, p. 190 and 239: for t2 the message R is dominated in the pooling on L.
        (gibbons(), (0, 0), FAILS),
        (gibbons(), (1, 0), PASSES),
    ],
)
def test_signals(game: GameTree, messages: Sequence[int], expected: set[tuple[bool, ...]]) -> None:
    assert passed_by(game, messages) == expected


# Dominance -------------------------------------------------------------------------------------


def cournot(most: int) -> GameTree:
    """Two firms sell up to so many units each, at a price of 9.1 less what is sold; in tenths."""
    amounts = range(most + 1)

    def profit(mine: int, other: int) -> int:
        return mine * (91 - 10 * mine - 10 * other)

    return table_game([[(profit(q, r), profit(r, q)) for r in amounts] for q in amounts])


def street(places: int) -> GameTree:
    """Hotelling (1929): two sellers on a street share the houses that are nearer to them."""

    def share(mine: int, other: int) -> int:
        house = range(places)
        return sum(
            2 if abs(h - mine) < abs(h - other) else int(abs(h - mine) == abs(h - other))
            for h in house
        )

    spots = range(places)
    return table_game([[(share(i, j), share(j, i)) for j in spots] for i in spots])


def test_a_street_is_solved_from_its_ends() -> None:
    """Osborne 2004, An Introduction to Game Theory, section 12.3: both end in the middle."""
    found = rationalisable(street(5))
    assert found.surviving == ((2,), (2,))
    assert max(entry.round for entry in found.eliminated) == 2


def test_cournot_duopolies_are_dominance_solvable() -> None:
    """Bernheim 1984, p. 1024; Moulin 1984: linear demand leaves the one equilibrium."""
    found = rationalisable(cournot(9))
    assert found.surviving == ((3,), (3,))


def test_weak_dominance_eliminates_nothing() -> None:
    assert not rationalisable(table_game([[(1, 1), (0, 0)], [(0, 0), (0, 0)]])).eliminated


# Selection -------------------------------------------------------------------------------------

SEXES = table_game([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
HUNT = table_game([[(4, 4), (0, 3)], [(3, 0), (3, 3)]])
CHICKEN = table_game([[(6, 6), (2, 7)], [(7, 2), (0, 0)]])
AUMANN = table_game([[(9, 9), (0, 8)], [(8, 0), (7, 7)]])


def chosen(game: GameTree, rule: str) -> set[tuple[Fraction, ...]]:
    equilibria = solve(game, concept="nash", all=True).equilibria
    found = select(game, equilibria, rule)
    return {equilibria[number - 1].values for number in found.equilibria}


@pytest.mark.parametrize(
    ("game", "rule", "expected"),
    [
        # Harsanyi and Selten 1988, p. 87: hares are safer than a stag.
        (HUNT, "risk", {(3, 3)}),
        (HUNT, "welfare", {(4, 4)}),
        (AUMANN, "risk", {(7, 7)}),  # Aumann 1990: it pays less, and is not self-enforcing
        (AUMANN, "welfare", {(9, 9)}),
        (SEXES, "risk", set()),  # by symmetry neither
        (SEXES, "welfare", {(2, 1), (1, 2)}),
        (CHICKEN, "symmetric", {(Fraction(14, 3), Fraction(14, 3))}),
        (HUNT, "symmetric", {(4, 4), (3, 3)}),
        # Nash 1951: what each likes best stands for what the other does.
        (SEXES, "symmetric", {(Fraction(2, 3), Fraction(2, 3))}),
        (table_game([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]), "symmetric", {(0, 0)}),
        (table_game([[(2, 2), (0, 3)], [(3, 0), (1, 1)]]), "risk", {(1, 1)}),
        # A third plan that is never a best answer changes nothing.
        (
            table_game([[(4, 4), (0, 3), (0, 0)], [(3, 0), (3, 3), (0, 0)], [(0, 0)] * 3]),
            "welfare",
            {(4, 4)},
        ),
        (table_game([[(4, 4), (0, 3), (1, 0)], [(3, 0), (3, 3), (1, 0)]]), "risk", {(3, 3)}),
    ],
)
def test_selection(game: GameTree, rule: str, expected: set[tuple[int, ...]]) -> None:
    assert chosen(game, rule) == expected


def test_selections_that_do_not_apply() -> None:
    pennies = table_game([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
    with pytest.raises(UserError, match="there is none"):
        chosen(pennies, "risk")
    with pytest.raises(UserError, match="not symmetric"):
        chosen(table_game([[(1, -1), (-1, 1)], [(-2, 1), (1, -1)]]), "symmetric")
    with pytest.raises(UserError, match="no rule"):
        select(HUNT, (), "beauty")
