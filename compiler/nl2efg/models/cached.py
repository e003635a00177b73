"""A model whose replies are kept in a store the moment they arrive, and are asked for only once.

The stores differ in what they hold and where: recordings of bundled games
(:mod:`nl2efg.models.replay`), an evaluation's kept replies, a batch run's ledger. This module
knows none of them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Generic, Protocol, TypeVar

from nl2efg.errors import StorageError, UserError
from nl2efg.models.port import Model, Reply, Request


class Store(Protocol):
    """Where replies are kept."""

    def find(self, model: str, request: Request) -> Reply | None:
        """The kept reply to a request; None if there is none.

        Args:
            model: the name of the model that would be asked.
            request: the call.

        Raises:
            ServiceError, ReplyError: the store knows that the call fails.
        """
        ...

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Keep a reply.

        Raises:
            UserError: it cannot be written.
        """
        ...


StoreT = TypeVar("StoreT", bound=Store)


class CachedModel(Generic[StoreT]):
    """Answers from a store what was asked before, and anything else by another model.

    Args:
        model: who answers what the store does not hold.
        store: where replies are kept, and may be already.
    """

    def __init__(self, model: Model, store: StoreT) -> None:
        self.model, self.store = model, store

    @property
    def name(self) -> str:
        """The other model's name."""
        return self.model.name

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Raises:
            ServiceError, ReplyError: the other model's.
            StorageError: the reply cannot be kept.
        """
        found = self.store.find(self.model.name, request)
        if found is not None:
            return found
        reply = await self.model.complete(request)
        try:
            self.store.keep(self.model.name, request, reply)
        except StorageError:
            raise
        except UserError as error:
            raise StorageError(error.message, hint=error.hint) from None
        return reply


def call_key(model: str, request: Request) -> str:
    """The key of a call: equal only where the same is asked of the same model.

    Returns:
        32 hexadecimal digits.
    """
    said = [(message.role, message.content) for message in request.messages]
    about = [model, request.stage, request.sample, said]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]
