"""What the solver gives back: frozen, and easy to carry elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from nl2efg.equilibria.assessment import Assessment
from nl2efg.equilibria.certificate import Certificate
from nl2efg.equilibria.wording import departure_words, profile_words
from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.lazy import notebook_picture
from nl2efg.schema.record import (
    ComponentRecord,
    ConceptClaim,
    EquilibriumRecord,
    PlayerResult,
    SolutionRecord,
)

Beliefs = tuple[tuple[Any, ...] | None, ...]


class Claim(StrEnum):
    """How complete the list of equilibria is."""

    ALL_PURE = "all pure equilibria"
    ALL_PURE_PERFECT = "all pure subgame-perfect equilibria"
    ALL_PURE_SUPPORTED = "all pure perfect Bayesian equilibria"
    ALL_PURE_SEQUENTIAL = "all pure sequential equilibria"
    ALL_PURE_TREMBLING = "all pure trembling-hand perfect equilibria"
    ALL_PURE_PROPER = "all pure proper equilibria"
    ALL_EXTREME = "all pure and all extreme equilibria"
    ALL_EXTREME_PERFECT = "all subgame-perfect equilibria that are pure or extreme in every subgame"
    ALL_EXTREME_PLANS = "all extreme equilibria, up to what is planned where no own move leads"
    ALL_OUTCOMES = "all outcomes of pure subgame-perfect equilibria"
    UNIQUE = "the only subgame-perfect equilibrium"
    SOME = "found, not exhaustive"
    NONE = "none found"


ALL_PURE = {
    Claim.ALL_PURE: "pure equilibrium",
    Claim.ALL_PURE_PERFECT: "pure subgame-perfect equilibrium",
    Claim.ALL_PURE_SUPPORTED: "pure perfect Bayesian equilibrium",
    Claim.ALL_PURE_SEQUENTIAL: "pure sequential equilibrium",
    Claim.ALL_PURE_TREMBLING: "pure trembling-hand perfect equilibrium",
    Claim.ALL_PURE_PROPER: "pure proper equilibrium",
}
"""The claims that are of pure equilibria only, and what each is called in the singular."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The claim of completeness, as a value and in words.

    Args:
        claim: what the list may be taken for.
        count: how many equilibria it holds.
        pure: how many of them are pure.
    """

    claim: Claim
    count: int
    pure: int = 0

    def __str__(self) -> str:
        if self.claim is Claim.SOME:
            return f"{self.count} {self.claim}"
        mixed = self.count - self.pure
        if self.claim in ALL_PURE and not self.pure:
            found = f"; {mixed} mixed found, not exhaustive" if mixed else ""
            return f"there is no {ALL_PURE[self.claim]}{found}"
        if self.claim in ALL_PURE and mixed:
            return f"{self.claim}, and {mixed} mixed, not exhaustive"
        return str(self.claim)


@dataclass(frozen=True, repr=False)
class Equilibrium:
    """A certified profile.

    Args:
        profile: the behaviour strategies.
        certificate: what was verified.
        concept: spe, nash, pbe, sequential or qre; epsilon for what is merely near to one.
        method: the methods that found it.
        seconds: how long that took.
        limit_beliefs: beliefs that the concept gives, for each information set; by default
            they follow from the profile by Bayes' rule where it reaches the set.
        claims: what was proved or refuted of other solution concepts.
        assessment: the beliefs that support the profile at every set; None where they were not
            worked out. They follow from the profile, so equilibria are compared without them.
    """

    profile: BehaviourProfile
    certificate: Certificate
    concept: str
    method: str
    seconds: float
    limit_beliefs: Beliefs | None = None
    claims: tuple[ConceptClaim, ...] = ()
    assessment: Assessment | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        players = self.profile.tree.told.players
        gets = (f"{name} gets {value}" for name, value in zip(players, self.values, strict=True))
        regret = self.certificate.max_regret
        return f"<Equilibrium ({self.concept}): {', '.join(gets)}; max regret {regret}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The picture for notebooks: the game with the equilibrium laid over it."""
        picture = notebook_picture(self.profile.tree, self.profile)
        return {"image/svg+xml": picture, "text/plain": repr(self)}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The equilibrium in words, one sentence an information set."""
        return profile_words(self.profile)

    @cached_property
    def beliefs(self) -> Beliefs:
        """For each player's information set the probabilities of its members, else None."""
        return self.limit_beliefs or bayes_beliefs(self.profile)

    @cached_property
    def is_pure(self) -> bool:
        """Whether every player is certain of an action everywhere."""
        sets = self.profile.tree.information_sets
        rows = zip(self.profile.probabilities, sets, strict=True)
        return all(own.is_chance or 1 in row for row, own in rows)

    @property
    def values(self) -> tuple[Any, ...]:
        """Expected payoff of each player."""
        return tuple(entry.value for entry in self.certificate.players)

    def expected_payoffs(self, information_set: int) -> tuple[Any, ...] | None:
        """Expected payoffs of all players at a set, by its beliefs; None without beliefs.

        Args:
            information_set: index of the set.
        """
        beliefs = self.beliefs[information_set]
        if beliefs is None:
            return None
        members = self.profile.tree.members[information_set]
        values = self.profile.node_values
        return tuple(
            sum(
                weight * values[node][player] for weight, node in zip(beliefs, members, strict=True)
            )
            for player in range(len(self.profile.tree.players))
        )

    def to_gambit(self) -> Any:
        """A pygambit profile (rational if exact) of the game that ``tree.to_gambit`` gives."""
        from nl2efg.gambit import gambit_profile

        return gambit_profile(self.profile)

    def to_frame(self) -> Any:
        """A pandas DataFrame; see :func:`nl2efg.equilibria.dataframes.equilibrium_frame`."""
        from nl2efg.equilibria.dataframes import equilibrium_frame

        return equilibrium_frame(self)

    def claim(self, concept: str) -> ConceptClaim | None:
        """What is known of a solution concept; None if it was not looked at.

        Args:
            concept: such as ``spe`` or ``sequential``.
        """
        return next((claim for claim in self.claims if claim.concept == concept), None)

    def record(self, number: int = 0, component: int | None = None) -> EquilibriumRecord:
        """The equilibrium as plain data.

        Args:
            number: its place in a list, from 1.
            component: the number of the connected set it belongs to, from 1.
        """
        tree = self.profile.tree
        certificate = self.certificate
        return EquilibriumRecord(
            number=number,
            concept=self.concept,
            method=self.method,
            exact=certificate.exact,
            probabilities=tuple(tuple(map(str, row)) for row in self.profile.probabilities),
            players=player_results(tree, certificate),
            max_regret=str(certificate.max_regret),
            relative_regret=certificate.relative_regret,
            subgame_perfect=certificate.is_subgame_perfect,
            seconds=self.seconds,
            words=self.words,
            claims=self.claims,
            assessment=self.assessment.record(tree) if self.assessment else None,
            component=component,
        )


