"""The record of a compilation: the schema of ``compilation.json``.

Plain data, readable without nl2efg; exact numbers are text such as ``"-1/18"``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nl2efg.game.analysis import GameFacts
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.history import RevisionRecord
from nl2efg.schema.sketch import Sketch

SCHEMA_VERSION = 1


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Exchange(_Data):
    """One call of a model; ``sample`` numbers the independent samples from 0."""

    sample: int = 0
    stage: str
    prompt: str
    reply: str
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    note: str = ""


class Attempt(_Data):
    """One program that was built, and what was found in it."""

    sample: int = 0
    stage: str
    code: str
    built: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    output: str = ""
    efg: str | None = None


class PlayerResult(_Data):
    """What a player gets in an equilibrium, and could get by deviating."""

    player: str
    value: str
    best_response_value: str
    regret: str
    best_deviation: str = ""


class ConceptClaim(_Data):
    """Whether a profile satisfies a solution concept.

    Args:
        concept: nash, spe, pbe, sequential, perfect, proper, intuitive or d1.
        holds: whether it is proved, or refuted; None where neither was done. Of a profile in
            floating point nash, spe and pbe hold to within rounding, and the reason says so.
        reason: why, in a sentence.
    """

    concept: str
    holds: bool | None
    reason: str = ""


class BeliefRecord(_Data):
    """What a player may believe at an information set, given everybody's strategy.

    Args:
        infoset: index of the information set.
        reached: whether the profile reaches it; then Bayes' rule gives the one belief.
        belief: the probability of each node of the set, in preorder, of one belief that makes the
            player's strategy best from there on; None if no belief does. If the profile is
            sequential, the beliefs of all sets together are consistent.
        lower, upper: for each node the least and the greatest probability that a supporting
            belief gives it; empty if there is none, or if they were not worked out.
        vertices: the corners of the polytope of all supporting beliefs; empty if they are too
            many to list.
        inequalities: the polytope by its sides besides the simplex: coefficients of the nodes'
            probabilities; each sum must not be negative.
        words: the supporting beliefs in words.
    """

    infoset: int
    reached: bool
    belief: tuple[str, ...] | None = None
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    vertices: tuple[tuple[str, ...], ...] = ()
    inequalities: tuple[tuple[str, ...], ...] = ()
    words: str = ""


class JointCellRecord(_Data):
    """Beliefs at several information sets that are consistent together.

    Args:
        infosets: the information sets.
        vertices: for each of them the corners of the beliefs there, over its nodes in preorder.
        ties: equations that probabilities at several sets have to satisfy besides, in words; where
            there is none, all combinations are consistent.
    """

    infosets: tuple[int, ...]
    vertices: tuple[tuple[tuple[str, ...], ...], ...]
    ties: tuple[str, ...] = ()


class JointBeliefsRecord(_Data):
    """All consistent beliefs that support a profile, at all sets that play does not come to.

    Args:
        cells: their union is what is consistent and supports the profile.
        complete: whether there are no other cells.
        free: whether all combinations of the beliefs that support each set are consistent.
        words: the same in words.
    """

    cells: tuple[JointCellRecord, ...]
    complete: bool
    free: bool
    words: str = ""


class AssessmentRecord(_Data):
    """An equilibrium together with beliefs at every information set of a player.

    Args:
        supported: whether at every set some belief supports what is played there.
        consistent: whether the beliefs are proved to be consistent (Kreps and Wilson 1982).
        beliefs: for each information set of a player, in order.
        joint: of a sequential equilibrium, which beliefs are consistent together; None where no
            set leaves a choice, or where that was not worked out.
    """

    supported: bool
    consistent: bool
    beliefs: tuple[BeliefRecord, ...]
    joint: JointBeliefsRecord | None = None


class ComponentRecord(_Data):
    """A connected set of equilibria.

    Args:
        equilibria: numbers of the listed equilibria that belong to it, counted from 1.
        convex_parts: its maximal convex parts, each by the numbers of the equilibria whose
            combinations, player by player, are equilibria too.
        words: the component in words.
    """

    equilibria: tuple[int, ...]
    convex_parts: tuple[tuple[int, ...], ...] = ()
    words: str = ""


class EquilibriumRecord(_Data):
    """A certified profile.

    ``probabilities`` holds a row for each information set of ``game.efg`` in the order of their
    first node, chance included. ``number`` counts the list from 1; ``claims`` say which solution
    concepts the profile is proved to satisfy or not; ``component`` is the number, from 1, of the
    connected set of equilibria it belongs to, where such sets were worked out.
    """

    number: int = 0
    concept: str
    method: str
    exact: bool
    probabilities: tuple[tuple[str, ...], ...]
    players: tuple[PlayerResult, ...]
    max_regret: str
    relative_regret: float
    subgame_perfect: bool | None
    seconds: float
    words: tuple[str, ...] = ()
    claims: tuple[ConceptClaim, ...] = ()
    assessment: AssessmentRecord | None = None
    component: int | None = None


class SolutionRecord(_Data):
    """All that the solver says.

    ``equilibria`` are in canonical order: first those that beliefs support, then the rest; among
    them the pure before the mixed, and then by their probabilities. ``complete`` tells whether
    ``completeness`` claims all of a kind. ``approximate`` is the best profile that was
    seen where no equilibrium was certified: an ε-equilibrium, with its ``max_regret``.
    """

    equilibria: tuple[EquilibriumRecord, ...] = ()
    components: tuple[ComponentRecord, ...] = ()
    approximate: EquilibriumRecord | None = None
    complete: bool = False
    completeness: str = ""
    remarks: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()


class VerificationRecord(_Data):
    """What came of verifying a profile, or a profile with beliefs, for a solution concept.

    Args:
        concept: nash, spe, pbe, sequential, perfect or proper.
        holds: whether it is proved, or refuted; None where neither could be done.
        reason: why, in a sentence.
        exact: whether the profile is exact; otherwise rounding is allowed for.
        players: values, best responses and regrets in the whole game.
        max_regret: the greatest regret.
        relative_regret: the greatest regret over the player's payoff range.
        subgame: of the deviation that is told, the first node of the subgame; None without one.
        deviation: the best deviation in words; empty if nobody gains.
        unrounded: of a profile in decimals that fails, the fractions with which it holds, such as
            "1/3 for 0.333".
        assessment: beliefs, where the concept asks for them.
    """

    concept: str
    holds: bool | None
    reason: str
    exact: bool
    players: tuple[PlayerResult, ...]
    max_regret: str
    relative_regret: float
    subgame: int | None = None
    deviation: str = ""
    unrounded: str = ""
    assessment: AssessmentRecord | None = None


class ExaminationAnswer(_Data):
    """One question of the examination with both answers, in words.

    Args:
        kind: knowledge, payoffs or probabilities.
        node: node of the examined game in preorder.
        situation: what had been done, as the reader was told it.
        reader: what the reader says.
        game: what the game has.
        agrees: whether no disagreement that counts is about this node.
    """

    kind: Literal["knowledge", "payoffs", "probabilities"]
    node: int
    situation: str
    reader: str
    game: str
    agrees: bool


class OpenPointRecord(_Data):
    """Something that a text leaves open, as one of two readers says, or both.

    Args:
        question: in words.
        found_by: who takes it to be open.
        settled_by: the sentence of the text that settles it, as the other reader finds; or empty.
    """

    question: str
    found_by: Literal["first reading", "second reader", "both"]
    settled_by: str = ""


class ExaminationRecord(_Data):
    """Questions made from a game, and the answers of a reader who saw its text alone.

    Args:
        reader: who answered.
        asked: how many questions.
        unread: how many of them have no answer that can be read.
        left_out: what was not asked because the game is large, in words; empty if nothing.
        answers: question by question.
        open_points: what the text leaves open, by the first reading and by this reader.
    """

    reader: str
    asked: int
    unread: int = 0
    left_out: str = ""
    answers: tuple[ExaminationAnswer, ...] = ()
    open_points: tuple[OpenPointRecord, ...] = ()


class Provenance(_Data):
    """Where one thing of the game comes from.

    Args:
        kind: player, move, information set, probability or payoff.
        node: node of ``game.efg`` in preorder, or None for a player.
        information_set: index of the set, where one is meant.
        line: line of the code.
        sentence: sentence of the text, verbatim; None means that it was assumed.
    """

    kind: Literal["player", "move", "information set", "probability", "payoff"]
    name: str = ""
    node: int | None = None
    information_set: int | None = None
    line: int | None = None
    sentence: str | None = None


class ParameterRecord(_Data):
    """A letter of the game; ``kind`` is quantity or size, bounds are empty where there is none."""

    symbol: str
    kind: str
    value: str
    low: str = ""
    high: str = ""
    meaning: str = ""
    quote: str = ""


class FamilyRecord(_Data):
    """The letters of the game.

    ``payoffs`` holds (outcome, player, expression) and ``probabilities`` (information set, action,
    expression) wherever a letter is, by their numbers in ``game.efg``; ``conditions`` holds (kind,
    comparison): of the text, of the tree's shape, of probabilities and of divisions.
    """

    parameters: tuple[ParameterRecord, ...]
    payoffs: tuple[tuple[int, int, str], ...] = ()
    probabilities: tuple[tuple[int, int, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    program: str = ""


class ConsensusRecord(_Data):
    """How several samples agree.

    Args:
        samples: that came to a game or to none by their model's own work.
        agreeing: of them, with the game that was taken.
        clusters: numbers of the samples with equivalent games, largest first.
        differences: between the game that was taken and the others, in words.
        methods: of every sample, failed ones among them, if there are several.
        failed: samples that the service failed; they are not among ``samples``.
        failures: why, each once.
    """

    samples: int
    agreeing: int
    clusters: tuple[tuple[int, ...], ...]
    differences: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = Field(default=(), description=".efg text of the runners-up")
    failed: int = 0
    failures: tuple[str, ...] = ()

    @property
    def dissent(self) -> tuple[str, ...]:
        """Which samples differ from the game that was taken (A), and how their game (B) does."""
        return tuple(
            f"{self._who(group)}: {words}"
            for group, words in zip(self.clusters[1:], self.differences, strict=False)
        )

    @property
    def ways(self) -> tuple[str, ...]:
        """By which methods the game that was taken was made, if there were several."""
        taken = self.clusters[0] if self.methods and self.clusters else ()
        return tuple(dict.fromkeys(self.methods[number] for number in sorted(taken)))

    def _who(self, group: tuple[int, ...]) -> str:
        numbers = ", ".join(str(number + 1) for number in sorted(group))
        told = f"sample{'s' if len(group) > 1 else ''} {numbers}"
        if not self.methods:
            return told
        methods = dict.fromkeys(self.methods[number] for number in sorted(group))
        return f"{told} ({', '.join(methods)})"


class CompilationRecord(_Data):
    """Everything about one compilation; ``chosen_sample`` is the one the game is taken from.

    ``revision`` says how the game came from an earlier version, where it did.
    """

    schema_version: int = SCHEMA_VERSION
    status: Literal["compiled", "failed"]
    name: str
    text: str
    text_sha256: str
    model: str
    versions: dict[str, str]
    prompts_sha256: str
    chosen_sample: int = 0
    sketch: Sketch | None = None
    attempts: tuple[Attempt, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    assumptions: tuple[str, ...] = ()
    facts: GameFacts | None = None
    family: FamilyRecord | None = None
    efg: str | None = None
    solution: SolutionRecord | None = None
    provenance: tuple[Provenance, ...] = ()
    consensus: ConsensusRecord | None = None
    examination: ExaminationRecord | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    error: str = ""
    revision: RevisionRecord | None = None
