"""The replies of one unit in a run's ledger, as a store of a cached model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.models import Reply, Request
from nl2efg.models.cached import call_key

if TYPE_CHECKING:
    from nl2efg.batch.storage.ledger import Writer


class LedgerReplies:
    """The replies that a unit has had, and where further ones go.

    Args:
        key: the unit's.
        kept: replies that it has already, by call.
        ledger: where replies are kept.
    """

    def __init__(self, key: str, kept: dict[str, Reply], ledger: Writer) -> None:
        self._key, self._kept, self._ledger = key, kept, ledger

    def find(self, model: str, request: Request) -> Reply | None:
        """The stored reply to the same request of the same model."""
        return self._kept.get(call_key(model, request))

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Write a reply down.

        Raises:
            UserError: the ledger cannot be written.
        """
        self._ledger.keep_reply(self._key, call_key(model, request), reply)
