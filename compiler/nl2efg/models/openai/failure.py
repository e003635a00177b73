"""What failures of a call mean, in the words of :mod:`nl2efg.errors`."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nl2efg.errors import (
    AuthenticationError,
    Nl2efgError,
    NoModelError,
    RefusalError,
    TooLongError,
    UnavailableError,
)
from nl2efg.models.budget import words_of_end
from nl2efg.models.openai.bounds import TooLargeError
from nl2efg.models.openai.complaints import Complaint, ErrorObject, complaint_in, error_object
from nl2efg.models.openai.retry import Transient
from nl2efg.models.openai.waits import asked_wait
from nl2efg.models.settings import OPENAI_URL, Settings, is_loopback

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError

MAX_CHARACTERS = 300
PASSING = (408, 409, 425, 429)
LIMITED = (429, 503, 529)
"""Status codes of a service that has too much to do: they pass, however often they come."""

_KEY_LIKE = re.compile(r"\b(?:sk|gsk|xai|AIza|key)[-_]?[\w-]{12,}")


def without_key(text: str, key: str) -> str:
    """Text from a service, on one line, cut to a readable length, without the key."""
    text = text[: 20 * MAX_CHARACTERS]
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
        body = error.body if error.body is not None else response.text
        return self.of_error(error.status_code, body, response.headers, response.reason_phrase)

    def of_error(
        self, status: int, body: object, headers: Mapping[str, str], reason: str = ""
    ) -> Exception:
        """A reply with a status that is no success.

        Args:
            status: of HTTP, or as a gateway passes it on.
            body: the error object in it, or whatever else it holds.
            headers: with keys in lower case, or that ignore case.
            reason: said where the body says nothing.
        """
        found = error_object(body)
        said = self._said(status, found, reason)
        complaint = complaint_in(found.words)
        if status == 402 or complaint is Complaint.CREDIT:
            return UnavailableError(said, hint="the account has no credit left; waiting is no help")
        if complaint is Complaint.FILTER and status < 500:
            return RefusalError(said, hint="the service's filter stopped the text; rephrase it")
        if complaint is Complaint.MINUTE:
            return TooLongError(
                said,
                hint="one prompt takes more than the account may send in a minute; take a smaller "
                "text, another model or another tier of the service",
            )
        if status == 429:
            return self._limited(said, headers, found)
        if complaint is Complaint.CONTEXT:
            return TooLongError(said, hint=self._context_hint())
        if status == 401 or (status in (400, 403) and complaint is Complaint.KEY):
            return AuthenticationError(said, hint=self._key_hint())
        if status == 404 or (status in (400, 403, 422) and complaint is Complaint.MODEL):
            return NoModelError(said, hint=self._missing_hint())
        if status == 403:
            return AuthenticationError(
                said, hint=f"the key may not use {self.settings.model}, or not from here"
            )
        if status in LIMITED or (status >= 500 and complaint is Complaint.BUSY):
            return self._limited(said, headers, found)
        if status in PASSING or (status >= 500 and status != 501):
            hint = "the service has trouble; try again later"
            return Transient(UnavailableError(said, hint=hint), asked_wait(headers, found.fields))
        return self._refused(status, said)

    def _limited(self, said: str, headers: Mapping[str, str], found: ErrorObject) -> Transient:
        hint = "the service limits calls; try again later, or with fewer samples at a time"
        wait = asked_wait(headers, found.fields or found.message)
        return Transient(UnavailableError(said, hint=hint), wait, limited=True)

    def of_silence(self, seconds: float, came: int, *, streamed: bool) -> Nl2efgError:
        """A service that has stopped answering; never asked again from zero.

        Args:
            seconds: that it was waited for.
            came: events of the reply that came before.
            streamed: whether the reply was to come piece by piece.
        """
        hint = "a slow model needs a longer NL2EFG_TIMEOUT or --timeout (seconds)"
        if not streamed:
            hint += "; with --stream only silence counts, however long the whole reply takes"
        so_far = f", after {came} tokens; they are kept" if came else ""
        return UnavailableError(
            f"{self._who()} did not answer within {seconds:g} s{so_far}", hint=hint
        )

    def of_time(self) -> Transient:
        """No answer in time to a call that can be made again at no cost."""
        return Transient(
            UnavailableError(
                f"{self._who()} did not answer within {self.settings.timeout:g} s",
                hint="a slow service needs a longer NL2EFG_TIMEOUT (seconds)",
            )
        )

    def of_connection(self, error: APIConnectionError, *, seen: bool = False) -> Exception:
        """No connection, or one that broke.

        Args:
            error: the SDK's.
            seen: whether the service has answered before.
        """
        cause = error.__cause__
        if isinstance(cause, TooLargeError):
            return self.of_size(cause)
        if (bad := _certificate_error(error)) is not None:
            return UnavailableError(
                f"the certificate of {self.settings.place} is not accepted: "
                f"{without_key(str(bad), '')}",
                hint="if it is of an authority of your own, name its file in SSL_CERT_FILE",
            )
        words = without_key(f"{cause or error}", self.settings.key) or type(cause).__name__
        if type(cause).__name__ in ("ConnectError", "ConnectTimeout", "ProxyError"):
            return self._unreached(words, seen=seen)
        return self.of_break(words)

    def of_break(self, words: str, came: int = 0) -> Transient:
        """A connection that broke after the call was sent."""
        so_far = f" after {came} tokens" if came else ""
        return Transient(
            UnavailableError(
                f"the connection to {self._who()} broke{so_far}: {words}", hint="try again later"
            ),
            sent=True,
        )

    def of_answer(self, words: object, wanted: str = "chat completion") -> Nl2efgError:
        """An answer that is not in the protocol, where something else was ``wanted``."""
        return UnavailableError(
            f"{self._who()} answered with something that is no {wanted}: "
            f"{without_key(str(words), self.settings.key)}",
            hint="the address should end before /chat/completions, often in /v1",
        )

    def of_size(self, words: object) -> Nl2efgError:
        """A reply beyond all bounds."""
        return UnavailableError(
            f"the reply of {self._who()} is not read: {without_key(str(words), self.settings.key)}",
            hint="is that address a model service?",
        )

    def _unreached(self, words: str, *, seen: bool) -> Exception:
        local = is_loopback(self.settings.base_url)
        failure = UnavailableError(
            f"{self._who()} cannot be reached: {words}",
            hint="is the server started, and its address right? see --base-url"
            if local
            else "check the network, the proxy and the address",
        )
        # A server of this machine that was never there will not be there in a minute; one that has
        # answered before is being started again.
        return failure if local and not seen else Transient(failure, limited=local)

    def _refused(self, status: int, said: str) -> Nl2efgError:
        if status < 400:
            hint = "the address leads elsewhere, and a key does not follow; give the final one"
            return UnavailableError(said, hint=hint)
        return UnavailableError(said, hint="the service does not take the request as it is")

    def _said(self, status: int, found: ErrorObject, reason: str) -> str:
        words = found.message or str(found.fields or "")
        return f"{self._who()} answers {status}: {without_key(words, self.settings.key) or reason}"

    def _who(self) -> str:
        return f"{self.settings.model or 'the service'} at {self.settings.place}"

    def _key_hint(self) -> str:
        name = self.settings.key_name
        if not self.settings.key:
            return f"this service needs a key: set {name}"
        if self.settings.base_url == OPENAI_URL:
            return "check OPENAI_API_KEY; keys are at https://platform.openai.com/api-keys"
        return f"check {name}, and that it is a key of this service"

    def _missing_hint(self) -> str:
        if is_loopback(self.settings.base_url):
            return "is the model installed on that server, and does the address end in /v1?"
        if told := words_of_end(self.settings.model, datetime.now(UTC).date()):
            return told
        return "check the model's name, and that the address ends before /chat/completions"

    def _context_hint(self) -> str:
        hint = "the prompt is too long for this model; shorten the text, or take another"
        if is_loopback(self.settings.base_url):
            hint += "; or give it a longer context (llama.cpp: -c, vLLM: --max-model-len, Ollama: "
            hint += "OLLAMA_CONTEXT_LENGTH)"
        return hint


def _certificate_error(error: BaseException) -> BaseException | None:
    """The error of a certificate that is behind a failed connection, or None."""
    found: BaseException | None = error
    for _ in range(8):
        if found is None or isinstance(found, ssl.SSLCertVerificationError):
            return found
        if "CERTIFICATE_VERIFY_FAILED" in str(found):
            return found
        found = found.__cause__ or found.__context__
    return None
