"""The games that pygambit brings along, where it does."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from nl2efg.formats import load_game
from nl2efg.game import GameTree

SPEC = find_spec("pygambit")
CATALOGUE = (
    Path(SPEC.submodule_search_locations[0]) / "catalog_data"
    if SPEC and SPEC.submodule_search_locations
    else Path("no catalogue")
)
GAMES = sorted(CATALOGUE.rglob("*.efg")) + sorted(CATALOGUE.rglob("*.nfg"))


def catalogue(name: str) -> GameTree:
    """One of its games, by its path in the catalogue."""
    path = CATALOGUE / name
    if not path.exists():
        pytest.skip(f"this pygambit has no {name}")
    return load_game(path)
