"""Sheets with a picture for each equilibrium."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from fractions import Fraction

import pytest

from nl2efg.drawing import contact_sheet
from nl2efg.game import BehaviourProfile
from nl2efg.solving import solve
from tests.layout_properties import uniform
from tests.trees import absent_minded_driver, kuhn

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_a_contact_sheet_shows_every_equilibrium() -> None:
    tree = absent_minded_driver()
    profiles = [uniform(tree), BehaviourProfile(tree, ((Fraction(2, 3), Fraction(1, 3)),))]
    root = ElementTree.fromstring(contact_sheet(tree, profiles))
    texts = ["".join(each.itertext()) for each in root.iter(f"{NAMESPACE}text")]
    assert {"Equilibrium 1", "Equilibrium 2"} <= set(texts)


@pytest.mark.parametrize("parts", [8, 100])
def test_parts_for_every_equilibrium_have_its_legend_once(parts: int) -> None:
    tree = kuhn()
    profiles = [found.profile for found in solve(tree, all=True).equilibria]
    sheet = contact_sheet(tree, profiles, parts=parts)
    assert len(profiles) > 1
    texts = ["".join(each.itertext()) for each in ElementTree.fromstring(sheet).iter()]
    for start in ("E expected payoff", f"{tree.players[0]}  E "):
        assert sum(text.startswith(start) for text in texts) == len(profiles)
    assert ("its parts, for each equilibrium" in sheet) == (parts == 8)
