"""How long the prompts are without a text: ``python -m tests.prompt_tokens``.

Tokens are those of GPT-4o's vocabulary, o200k. What is counted is what a model is sent: both
messages of a stage, rendered with an empty description and without a sketch. The schema of stage 1
goes to services that take one, beside the messages, and is counted apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from nl2efg.frontend import render
from nl2efg.schema.sketch import Sketch

STAGES = {"stage 1": "information", "stage 2": "code"}
PAPER = {"stage 1": 1250, "stage 2": 1350}
"""About what the paper's instructions and examples take (Deng, Wang and Savani, AAMAS 2025)."""


@dataclass(frozen=True)
class Lengths:
    """Tokens of the messages of each stage, and of stage 1's schema."""

    stages: dict[str, int]
    schema: int


def prompt_tokens() -> Lengths:
    """Count.

    Raises:
        ImportError: rs-bpe, of the ``test`` extra, is missing.
    """
    # The submodule defines its functions only when it is imported from the package.
    from rs_bpe import openai

    count: Callable[[str], int] = openai.o200k_base().count
    empty = {"text": "", "answers": (), "sketch": ""}
    return Lengths(
        {
            stage: count(render(f"{name}.system")) + count(render(f"{name}.user", **empty))
            for stage, name in STAGES.items()
        },
        count(json.dumps(Sketch.model_json_schema())),
    )


def main() -> None:
    """Print a line for each stage."""
    found = prompt_tokens()
    for stage, tokens in found.stages.items():
        print(f"{stage}  {tokens:5,} tokens  (the paper's: about {PAPER[stage]:,})")
    print(f"schema   {found.schema:5,} tokens  (stage 1, where the service takes one)")


if __name__ == "__main__":
    main()
