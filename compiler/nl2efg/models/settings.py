"""Which service and model to ask: from flags, the environment and ``.env``, in this order.

=======================  =======================================================================
``NL2EFG_MODEL``         the model; else ``OPENAI_MODEL``, else ``DEFAULT_MODEL`` at OpenAI
``NL2EFG_BASE_URL``      where the service is; else ``OPENAI_BASE_URL``, else OpenAI
``NL2EFG_API_KEY``       the key; else ``OPENAI_API_KEY``. Servers elsewhere may need none
``NL2EFG_TIMEOUT``       seconds that the service may take for one answer
``NL2EFG_TEMPERATURE``   the sampling temperature; by default the service's own
``NL2EFG_REPLY_TOKENS``  tokens that one reply may take; by default the service's own limit
``NL2EFG_PRICE_IN``      US dollars per million prompt tokens, for models not in ``prices.toml``
``NL2EFG_PRICE_OUT``     the same for completion tokens
=======================  =======================================================================

``.env`` is read from the current folder. It never changes this process's environment, so a key in
it reaches no child process; and a key of the environment is never sent to a place that only
``.env`` names, for that file may have come with somebody else's folder.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from nl2efg.errors import NoModelError, UserError
from nl2efg.models.budget import Price, known_price

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-4o"
DEFAULT_TIMEOUT = 300.0
OLLAMA_PORT = 11434
DOTENV = Path(".env")

_MODEL = ("NL2EFG_MODEL", "OPENAI_MODEL")
_BASE_URL = ("NL2EFG_BASE_URL", "OPENAI_BASE_URL")
_KEY = ("NL2EFG_API_KEY", "OPENAI_API_KEY")


@dataclass(frozen=True, slots=True)
class Settings:
    """One model of one service.

    Args:
        model: its name, as the service knows it.
        base_url: the address that ``/chat/completions`` is added to.
        key: sent to it; empty if it needs none. Never shown.
        timeout: seconds that the service may take for one answer.
        temperature: of sampling; None leaves it to the service.
        reply_tokens: that one reply may take; None leaves it to the service.
        price: None if it is not known.
    """

    model: str
    base_url: str = OPENAI_URL
    key: str = field(default="", repr=False)
    timeout: float = DEFAULT_TIMEOUT
    temperature: float | None = None
    reply_tokens: int | None = None
    price: Price | None = None

    @property
    def place(self) -> str:
        """Where the service is, without a password that may stand in its address."""
        return place_of(self.base_url)


def place_of(url: str) -> str:
    """An address without user, password and query, fit to be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(
    *,
    model: str | None = None,
    base_url: str | None = None,
    key: str | None = None,
    price_in: float | None = None,
    price_out: float | None = None,
    timeout: float | None = None,
    environment: Mapping[str, str] | None = None,
    dotenv: Path | None = None,
) -> Settings | None:
    """What is configured; None if nothing is.

    Args:
        model, base_url, key, price_in, price_out, timeout: flags; each goes before the
            environment. Prices are in US dollars per million tokens, the timeout in seconds.
        environment: by default this process's.
        dotenv: a file of settings; by default ``.env`` in the current folder.

    Raises:
        NoModelError: a service is named, and no model of it; or OpenAI's model without a key.
        UserError: a value cannot be used, or a key would go where only ``.env`` says.
    """
    given = os.environ if environment is None else environment
    kept = _read_dotenv(DOTENV if dotenv is None else dotenv)
    url, url_kept = (base_url, False) if base_url else _find(_BASE_URL, given, kept)
    url = _checked_url(url) if url else ""
    secret, secret_kept = (key, False) if key else _find(_KEY, given, kept)
    name = model or _find(_MODEL, given, kept)[0]
    if url_kept and secret and not secret_kept and not is_loopback(url):
        raise UserError(
            f".env names the service {place_of(url)}, but the key is not from there; it was not "
            "sent to it",
            hint="if that service is meant, give --base-url, or put its key into .env too",
        )
    if not (url or secret or model):
        return None
    url = url or OPENAI_URL
    if url == OPENAI_URL and not secret:
        raise NoModelError(
            f"{name or 'a model'} of OpenAI's is asked for, but there is no key",
            hint="set OPENAI_API_KEY, or name another server with --base-url",
        )
    if not name and url != OPENAI_URL:
        raise NoModelError(
            f"the service {place_of(url)} is configured, but none of its models is named",
            hint="name one with --model or NL2EFG_MODEL",
        )
    name = name or DEFAULT_MODEL
    values = {**kept, **given}
    return Settings(
        model=name,
        base_url=url,
        key=_checked_key(secret),
        timeout=timeout or _number(values, "NL2EFG_TIMEOUT", above_zero=True) or DEFAULT_TIMEOUT,
        temperature=_number(values, "NL2EFG_TEMPERATURE"),
        reply_tokens=_whole(values, "NL2EFG_REPLY_TOKENS"),
        price=_price(name, price_in, price_out, values),
    )


