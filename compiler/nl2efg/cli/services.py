"""``nl2efg models``: what the chosen service offers, and which services there are by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.terminal import note, plain, print_json

if TYPE_CHECKING:
    from nl2efg.models.flags import ModelFlags


@model_options("model", "effort", "stream", "extra_body", "max_cost", "max_tokens", "price_in",
               "price_out", "paste", "paste_folder")  # fmt: skip
def models(
    flags: ModelFlags,
    services: Annotated[
        bool, typer.Option("--providers", help="list the services that are known by name")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print JSON on stdout")] = False,
) -> None:
    """List the models of the service that is configured, with their prices where they are known.

    Example: [bold]nl2efg models --provider openrouter[/bold]
    """
    from nl2efg.errors import NoModelError
    from nl2efg.models.budget import announced_end, known_price, price_table
    from nl2efg.models.choice import WAYS, list_models
    from nl2efg.models.settings import load_settings

    if services:
        _list_services(json)
        return
    settings = load_settings(flags)
    if settings is None:
        raise NoModelError("no service is configured", hint=WAYS)
    names = list_models(settings)
    table = price_table()
    if json:
        print_json([{"model": name, **_known(name)} for name in names])
        return
    called = "model" if len(names) == 1 else "models"
    note(f"{len(names)} {called} at {settings.place}; prices as of {table.taken}")
    for name in names:
        price, end = known_price(name), announced_end(name)
        words = f"  ${price.prompt:g} in, ${price.completion:g} out per million" if price else ""
        print(f"{plain(name)}{words}{f'  ends {end}' if end else ''}")


def _list_services(json: bool) -> None:
    """Print the services that are known by name, and the variables that their keys stand in."""
    from nl2efg.models.providers import providers

    if json:
        print_json(
            [
                {
                    "provider": one.name,
                    "title": one.title,
                    "url": one.url,
                    "keys": one.keys,
                    "note": one.note,
                }
                for one in providers().values()
            ]
        )
        return
    for one in providers().values():
        print(f"{one.name:12} {one.title:22} {' or '.join(one.keys) or 'no key'}")


def _known(name: str) -> dict[str, object]:
    """What is known of a model: its price in US dollars per million tokens, and its end."""
    from dataclasses import asdict

    from nl2efg.models.budget import announced_end, known_price

    price, end = known_price(name), announced_end(name)
    return {"price": asdict(price) if price else None, "ends": str(end) if end else None}
