"""A model whose replies are stored the moment they arrive, and are asked for only once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Protocol

from nl2efg.errors import (
    AuthenticationError,
    BudgetError,
    NoModelError,
    ServiceError,
    UnavailableError,
    UserError,
)
from nl2efg.models import Model, Reply, Request

if TYPE_CHECKING:
    from nl2efg.batch.rate_limits import Turns
    from nl2efg.batch.storage.ledger import Writer

STOPPING = (AuthenticationError, BudgetError, NoModelError)
"""Failures that every further unit would meet too."""


class UnitModel(Protocol):
    """A model of one unit.

    A service that cannot be used is noted in ``lost``, a ledger that cannot be written in
    ``broken``: what the pipeline makes of them is not what the text came to.
    """

    lost: ServiceError | None
    broken: UserError | None

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    async def complete(self, request: Request) -> Reply:
        """Answer one request."""
        ...


class StoredModel:
    """A model of one unit, between the pipeline and the service.

    Args:
        model: who answers.
        key: the unit's.
        kept: replies that it has already, by call.
        ledger: where replies are kept.
        pace: how fast the service may be asked.
    """

    def __init__(
        self, model: Model, key: str, kept: dict[str, Reply], ledger: Writer, pace: Turns
    ) -> None:
        self._model, self._key, self._kept = model, key, kept
        self._ledger, self._pace = ledger, pace
        self.lost: ServiceError | None = None
        self.broken: UserError | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def complete(self, request: Request) -> Reply:
        """A stored reply to the same request, or a new one that is stored first."""
        call = call_key(self._model.name, request)
        if call in self._kept:
            return self._kept[call]
        try:
            async with self._pace.call(request.messages) as replies:
                reply = await self._model.complete(request)
                self._ledger.keep_reply(self._key, call, reply)
                replies.append(reply)
        except (*STOPPING, UnavailableError) as error:
            self.lost = error
            raise
        except UserError as error:
            self.broken = error
            raise
        return reply


def call_key(model: str, request: Request) -> str:
    """The key of a call within its unit: equal only where the same is asked of the same model."""
    said = [(message.role, message.content) for message in request.messages]
    about = [model, request.stage, request.sample, said]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]
