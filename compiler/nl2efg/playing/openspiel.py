"""A game as OpenSpiel's game and states, for the algorithms there (Lanctot et al. 2019).

Imports ``pyspiel`` and is imported where a game is wanted. Payoffs and probabilities are floating
point there. Chance's actions of probability zero are left out; all others keep their indices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyspiel

from nl2efg.game.analysis import facts
from nl2efg.game.model import CHANCE, GameTree
from nl2efg.game.profile import BehaviourProfile
from nl2efg.playing.observation import Observation, observe

SHORT_NAME = "nl2efg"


class TreeGame(pyspiel.Game):  # type: ignore[misc]
    """A game tree as a game of OpenSpiel.

    Args:
        tree: the game; its actions are numbered at each information set, from 0.
    """

    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        super().__init__(_game_type(tree), _game_info(tree), {})

    def new_initial_state(self) -> TreeState:
        """The state at the root."""
        return TreeState(self)

    def make_py_observer(self, iig_obs_type: Any = None, params: Any = None) -> TreeObserver:
        """What players see.

        Args:
            iig_obs_type: is not looked at: what a player sees is the information set.
            params: there are none.
        """
        return TreeObserver(self.tree)


class TreeState(pyspiel.State):  # type: ignore[misc]
    """A node of a game tree as a state of OpenSpiel.

    Args:
        game: the game.
    """

    def __init__(self, game: TreeGame) -> None:
        super().__init__(game)
        self._tree, self.node = game.tree, 0

    def __deepcopy__(self, memo: Any) -> TreeState:
        """A state of the same game at the same node."""
        game = self.get_game()
        copied: TreeState = game.new_initial_state()
        for action in (self._tree.action_of[step] for step in self._tree.path(self.node)[1:]):
            copied.apply_action(action)
        return copied

    @property
    def observation(self) -> Observation:
        """What the player whose turn it is sees, as :func:`nl2efg.simulate` tells agents."""
        return observe(self._tree, self._tree.set_of[self.node])

    def current_player(self) -> int:
        """Whose turn it is, by OpenSpiel's numbers."""
        if self.is_terminal():
            return int(pyspiel.PlayerId.TERMINAL)
        player = self._tree.information_sets[self._tree.set_of[self.node]].player
        return int(pyspiel.PlayerId.CHANCE) if player == CHANCE else player

    def _legal_actions(self, _: int) -> list[int]:
        return list(range(len(self._tree.children[self.node])))

    def chance_outcomes(self) -> list[tuple[int, float]]:
        """What chance may do, with its probabilities."""
        row = self._tree.information_sets[self._tree.set_of[self.node]].probabilities or ()
        return [(action, float(p)) for action, p in enumerate(row) if p]

    def _apply_action(self, action: int) -> None:
        self.node = self._tree.children[self.node][action]

    def _action_to_string(self, _: int, action: int) -> str:
        return self._tree.information_sets[self._tree.set_of[self.node]].actions[action]

    def is_terminal(self) -> bool:
        """Whether the play has ended."""
        return self._tree.is_terminal(self.node)

    def returns(self) -> list[float]:
        """What each player has got; nothing before the end."""
        if not self.is_terminal():
            return [0.0] * len(self._tree.players)
        return [float(payoff) for payoff in self._tree.path_payoffs[self.node]]

    def __str__(self) -> str:
        return ", ".join(self._tree.told.history(self.node))


class TreeObserver:
    """What a player sees: the information set, and before and after his turns his own moves.

    ``tensor`` is one-hot: players first, then information sets; all zeros there where it is not
    the player's turn.

    Args:
        tree: the game.
    """

    def __init__(self, tree: GameTree) -> None:
        self._tree = tree
        self._seats = len(tree.players)
        self.tensor = np.zeros(self._seats + len(tree.information_sets), np.float32)
        self.dict = {
            "player": self.tensor[: self._seats],
            "information_set": self.tensor[self._seats :],
        }

    def set_from(self, state: TreeState, player: int) -> None:
        """Fill the tensor.

        Args:
            state: of the game.
            player: who looks.
        """
        self.tensor.fill(0)
        self.tensor[player] = 1
        if state.current_player() == player:
            self.tensor[self._seats + self._tree.set_of[state.node]] = 1

    def string_from(self, state: TreeState, player: int) -> str:
        """What a player sees, as a text that tells information sets apart.

        Args:
            state: of the game.
            player: who looks.
        """
        tree, node = self._tree, state.node
        if state.current_player() == player:
            return f"{tree.told.players[player]} at set {tree.set_of[node]}"
        own = [
            f"{tree.set_of[tree.parents[step]]}:{tree.action_of[step]}"
            for step in tree.path(node)[1:]
            if tree.player_of(tree.parents[step]) == player
        ]
        return f"{tree.told.players[player]} waits, after {' '.join(own) or 'no move'}"


def _game_type(tree: GameTree) -> Any:
    kinds, found = pyspiel.GameType, facts(tree)
    utility = kinds.Utility.GENERAL_SUM
    if found.constant_sum:
        utility = kinds.Utility.ZERO_SUM if found.zero_sum else kinds.Utility.CONSTANT_SUM
    return kinds(
        short_name=SHORT_NAME,
        long_name=tree.title or SHORT_NAME,
        dynamics=kinds.Dynamics.SEQUENTIAL,
        chance_mode=kinds.ChanceMode.EXPLICIT_STOCHASTIC
        if found.chance_sets
        else kinds.ChanceMode.DETERMINISTIC,
        information=kinds.Information.PERFECT_INFORMATION
        if found.perfect_information
        else kinds.Information.IMPERFECT_INFORMATION,
        utility=utility,
        reward_model=kinds.RewardModel.TERMINAL,
        max_num_players=len(tree.players),
        min_num_players=len(tree.players),
        provides_information_state_string=True,
        provides_information_state_tensor=True,
        provides_observation_string=True,
        provides_observation_tensor=True,
        provides_factored_observation_string=False,
    )


def _game_info(tree: GameTree) -> Any:
    own = [len(each.actions) for each in tree.information_sets if not each.is_chance]
    drawn = [len(each.actions) for each in tree.information_sets if each.is_chance]
    payoffs = [float(p) for end in tree.terminals for p in tree.path_payoffs[end]]
    sums = {sum(tree.path_payoffs[end]) for end in tree.terminals}
    return pyspiel.GameInfo(
        num_distinct_actions=max(own, default=1),
        max_chance_outcomes=max(drawn, default=0),
        num_players=len(tree.players),
        min_utility=min(payoffs, default=0.0),
        max_utility=max(payoffs, default=0.0),
        utility_sum=float(sums.pop()) if len(sums) == 1 else None,
        max_game_length=max(tree.depth),
    )


def profile_of(tree: GameTree, policy: Any) -> BehaviourProfile:
    """What a policy of OpenSpiel does at each information set, as a profile.

    Args:
        tree: the game that the policy was found for.
        policy: with ``action_probabilities(state)``, as OpenSpiel's algorithms give them.
    """
    game = TreeGame(tree)
    rows = []
    for number, infoset in enumerate(tree.information_sets):
        if infoset.probabilities is not None:
            rows.append(infoset.probabilities)
            continue
        state = game.new_initial_state()
        for step in tree.path(tree.members[number][0])[1:]:
            state.apply_action(tree.action_of[step])
        found = policy.action_probabilities(state)
        total = sum(found.values())
        width = range(len(infoset.actions))
        rows.append(tuple(float(found.get(action, 0.0)) / total for action in width))
    return BehaviourProfile(tree, tuple(rows))
