"""Which service and model to ask: from flags, the environment and ``.env``, in this order.

=======================  =======================================================================
``NL2EFG_PROVIDER``      a service by its name; else the one whose key alone is set
``NL2EFG_MODEL``         the model; else ``OPENAI_MODEL``. There is no default by name
``NL2EFG_BASE_URL``      where the service is; else ``OPENAI_BASE_URL``, else the provider's
``NL2EFG_API_KEY``       the key; else the provider's own variable, else ``OPENAI_API_KEY``.
                         Servers of one's own may need none
``NL2EFG_TIMEOUT``       seconds of silence that a service may take
``NL2EFG_TEMPERATURE``   the sampling temperature; by default the service's own
``NL2EFG_REPLY_TOKENS``  tokens that one reply may take; by default the service's own limit
``NL2EFG_EFFORT``        how much a model is to think: none, minimal, low, medium, high, …
``NL2EFG_STREAM``        ``0`` asks for replies in one piece
``NL2EFG_EXTRA_BODY``    further fields of each request, a JSON object
``NL2EFG_HEADERS``       further headers, one ``Name: value`` a line
``NL2EFG_PRICE_IN``      US dollars per million prompt tokens, for models not in ``prices.toml``
``NL2EFG_PRICE_OUT``     the same for completion tokens
=======================  =======================================================================

``.env`` is read from the current folder. It never changes this process's environment, so a key in
it reaches no child process; and a key of the environment is never sent to a place that only
``.env`` names, this machine's own ports included: that file may have come with somebody else's
folder, and another user of the machine may be listening.
"""

from __future__ import annotations

import math
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from nl2efg.errors import NoModelError, UserError
from nl2efg.models.budget import Price, known_price
from nl2efg.models.flags import EFFORTS, ModelFlags, parse_body, parse_headers
from nl2efg.models.providers import Provider, provider_at, provider_named, providers
from nl2efg.text import load_json

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_TIMEOUT = 300.0
OLLAMA_PORT = 11434
DOTENV = Path(".env")
MAX_DOTENV_BYTES = 1_000_000
"""Bytes of a ``.env`` file; a few lines have a few hundred."""

_MODEL = ("NL2EFG_MODEL", "OPENAI_MODEL")
_BASE_URL = ("NL2EFG_BASE_URL", "OPENAI_BASE_URL")
_KEY = ("NL2EFG_API_KEY",)
_OPENAI_KEY = "OPENAI_API_KEY"


@dataclass(frozen=True, slots=True)
class Settings:
    """One model of one service.

    Args:
        model: its name, as the service knows it; empty if it is to be chosen among what there is.
        base_url: the address that ``/chat/completions`` is added to.
        key: sent to it; empty if it needs none. Never shown.
        timeout: seconds of silence that the service may take.
        temperature: of sampling; None leaves it to the service.
        reply_tokens: that one reply may take; None leaves it to the service.
        price: None if it is not known.
        effort: of thinking; empty leaves it to the service.
        stream: whether replies come piece by piece; None to decide by the service.
        extra_body: further fields of each request.
        headers: further headers. Never shown.
        key_name: the variable that its key belongs in.
    """

    model: str
    base_url: str = OPENAI_URL
    key: str = field(default="", repr=False)
    timeout: float = DEFAULT_TIMEOUT
    temperature: float | None = None
    reply_tokens: int | None = None
    price: Price | None = None
    effort: str = ""
    stream: bool | None = None
    extra_body: Mapping[str, object] = field(default_factory=dict, hash=False)
    headers: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    key_name: str = _OPENAI_KEY

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
    flags: ModelFlags | None = None,
    *,
    model: str | None = None,
    environment: Mapping[str, str] | None = None,
    dotenv: Path | None = None,
) -> Settings | None:
    """What is configured; None if nothing is.

    Args:
        flags: each goes before the environment.
        model: the model, before the flags' first.
        environment: by default this process's.
        dotenv: a file of settings; by default ``.env`` in the current folder.

    Raises:
        NoModelError: OpenAI is to be asked without a key; or several keys are set, and none of
            their services is named.
        UserError: a value cannot be used, or a key would go where only ``.env`` says.
    """
    flags = flags or ModelFlags()
    given = os.environ if environment is None else environment
    kept = _read_dotenv(DOTENV if dotenv is None else dotenv)
    values = {**kept, **{name: value for name, value in given.items() if value.strip()}}
    name = model or (flags.models[0] if flags.models else "") or _find(_MODEL, given, kept)[0]
    provider = _provider(flags, values)
    url, url_kept = _address(flags, provider, given, kept)
    if url:
        provider = provider or provider_at(url)
    elif not _find((*_KEY, _OPENAI_KEY), given, kept)[0] and not flags.key:
        provider = _detected(values)
        url = provider.address(values) if provider else ""
    keys = (*_KEY, *(provider.keys if provider else ()), _OPENAI_KEY)
    secret, secret_kept = (flags.key, False) if flags.key else _find(keys, given, kept)
    if url_kept and secret and not secret_kept:
        raise UserError(
            f".env names the service {place_of(url)}, but the key is not from there; it was not "
            "sent to it",
            hint="if that service is meant, give --base-url, or put its key into .env too",
        )
    if not (url or secret or flags.asks_for_model or model):
        return None
    url = url or OPENAI_URL
    if url == OPENAI_URL and not secret:
        raise NoModelError(
            f"{name or 'a model'} of OpenAI's is asked for, but there is no key",
            hint="set OPENAI_API_KEY, or name another service with --provider or --base-url",
        )
    return Settings(
        model=name,
        base_url=url,
        key=_checked_key(secret),
        timeout=flags.timeout
        or _number(values, "NL2EFG_TIMEOUT", above_zero=True)
        or DEFAULT_TIMEOUT,
        temperature=_number(values, "NL2EFG_TEMPERATURE"),
        reply_tokens=_whole(values, "NL2EFG_REPLY_TOKENS"),
        price=_price(name, flags.price_in, flags.price_out, values),
        effort=_effort(flags, values),
        stream=_stream(flags, values),
        extra_body=_extra_body(flags, values),
        headers=_headers(flags, values),
        key_name=provider.keys[0] if provider and provider.keys else _OPENAI_KEY,
    )


