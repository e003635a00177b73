"""The strategic form as a picture: letters, and tables in rows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings

import nl2efg
from nl2efg.drawing import View, contact_sheet, draw_svg, draw_tikz
from nl2efg.drawing.html.report import draw_html
from nl2efg.drawing.matrix import chances_of, draw_matrix, letters_note, marks_of
from nl2efg.errors import UserError
from nl2efg.families import GameFamily, Parameter, read_expression
from nl2efg.families.written import written
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder, absent_minded_sets
from nl2efg.game.strategic_form import strategic_form
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.layout_properties import uniform
from tests.random_families import random_family
from tests.trees import absent_minded_driver, game_trees, kuhn

GAMES = dict(bundled())


def texts(svg: str) -> list[str]:
    """The texts of a picture."""
    root = ElementTree.fromstring(svg)
    return ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")]


@pytest.mark.parametrize("kind", ["payoffs", "ends", "tree"])
def test_pictures_at_values_of_the_letters_say_which(kind: Any) -> None:
    for name, line in (("hawk_dove_letters", "at V = 2, C = 5"), ("prisoners_dilemma", "")):
        tree = GAMES[name]
        profile = solve(tree).equilibria[0].profile
        told = [text for text in texts(draw_svg(tree, kind=kind, profile=profile)) if text]
        assert [text for text in told if text.startswith("at ")] == [line] * bool(line)
    assert "at V = 2, C = 5" not in texts(draw_svg(GAMES["hawk_dove_letters"]))


def test_the_key_of_an_equilibrium_holds_what_is_drawn() -> None:
    tree = GAMES["centipede"]
    told = texts(draw_svg(tree, profile=solve(tree).equilibria[0].profile))
    assert "E expected payoff · pale: not reached" in told
    told = texts(draw_svg(kuhn(), profile=uniform(kuhn())))
    assert "E expected payoff · [p] belief" in told


def test_cells_hold_the_letters_and_say_where_best_responses_are() -> None:
    told = texts(nl2efg.draw(GAMES["hawk_dove_letters"], kind="matrix"))
    assert told.count("(V − C)/2") == 2
    assert "best responses at V = 2, C = 5" in told
    prior = texts(nl2efg.draw(GAMES["beer_quiche_prior"], kind="matrix"))
    assert "3 − 2p" in prior  # by hand: p from the surly, 3 (1 - p) from the weak
    assert not letters_note(GAMES["trust_game"])
    source = draw_tikz(GAMES["beer_quiche_prior"], kind="matrix")
    assert r"$3 - 2\,p$" in source
    assert "% best responses at p = 4/5" in source
    assert "These are best responses at V = 2, C = 5." in draw_html(GAMES["hawk_dove_letters"])


def test_tables_stand_in_rows_that_are_as_wide_as_asked() -> None:
    jury = GAMES["condorcet_jury"]
    sizes = []
    for room in (8_000.0, 900.0, 400.0):
        svg = draw_matrix(jury, View(width=room))
        width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
        sizes.append((width, height))
    assert sizes[0][0] > sizes[1][0] >= sizes[2][0]
    assert sizes[0][1] < sizes[1][1] <= sizes[2][1]
    assert sizes[1][0] <= 900


@pytest.mark.parametrize("seed", range(40))
def test_letters_have_the_values_that_the_numbers_are(seed: int) -> None:
    """An oracle: the strategic form of the game without letters, and its best responses."""
    family = random_family(seed)
    plain, lettered = strategic_form(family.tree), strategic_form(written(family))
    assert (plain is None) == (lettered is None)
    if plain is None or lettered is None:
        return
    for profile, paid in plain.payoffs.items():
        there = lettered.payoffs[profile]
        assert all(a - b == 0 for a, b in zip(there, paid, strict=True))
    assert plain.best_responses == lettered.best_responses


def framed(svg: str) -> int:
    """How many cells of a matrix are framed."""
    return len(re.findall(r'<rect class="e r"', svg))


@settings(deadline=None, max_examples=60)
@given(game_trees())
def test_mixed_strategies_pay_what_the_profile_pays(tree: GameTree) -> None:
    """An oracle: Kuhn's theorem, for any game in which no player is absent-minded."""
    form = strategic_form(tree, max_cells=200)
    if form is None or absent_minded_sets(tree):
        return
    profile = uniform(tree)
    weights = form.weights(profile)
    assert all(sum(own) == 1 for own in weights)
    paid = [Fraction(0)] * len(tree.players)
    for cell, payoffs in form.payoffs.items():
        chance = prod((own[n] for own, n in zip(weights, cell, strict=True)), start=Fraction(1))
        paid = [sum_ + chance * each for sum_, each in zip(paid, payoffs, strict=True)]
    assert paid == list(profile.values)


