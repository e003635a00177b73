"""Answers of a batch, put where they belong: replies into the ledger, failures beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from nl2efg.batch.engines.openai_batch.failed_calls import KINDS, Failed
from nl2efg.batch.engines.openai_batch.journal import Job
from nl2efg.batch.engines.openai_batch.requests import KEY, read_request
from nl2efg.batch.storage.append_log import PARTS, read_entries
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.errors import Nl2efgError, UnavailableError
from nl2efg.json_lines import read_json_lines
from nl2efg.models import Message, Reply
from nl2efg.models.budget import Spent
from nl2efg.models.openai.body import Abilities, give_up
from nl2efg.models.openai.bounds import MAX_REPLY_BYTES
from nl2efg.models.openai.completion import partial_reply, read_completion
from nl2efg.models.openai.failure import Failures, without_key
from nl2efg.models.openai.prompt_cuts import is_prompt_cut, words_of_cut
from nl2efg.models.openai.retry import Transient
from nl2efg.models.openai.usage import read_usage
from nl2efg.models.settings import Settings

UNTRIED = ("batch_expired", "batch_cancelled")
"""Codes of requests that the batch ended before."""

NO_CREDIT = (402, 429)
"""Status codes that mean, where they do not pass, that the account has nothing left."""


@dataclass
class Collected:
    """What a batch came to.

    Args:
        settled: requests that were answered, or failed for good.
        spent: by all of them.
        longest: completion tokens of the longest reply.
        learnt: whether the model refused a parameter, which will be left out from now on.
        passing: the last failure that may pass.
        stopping: a failure that every further request would meet too.
    """

    settled: int = 0
    spent: Spent = field(default_factory=Spent)
    longest: int = 0
    learnt: bool = False
    passing: Nl2efgError | None = None
    stopping: Nl2efgError | None = None


@dataclass
class Collector:
    """Reads one batch's answers.

    Args:
        job: the batch's.
        requests: its file of requests.
        settings: of the model, with the price of batches.
        known: what the model has not refused yet.
        may_learn: whether ``known`` may be changed once more.
        ledger, failed: where answers go.
        run: the run folder.
        tell: told of lines that are no answers.
    """

    job: Job
    requests: Path
    settings: Settings
    known: Abilities
    may_learn: bool
    ledger: Ledger
    failed: Failed
    run: Path
    tell: Callable[[str], None] = lambda _: None

    def collect(self, files: list[Path], *, ended_early: bool, again: bool) -> Collected:
        """Store what the files say; of a request that is in neither, that it was not answered.

        Args:
            files: of answers and of failures.
            ended_early: whether the batch expired or was cancelled.
            again: whether an earlier start may have stored a part of it.

        Raises:
            UserError: the ledger cannot be written.
        """
        self.found = Collected()
        offsets = self._offsets()
        self._stored = self._stored_before(offsets) if again else set()
        with self.requests.open("rb") as requests:
            for line in _lines(files, self.tell):
                custom_id = line.get("custom_id")
                offset = offsets.pop(custom_id, None) if isinstance(custom_id, str) else None
                if offset is not None:
                    self._take(str(custom_id), line, _body(requests, offset))
        if not ended_early:
            for custom_id in offsets:
                self._pass_over(custom_id, UnavailableError(f"{self._name} left it unanswered"))
        return self.found

    @property
    def _name(self) -> str:
        return f"the batch {self.job.batch_id} of {self.settings.model}"

    def _offsets(self) -> dict[str, int]:
        found, offset = {}, 0
        with self.requests.open("rb") as file:
            for line in file:
                found[read_request(line)[0]] = offset
                offset += len(line)
        return found

    def _stored_before(self, wanted: dict[str, int]) -> set[str]:
        return {
            name
            for file in (self.run / PARTS).glob("replies-*.jsonl")
            for entry in (found.data for found in read_entries(file))
            if (name := f"{entry.get('unit')}{entry.get('call')}") in wanted
            and entry.get("tried") == self.ledger.tried(entry["unit"])
        }

    def _take(self, custom_id: str, line: dict[str, Any], body: dict[str, Any]) -> None:
        response, error = line.get("response"), line.get("error")
        if isinstance(error, dict) and error.get("code") in UNTRIED:
            return
        if isinstance(error, dict) or not isinstance(response, dict):
            said = without_key(str(error or line), self.settings.key)
            self._pass_over(custom_id, UnavailableError(f"{self._name} failed on it: {said}"))
        elif response.get("status_code") == 200:
            self._reply(custom_id, response.get("body"), body)
        else:
            self._refusal(custom_id, response, body)

    def _reply(self, custom_id: str, answer: Any, body: dict[str, Any]) -> None:
        messages = [Message(each["role"], each["content"]) for each in body["messages"]]
        fields = answer if isinstance(answer, dict) else {"error": answer}
        spent, note = Spent(), ""
        counted = read_usage(fields.get("usage")).prompt
        if is_prompt_cut(messages, counted, self.known):
            note = words_of_cut(messages, counted, None)
        try:
            reply = read_completion(fields, self.settings, messages, spent, note=note)
        except Transient as failure:
            self._pass_over(custom_id, failure.error)
        except UnavailableError as error:
            self._pass_over(custom_id, error)
        except Nl2efgError as error:
            self._fail(custom_id, error, partial_reply(fields, self.settings, spent))
        else:
            self.found.settled += 1
            if custom_id not in self._stored:
                self.ledger.keep_reply(custom_id[:KEY], custom_id[KEY:], reply)
        self.found.spent.add(spent)
        self.found.longest = max(self.found.longest, spent.completion_tokens)

    def _refusal(self, custom_id: str, response: dict[str, Any], body: dict[str, Any]) -> None:
        status, answer = response.get("status_code"), response.get("body")
        fields = answer.get("error", answer) if isinstance(answer, dict) else answer
        code = status if isinstance(status, int) else 500
        if self.may_learn and give_up(body, code, str(fields), self.known):
            self.found.learnt = True
            return
        error = Failures(self.settings).of_error(code, fields, {}, "no reason given")
        if isinstance(error, Transient):
            self._pass_over(custom_id, error.error)
        elif type(error).__name__ in KINDS and code not in NO_CREDIT:
            assert isinstance(error, Nl2efgError)
            self._fail(custom_id, error)
        elif isinstance(error, Nl2efgError):
            self.found.stopping = error

    def _fail(self, custom_id: str, error: Nl2efgError, reply: Reply | None = None) -> None:
        self.found.settled += 1
        self._store(custom_id, error, final=True, reply=reply)

    def _pass_over(self, custom_id: str, error: Nl2efgError) -> None:
        self.found.passing = error
        self._store(custom_id, error, final=False)

    def _store(
        self, custom_id: str, error: Nl2efgError, *, final: bool, reply: Reply | None = None
    ) -> None:
        unit, call = custom_id[:KEY], custom_id[KEY:]
        self.failed.keep(unit, call, self.job.name, error, final=final, reply=reply)


def _lines(files: list[Path], damaged: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    for file in files:
        with file.open("rb") as opened:
            for line in read_json_lines(opened, MAX_REPLY_BYTES):
                if line.problem:
                    damaged(f"{file}:{line.number} is no answer; what it answers is asked again")
                else:
                    yield line.data


def _body(requests: BinaryIO, offset: int) -> dict[str, Any]:
    requests.seek(offset)
    return read_request(requests.readline())[1]
