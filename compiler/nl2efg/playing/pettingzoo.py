"""A game as PettingZoo's environment of agents that move one after the other (Terry et al. 2021).

Imports ``pettingzoo`` and ``gymnasium`` and is imported where an environment is wanted. Rewards are
floating point; what chance draws is drawn exactly.
"""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Dict, Discrete
from pettingzoo import AECEnv

from nl2efg.game.model import CHANCE, GameTree
from nl2efg.playing.observation import observe
from nl2efg.playing.simulation import Moves


class TreeEnvironment(AECEnv):  # type: ignore[misc]
    """A game tree as an environment.

    An observation holds ``observation``, which is one-hot over the information sets (zeros where it
    is not the agent's turn), and ``action_mask``. The info of the agent whose turn it is holds
    ``seen``: the fields of an :class:`nl2efg.Observation`, in words, for agents that read.

    Args:
        tree: the game.
    """

    metadata = {"name": "nl2efg", "render_modes": ["ansi"], "is_parallelizable": False}  # noqa: RUF012

    def __init__(self, tree: GameTree) -> None:
        super().__init__()
        self.tree = tree
        self.render_mode = "ansi"
        self.possible_agents = list(tree.told.players)
        sets = len(tree.information_sets)
        self._width = max(
            (len(each.actions) for each in tree.information_sets if not each.is_chance), default=1
        )
        self.action_spaces = {name: Discrete(self._width) for name in self.possible_agents}
        self.observation_spaces = {
            name: Dict(
                {
                    "observation": Box(0, 1, (sets,), np.int8),
                    "action_mask": Box(0, 1, (self._width,), np.int8),
                }
            )
            for name in self.possible_agents
        }

    def observation_space(self, agent: str) -> Any:
        """The observations of an agent.

        Args:
            agent: a player's name.
        """
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The actions of an agent.

        Args:
            agent: a player's name.
        """
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: Any = None) -> None:
        """Begin a play.

        Args:
            seed: makes chance draw the same again.
            options: there are none.
        """
        if seed is not None or not hasattr(self, "_moves"):
            self._moves = Moves(self.tree, None, {}, random.Random(seed))
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {name: {} for name in self.agents}
        self.agent_selection = self.agents[0]
        self._go_to(0)
        self._accumulate_rewards()  # a game may end where it begins

    def _go_to(self, node: int) -> None:
        """Come to a node, and on from there while chance moves."""
        tree = self.tree
        while not tree.is_terminal(node) and tree.player_of(node) == CHANCE:
            node = tree.children[node][self._moves.action(tree.set_of[node])]
        self.node = node
        self.infos = {name: {} for name in self.agents}
        if tree.is_terminal(node):
            paid = zip(self.possible_agents, tree.path_payoffs[node], strict=True)
            self.rewards = {name: float(payoff) for name, payoff in paid}
            self.terminations = dict.fromkeys(self.agents, True)
            return
        self.agent_selection = self.possible_agents[tree.information_sets[tree.set_of[node]].player]
        self.infos[self.agent_selection] = {"seen": asdict(observe(tree, tree.set_of[node]))}

    def observe(self, agent: str) -> dict[str, Any]:
        """What an agent sees.

        Args:
            agent: a player's name.
        """
        seen = np.zeros(len(self.tree.information_sets), np.int8)
        mask = np.zeros(self._width, np.int8)
        if not self.tree.is_terminal(self.node) and agent == self.agent_selection:
            seen[self.tree.set_of[self.node]] = 1
            mask[: len(self.tree.children[self.node])] = 1
        return {"observation": seen, "action_mask": mask}

    def step(self, action: int | None) -> None:
        """Move.

        Args:
            action: the index of an action; None of an agent whose play has ended.

        Raises:
            ValueError: there is no such action.
        """
        if self.terminations[self.agent_selection]:
            self._was_dead_step(action)
            return
        children = self.tree.children[self.node]
        if action is None or not 0 <= int(action) < len(children):
            raise ValueError(f"{self.agent_selection} has no action {action}")
        self._cumulative_rewards[self.agent_selection] = 0.0
        self._clear_rewards()
        self._go_to(children[int(action)])
        self._accumulate_rewards()

    def render(self) -> str:
        """What has been done so far, chance's moves among it."""
        return ", ".join(self.tree.told.history(self.node))

    def close(self) -> None:
        """Nothing is to be let go."""
