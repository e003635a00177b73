"""The SDK's client for a service: proxies, certificates, bounds and headers."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from nl2efg.errors import SetupError
from nl2efg.models.openai.bounds import ENCODING, bound
from nl2efg.models.settings import Settings, is_loopback, place_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_KEY = "none"
"""Sent where no key is needed: the SDK insists on one."""

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
PROXY_SCHEMES = ("http", "https", "socks5", "socks5h", "socks4", "socks4a")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def new_client(settings: Settings) -> AsyncOpenAI:
    """The SDK's client for a service; retries are not its business.

    Args:
        settings: where, with which key and further headers.

    Raises:
        SetupError: a proxy or a file of certificates cannot be used; it names the variable.
    """
    import openai

    local = is_loopback(settings.base_url)
    verify = check_certificates(os.environ)
    if not local:
        check_proxies(os.environ)
    parts = urlsplit(settings.base_url)
    query = dict(parse_qsl(parts.query))
    azure = "api-version" in query or (parts.hostname or "").endswith(".azure.com")
    headers = {"Accept-Encoding": ENCODING, **settings.headers}
    if azure and settings.key:
        headers["api-key"] = settings.key
    more: dict[str, Any] = {} if verify is None else {"verify": verify}
    try:
        http_client = openai.DefaultAsyncHttpxClient(
            # A proxy for the internet does not reach this machine's own servers.
            trust_env=not local,
            # A key goes where the user said, and nowhere else.
            follow_redirects=False,
            event_hooks={"response": [bound]},
            **more,
        )
    except (ImportError, ValueError, OSError) as error:
        raise _unusable(error) from None
    except Exception as error:
        # The HTTP library's own error for an address is no ValueError.
        if type(error).__name__ != "InvalidURL":
            raise
        raise _unusable(error) from None
    return openai.AsyncOpenAI(
        api_key=settings.key or NO_KEY,
        base_url=urlunsplit(parts._replace(query="")),
        default_query=query or None,
        default_headers=headers,
        timeout=settings.timeout,
        max_retries=0,
        http_client=http_client,
    )


def _unusable(error: Exception) -> SetupError:
    named = _proxy_variables(os.environ)
    if isinstance(error, ImportError) and named:
        return SetupError(
            f"{', '.join(named)} names a SOCKS proxy, and the package socksio is not installed",
            hint="pip install 'nl2efg[socks]'",
        )
    where = f"with {', '.join(named)} " if named else ""
    return SetupError(
        f"no connection can be set up {where}as the environment says: {error}",
        hint="correct the proxy, or unset its variable",
    )


def check_proxies(environment: Mapping[str, str]) -> None:
    """Refuse proxies that cannot be used.

    Raises:
        SetupError: the address of one is malformed or of an unknown kind; it names the variable.
    """
    for name in _proxy_variables(environment):
        address = environment[name].strip()
        try:
            parts = urlsplit(address if "://" in address else f"http://{address}")
            good = bool(parts.hostname) and parts.port != 0 and parts.scheme in PROXY_SCHEMES
        except ValueError:
            good = False
        if not good:
            shown = place_of(address) if "@" in address else address
            raise SetupError(
                f"{name} is no proxy that can be used: {shown!r}",
                hint="it looks like http://host:port or socks5://host:port; unset it to go without",
            )


def _proxy_variables(environment: Mapping[str, str]) -> list[str]:
    return [
        name
        for upper in PROXIES
        for name in (upper, upper.lower())
        if environment.get(name, "").strip()
    ]


def check_certificates(environment: Mapping[str, str]) -> ssl.SSLContext | None:
    """The certificates that the environment names, on this machine's own addresses too.

    Returns:
        None if it names none, so that the HTTP library takes its own.

    Raises:
        SetupError: they cannot be read; it names the variable.
    """
    file, folder = (environment.get(name, "").strip() for name in CERTIFICATES)
    if not (file or folder):
        return None
    for name, path in zip(CERTIFICATES, (file, folder), strict=True):
        if path and not Path(path).exists():
            raise SetupError(
                f"{name} names {path}, which does not exist",
                hint=f"correct {name}, or unset it to take the usual certificates",
            )
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except (OSError, ValueError) as error:
        raise SetupError(
            f"the certificates that {CERTIFICATES[0] if file else CERTIFICATES[1]} names cannot be "
            f"read: {error}",
            hint="it must be certificates in PEM",
        ) from None
