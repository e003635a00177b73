"""Replies of an evaluation kept as they arrive, so that the same command goes on where it was."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from nl2efg.errors import UserError
from nl2efg.models.port import Model, Reply, Request
from nl2efg.models.replay import Recorder, prompt_sha256, read_recordings

_HINT = "name another folder with --keep"


def kept_file(folder: Path, model: str, game: str) -> Path:
    """Where the replies of a model about a game are kept: no two models share a file."""
    return folder / _file_name(model) / f"{_file_name(game)}.jsonl"


def _file_name(name: str) -> str:
    quoted = quote(name, safe=" ")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


class KeptModel:
    """Answers what was asked before from a file, and anything else by another model.

    A reply counts only for the very conversation that it answered, so prompts that changed are
    asked anew.

    Args:
        model: who else answers.
        file: where replies are kept, and may be already.

    ``replayed`` counts the answers from the file; ``broken`` is why one could not be kept.

    Raises:
        UserError: the file cannot be read.
    """

    def __init__(self, model: Model, file: Path) -> None:
        self._model = model
        self._recorder = Recorder(model, file)
        self._kept = {
            (*entry.key[1:], entry.prompt_sha256): entry for entry in read_recordings(file)
        }
        self.replayed = 0
        self.broken: UserError | None = None

    @property
    def name(self) -> str:
        """The other model's name."""
        return self._model.name

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Raises:
            ServiceError: the other model's.
            UserError: the reply cannot be kept.
        """
        key = (request.stage, request.sample, prompt_sha256(request.messages))
        found = self._kept.get(key)
        if found is None:
            return await self._asked(request)
        self.replayed += 1
        return Reply(found.reply, found.model, found.prompt_tokens, found.completion_tokens)

    async def _asked(self, request: Request) -> Reply:
        try:
            return await self._recorder.complete(request)
        except UserError as error:
            self.broken = UserError(error.message, hint=_HINT)
            raise self.broken from None
