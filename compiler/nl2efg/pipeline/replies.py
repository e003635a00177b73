"""Replies that exist already: built, checked and solved as a new one would be, without a model."""

from __future__ import annotations

import time

from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.conclusion import conclude
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.sample import try_reply

REPLAYED = "replayed"
"""The name of the model, where nobody says who wrote a reply."""


def compile_reply(
    reply: str, text: str = "", options: Options | None = None, *, name: str = ""
) -> Compilation:
    """Compile what a model wrote; nothing is repaired, since nobody is asked.

    Args:
        reply: a reply with a program or the text of a game file, or one of these alone.
        text: the description, to check the game against; without it only its shape is checked.
        options: of the compilation, of which ``check``, ``solve`` and ``solve_budget`` matter.
        name: a name for the game's files.

    Raises:
        CompilationError: it gives no game, or one with errors; its ``record`` holds what was made.
        SandboxError: the machine offers no isolation, or a worker broke.
    """
    options = options or Options()
    started = time.monotonic()
    sample = Sample(REPLAYED, 0)
    try_reply(reply, text, sample, options)
    return conclude([sample], text, name=name, options=options, started=started)
