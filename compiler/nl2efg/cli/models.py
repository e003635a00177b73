"""From the flags of a command to the models that answer it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.cli.terminal import note, plain

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.models.settings import Ollama


def models_for(
    text: str,
    *,
    models: Sequence[str] = (),
    verifier: str | None = None,
    base_url: str | None = None,
    key: str | None = None,
    timeout: float | None = None,
    paste: bool = False,
    paste_folder: Path | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
    price_in: float | None = None,
    price_out: float | None = None,
    heard: Callable[[str], None] = note,
) -> list[Model]:
    """The models that a command's flags ask for; they share one budget and one retry gate.

    Recorded replies are announced, so that nobody takes them for a model's.

    Args:
        text: the description, which may have recorded replies.
        models: names; none for the one that the environment configures.
        verifier: one more, which comes last.
        base_url: an OpenAI-compatible endpoint.
        key: its key.
        timeout: seconds for one answer.
        paste: a person carries prompts and replies.
        paste_folder: the same, as files.
        max_cost: US dollars for all calls together.
        max_tokens: tokens for all calls together.
        price_in, price_out: US dollars per million tokens, for a model of unknown price.
        heard: told of recordings in use and of calls that wait.

    Raises:
        DescriptionError: the text cannot be a description, so no model is looked for.
        NoModelError: no model is configured or reachable.
        UserError: a setting cannot be used.
    """
    from nl2efg.models import choose_model
    from nl2efg.models.budget import Budget
    from nl2efg.models.openai.retry import Gate
    from nl2efg.models.replay import recordings_of
    from nl2efg.pipeline import check_description

    check_description(text)
    budget, gate = Budget(cost=max_cost, tokens=max_tokens), Gate()
    names: list[str | None] = [*models] if models else [None]
    if verifier:
        names.append(verifier)
    chosen = [
        choose_model(
            text,
            model=name,
            base_url=base_url,
            key=key,
            timeout=timeout,
            price_in=price_in,
            price_out=price_out,
            paste=paste,
            paste_folder=paste_folder,
            budget=budget,
            gate=gate,
            offer=_offer if sys.stdin.isatty() and sys.stderr.isatty() else None,
            heard=heard,
        )
        for name in names
    ]
    if recordings := recordings_of(chosen[0]):
        heard(f"no model is configured; these are recorded replies of {recordings.models}")
    return chosen


def _offer(found: Ollama) -> str | None:
    """Ask the person at the terminal whether to use a local server."""
    first = found.models[0]
    note(f"no model is configured, but Ollama answers here with {', '.join(found.models)}")
    sys.stderr.write(f"  Enter takes {plain(first)}, another name takes that, n takes none: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    answer = line.strip()
    if not line or answer.lower() in ("n", "no"):
        return None
    return answer or first