@dataclass(frozen=True, repr=False)
class Solution:
    """All that the solver says about a game.

    Args:
        equilibria: certified profiles; a profile without certificate is never among them. Those
            that beliefs support come first, then the rest; pure ones before mixed ones.
        completeness: what the list may be taken for.
        remarks: what a reader should know, in sentences.
        tried: methods and what came of them.
        seconds: the time of the whole call.
        components: connected sets of equilibria, where they were worked out.
        approximate: where no equilibrium was certified, the profile of the least regret that was
            seen; its certificate says what anybody could gain.
    """

    equilibria: tuple[Equilibrium, ...]
    completeness: Completeness
    remarks: tuple[str, ...]
    tried: tuple[str, ...]
    seconds: float
    components: tuple[ComponentRecord, ...] = ()
    approximate: Equilibrium | None = None

    def __repr__(self) -> str:
        return f"<Solution of {len(self.equilibria)} equilibria: {self.completeness}>"

    def record(self) -> SolutionRecord:
        """The solution as plain data, numbers as exact text."""
        component = {
            number: place
            for place, entry in enumerate(self.components, 1)
            for number in entry.equilibria
        }
        return SolutionRecord(
            equilibria=tuple(
                found.record(number, component.get(number))
                for number, found in enumerate(self.equilibria, 1)
            ),
            components=self.components,
            approximate=self.approximate.record() if self.approximate else None,
            complete=self.completeness.claim not in (Claim.SOME, Claim.NONE),
            completeness=str(self.completeness),
            remarks=self.remarks,
            tried=self.tried,
        )

    def to_frame(self) -> Any:
        """A pandas DataFrame; see :func:`nl2efg.equilibria.dataframes.solution_frame`."""
        from nl2efg.equilibria.dataframes import solution_frame

        return solution_frame(self)


def player_results(tree: GameTree, certificate: Certificate) -> tuple[PlayerResult, ...]:
    """The players' part of a certificate as plain data."""
    return tuple(
        PlayerResult(
            player=tree.players[entry.player],
            value=str(entry.value),
            best_response_value=str(entry.best_response_value),
            regret=str(entry.regret),
            best_deviation=departure_words(tree, entry.deviation) if entry.gains else "",
        )
        for entry in certificate.players
    )


def bayes_beliefs(profile: BehaviourProfile) -> Beliefs:
    """Beliefs at every player's information set that a profile reaches."""
    return tuple(
        None if infoset.player == CHANCE else profile.beliefs(number)
        for number, infoset in enumerate(profile.tree.information_sets)
    )