def _read_dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        # Without interpolation: a file cannot quote what is in the environment.
        found = dotenv_values(file, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{file} cannot be read: {error}", hint="it must be UTF-8 text with NAME=value lines"
        ) from None
    return {name: value for name, value in found.items() if value}


def _find(
    names: tuple[str, ...], given: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[str, bool]:
    """The first of the variables that is set, and whether ``.env`` sets it."""
    for source, is_kept in ((given, False), (kept, True)):
        for name in names:
            if value := source.get(name, "").strip():
                return value, is_kept
    return "", False


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise UserError(
            f"{place_of(url) if '@' in url else url!r} is no address of a model service",
            hint="it looks like https://api.openai.com/v1 or http://127.0.0.1:11434/v1",
        )
    return url.rstrip("/")


def _checked_key(key: str) -> str:
    # A key goes into an HTTP header, which holds visible ASCII only.
    if any(not "!" <= character <= "~" for character in key):
        raise UserError(
            "the key holds a blank, a line break or a character that is not ASCII",
            hint="copy it again; it is one word such as sk-…",
        )
    return key


def _number(values: Mapping[str, str], name: str, *, above_zero: bool = False) -> float | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0 or (above_zero and not number):
        bound = "above 0" if above_zero else "of at least 0"
        raise UserError(f"{name} is {text!r}; it must be a number {bound}")
    return number


def _whole(values: Mapping[str, str], name: str) -> int | None:
    number = _number(values, name, above_zero=True)
    if number is not None and number != int(number):
        raise UserError(f"{name} is {values[name]!r}; it must be a whole number")
    return None if number is None else int(number)


def _price(
    model: str, price_in: float | None, price_out: float | None, values: Mapping[str, str]
) -> Price | None:
    if price_in is None:
        price_in = _number(values, "NL2EFG_PRICE_IN")
    if price_out is None:
        price_out = _number(values, "NL2EFG_PRICE_OUT")
    if (price_in is None) != (price_out is None):
        raise UserError(
            "one price is given and the other is not",
            hint="set both NL2EFG_PRICE_IN and NL2EFG_PRICE_OUT (US dollars per million tokens)",
        )
    if price_in is None or price_out is None:
        return known_price(model)
    return Price(price_in, price_out)


@dataclass(frozen=True, slots=True)
class Ollama:
    """An Ollama server on this machine.

    Args:
        base_url: for :class:`Settings`.
        models: the models that it has, by name.
    """

    base_url: str
    models: tuple[str, ...]


def detect_ollama(timeout: float = 0.5) -> Ollama | None:
    """The Ollama server of this machine; None if none answers.

    Spoken to by the standard library: it needs no proxy, and imports nothing heavy.

    Args:
        timeout: seconds for the connection, and for each part of the answer.
    """
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", OLLAMA_PORT, timeout=timeout)
    try:
        connection.request("GET", "/api/tags")
        reply = connection.getresponse()
        found = json.loads(reply.read(1_000_000)) if reply.status == 200 else None
        names = tuple(str(entry["name"]) for entry in found["models"]) if found else None
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return None
    finally:
        connection.close()
    if names is None:
        return None
    return Ollama(f"http://127.0.0.1:{OLLAMA_PORT}/v1", names)
