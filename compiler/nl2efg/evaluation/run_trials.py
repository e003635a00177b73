"""Trials from the compiler: games of a corpus, each several times, by one model or more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nl2efg.errors import ServiceError, UserError
from nl2efg.evaluation.corpus import Game
from nl2efg.evaluation.reported_points import points_of
from nl2efg.evaluation.trial import Trial
from nl2efg.frontend.stages import is_again, is_repair

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.pipeline.attempts import Sample
    from nl2efg.pipeline.options import Options

ABLATIONS: Mapping[str, Mapping[str, object]] = {
    "sketch": {"sketch": False},
    "repair": {"rounds": 0},
    "check": {"check": False},
}
"""Layers that can be left out, and the option that does it."""

ADDITIONS: Mapping[str, Mapping[str, object]] = {
    "verify": {"verify": True},
    "critic": {"critic": True},
    "tree-first": {"method": "tree-first"},
    "mixed": {"method": "mixed"},
}
"""Layers that can be added, and other ways to the game, in the same way."""

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class TrialTask:
    """What is to be compiled: one game, so many times, by one model."""

    game: Game
    model: Model
    samples: int


def ablated(names: Sequence[str]) -> Options:
    """Options of a compilation without some layers, and without solving.

    Raises:
        UserError: a layer that cannot be left out.
    """
    from nl2efg.pipeline.options import make_options

    given: dict[str, object] = {}
    for name in names:
        if name not in ABLATIONS and name not in ADDITIONS:
            raise UserError(
                f"{name!r} cannot be left out or added",
                hint=f"choose among {', '.join(ABLATIONS)}; to add, {', '.join(ADDITIONS)}",
            )
        given.update(ABLATIONS.get(name, {}))
        given.update(ADDITIONS.get(name, {}))
    return make_options(solve=False, **given)


def _setting(changes: Sequence[str]) -> str:
    """What was changed, in words."""
    out = [name for name in changes if name in ABLATIONS]
    added = [name for name in changes if name in ADDITIONS]
    told = [f"without {', '.join(out)}"] if out else []
    return ", ".join(told + ([f"with {', '.join(added)}"] if added else []))


async def compile_trials(
    tasks: Sequence[TrialTask],
    *,
    without: Sequence[str] = (),
    progress: Callable[[], None] = lambda: None,
) -> list[Trial]:
    """Compile games.

    A model whose key is refused or whose budget is spent is not asked again; what it was not asked
    comes back unanswered, as does what a service that is down did not answer.

    Args:
        tasks: what to compile.
        without: layers to leave out, see :data:`ABLATIONS`, or to add, see :data:`ADDITIONS`.
        progress: called after each trial.

    Raises:
        UserError: a layer that cannot be left out.
        SandboxError: this machine cannot run programs, which says nothing about the model.
        StorageError: a reply cannot be kept.
    """
    from nl2efg.pipeline.sample import run_sample

    options = ablated(without)
    free = asyncio.Semaphore(_AT_ONCE)
    setting = _setting(without)
    ended: dict[str, str] = {}

    async def one(task: TrialTask, number: int) -> tuple[Sample | None, Trial]:
        async with free:
            name = task.model.name
            if name in ended:
                return None, Trial(
                    f"{task.game.name}/{name}/{number}",
                    task.game.name,
                    None,
                    name,
                    setting,
                    unanswered=ended[name],
                )
            start = asyncio.get_running_loop().time()
            sample = await run_sample(task.model, task.game.text, number, options)
            if sample.failure is not None and sample.failure.stops_run:
                if not isinstance(sample.failure, ServiceError):
                    raise sample.failure
                ended[name] = sample.failure.message
            progress()
            seconds = asyncio.get_running_loop().time() - start
            return sample, _trial(task.game, setting, sample, seconds, with_sketch=options.sketch)

    async def together(task: TrialTask) -> list[Trial]:
        return _chosen(await asyncio.gather(*(one(task, n) for n in range(task.samples))))

    groups = await asyncio.gather(*map(together, tasks))
    return [trial for group in groups for trial in group]


def _trial(game: Game, setting: str, sample: Sample, seconds: float, *, with_sketch: bool) -> Trial:
    best = sample.best
    stages = [exchange.stage for exchange in sample.exchanges]
    failure = sample.failure
    return Trial(
        id=f"{game.name}/{sample.model}/{sample.number}",
        game=game.name,
        tree=sample.tree,
        model=sample.model,
        setting=setting,
        diagnostics=best.built.diagnostics if best else (),
        points=points_of(sample.sketch, sample.open_points) if with_sketch else None,
        calls=len(stages),
        tokens=sum(each.prompt_tokens + each.completion_tokens for each in sample.exchanges),
        cost=sum(each.cost for each in sample.exchanges),
        repairs=sum(map(is_repair, stages)),
        again=sum(map(is_again, stages)),
        remarks=tuple(each.note for each in sample.exchanges if each.note),
        seconds=seconds,
        error=failure.message if failure else "",
        refused=sample.sketch is not None and not sample.sketch.is_game,
        unanswered=failure.message if failure and failure.unanswered else "",
    )


def _chosen(found: Sequence[tuple[Sample | None, Trial]]) -> list[Trial]:
    """The trials of one task, with the one marked that the compiler takes of those answered."""
    from nl2efg.pipeline.consensus import agree

    answered = [sample for sample, trial in found if sample and not trial.unanswered]
    best, record = agree(answered)
    alike = record.agreeing if record else 1
    if best is not None and best.tree is None:
        alike = len(answered)
    return [
        replace(trial, taken=True, agreeing=alike) if sample is best and best else trial
        for sample, trial in found
    ]
