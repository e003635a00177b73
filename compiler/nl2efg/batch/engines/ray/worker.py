"""A worker of a cluster: an actor with an event loop and several units at once."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.batch.engines.ray.pacing import (
    SharedBudget,
    SharedGate,
    SharedPace,
    UnitBegun,
    UnitTurns,
)
from nl2efg.batch.rate_limits import PacedModel
from nl2efg.batch.storage.ledger import Writer, part_name
from nl2efg.batch.storage.manifest import code_versions, differences, read_manifest
from nl2efg.batch.storage.reply_store import LedgerReplies
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.unit import UnitCompiler
from nl2efg.errors import UserError
from nl2efg.models import Model, Reply
from nl2efg.models.cached import CachedModel
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.openai.retry import RetryPolicy
from nl2efg.models.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """A model behind an endpoint, as it travels.

    Args:
        settings, policy: of :class:`OpenAIModel`.
        budget: which one it spends from.
    """

    settings: Settings
    policy: RetryPolicy
    budget: int


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What all workers of a run are told.

    Args:
        folder: the run folder, at the same path on every machine.
        manifest: of the run.
        shard: of the run.
        services: who reads.
        options: of a compilation.
        files: whether each game gets its folder.
    """

    folder: Path
    manifest: Mapping[str, Any]
    shard: tuple[int, int]
    services: tuple[Service, ...]
    options: dict[str, Any]
    files: bool


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A unit, and what is known of it.

    Args:
        unit: what is to be compiled or replayed.
        key: its key.
        tried: how often it was tried to a failed end.
        replies: those of an interrupted try, by call.
    """

    unit: Unit
    key: str
    tried: int
    replies: dict[str, Reply]


class Worker:
    """The actor.

    Args:
        number: of the worker, never given twice in one run's start.
        config: what all workers are told.
        pacer: the actor that paces them.
    """

    def __init__(self, number: int, config: WorkerConfig, pacer: Any) -> None:
        self._number, self._config, self._pacer = number, config, pacer
        self._compiler: UnitCompiler | None = None
        self._models: list[tuple[Model, SharedPace]] = []

    async def start(self) -> None:
        """Open the parts and the models.

        Raises:
            UserError: this machine does not see the run folder, or has another nl2efg.
        """
        config, here = self._config, platform.node()
        _check_place(config, here)
        name = part_name(config.shard, self._number)
        writer = Writer(config.folder, name)
        self._compiler = UnitCompiler(
            config.folder, dict(config.manifest), (), config.options, writer, files=config.files
        )
        gate = SharedGate(self._pacer)
        for service in config.services:
            settings = service.settings
            pace = SharedPace(self._pacer, self._number, service.budget, settings.price)
            budget = SharedBudget(self._pacer, service.budget)
            model = OpenAIModel(settings, budget, gate, service.policy, heard=pace.trouble)
            self._models.append((model, pace))

    async def do(self, task: WorkItem) -> ResultRow:
        """Bring a unit to its end, and write that down; as :meth:`UnitCompiler.do`."""
        compiler = self._compiler
        assert compiler is not None
        compiler.ledger.expect(task.key, task.tried)
        store = LedgerReplies(task.key, task.replies, compiler.ledger)
        begun = UnitBegun(bool(task.replies))
        models = [
            CachedModel(PacedModel(model, UnitTurns(pace, begun)), store)
            for model, pace in self._models
        ]
        return await compiler.do(task.unit, task.key, models)


def _check_place(config: WorkerConfig, here: str) -> None:
    try:
        found = read_manifest(config.folder)
    except UserError:
        found = None
    if found is None or differences(found, config.manifest):
        raise UserError(
            f"the machine {here} does not see the run folder {config.folder}",
            hint="it must be on storage that all machines of the cluster share, at the same path",
        )
    own, wanted = code_versions(), config.manifest["versions"]
    if own != wanted:
        raise UserError(
            f"the machine {here} has nl2efg {own['nl2efg']} of other code than this one",
            hint="install the same version on all machines of the cluster",
        )
