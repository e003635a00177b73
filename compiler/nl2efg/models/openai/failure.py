"""What the SDK's exceptions mean, in the words of :mod:`nl2efg.errors`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nl2efg.errors import (
    AuthenticationError,
    Nl2efgError,
    NoModelError,
    RefusalError,
    UnavailableError,
)
from nl2efg.models.openai.retry import Transient, retry_after
from nl2efg.models.settings import OPENAI_URL, Settings, is_loopback

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError

MAX_CHARACTERS = 300
PASSING = (408, 409, 425, 429)
_KEY_LIKE = re.compile(r"\bsk-[\w-]{8,}")


def without_key(text: str, key: str) -> str:
    """Text from a service, on one line, cut to a readable length, without the key."""
    if key:
        text = text.replace(key, "…")
    text = " ".join(_KEY_LIKE.sub("sk-…", text).split())
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


@dataclass(frozen=True, slots=True)
class Failures:
    """Turns failures of a call into the errors that users see; each says where it happened."""

    settings: Settings

    def of_status(self, error: APIStatusError) -> Exception:
        """A reply with a status that is no success, as the SDK raises it."""
        response = error.response
        return self.of_error(
            error.status_code, error.body, response.headers, response.reason_phrase
        )

    def of_error(
        self, status: int, body: object, headers: Mapping[str, str], reason: str = ""
    ) -> Exception:
        """A reply with a status that is no success.

        Args:
            status: of HTTP.
            body: the error object in it, or whatever else it holds.
            headers: with keys in lower case, or that ignore case.
            reason: said where the body says nothing.
        """
        said = self._said(status, body, reason)
        fields = body if isinstance(body, dict) else {}
        complaint = f"{fields.get('code')} {fields.get('type')} {said}".lower()
        if status == 401:
            return AuthenticationError(said, hint=self._key_hint())
        if status == 403:
            return AuthenticationError(
                said, hint=f"the key may not use {self.settings.model}, or not from here"
            )
        if status == 404:
            return NoModelError(said, hint=self._missing_hint())
        if "insufficient_quota" in complaint or status == 402:
            return UnavailableError(said, hint="the account has no credit left; waiting is no help")
        if "content_filter" in complaint or "content_policy" in complaint:
            return RefusalError(said, hint="the service's filter stopped the text; rephrase it")
        if status in PASSING or (status >= 500 and status != 501):
            hint = self._busy_hint(status)
            return Transient(UnavailableError(said, hint=hint), retry_after(headers))
        return self._refused(status, said, complaint)

    def of_time(self) -> Transient:
        """No answer in time."""
        return Transient(
            UnavailableError(
                f"{self._who()} did not answer within {self.settings.timeout:g} s",
                hint="a slow model needs a longer NL2EFG_TIMEOUT (seconds)",
            )
        )

    def of_connection(self, error: APIConnectionError) -> Exception:
        """No connection, or one that broke."""
        cause = error.__cause__
        words = without_key(f"{cause or error}", self.settings.key) or type(cause).__name__
        if type(cause).__name__ == "ConnectError":
            failure = UnavailableError(
                f"{self._who()} cannot be reached: {words}",
                hint="is the server started, and its address right? see --base-url"
                if is_loopback(self.settings.base_url)
                else "check the network, the proxy and the address",
            )
            # A server of this machine that is not there will not be there in a minute.
            return failure if is_loopback(self.settings.base_url) else Transient(failure)
        return Transient(
            UnavailableError(
                f"the connection to {self._who()} broke: {words}", hint="try again later"
            )
        )

    def of_answer(self, error: Exception) -> Nl2efgError:
        """An answer that is not in the protocol."""
        return UnavailableError(
            f"{self._who()} answered with something that is no chat completion: "
            f"{without_key(str(error), self.settings.key)}",
            hint="the address should end before /chat/completions, often in /v1",
        )

    def _refused(self, status: int, said: str, complaint: str) -> Nl2efgError:
        if "context" in complaint and ("length" in complaint or "window" in complaint):
            return UnavailableError(
                said,
                hint="the prompt is too long for this model; shorten the text, or take another",
            )
        if status < 400:
            hint = "the address leads elsewhere, and a key does not follow; give the final one"
            return UnavailableError(said, hint=hint)
        return UnavailableError(said, hint="the service does not take the request as it is")

    def _said(self, status: int, body: object, reason: str) -> str:
        words = (
            body.get("message") or body.get("detail") or body if isinstance(body, dict) else body
        )
        words = without_key(str(words or ""), self.settings.key)
        return f"{self._who()} answers {status}: {words or reason}"

    def _who(self) -> str:
        return f"{self.settings.model} at {self.settings.place}"

    def _key_hint(self) -> str:
        if not self.settings.key:
            return "this service needs a key: set OPENAI_API_KEY"
        if self.settings.base_url == OPENAI_URL:
            return "check OPENAI_API_KEY; keys are at https://platform.openai.com/api-keys"
        return "check OPENAI_API_KEY, and that it is a key of this service"

    def _missing_hint(self) -> str:
        if is_loopback(self.settings.base_url):
            return "is the model installed on that server, and does the address end in /v1?"
        return "check the model's name, and that the address ends before /chat/completions"

    @staticmethod
    def _busy_hint(status: int) -> str:
        if status == 429:
            return "the service limits calls; try again later, or with fewer samples at a time"
        return "the service has trouble; try again later"
