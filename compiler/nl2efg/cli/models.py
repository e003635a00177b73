"""From the flags of a command to the models that answer it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.cli.terminal import note

if TYPE_CHECKING:
    from nl2efg.llm import Model
    from nl2efg.llm.settings import Ollama


def models_for(
    text: str,
    *,
    models: Sequence[str] = (),
    base_url: str | None = None,
    paste: bool = False,
    paste_folder: Path | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
) -> list[Model]:
    """The models that a command's flags ask for; they share one budget and one retry gate.

    Args:
        text: the description, which may have recorded replies.
        models: names; none for the one that the environment configures.
        base_url: an OpenAI-compatible endpoint.
        paste: a person carries prompts and replies.
        paste_folder: the same, as files.
        max_cost: US dollars for all calls together.
        max_tokens: tokens for all calls together.

    Raises:
        NoModelError: no model is configured or reachable.
        UserError: a setting cannot be used.
    """
    from nl2efg.llm.budget import Budget
    from nl2efg.llm.choose import choose_model
    from nl2efg.llm.retry import Gate

    budget = Budget(cost=max_cost, tokens=max_tokens)
    gate = Gate()
    return [
        choose_model(
            text,
            model=name,
            base_url=base_url,
            paste=paste,
            paste_folder=paste_folder,
            budget=budget,
            gate=gate,
            offer=_offer,
            heard=note,
        )
        for name in (list(models) or [None])
    ]


def _offer(found: Ollama) -> str | None:
    """Ask the person at the terminal whether to use a local server."""
    if not sys.stdin.isatty():
        return None
    choice = ", ".join(found.models)
    note(f"no key is set, but Ollama answers at {found.base_url} with {choice}")
    sys.stderr.write(f"  use {found.models[0]}? [Y/n] ")
    sys.stderr.flush()
    return found.models[0] if sys.stdin.readline().strip().lower() in ("", "y", "yes") else None
