"""What a compiler says about a game: a stable code, a place, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nl2efg.game.wording import shortened

_MAX_LABEL_LENGTH = 100
_MAX_QUOTE = 400
"""Characters of a quote in words; a list without full stops is one sentence of any length."""


class Severity(StrEnum):
    """How much a diagnostic weighs."""

    ERROR = "error"  # there is no game, or it is certainly not the one described
    WARNING = "warning"  # the game may not be the one described
    NOTE = "note"  # a slip mended in its one plain reading, or an assumption taken


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Args:
        code: stable identifier, such as ``I301``; see ``nl2efg explain``.
        severity: error, warning or note.
        message: what was found, in one sentence without a final full stop.
        history: labels of the actions from the root to the node that is meant; ``()`` is the root.
        line: line of the generated code, from 1.
        sentence: the sentence of the description that it concerns, verbatim.
        fix: what would mend it, in the imperative.
    """

    code: str
    severity: Severity
    message: str
    history: tuple[str, ...] | None = None
    line: int | None = None
    sentence: str | None = None
    fix: str | None = None

    @property
    def place(self) -> str:
        """Where, in words: ``line 7, history (Raise, Fold)``; empty if the whole game is meant.

        Of a long history the beginning and the end are told, of a long label the beginning.
        """
        parts = []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.history is not None:
            told = ", ".join(map(_cut, shortened(self.history)))
            parts.append(f"history ({told})" if self.history else "the root")
        return ", ".join(parts)

    def __str__(self) -> str:
        place = f" ({self.place})" if self.place else ""
        sentence = f' — the text says: "{quoted(self.sentence)}"' if self.sentence else ""
        fix = f" — {self.fix}" if self.fix else ""
        return f"{self.severity} {self.code}: {self.message}{place}{sentence}{fix}"


def _cut(label: str) -> str:
    return label if len(label) <= _MAX_LABEL_LENGTH else label[: _MAX_LABEL_LENGTH - 1] + "…"


def quoted(sentence: str) -> str:
    """A sentence as it is, or of a very long one the beginning and the end.

    Args:
        sentence: of a description.
    """
    if len(sentence) <= _MAX_QUOTE:
        return sentence
    half = _MAX_QUOTE // 2
    return f"{sentence[:half].rstrip()} … {sentence[-half:].lstrip()}"
