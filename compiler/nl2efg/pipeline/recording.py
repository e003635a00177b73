"""From samples to the record of a compilation."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from nl2efg.formats import write_efg
from nl2efg.frontend import prompts_sha256
from nl2efg.game import GameTree, facts
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.letters import family_record
from nl2efg.provenance import provenance
from nl2efg.schema.open_points import assumed, left_open, taken, with_answers
from nl2efg.schema.record import CompilationRecord, ConsensusRecord, SolutionRecord
from nl2efg.schema.sketch import Sketch

RECORDED_VERSIONS = ("nl2efg", "pygambit", "openai", "pydantic")


def make_record(
    *,
    text: str,
    name: str,
    model: str,
    seconds: float,
    samples: Sequence[Sample],
    best: Sample | None,
    consensus: ConsensusRecord | None,
    tree: GameTree | None,
    solution: SolutionRecord | None,
    error: str,
) -> CompilationRecord:
    """Everything about one compilation, compiled or failed.

    Args:
        best: the sample that the game is taken from, or the one that came closest.
        tree: the game, or None if none came out.
        error: why there is none, or why its repairs ended early.
    """
    chosen = best.best if best else None
    exchanges = tuple(
        exchange.model_copy(update={"sample": number})
        for number, sample in enumerate(samples)
        for exchange in sample.exchanges
    )
    attempts = tuple(
        tried.record(number) for number, sample in enumerate(samples) for tried in sample.tried
    )
    return CompilationRecord(
        status="compiled" if tree is not None else "failed",
        name=name,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        model=model,
        versions=dict(_versions()),
        prompts_sha256=prompts_sha256(),
        chosen_sample=samples.index(best) if best else 0,
        sketch=best.sketch if best else None,
        attempts=attempts,
        exchanges=exchanges,
        diagnostics=chosen.diagnostics if chosen else (),
        assumptions=_assumptions(best),
        facts=facts(tree) if tree is not None else None,
        family=family_record(tree) if tree is not None else None,
        efg=write_efg(tree) if tree is not None else None,
        solution=solution,
        provenance=provenance(
            tree,
            text=text,
            sketch=best.sketch if best else None,
            lines=chosen.built.lines,
            code=chosen.built.code,
        )
        if tree is not None and chosen
        else (),
        consensus=consensus,
        examination=chosen.examination if chosen else None,
        prompt_tokens=sum(exchange.prompt_tokens for exchange in exchanges),
        completion_tokens=sum(exchange.completion_tokens for exchange in exchanges),
        cost=sum(exchange.cost for exchange in exchanges),
        seconds=seconds,
        error=error,
    )


def _assumptions(sample: Sample | None) -> tuple[str, ...]:
    if sample is None:
        return ()
    further = [left_open(point) for point in sample.open_points.further]
    if sample.sketch is None:
        return tuple(further)
    sketch: Sketch = sample.sketch
    # What a second reader finds settled by the text is not open.
    settled = {question for question, _ in sample.open_points.settled}
    open_points = [
        assumed(point.question, point.assumed)
        for point in sketch.assumptions
        if point.question not in settled
    ]
    conflicts = [taken(point.question, point.assumed) for point in sketch.contradictions]
    return with_answers([*open_points, *further, *conflicts], sample.answers)


@cache
def _versions() -> dict[str, str]:
    # Read once: each look goes through a package's metadata, and a batch makes many records.
    found = {"python": platform.python_version()}
    for package in RECORDED_VERSIONS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
