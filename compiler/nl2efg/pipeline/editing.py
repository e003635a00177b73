"""The stages of an edit: the changed program, its checks, its examination, its repairs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nl2efg.errors import Nl2efgError
from nl2efg.formats.english import describe
from nl2efg.frontend.editing import edit_code
from nl2efg.frontend.stages import edit_stage
from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.sample import try_reply, until_silent

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.pipeline.options import Options


def text_with(text: str, instruction: str) -> str:
    """A description together with what its author says now."""
    return f"{text.rstrip()}\n\nThe author adds, and this counts: {instruction.strip()}\n"


async def run_edit(
    model: Model,
    text: str,
    instruction: str,
    options: Options,
    *,
    tree: GameTree,
    code: str,
    number: int = 1,
) -> Sample:
    """Change a game as its author says.

    The game is checked, and examined if the options say so, against the text with the instruction;
    failures are kept in the sample.

    Args:
        model: who changes the program.
        text: the description.
        instruction: what is to change, in words.
        options: how: ``rounds``, ``check``, ``critic``, ``verify``, ``verifier``, ``max_nodes``.
        tree: the game as it is.
        code: the program that builds it.
        number: which edit of the game this is, from 1.
    """
    sample = Sample(model.name, 0, told=options.came)
    whole = text_with(text, instruction)
    try:
        options.progress("asking for the changed program")
        reply, asked = await edit_code(
            model,
            text,
            instruction,
            sample.heard,
            code=code,
            telling=describe(tree),
            number=number,
        )
        stage = edit_stage(number)
        tried = await asyncio.to_thread(try_reply, reply, whole, sample, options, stage)
        await until_silent(sample, model, whole, options, reply, asked, tried)
    except Nl2efgError as error:
        if error.exchange is not None:
            sample.heard(*error.exchange)
        sample.failure = error
    return sample
