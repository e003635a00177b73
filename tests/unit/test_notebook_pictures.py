"""What a notebook shows of games, equilibria, families, sweeps and compilations: pictures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

import nl2efg
from tests.gallery import bundled

GAMES = dict(bundled())
CARES = GAMES["assistant_price"]


def shown(value: Any) -> str:
    """The picture of a value, which is a whole document."""
    bundle = value._repr_mimebundle_()
    assert bundle["text/plain"] == repr(value)
    svg: str = bundle["image/svg+xml"]
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    return svg


def test_a_game_and_its_family_show_the_letters() -> None:
    family = nl2efg.family_of(CARES)
    assert family is not None
    for value in (CARES, family):
        assert "v − e" in shown(value)


def test_an_equilibrium_lies_over_its_game() -> None:
    found = nl2efg.solve(GAMES["battle_of_the_sexes"]).equilibria
    pictures = [shown(each) for each in found]
    assert len(set(pictures)) == len(found) == 3
    assert all("E expected payoff" in each for each in pictures)
    assert sum("2/3" in each for each in pictures) == 1


@pytest.mark.parametrize("over", [["v=1:9:5"], ["v=1:9:3", "d=1/2:9/2:3"]])
def test_a_sweep_shows_its_values_or_regimes(over: list[str]) -> None:
    family = nl2efg.family_of(CARES)
    assert family is not None
    swept = nl2efg.sweep(family, over, workers=1)
    assert shown(swept) == swept.svg()


def test_a_sweep_of_three_letters_shows_its_text_alone() -> None:
    family = nl2efg.family_of(CARES)
    assert family is not None
    swept = nl2efg.sweep(family, ["v=4:8:2", "d=1/2:9/2:2", "e=1:3:2"], workers=1)
    assert swept._repr_mimebundle_() == {"text/plain": repr(swept)}
