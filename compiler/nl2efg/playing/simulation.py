"""Plays of a game by agents: what happened, and what was to be expected."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, sqrt

from nl2efg.errors import UserError
from nl2efg.game.history import match_label
from nl2efg.game.model import GameTree
from nl2efg.game.profile import BehaviourProfile, Probability
from nl2efg.game.wording import told_list
from nl2efg.playing.observation import Agent, observe

MAX_PLAYS = 10_000_000


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
        told = ", ".join(f"{name} {float(average):.4g}" for name, average in pairs)
        return f"<Simulation of {len(self.plays):,} plays: {told} on average>"

    @property
    def averages(self) -> tuple[Fraction, ...]:
        """The average payoff of each player, exactly."""
        count = len(self.plays)
        return tuple(
            sum((play.payoffs[player] for play in self.plays), Fraction(0)) / count
            for player in range(len(self.tree.players))
        )

    @property
    def standard_errors(self) -> tuple[float, ...]:
        """The standard error of each average; 0 for a single play."""
        count = len(self.plays)
        return tuple(
            sqrt(sum(float(play.payoffs[player] - mean) ** 2 for play in self.plays)) / count
            for player, mean in enumerate(self.averages)
        )

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
        UserError: a player without profile and agent, an agent for nobody, or one that answers
            with something that is no action.
    """
    agents = dict(agents or {})
    if not 1 <= plays <= MAX_PLAYS:
        raise UserError(f"{plays} plays cannot be played", hint=f"from 1 to {MAX_PLAYS:,}")
    unknown = [name for name in agents if name not in tree.players]
    if unknown:
        raise UserError(
            f"there is no player {unknown[0]!r}", hint=f"players: {told_list(tree.players)}"
        )
    missing = [name for name in tree.players if name not in agents]
    if profile is None and missing:
        raise UserError(f"nobody plays for {missing[0]}", hint="give a profile, or an agent each")
    chance = random.Random(seed)
    done = tuple(play_once(tree, profile, agents, chance) for _ in range(plays))
    expected = None if agents or profile is None else tuple(profile.node_values[0])
    return Simulation(tree, done, expected)


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
    node = 0
    while not tree.is_terminal(node):
        number = tree.set_of[node]
        infoset = tree.information_sets[number]
        agent = None if infoset.is_chance else agents.get(tree.players[infoset.player])
        if agent is not None:
            action = _answered(tree, number, agent)
        else:
            row = infoset.probabilities or (profile.probabilities[number] if profile else ())
            action = draw(row, chance)
        node = tree.children[node][action]
    return Play(node, tree.path_payoffs[node], tree.history(node))


def draw(row: Sequence[Probability], chance: random.Random) -> int:
    """An index drawn by its probability; exactly so where the probabilities are exact.

    Args:
        row: the probabilities.
        chance: draws.
    """
    if any(isinstance(each, float) for each in row):
        return chance.choices(range(len(row)), [float(each) for each in row])[0]
    exact = [Fraction(each) for each in row]
    whole = lcm(*(each.denominator for each in exact))
    rest = chance.randrange(whole)
    for index, each in enumerate(exact):
        rest -= int(each * whole)
        if rest < 0:
            return index
    raise UserError("probabilities that do not sum to one cannot be played")


def _answered(tree: GameTree, information_set: int, agent: Agent) -> int:
    seen = observe(tree, information_set)
    answer = agent(seen)
    if isinstance(answer, int) and not isinstance(answer, bool):
        found: tuple[int, ...] = (answer,) if 0 <= answer < len(seen.actions) else ()
    else:
        found = match_label(str(answer), seen.actions)
    if len(found) != 1:
        raise UserError(
            f"the agent of {seen.player} answers {answer!r}, which is no action of his",
            hint=f"an agent is a function that returns one of {told_list(seen.actions)}",
        )
    return found[0]
