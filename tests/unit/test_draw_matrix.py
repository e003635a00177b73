"""The strategic form as a picture: letters, and tables in rows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from typing import Any

import pytest

import nl2efg
from nl2efg.drawing import View, draw_svg, draw_tikz
from nl2efg.drawing.html.report import draw_html
from nl2efg.drawing.matrix import draw_matrix, letters_note
from nl2efg.families import GameFamily, Parameter, read_expression
from nl2efg.families.written import written
from nl2efg.game import TreeBuilder
from nl2efg.game.strategic_form import strategic_form
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.layout_properties import uniform
from tests.random_families import random_family
from tests.trees import kuhn

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
