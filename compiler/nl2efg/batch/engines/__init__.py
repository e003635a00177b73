"""Engines: where the units of a run are brought to their end; one goes on where another stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.batch.engines.local import Batch, Progress
    from nl2efg.batch.rate_limits import Pace

LOCAL, RAY, OPENAI_BATCH = "local", "ray", "openai-batch"

_HOMES = {
    LOCAL: ("nl2efg.batch.engines.local", "run_batch"),
    RAY: ("nl2efg.batch.engines.ray.engine", "run_on_ray"),
    OPENAI_BATCH: ("nl2efg.batch.engines.openai_batch", "run_waves"),
}
"""Module and function of each; loaded when it is taken."""

ENGINES = tuple(_HOMES)


class Engine(Protocol):
    """Converts a corpus, or goes on with it; then writes summary, failures and gallery."""

    async def __call__(
        self,
        batch: Batch,
        *,
        pace: Pace | None = None,
        stop: threading.Event | None = None,
        report: Callable[[Progress], None] = ...,
        tell: Callable[[str], None] = ...,
    ) -> Progress:
        """Run.

        Args:
            batch: what, and how.
            pace: how fast a service may be asked.
            stop: once it is set no further unit is begun; those under way are finished.
            report: told of the counts after each unit.
            tell: told in words what a user should know.

        Raises:
            UserError: the corpus, the folder or a setting cannot be used.
            ServiceError: the service cannot be used, or the budget is spent; all that was finished
                is kept, and the next start goes on.
        """
        ...


def engine(name: str, *, address: str = "", wait: bool = False) -> Engine:
    """An engine by its name.

    Args:
        name: one of ``ENGINES``.
        address: of a Ray cluster; for ``ray`` alone.
        wait: whether to come back only when all is done; for ``openai-batch`` alone.

    Raises:
        UserError: there is none of that name, or it does not know the option.
    """
    if name not in _HOMES:
        raise UserError(
            f"there is no engine {name!r}", hint=f"the engines are {', '.join(ENGINES)}"
        )
    if wait and name != OPENAI_BATCH:
        raise UserError("--wait is for --engine openai-batch; other engines always do")
    module, function = _HOMES[name]
    found: Engine = getattr(import_module(module), function)
    if name == RAY:
        return partial(found, address=address)  # type: ignore[call-arg]
    return partial(found, wait=wait) if name == OPENAI_BATCH else found  # type: ignore[call-arg]
