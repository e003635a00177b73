"""Questions about a game: equilibria, faults, sameness, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, overload

from nl2efg.library.games import GameLike, as_tree
from nl2efg.library.profiles import ProfileLike, as_profile

if TYPE_CHECKING:
    from nl2efg.comparison import Comparison
    from nl2efg.families import GameFamily
    from nl2efg.playing import Agent, Simulation
    from nl2efg.schema.diagnostics import Diagnostic
    from nl2efg.schema.sketch import Sketch
    from nl2efg.solving import Solution, Verification
    from nl2efg.theorems.result import SymbolicSolution

Concept = Literal["nash", "spe", "pbe", "sequential", "perfect", "proper", "qre"]
Verifiable = Literal["nash", "spe", "pbe", "sequential", "perfect", "proper"]


@overload
def solve(
    game: GameFamily, *, concept: Concept = ..., all: bool | None = ..., budget: float = ...
) -> SymbolicSolution: ...
@overload
def solve(
    game: GameLike, *, concept: Concept = ..., all: bool | None = ..., budget: float = ...
) -> Solution: ...
def solve(
    game: GameLike | GameFamily,
    *,
    concept: Concept = "spe",
    all: bool | None = None,
    budget: float = 10.0,
) -> Solution | SymbolicSolution:
    """Equilibria of a game, each with a certificate; of a family, with conditions in its letters.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`; or a family, as
            :func:`nl2efg.family_of` gives it, for which the concept is spe, nash, pbe or
            sequential, and all types are sought in any case.
        concept: ``nash``; ``spe`` subgame-perfect; ``pbe`` with beliefs that support it;
            ``sequential`` with consistent beliefs; ``perfect`` and ``proper`` by trembles; or
            ``qre``, logit quantal responses at a few precisions.
        all: all pure ones, and of two players all extreme mixed ones; None lists them for games of
            up to 400 nodes, for a second at most. The result's completeness says how far that went.
        budget: seconds; a call takes at most about one second longer.

    Raises:
        UserError: an unknown concept, a budget that is no time, or a game that cannot be solved.

    >>> import nl2efg
    >>> best = nl2efg.solve("trust_game").equilibria[0]
    >>> best.values, best.certificate.max_regret
    ((Fraction(0, 1), Fraction(0, 1)), Fraction(0, 1))
    """
    from nl2efg import solving
    from nl2efg.families.family import GameFamily

    if isinstance(game, GameFamily):
        return solving.solve(game, concept=concept, all=all, budget=budget)
    return solving.solve(as_tree(game), concept=concept, all=all, budget=budget)


def verify(
    game: GameLike,
    profile: ProfileLike,
    *,
    concept: Verifiable = "nash",
    beliefs: Mapping[Any, Any] | None = None,
    budget: float = 10.0,
) -> Verification:
    """Whether a profile that somebody claims is an equilibrium, with the best deviation if not.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        profile: behaviour strategies: a profile or an equilibrium; rows of probabilities for each
            information set; a mapping of information sets to actions or to mappings of actions to
            probabilities; a table or sentences such as ``"Ann bets with K, checks with J"``; see
            :func:`nl2efg.library.profiles.as_profile`.
        concept: ``nash``, ``spe`` (subgame-perfect), ``perfect`` (trembling-hand), ``proper``
            (two players), ``pbe`` (with beliefs that support it) or
            ``sequential`` (with consistent beliefs).
        beliefs: for some information sets (an index from 0, a label, or what names one) the
            probabilities of their nodes: in order, or by history. For ``pbe`` and ``sequential``;
            a mapping with the keys ``profile`` and ``beliefs`` brings its own.
        budget: seconds.

    Raises:
        UserError: a profile that does not fit the game or can be read in two ways; what could not
            be read is named.

    >>> import nl2efg
    >>> nl2efg.verify("trust_game", "Buyer: not trust. Seller: honour").reason
    'Buyer gains 1 by Trust at start'
    """
    from nl2efg.library.beliefs import as_beliefs, beliefs_beside
    from nl2efg.library.rounded_claims import unrounded_profile
    from nl2efg.solving import verify_profile

    tree = as_tree(game)
    held = as_profile(tree, profile)
    given = as_beliefs(tree, beliefs_beside(profile) if beliefs is None else beliefs)
    found = verify_profile(tree, held, concept=concept, beliefs=given, budget=budget)
    if found.holds is False and held.is_exact:
        simple, words = unrounded_profile(held)
        if words and verify_profile(tree, simple, concept=concept, beliefs=given, budget=budget):
            return replace(found, unrounded=words)
    return found


def check(
    game: GameLike, *, text: str | PathLike[str] | None = None, sketch: Sketch | None = None
) -> tuple[Diagnostic, ...]:
    """What speaks against a game being the one that was described.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        text: the description, or the path object of its file; without it only the shape of the
            tree is checked. A compilation brings its own.
        sketch: stage 1's reading, to be compared with the tree history by history. A compilation
            brings its own.

    Returns:
        Diagnostics, errors first; ``nl2efg explain CODE`` tells each at length.

    Raises:
        UserError: no game, or a text that cannot be read.

    >>> import nl2efg
    >>> nl2efg.check("trust_game")
    ()
    """
    from nl2efg import checks
    from nl2efg.pipeline.compilation import Compilation
    from nl2efg.pipeline.descriptions import read_description

    if isinstance(game, Compilation) and text is None and sketch is None:
        text, sketch = game.text, game.record.sketch
    if isinstance(text, PathLike):
        text = read_description(text)
    return checks.check(as_tree(game), text=text, sketch=sketch)


def compare(
    a: GameLike,
    b: GameLike,
    structure: Literal["identical", "isomorphic", "strategic"] = "isomorphic",
    payoffs: Literal["exact", "affine", "ordinal", "constraints", "none"] = "exact",
    *,
    names: Literal["free", "anchored"] = "free",
    constraints: Sequence[str] = (),
    open_payoffs: Sequence[str] = (),
    budget: int | None = None,
) -> Comparison:
    """Decide whether two games are the same; :func:`nl2efg.comparison.compare` tells the levels.

    Args:
        a, b: the games, in any form of :data:`nl2efg.GameLike`.
        structure: ``identical``, ``isomorphic`` (up to names and orders) or ``strategic``.
        payoffs: ``exact``, ``affine``, ``ordinal``, ``constraints`` or ``none``.
        names: ``free``, or ``anchored``: names that both games have must be mapped to themselves.
        constraints: such as ``u[Firm](Enter, Fight) < u[Firm](Out)``, in the labels of ``b``.
        open_payoffs: terms such as ``u[*](Enter, *)`` whose payoffs are free.
        budget: work allowed, in edges looked at; by default it grows with the trees.

    Raises:
        UserError: no game, an unknown level, or constraints that cannot be read.

    >>> import nl2efg
    >>> nl2efg.compare("trust_game", nl2efg.read_efg(nl2efg.example("trust_game").reference)).same
    True
    """
    from nl2efg import comparison

    return comparison.compare(
        as_tree(a),
        as_tree(b),
        structure,
        payoffs,
        names=names,
        constraints=constraints,
        open_payoffs=open_payoffs,
        budget=budget,
    )


def describe(game: GameLike) -> str:
    """The game told in English: who moves when, knowing what, and what everybody gets.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game.

    >>> import nl2efg
    >>> print(nl2efg.describe("trust_game").splitlines()[0])
    Trust game
    """
    from nl2efg.formats.english import describe

    return describe(as_tree(game))


def family_of(game: GameLike) -> GameFamily | None:
    """The family of games that a game is one of: its parameters as letters.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Returns:
        None if it has no letters.

    Raises:
        UserError: no game.
    """
    from nl2efg.sandbox import family_of

    return family_of(as_tree(game))


def simulate(
    game: GameLike,
    strategies: ProfileLike = None,
    *,
    agents: Mapping[str, Agent] | None = None,
    plays: int = 1000,
    seed: int | None = None,
) -> Simulation:
    """Play a game many times, by strategies, by agents, or by both.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        strategies: how those play who have no agent: a profile, an equilibrium, or what
            :func:`nl2efg.verify` takes.
        agents: by a player's name, who plays for him: a function from an
            :class:`nl2efg.Observation`, which holds what the player sees and no more, to the label
            or the index of an action.
        plays: how many, from 1.
        seed: makes chance and mixed strategies repeat themselves.

    Raises:
        UserError: no game, a player for whom nobody plays, or an answer that is no action.

    >>> import nl2efg
    >>> def cautious(seen):
    ...     return "Not trust"
    >>> nl2efg.simulate("trust_game", "Buyer: trust. Seller: honour",
    ...     agents={"Buyer": cautious}, plays=3).averages
    (Fraction(0, 1), Fraction(0, 1))
    """
    from nl2efg import playing

    tree = as_tree(game)
    profile = None if strategies is None else as_profile(tree, strategies)
    return playing.simulate(tree, profile, agents=agents, plays=plays, seed=seed)