def _provider(flags: ModelFlags, values: Mapping[str, str]) -> Provider | None:
    """The service that is named; None if none is, or an address is given beside a model."""
    name = flags.provider or ("" if flags.base_url else values.get("NL2EFG_PROVIDER", "").strip())
    return provider_named(name) if name else None


def _address(
    flags: ModelFlags,
    provider: Provider | None,
    given: Mapping[str, str],
    kept: Mapping[str, str],
) -> tuple[str, bool]:
    """Where to ask, and whether only ``.env`` says so; empty if nothing does."""
    if flags.base_url:
        return _checked_url(flags.base_url), False
    if provider is not None:
        own = any(name in kept and not given.get(name, "").strip() for name in provider.variables)
        return _checked_url(provider.address({**kept, **given})), own
    url, url_kept = _find(_BASE_URL, given, kept)
    return (_checked_url(url), url_kept) if url else ("", False)


def _detected(values: Mapping[str, str]) -> Provider | None:
    """The service whose key alone is set; None if none is.

    Raises:
        NoModelError: there are several.
    """
    found = [
        provider
        for provider in providers().values()
        if provider.detect and any(values.get(name, "").strip() for name in provider.keys)
    ]
    if len(found) > 1:
        names = ", ".join(provider.name for provider in found)
        raise NoModelError(
            f"there are keys of several services: {names}",
            hint=f"name one with --provider or NL2EFG_PROVIDER, such as --provider {found[0].name}",
        )
    return found[0] if found else None


def _effort(flags: ModelFlags, values: Mapping[str, str]) -> str:
    effort = (flags.effort or values.get("NL2EFG_EFFORT", "")).strip().lower()
    if effort and effort not in EFFORTS:
        raise UserError(f"there is no effort {effort!r}", hint=f"choose among {', '.join(EFFORTS)}")
    return effort


def _stream(flags: ModelFlags, values: Mapping[str, str]) -> bool | None:
    if flags.stream is not None:
        return flags.stream
    word = values.get("NL2EFG_STREAM", "").strip().lower()
    if word not in ("", "0", "1"):
        raise UserError(f"NL2EFG_STREAM is {word!r}", hint="it must be 1 or 0")
    return word == "1" if word else None


def _extra_body(flags: ModelFlags, values: Mapping[str, str]) -> Mapping[str, object]:
    if flags.extra_body is not None:
        return parse_body(flags.extra_body, "--extra-body")
    text = values.get("NL2EFG_EXTRA_BODY", "").strip()
    return parse_body(text, "NL2EFG_EXTRA_BODY") if text else {}


def _headers(flags: ModelFlags, values: Mapping[str, str]) -> Mapping[str, str]:
    if flags.headers:
        return parse_headers(flags.headers, "--header")
    lines = tuple(line for line in values.get("NL2EFG_HEADERS", "").splitlines() if line.strip())
    return parse_headers(lines, "NL2EFG_HEADERS")


def _read_dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        size = file.stat().st_size
        if size > MAX_DOTENV_BYTES:
            raise UserError(
                f"{file} has {size:,} bytes; at most {MAX_DOTENV_BYTES:,} are read",
                hint="it must be text with NAME=value lines",
            )
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
            hint="give both --price-in and --price-out, or NL2EFG_PRICE_IN and NL2EFG_PRICE_OUT "
            "(US dollars per million tokens)",
        )
    if price_in is None or price_out is None:
        return known_price(model)
    return Price(price_in, price_out)


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


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
        timeout: seconds for the connection, and for each part of the answer; for all of it there
            are ten times as many.
    """
    import http.client
    import threading

    connection = http.client.HTTPConnection("127.0.0.1", OLLAMA_PORT, timeout=timeout)
    end = threading.Timer(10 * timeout, _hang_up)
    end.daemon = True
    try:
        connection.connect()
        # Whoever listens there may send a byte now and then, for ever.
        end.args = (connection.sock,)
        end.start()
        connection.request("GET", "/api/tags")
        reply = connection.getresponse()
        found = load_json(reply.read(1_000_000)) if reply.status == 200 else None
        names = tuple(str(entry["name"]) for entry in found["models"]) if found else None
    except (
        OSError,
        http.client.HTTPException,
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
    ):
        return None
    finally:
        end.cancel()
        connection.close()
    if names is None:
        return None
    return Ollama(f"http://127.0.0.1:{OLLAMA_PORT}/v1", names)
