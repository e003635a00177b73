"""How long a service asks to wait before the next call, in whichever way it says so.

In this order: ``retry-after-ms`` (OpenAI, Azure); ``Retry-After`` in seconds, as a duration or as a
date (RFC 9110, section 10.2.3); ``RetryInfo`` in the body (Google); words in the message ("try
again in 1.5s": OpenAI, Groq); the ``x-ratelimit-reset-…`` of a limit with nothing remaining.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNITS = {
    "ms": 0.001,
    "millisecond": 0.001,
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "m": 60.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hr": 3600.0,
    "hour": 3600.0,
    "d": 86_400.0,
    "day": 86_400.0,
}
_PART = (
    r"(\d{1,12}(?:\.\d{1,9})?)\s?"
    r"(ms|milliseconds?|sec(?:ond)?s?|s|min(?:ute)?s?|m|h(?:r|our)?s?|d(?:ay)?s?)\b"
)
_PARTS = re.compile(_PART.replace(r"\b", r"(?![a-z])"), re.I)
_IN_WORDS = re.compile(
    r"(?:again|retry|wait|available|reset\w*)\W{1,3}(?:\w+\W){0,4}?(?:in|after|for)?\s?"
    r"((?:\d[\d.]{0,12}\s?(?:ms|milliseconds?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?|d|days?)"
    r"(?![a-z])\s?){1,4})",
    re.I,
)
_RESETS = ("requests", "tokens", "input-tokens", "output-tokens", "")
MAX_WORDS = 4_000
"""Characters of a message in which a wait is looked for."""


def asked_wait(headers: Mapping[str, str], body: object = None) -> float | None:
    """Seconds that a reply asks to wait, or None.

    Args:
        headers: with keys in lower case, or that ignore case.
        body: the reply's error object, or whatever else it holds.
    """
    for found in (_of_headers(headers), _of_details(body), _of_words(body), _of_resets(headers)):
        if found is not None:
            return found
    return None


def duration(text: str) -> float | None:
    """Seconds in a text such as ``27.5s``, ``6m0s``, ``250ms`` or ``2``; None if it is none."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(seconds, 0.0) if math.isfinite(seconds) else None
    parts = _PARTS.findall(text)
    if not parts or _PARTS.sub("", text).strip():
        return None
    return sum(float(number) * _unit(unit) for number, unit in parts)


def _unit(name: str) -> float:
    name = name.lower()
    return _UNITS.get(name) or _UNITS[name.rstrip("s")]


def _of_headers(headers: Mapping[str, str]) -> float | None:
    milliseconds = duration(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    asked = headers.get("retry-after", "")
    seconds = duration(asked)
    if seconds is not None:
        return seconds
    until = _http_date(asked)
    if until is None:
        return None
    # Against the reply's own date, so that this machine's clock may be wrong.
    now = _http_date(headers.get("date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _of_details(body: object) -> float | None:
    """Google's RetryInfo: ``{"details": [{"@type": "…RetryInfo", "retryDelay": "27s"}]}``."""
    details = body.get("details") if isinstance(body, Mapping) else None
    for entry in details if isinstance(details, list) else ():
        if isinstance(entry, Mapping) and isinstance(entry.get("retryDelay"), str):
            return duration(entry["retryDelay"])
    return None


def _of_words(body: object) -> float | None:
    said = body.get("message") if isinstance(body, Mapping) else body
    found = _IN_WORDS.search(said[:MAX_WORDS]) if isinstance(said, str) else None
    return duration(found[1].strip().rstrip(".")) if found else None


def _of_resets(headers: Mapping[str, str]) -> float | None:
    """The longest reset among limits with nothing remaining, else the shortest of all."""
    spent: list[float] = []
    others: list[float] = []
    for what in _RESETS:
        suffix = f"-{what}" if what else ""
        seconds = _reset(headers.get(f"x-ratelimit-reset{suffix}", ""))
        if seconds is None:
            continue
        remaining = headers.get(f"x-ratelimit-remaining{suffix}", "")
        (spent if remaining.strip() == "0" else others).append(seconds)
    return max(spent) if spent else min(others, default=None)


def _reset(text: str) -> float | None:
    """Seconds until a limit is reset, given as a duration, or as a moment since the epoch."""
    seconds = duration(text) if text else None
    if seconds is None or seconds < 1e8:
        return seconds
    moment = seconds / 1000 if seconds > 1e11 else seconds
    return max(moment - datetime.now(UTC).timestamp(), 0.0)