@pytest.mark.parametrize("name", ["stag_hunt", "beer_quiche", "matching_pennies", "selten_horse"])
def test_a_matrix_marks_the_equilibrium_that_is_asked_for(name: str) -> None:
    tree = GAMES[name]
    form = strategic_form(tree)
    assert form is not None
    sources = set()
    for found in solve(tree, all=True).equilibria:
        marks = marks_of(form, found.profile)
        assert marks is not None
        played = [cell for cell in form.payoffs if marks.played(cell)]
        svg = draw_svg(tree, kind="matrix", profile=found.profile)
        assert framed(svg) == len(played)
        mixed = any(0 < chance < 1 for own in marks.weights for chance in own)
        assert mixed or played[0] in form.equilibria
        source = draw_tikz(tree, kind="matrix", profile=found.profile)
        assert source.count(r"\fbox{") == len(played)
        sources.add(source)
        shown = {show for own in chances_of(marks, View(), len(tree.players)) for show in own}
        assert shown <= set(texts(svg)) or len(tree.players) > 2
        assert bool(shown) == mixed
        plain = texts(draw_svg(tree, kind="matrix", profile=found.profile, probabilities=False))
        assert {show for show in shown if "/" in show}.isdisjoint(plain)
    assert len(sources) == len(solve(tree, all=True).equilibria)
    sheet = contact_sheet(
        tree, [found.profile for found in solve(tree, all=True).equilibria], kind="matrix"
    )
    assert sheet.count(">Equilibrium ") == len(sources)


def test_no_mixed_strategy_does_what_an_absent_minded_player_does() -> None:
    tree = absent_minded_driver()
    with pytest.raises(UserError, match="absent-minded"):
        draw_svg(tree, kind="matrix", profile=uniform(tree))
    sure = BehaviourProfile(tree, ((Fraction(1), Fraction(0)),))
    assert framed(draw_svg(tree, kind="matrix", profile=sure)) == 1


@pytest.mark.parametrize("tex", ["standalone", "fragment", "istgame"])
@pytest.mark.parametrize("kind", ["matrix", "tree"])
def test_letters_of_other_scripts_are_ascii_in_tex(kind: Any, tex: Any) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    nodes = [0]
    for player, actions in ((0, ["U", "D"]), (1, ["L", "R"])):
        own = builder.information_set(player, actions)
        nodes = [child for node in nodes for child in builder.move(node, own)]
    for number, node in enumerate(nodes):
        builder.pay(node, [number, 1])
    parameters = (Parameter("ж", Fraction(1)), Parameter("prix_é", Fraction(1)))
    payoffs = {(0, 0): read_expression("2*ж - 2"), (1, 0): read_expression("2 - prix_é")}
    source = draw_tikz(
        written(GameFamily(builder.build(), parameters, payoffs, {})), kind=kind, tex=tex
    )
    assert source.isascii()
    assert "0436" in source
    assert "prix" in source


def test_a_third_player_chooses_among_tables_that_are_named() -> None:
    source = draw_tikz(GAMES["ring_network"], kind="matrix")
    assert source.count(r"\begin{tabular}") == 2
    assert "{P3: a}" in source
    assert "{P3: b}" in source
    assert source.count(r"\quad") == 1
