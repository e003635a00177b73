"""What a build gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

from nl2efg.game import GameTree
from nl2efg.schema.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Lines of the generated code (from 1) behind the parts of the tree.

    Keys are node numbers of the finished tree; an information set or outcome that several nodes
    share has the line at which each node joined it.
    """

    move: dict[int, int] = field(default_factory=dict)
    information_set: dict[int, int] = field(default_factory=dict)
    outcome: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """The result of running generated code.

    Args:
        tree: the game, or None if no game came out.
        diagnostics: what went wrong, or was mended in its one plain reading.
        code: the code that ran, as found in the reply.
        lines: where in the code the parts of the tree come from.
        output: what the code printed, bounded and without control characters.
    """

    tree: GameTree | None
    diagnostics: tuple[Diagnostic, ...]
    code: str = ""
    lines: SourceMap = field(default_factory=SourceMap)
    output: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a game and no error."""
        return self.tree is not None and not any(
            found.severity is Severity.ERROR for found in self.diagnostics
        )
