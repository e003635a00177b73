"""Trials from the compiler: every game of a corpus, several times, by each model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nl2efg.errors import UserError
from nl2efg.evaluate.corpus import Corpus, Game
from nl2efg.evaluate.trial import Trial

if TYPE_CHECKING:
    from nl2efg.llm import Model
    from nl2efg.pipeline.options import Options
    from nl2efg.pipeline.sample import Sample

ABLATIONS: Mapping[str, Mapping[str, object]] = {
    "sketch": {"sketch": False},
    "repair": {"rounds": 0},
    "check": {"check": False},
}
"""Layers that can be left out, and the option that does it."""

_AT_ONCE = 8


def ablated(names: Sequence[str]) -> Options:
    """Options of a compilation without some layers, and without solving.

    Raises:
        UserError: a layer that cannot be left out.
    """
    from nl2efg.pipeline.options import make_options

    given: dict[str, object] = {}
    for name in names:
        if name not in ABLATIONS:
            raise UserError(
                f"{name!r} cannot be left out", hint=f"choose among {', '.join(ABLATIONS)}"
            )
        given |= ABLATIONS[name]
    return make_options(solve=False, **given)


async def compile_trials(
    corpus: Corpus,
    models: Callable[[Game], Sequence[Model]],
    *,
    samples: int,
    without: Sequence[str] = (),
    progress: Callable[[], None] = lambda: None,
) -> list[Trial]:
    """Compile every game of a corpus.

    Args:
        corpus: the games.
        models: who compiles a game.
        samples: trials for each game and model, from 1.
        without: layers to leave out, see :data:`ABLATIONS`.
        progress: called after each trial.

    Raises:
        UserError: a layer that cannot be left out.
    """
    from nl2efg.pipeline.sample import run_sample

    options = ablated(without)
    free = asyncio.Semaphore(_AT_ONCE)
    setting = f"without {', '.join(without)}" if without else ""

    async def one(game: Game, model: Model, number: int) -> Trial:
        async with free:
            start = asyncio.get_running_loop().time()
            sample = await run_sample(model, game.text, number, options)
            progress()
            return _trial(game, setting, sample, asyncio.get_running_loop().time() - start)

    return list(
        await asyncio.gather(
            *(
                one(game, model, number)
                for game in corpus.games.values()
                for model in models(game)
                for number in range(samples)
            )
        )
    )


def _trial(game: Game, setting: str, sample: Sample, seconds: float) -> Trial:
    best = sample.best
    refused = sample.sketch is not None and not sample.sketch.is_game
    return Trial(
        id=f"{game.name}/{sample.model}/{sample.number}",
        game=game.name,
        tree=sample.tree,
        model=sample.model,
        setting=setting,
        diagnostics=best.built.diagnostics if best else (),
        calls=len(sample.exchanges),
        tokens=sum(each.prompt_tokens + each.completion_tokens for each in sample.exchanges),
        cost=sum(each.cost for each in sample.exchanges),
        seconds=seconds,
        error=sample.failure.message if sample.failure else "",
        refused=refused,
    )
