"""Which model reads a description, when the caller has not made one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.errors import NoModelError, UserError
from nl2efg.models.port import Model
from nl2efg.models.replay import is_recorded, recorded_model
from nl2efg.models.settings import Ollama, Settings, detect_ollama, load_settings

if TYPE_CHECKING:
    from nl2efg.models.budget import Budget
    from nl2efg.models.openai.retry import Gate

WAYS = (
    "set OPENAI_API_KEY; or name a local server with --base-url and --model; or carry prompts by "
    "hand with --paste; or take a bundled game (`nl2efg examples`), which needs no model"
)

Offer = Callable[[Ollama], str | None]
"""Asked whether to use a local server: the model to take, or None."""


ModelChoice = str | Model | Sequence[str | Model] | None
"""A model's name, a model, several of either, or None for what the environment configures."""


def choose_models(text: str, model: ModelChoice = None) -> list[Model]:
    """The models that a caller of the library names.

    Args:
        text: the description, which may have recorded replies.
        model: a name goes the way of ``--model``: the service that is configured, or the public
            one with the key of the environment.

    Raises:
        NoModelError: none is configured, or the key is missing.
        UserError: something that is neither a name nor a model, or an empty list.
    """
    given = [model] if model is None or isinstance(model, str) else model
    each = list(given) if isinstance(given, Sequence) else [given]
    if not each:
        raise UserError("no model is given", hint="name one, or leave model out")
    return [
        choose_model(text, model=one) if one is None or isinstance(one, str) else _as_model(one)
        for one in each
    ]


def _as_model(given: Model) -> Model:
    if callable(getattr(given, "complete", None)) and isinstance(getattr(given, "name", 0), str):
        return given
    raise UserError(
        f"{given!r} is no model",
        hint="give a model's name, or an object with a name and an async method complete",
    )


def choose_model(
    text: str,
    *,
    model: str | None = None,
    base_url: str | None = None,
    key: str | None = None,
    price_in: float | None = None,
    price_out: float | None = None,
    timeout: float | None = None,
    paste: bool = False,
    paste_folder: Path | None = None,
    budget: Budget | None = None,
    gate: Gate | None = None,
    offer: Offer | None = None,
    heard: Callable[[str], None] | None = None,
) -> Model:
    """The model that flags, environment and ``.env`` ask for.

    In this order: a person who pastes, if asked for; what is configured; recorded replies, if the
    text has some; a local Ollama server, if ``offer`` accepts it.

    Args:
        text: the description.
        model, base_url, key, price_in, price_out, timeout: as in
            :func:`nl2efg.models.settings.load_settings`.
        paste: whether a person carries prompts and replies.
        paste_folder: where those are kept as files; None for the terminal.
        budget: what calls may take in all; by default without limits.
        gate: shared by models that ask the same service.
        offer: asked before a local server is used; by default it is only named in the error.
        heard: told in words when a call has to wait.

    Raises:
        NoModelError: there is none; its hint lists the ways to get one.
        UserError: a setting cannot be used, or a limit in dollars lacks a price.
    """
    if paste or paste_folder is not None:
        from nl2efg.models.paste import PasteModel

        return PasteModel(paste_folder)
    settings = load_settings(
        model=model,
        base_url=base_url,
        key=key,
        price_in=price_in,
        price_out=price_out,
        timeout=timeout,
    )
    if settings is None:
        if is_recorded(text):
            return recorded_model(text)
        settings = _offered(offer)
    return _service(settings, budget, gate, heard)


def _service(
    settings: Settings,
    budget: Budget | None,
    gate: Gate | None,
    heard: Callable[[str], None] | None,
) -> Model:
    from nl2efg.models.budget import Budget
    from nl2efg.models.openai.client import OpenAIModel
    from nl2efg.models.openai.retry import Gate

    budget = budget or Budget()
    if budget.cost is not None and settings.price is None:
        raise UserError(
            f"--max-cost needs a price, and that of {settings.model} is not known",
            hint="set NL2EFG_PRICE_IN and NL2EFG_PRICE_OUT (US dollars per million tokens), or "
            "limit tokens with --max-tokens",
        )
    return OpenAIModel(settings, budget=budget, gate=gate or Gate(), heard=heard)


def _offered(offer: Offer | None) -> Settings:
    found = detect_ollama()
    if found is None:
        raise NoModelError(
            "no model is configured, and this text has no recorded replies", hint=WAYS
        )
    if not found.models:
        raise NoModelError(
            "no model is configured; a local Ollama server answers, but has no models",
            hint="`ollama pull` one, and name it with --model",
        )
    name = offer(found) if offer is not None else None
    if name is None:
        raise NoModelError(
            "no model is configured; a local Ollama server answers, with "
            + ", ".join(found.models),
            hint=f"use it with --base-url {found.base_url} --model {found.models[0]}; or {WAYS}",
        )
    settings = load_settings(model=name, base_url=found.base_url)
    assert settings is not None
    return settings
