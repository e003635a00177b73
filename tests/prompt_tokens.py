"""How long the prompts are without a text: ``python -m tests.prompt_tokens``.

Tokens are those of GPT-4o's vocabulary, o200k. What is counted is what a model is sent: both
messages of a call, rendered with an empty description and without a sketch. One call reads the text
and writes the program; the program alone is asked for where that call gave none. The schema goes
beside the messages where the sketch alone is asked for, and is counted apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from nl2efg.frontend import render
from nl2efg.frontend.information import sketch_schema

CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "both stages": ("information", {"program": True}),
    "sketch alone": ("information", {"program": False}),
    "program alone": ("code", {}),
}
PAPER = 2600
"""About what the instructions and examples of the paper's two stages take (Deng, Wang and Savani,
AAMAS 2025)."""


@dataclass(frozen=True)
class Lengths:
    """Tokens of the messages of each call, and of the sketch's schema."""

    calls: dict[str, int]
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
            call: count(render(f"{name}.system", **values))
            + count(render(f"{name}.user", **empty, **values))
            for call, (name, values) in CALLS.items()
        },
        count(json.dumps(sketch_schema())),
    )


def main() -> None:
    """Print a line for each call."""
    found = prompt_tokens()
    for call, tokens in found.calls.items():
        print(f"{call:<14} {tokens:5,} tokens")
    print(f"{'schema':<14} {found.schema:5,} tokens (sketch alone, where the service takes one)")
    print(f"the paper's two stages: about {PAPER:,}")


if __name__ == "__main__":
    main()
