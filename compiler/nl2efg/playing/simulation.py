"""Plays of a game by agents: what happened, and the expected payoffs."""

from __future__ import annotations

import inspect
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import accumulate
from math import lcm

from nl2efg.errors import UserError, expect
from nl2efg.game.history import match_label
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import as_float, square_root
from nl2efg.game.profile import BehaviourProfile, Probability
from nl2efg.game.wording import told_list
from nl2efg.playing.observation import Agent, Observation, observe

MAX_PLAYS = 10_000_000
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Play:
    """One play.

    Args:
        end: the terminal node.
        payoffs: of the players.
        history: the labels of the moves.
    """

    end: int
    payoffs: tuple[Fraction, ...]
    history: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Simulation:
    """Plays of one game.

    Args:
        tree: the game.
        plays: in the order in which they were played.
        expected: payoffs that the profile gives in expectation; None where an agent played.
    """

    tree: GameTree
    plays: tuple[Play, ...]
    expected: tuple[Probability, ...] | None = None

    def __repr__(self) -> str:
        pairs = zip(self.tree.told.players, self.averages, strict=True)
        told = ", ".join(f"{name} {as_float(average):.4g}" for name, average in pairs)
        return f"<Simulation of {len(self.plays):,} plays: {told} on average>"

    @cached_property
    def ends(self) -> Counter[int]:
        """How often plays ended at each terminal node that one reached."""
        return Counter(play.end for play in self.plays)

    @property
    def averages(self) -> tuple[Fraction, ...]:
        """The average payoff of each player, exactly."""
        count, ends = len(self.plays), self.ends
        return tuple(
            sum((self.tree.path_payoffs[end][player] * often for end, often in ends.items()), ZERO)
            / count
            for player in range(len(self.tree.players))
        )

    @property
    def standard_errors(self) -> tuple[float, ...]:
        """The standard error of each average; 0 for a single play, infinite beyond floats."""
        count, ends, paid = len(self.plays), self.ends, self.tree.path_payoffs
        squares = (
            sum((often * (paid[end][player] - mean) ** 2 for end, often in ends.items()), ZERO)
            for player, mean in enumerate(self.averages)
        )
        return tuple(square_root(each) / count for each in squares)

    def rows(self) -> list[dict[str, str]]:
        """A row for each play: number, history and the payoff of each player, as text."""
        names = [f"payoff:{number}:{name}" for number, name in enumerate(self.tree.players, 1)]
        return [
            {
                "play": str(number),
                "history": " / ".join(play.history),
                **dict(zip(names, map(str, play.payoffs), strict=True)),
            }
            for number, play in enumerate(self.plays, 1)
        ]


def simulate(
    tree: GameTree,
    profile: BehaviourProfile | None = None,
    *,
    agents: Mapping[str, Agent] | None = None,
    plays: int = 1000,
    seed: int | None = None,
) -> Simulation:
    """Play a game many times.

    Args:
        tree: the game.
        profile: how those play who have no agent.
        agents: by a player's name, who plays for him: a function from an
            :class:`~nl2efg.playing.Observation` to an action. It sees what the player sees.
        plays: how many, from 1.
        seed: makes chance and mixed strategies repeat themselves; None for new ones.

    Raises:
        UserError: a player without profile and agent, an agent for nobody, one that is no function,
            or one that answers with something that is no action.
    """
    agents = agents if agents is not None else {}
    expect(plays, int, "number of plays")
    if not 1 <= plays <= MAX_PLAYS:
        raise UserError(f"{plays} plays cannot be played", hint=f"from 1 to {MAX_PLAYS:,}")
    _check_agents(tree, agents)
    missing = [name for name in tree.players if name not in agents]
    if profile is None and missing:
        raise UserError(f"nobody plays for {missing[0]}", hint="give a profile, or an agent each")
    chance = random.Random(seed)
    moves = Moves(tree, profile, agents, chance)
    kept: dict[int, Play] = {}
    done = []
    for _ in range(plays):
        end = _end(tree, moves)
        if end not in kept:  # plays that end alike are one object
            kept[end] = _play(tree, end)
        done.append(kept[end])
    expected = None if agents or profile is None else tuple(profile.node_values[0])
    return Simulation(tree, tuple(done), expected)


