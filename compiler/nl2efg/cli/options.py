"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

BaseUrl = Annotated[
    str | None, typer.Option(help="an OpenAI-compatible endpoint, such as a local server's")
]
MaxCost = Annotated[
    float | None, typer.Option(min=0.0, help="US dollars that model calls may cost in all")
]
MaxTokens = Annotated[
    int | None, typer.Option(min=1, help="tokens that model calls may use in all")
]
PriceIn = Annotated[
    float | None, typer.Option(min=0.0, help="US dollars per million prompt tokens")
]
PriceOut = Annotated[
    float | None, typer.Option(min=0.0, help="US dollars per million completion tokens")
]
