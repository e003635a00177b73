"""The equilibria of a compilation on a screen, and in the report."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from rich.console import Console

from nl2efg.cli.equilibrium_summary import equilibrium_rows
from nl2efg.drawing import draw_html
from nl2efg.equilibria.result import Claim, Completeness
from nl2efg.equilibria.same_play import same_play
from nl2efg.formats import read_efg
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.pipeline import example
from nl2efg.schema.record import CompilationRecord, SolutionRecord
from nl2efg.solving import certify, solve
from tests.trees import kuhn

SCREEN = 50
"""Lines of 80 letters that the equilibria of a game may take."""


def bundled(name: str) -> GameTree:
    return read_efg(example(name).reference)


def lines_of(tree: GameTree, **options: bool) -> list[str]:
    """The rows as a terminal of 80 columns shows them, roughly."""
    console = Console(width=80 - 17)
    found = []
    for label, words in equilibrium_rows(solve(tree, **options)):  # type: ignore[arg-type]
        wrapped = console.render_lines(words)
        assert len(wrapped) <= 4
        found += [f"{label:<15}{words}", *[""] * (len(wrapped) - 1)]
    return found


def told(tree: GameTree, **options: bool) -> str:
    return "\n".join(lines_of(tree, **options))


def test_claims_beliefs_and_components_are_told() -> None:
    words = told(bundled("beer_quiche"))
    assert "equilibria     4, of 2 ways of play: all subgame-perfect equilibria" in words
    assert "sequential, passes the intuitive criterion and D1; exact, max regret 0" in words
    assert "Fight; supported if P(Surly, Quiche) ≤ 1/2" in words
    assert "not the intuitive criterion: only Wimp could never gain" in words
    assert "play is the same in 1 more: 3" in words
    assert "components     equilibria 1, 3 span a continuum" in words


def test_probabilities_are_told_in_words_or_as_numbers() -> None:
    solution = solve(bundled("battle_of_the_sexes"))
    for numbers in (False, True):
        words = "\n".join(line for _, line in equilibrium_rows(solution, numbers=numbers))
        assert ("time" in words) is not numbers
        assert ("Concert 2/3, Match 1/3" in words) is numbers


def test_battle_of_the_sexes_has_its_three() -> None:
    words = told(bundled("battle_of_the_sexes"))
    assert [f"equilibrium {n}" in words for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert words.count("sequential; exact") == 3


def test_what_no_belief_supports_is_told_last_and_says_so() -> None:
    words = told(bundled("selten_horse"))
    first, last = words.index("sequential; exact"), words.index("merely subgame perfect")
    assert first < last
    assert "not supported by beliefs: no belief supports what is played at across" in words


@pytest.mark.parametrize(
    "tree", [kuhn(9), bundled("repeated_battle_of_the_sexes"), bundled("fishing_commons")]
)
def test_it_fits_a_screen(tree: GameTree) -> None:
    assert len(lines_of(tree)) <= SCREEN


def test_sets_of_a_long_strategy_are_told_by_what_is_known() -> None:
    words = told(kuhn(9), all=False)
    assert "more information sets, of which play comes to" in words
    assert "nl2efg solve GAME --full" in words


def ultimatum(offers: int) -> GameTree:
    """Offers of a pie that an answerer accepts or not, with ties at zero."""
    builder = TreeBuilder(["Ann", "Ben"])
    offer = builder.information_set(0, [f"o{i}" for i in range(offers)])
    for share, node in enumerate(builder.move(0, offer)):
        yes, no = builder.move(node, builder.information_set(1, ["yes", "no"]))
        builder.pay(yes, [offers - 1 - share, share // 2])
        builder.pay(no, [0, 0])
    return builder.build()


def test_profiles_that_differ_off_the_path_are_played_alike() -> None:
    found = solve(ultimatum(3), all=True)
    groups = same_play(entry.profile for entry in found.equilibria)
    assert sorted(number for group in groups for number in group) == list(
        range(1, len(found.equilibria) + 1)
    )
    for group in groups:
        paid = {found.equilibria[number - 1].values for number in group}
        assert len(paid) == 1
    assert len(groups) < len(found.equilibria)


def record_of(tree: GameTree, solution: SolutionRecord) -> CompilationRecord:
    return CompilationRecord(
        status="compiled",
        name="a game",
        text="A game.",
        text_sha256="",
        model="none",
        versions={},
        prompts_sha256="",
        solution=solution,
    )


def page(tree: GameTree) -> str:
    solution = solve(tree)
    profiles = [found.profile for found in solution.equilibria]
    return draw_html(tree, record_of(tree, solution.record()), profiles)


def test_the_report_has_components_and_folds_what_is_played_alike() -> None:
    html = page(bundled("beer_quiche"))
    assert "<p>Equilibria 1, 3 span a continuum" in html
    assert html.count("played as equilibrium") == html.count('<details class="alike">') == 2
    assert "supported by beliefs (perfect Bayesian): holds" in html


def test_the_report_marks_what_no_belief_supports() -> None:
    html = page(bundled("selten_horse"))
    assert html.count("merely subgame-perfect: no belief supports it") >= 1
    assert "Equilibrium 1: (1, 1, 1)<" in html or "Equilibrium 1: (1, 1, 1) <" in html


def test_a_nearest_profile_is_told_where_nothing_was_certified() -> None:
    tree = bundled("battle_of_the_sexes")
    solution = solve(tree)
    half = BehaviourProfile(tree, ((Fraction(1, 2),) * 2,) * 2)

    near = replace(
        solution.equilibria[0],
        profile=half,
        certificate=certify(half),
        concept="epsilon",
        claims=(),
    )
    none = replace(
        solution, equilibria=(), approximate=near, completeness=Completeness(Claim.NONE, 0)
    )
    rows = list(equilibrium_rows(none))
    assert rows[0] == ("equilibria", "none was certified")
    assert "ε-equilibrium" in rows[1][1]
    assert "max regret 1/4" in rows[1][1]
