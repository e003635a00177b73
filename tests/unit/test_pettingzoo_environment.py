"""The game as PettingZoo's environment, where it is installed (``pip install pettingzoo``)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.game import GameTree
from nl2efg.playing import observe
from tests.trees import game_trees, kuhn

pytest.importorskip("pettingzoo")
checks = pytest.importorskip("pettingzoo.test")

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
GAMES = ("kuhn_poker", "trust_game", "absent_minded_driver", "selten_horse", "five_players")


@pytest.mark.parametrize("name", GAMES)
def test_pettingzoos_own_check(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    checks.api_test(nl2efg.to_pettingzoo(name), num_cycles=200)
    assert "Passed" in capsys.readouterr().out


def test_a_seed_repeats_a_play() -> None:
    checks.seed_test(lambda: nl2efg.to_pettingzoo("kuhn_poker"))


def played(environment: Any, chance: random.Random) -> dict[str, float]:
    """What everybody has got at the end of one play at random."""
    got = dict.fromkeys(environment.possible_agents, 0.0)
    for agent in environment.agent_iter(max_iter=1000):
        seen, reward, ended, _, info = environment.last()
        got[agent] += reward
        if ended:
            environment.step(None)
            continue
        tree, node = environment.tree, environment.node
        assert info["seen"]["actions"] == observe(tree, tree.set_of[node]).actions
        assert seen["observation"].nonzero()[0].tolist() == [tree.set_of[node]]
        allowed = seen["action_mask"].nonzero()[0].tolist()
        assert allowed == list(range(len(tree.children[node])))
        environment.step(chance.choice(allowed))
    return got


@settings(max_examples=40)
@given(game_trees(max_moves=10), st.integers(0, 1000))
def test_everybody_gets_what_the_end_pays(tree: GameTree, seed: int) -> None:
    environment, chance = nl2efg.to_pettingzoo(tree), random.Random(seed)
    for _ in range(3):
        environment.reset(seed=chance.randrange(1000))
        got = played(environment, chance)
        assert environment.tree.is_terminal(environment.node)
        assert list(got.values()) == [float(p) for p in tree.path_payoffs[environment.node]]
        assert environment.agents == []


def test_what_is_no_action_is_refused() -> None:
    environment = nl2efg.to_pettingzoo(kuhn())
    environment.reset(seed=1)
    for action in (7, -1, None):
        with pytest.raises(ValueError, match="has no action"):
            environment.step(action)
    others = [name for name in environment.agents if name != environment.agent_selection]
    assert not environment.observe(others[0])["action_mask"].any()
