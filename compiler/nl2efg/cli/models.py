"""From the flags of a command to the models that answer it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from nl2efg.cli.progress import LINES
from nl2efg.cli.terminal import note, plain

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.models.choice import Offered
    from nl2efg.models.flags import ModelFlags
    from nl2efg.models.openai.client import StreamProgress

MAX_OFFERED = 12
"""Models that a person is shown to choose from."""


def models_for(
    text: str,
    flags: ModelFlags,
    *,
    verifier: str | None = None,
    quiet: bool = False,
    heard: Callable[[str], None] = note,
) -> list[Model]:
    """The models that a command's flags ask for; they share one budget and one retry gate.

    Recorded replies are announced, so that nobody takes them for a model's.

    Args:
        text: the description, which may have recorded replies.
        flags: what the command line says.
        verifier: one more model, which comes last.
        quiet: whether to keep silent on how replies are getting on.
        heard: told of recordings in use, of calls that wait and of prompts that were cut.

    Raises:
        DescriptionError: the text cannot be a description, so no model is looked for.
        NoModelError: no model is configured or reachable.
        UserError: a setting cannot be used.
    """
    from nl2efg.models import choose_model
    from nl2efg.models.budget import Budget
    from nl2efg.models.choice import Listeners
    from nl2efg.models.openai.retry import Gate
    from nl2efg.models.replay import recordings_of
    from nl2efg.pipeline import check_description

    check_description(text)
    budget, gate = Budget(cost=flags.max_cost, tokens=flags.max_tokens), Gate()
    listeners = Listeners(heard, heard, None if quiet else _told_now_and_then(heard))
    names: list[str | None] = [*flags.models] if flags.models else [None]
    if verifier:
        names.append(verifier)
    chosen = [
        choose_model(
            text,
            flags.with_model(name),
            budget=budget,
            gate=gate,
            offer=_offer if sys.stdin.isatty() and sys.stderr.isatty() else None,
            listeners=listeners,
        )
        for name in names
    ]
    if recordings := recordings_of(chosen[0]):
        heard(f"no model is configured; these are recorded replies of {recordings.models}")
    return chosen


def _told_now_and_then(heard: Callable[[str], None]) -> Callable[[StreamProgress], None]:
    """Tell how slow replies are getting on, a line every ``LINES`` seconds."""
    last = time.monotonic()

    def tell(progress: StreamProgress) -> None:
        nonlocal last
        if progress.seconds >= LINES and time.monotonic() - last >= LINES:
            last = time.monotonic()
            heard(str(progress))

    return tell


def _offer(found: Offered) -> str | None:
    """Ask the person at the terminal which model of a service to use."""
    first = found.models[0]
    shown = ", ".join(found.models[:MAX_OFFERED])
    note(f"no model is named; {found.title} answers at {found.base_url} with {shown}")
    sys.stderr.write(f"  Enter takes {plain(first)}, another name takes that, n takes none: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    answer = line.strip()
    if not line or answer.lower() in ("n", "no"):
        return None
    return answer or first