def _check_agents(tree: GameTree, agents: Mapping[str, Agent]) -> None:
    expect(agents, Mapping, "mapping of players to agents", hint="such as {name: agent}")
    for name, agent in agents.items():
        if name not in tree.players:
            raise UserError(
                f"there is no player {name!r}", hint=f"players: {told_list(tree.players)}"
            )
        if not callable(agent):
            raise UserError(
                f"the agent of {name} is {agent!r:.40}, which cannot be called",
                hint="an agent is a function from an Observation to an action; fixed strategies "
                "are given as strategies",
            )


def play_once(
    tree: GameTree,
    profile: BehaviourProfile | None,
    agents: Mapping[str, Agent],
    chance: random.Random,
) -> Play:
    """Play a game once.

    Args:
        tree: the game.
        profile: how those play who have no agent.
        agents: by a player's name, who plays for him.
        chance: draws chance moves and mixed strategies.

    Raises:
        UserError: an agent answers with something that is no action.
    """
    return _play(tree, _end(tree, Moves(tree, profile, agents, chance)))


def _play(tree: GameTree, end: int) -> Play:
    return Play(end, tree.path_payoffs[end], tree.history(end))


def _end(tree: GameTree, moves: Moves) -> int:
    """The terminal node where a play ends."""
    node = 0
    while not tree.is_terminal(node):
        node = tree.children[node][moves.action(tree.set_of[node])]
    return node


class Moves:
    """Chooses actions: of agents, who are asked; of chance and a profile, which are drawn.

    What is exact is drawn exactly.

    Args:
        tree: the game.
        profile: of the players without agents; None where there are none.
        agents: by a player's name, who plays for him.
        chance: draws.
    """

    def __init__(
        self,
        tree: GameTree,
        profile: BehaviourProfile | None,
        agents: Mapping[str, Agent],
        chance: random.Random,
    ) -> None:
        self._tree, self._profile, self._agents, self._chance = tree, profile, agents, chance
        self._choosers: dict[int, Callable[[], int]] = {}

    def action(self, information_set: int) -> int:
        """The index of the action that is chosen at an information set.

        Args:
            information_set: its number.

        Raises:
            UserError: an agent answers with no action, or probabilities do not sum to one.
        """
        chooser = self._choosers.get(information_set)
        if chooser is None:
            chooser = self._choosers[information_set] = self._chooser(information_set)
        return chooser()

    def _chooser(self, number: int) -> Callable[[], int]:
        infoset = self._tree.information_sets[number]
        agent = None if infoset.is_chance else self._agents.get(self._tree.players[infoset.player])
        if agent is not None:
            return partial(_answered, observe(self._tree, number), agent)
        held = self._profile.probabilities[number] if self._profile else ()
        row: Sequence[Probability] = infoset.probabilities or held
        if any(isinstance(each, float) for each in row):
            floats = [float(each) for each in row]
            return lambda: self._chance.choices(range(len(floats)), floats)[0]
        exact = [Fraction(each) for each in row]
        if sum(exact) != 1:
            raise UserError("probabilities that do not sum to one cannot be played")
        whole = lcm(*(each.denominator for each in exact))
        bounds = list(accumulate(int(each * whole) for each in exact))
        return lambda: bisect_right(bounds, self._chance.randrange(whole))


def _answered(seen: Observation, agent: Agent) -> int:
    answer = agent(seen)
    if isinstance(answer, int) and not isinstance(answer, bool):
        found: tuple[int, ...] = (answer,) if 0 <= answer < len(seen.actions) else ()
    else:
        found = match_label(str(answer), seen.actions)
    if len(found) != 1:
        if inspect.iscoroutine(answer):
            answer.close()
            raise UserError(
                f"the agent of {seen.player} is an async function, which nobody awaits here",
                hint="give a function that returns the action, such as one that runs yours with "
                "asyncio.run",
            )
        raise UserError(
            f"the agent of {seen.player} answers {answer!r:.80}, which is no action there",
            hint=f"an agent is a function that returns one of {told_list(seen.actions)}, or its "
            "index from 0",
        )
    return found[0]
