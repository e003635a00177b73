"""Which model reads a description, when the caller has not made one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nl2efg.errors import (
    AuthenticationError,
    NoModelError,
    ServiceError,
    UnavailableError,
    UserError,
)
from nl2efg.models.flags import ModelFlags
from nl2efg.models.port import Model
from nl2efg.models.replay import is_recorded, recorded_model
from nl2efg.models.settings import Settings, detect_ollama, load_settings

if TYPE_CHECKING:
    from nl2efg.models.budget import Budget
    from nl2efg.models.openai.client import StreamProgress
    from nl2efg.models.openai.retry import Gate

WAYS = (
    "set the key of a service, such as OPENAI_API_KEY or ANTHROPIC_API_KEY; or name a local server "
    "with --provider or --base-url, and --model; or carry prompts by hand with --paste; or take a "
    "bundled game (`nl2efg examples`), which needs no model"
)
MAX_NAMED = 8
"""Models of a service that an error names."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service that answers, of which no model is named.

    Args:
        title: what it is called.
        base_url: where it is.
        models: the models that it has, by name.
    """

    title: str
    base_url: str
    models: tuple[str, ...]


Offer = Callable[[Offered], str | None]
"""Asked which model of a service to use: its name, or None."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of calls.

    Args:
        waits: told in words when a call has to wait.
        notices: told in words what the user should hear at once.
        progress: told now and then how a streamed reply is getting on.
    """

    waits: Callable[[str], None] | None = None
    notices: Callable[[str], None] | None = None
    progress: Callable[[StreamProgress], None] | None = None


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
    flags: ModelFlags | None = None,
    *,
    model: str | None = None,
    budget: Budget | None = None,
    gate: Gate | None = None,
    offer: Offer | None = None,
    listeners: Listeners | None = None,
) -> Model:
    """The model that flags, environment and ``.env`` ask for.

    In this order: a person who pastes, if asked for; what is configured; recorded replies, if the
    text has some; a local Ollama server, if ``offer`` accepts it.

    Args:
        text: the description.
        flags: what the caller says.
        model: the model's name, before the flags' first.
        budget: what calls may take in all; by default the flags' limits.
        gate: shared by models that ask the same service.
        offer: asked before a local server, or a model that is not named, is used; by default both
            are only named in the error.
        listeners: who hears of calls.

    Raises:
        NoModelError: there is none; its hint lists the ways to get one.
        UserError: a setting cannot be used, or a limit in dollars lacks a price.
    """
    flags = flags or ModelFlags()
    if flags.paste or flags.paste_folder is not None:
        from nl2efg.models.paste import PasteModel

        return PasteModel(flags.paste_folder)
    settings = load_settings(flags, model=model)
    if settings is None:
        if is_recorded(text):
            return recorded_model(text)
        settings = _local(offer, flags)
    elif not settings.model:
        settings = _named(settings, offer, flags)
    return _service(settings, flags, budget, gate, listeners or Listeners())


def list_models(settings: Settings) -> list[str]:
    """The names of the models that a service offers.

    Raises:
        ServiceError: it does not say.
        UserError: a proxy or certificate of the environment cannot be used.
    """
    from nl2efg.models.openai.client import OpenAIModel

    work = OpenAIModel(settings).models()
    # The caller may be in an event loop already.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _service(
    settings: Settings,
    flags: ModelFlags,
    budget: Budget | None,
    gate: Gate | None,
    listeners: Listeners,
) -> Model:
    from nl2efg.models.budget import Budget, words_of_end
    from nl2efg.models.openai.client import OpenAIModel
    from nl2efg.models.openai.retry import Gate
    from nl2efg.models.providers import provider_at

    budget = budget or Budget(cost=flags.max_cost, tokens=flags.max_tokens)
    provider = provider_at(settings.base_url)
    says_cost = provider is not None and provider.costs
    if budget.cost is not None and settings.price is None and not says_cost:
        raise UserError(
            f"--max-cost needs a price, and that of {settings.model} is not known",
            hint="give --price-in and --price-out (or NL2EFG_PRICE_IN and NL2EFG_PRICE_OUT; US "
            "dollars per million tokens), or limit tokens with --max-tokens",
        )
    told = words_of_end(settings.model, datetime.now(UTC).date())
    if told and listeners.notices is not None:
        listeners.notices(told)
    return OpenAIModel(
        settings,
        budget=budget,
        gate=gate or Gate(),
        heard=listeners.waits,
        notice=listeners.notices,
        on_progress=listeners.progress,
    )


def _named(settings: Settings, offer: Offer | None, flags: ModelFlags) -> Settings:
    """Settings with a model: the only one there is, or the one that is chosen."""
    from nl2efg.models.providers import provider_at

    provider = provider_at(settings.base_url)
    title = provider.title if provider else settings.place
    try:
        names = tuple(list_models(settings))
    except (AuthenticationError, UnavailableError):
        raise  # a model's name would not help
    except ServiceError as error:
        raise NoModelError(
            f"none of the models of {title} is named, and it does not list them: {error.message}",
            hint="name one with --model or NL2EFG_MODEL",
        ) from None
    if len(names) == 1:
        chosen: str | None = names[0]
    else:
        chosen = offer(Offered(title, settings.base_url, names)) if offer and names else None
    if not chosen:
        raise NoModelError(
            f"none of the models of {title} is named" + _listed(names),
            hint="name one with --model or NL2EFG_MODEL; `nl2efg models` lists them all",
        )
    found = load_settings(flags, model=chosen)
    return found if found is not None else replace(settings, model=chosen)


def _listed(names: Sequence[str]) -> str:
    if not names:
        return ", and it has none"
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"; it has {', '.join(names[:MAX_NAMED])}{more}"


def _local(offer: Offer | None, flags: ModelFlags) -> Settings:
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
    name = offer(Offered("Ollama", found.base_url, found.models)) if offer is not None else None
    if name is None:
        raise NoModelError(
            "no model is configured; a local Ollama server answers, with "
            + ", ".join(found.models),
            hint=f"use it with --provider ollama --model {found.models[0]}; or {WAYS}",
        )
    settings = load_settings(replace(flags, base_url=found.base_url), model=name)
    assert settings is not None
    return settings
