"""Replies of an evaluation kept as they arrive, so that the same command goes on where it was."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from nl2efg.models.cached import CachedModel
from nl2efg.models.port import Model
from nl2efg.models.replay import RecordingFile


def kept_file(folder: Path, model: str, game: str) -> Path:
    """Where the replies of a model about a game are kept: no two models share a file."""
    return folder / _file_name(model) / f"{_file_name(game)}.jsonl"


def _file_name(name: str) -> str:
    quoted = quote(name, safe=" ")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def keeping(model: Model, file: Path) -> CachedModel[RecordingFile]:
    """A model whose replies are kept in a file, and are not asked for again.

    A reply counts only for the very conversation that it answered, so prompts that changed are
    asked anew.

    Args:
        model: who answers what the file does not hold.
        file: where replies are kept, and may be already.

    Raises:
        UserError: the file cannot be read.
    """
    return CachedModel(
        model, RecordingFile(file, answers=True, hint="name another folder with --keep")
    )
