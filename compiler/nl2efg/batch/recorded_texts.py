"""A corpus of bundled texts, compiled from the replies that are recorded for each of them."""

from __future__ import annotations

from nl2efg.errors import NoModelError, NotRecordedError
from nl2efg.models import Model, Reply, Request
from nl2efg.models.replay import recorded_model, text_sha256


class RecordedTexts:
    """Answers about any text that is recorded, as each would be answered alone."""

    name = "recorded"

    def __init__(self) -> None:
        self._models: dict[str, Model] = {}

    async def complete(self, request: Request) -> Reply:
        """Answer one request from the recordings of its text.

        Raises:
            NotRecordedError: nothing is recorded for it.
        """
        key = text_sha256(request.text)
        if key not in self._models:
            try:
                self._models[key] = recorded_model(request.text)
            except NoModelError as error:
                raise NotRecordedError(error.message, hint=error.hint) from None
        return await self._models[key].complete(request)
