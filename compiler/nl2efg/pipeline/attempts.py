"""What a sample is made of: its attempts, each a program with all that was found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nl2efg.errors import Nl2efgError
from nl2efg.examination.open_points import OpenPoints
from nl2efg.formats import write_efg
from nl2efg.game import GameTree
from nl2efg.models import Reply, Request
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import Attempt, ExaminationRecord, Exchange
from nl2efg.schema.sketch import Sketch


@dataclass(frozen=True, slots=True)
class BuildAttempt:
    """One program with all that was found in it."""

    stage: str
    reply: str
    built: Built
    diagnostics: tuple[Diagnostic, ...]
    examination: ExaminationRecord | None = None

    @property
    def score(self) -> tuple[int, int, int]:
        """Smaller is better: no game, errors, warnings."""
        kinds = [found.severity for found in self.diagnostics]
        return (
            self.built.tree is None,
            kinds.count(Severity.ERROR),
            kinds.count(Severity.WARNING),
        )

    @property
    def flagged(self) -> bool:
        """Whether anything asks for a repair."""
        return self.score > (0, 0, 0)

    def record(self, sample: int) -> Attempt:
        """The attempt as it is kept."""
        tree = self.built.tree
        return Attempt(
            sample=sample,
            stage=self.stage,
            code=self.built.code,
            built=tree is not None,
            diagnostics=self.diagnostics,
            output=self.built.output,
            efg=write_efg(tree) if tree is not None else None,
        )


@dataclass
class Sample:
    """What one sample came to; filled as it goes, so that a failure loses nothing.

    Args:
        model: the model's name.
        number: which sample of that model, from 0.
        method: how it is made, ``sketch`` or ``tree-first``.
        open_points: what a second reader of the text says of its open points, where one was asked.
        told: told of the sample whenever something came to it.
    """

    model: str
    number: int
    method: str = "sketch"
    sketch: Sketch | None = None
    answers: tuple[tuple[str, str], ...] = ()
    open_points: OpenPoints = field(default_factory=OpenPoints)
    tried: list[BuildAttempt] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    failure: Nl2efgError | None = None
    told: Callable[[Sample], None] | None = field(default=None, repr=False, compare=False)

    @property
    def best(self) -> BuildAttempt | None:
        """The attempt with the fewest findings; the later one where they tie."""
        return min(reversed(self.tried), key=lambda tried: tried.score, default=None)

    @property
    def tree(self) -> GameTree | None:
        """The game of the best attempt; None if it has an error, or there is none."""
        best = self.best
        return best.built.tree if best is not None and best.score[:2] == (0, 0) else None

    def heard(self, request: Request, reply: Reply) -> None:
        """Keep an exchange."""
        prompt = "\n\n".join(f"===== {m.role} =====\n{m.content}" for m in request.messages)
        self.exchanges.append(
            Exchange(
                stage=request.stage,
                prompt=prompt,
                reply=reply.text,
                model=reply.model,
                prompt_tokens=reply.prompt_tokens,
                completion_tokens=reply.completion_tokens,
                cost=reply.cost,
                note=reply.note,
            )
        )
        self.tell()

    def add(self, tried: BuildAttempt) -> None:
        """Keep an attempt."""
        self.tried.append(tried)
        self.tell()

    def tell(self) -> None:
        """Let know that something came."""
        if self.told is not None:
            self.told(self)
