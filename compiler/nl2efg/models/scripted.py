"""A model that answers from a script: for tests of programs that use nl2efg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nl2efg.errors import Nl2efgError, NotRecordedError, expect
from nl2efg.models.port import Reply, Request

ScriptedReply = str | Nl2efgError
"""What the model writes, or the error that it raises."""


@dataclass
class ScriptedModel:
    """A model that gives its replies by stage, and keeps what it was asked.

    Stages are ``information``, ``code``, ``repair-1``, ``repair-2``, … and ``critic``::

        model = nl2efg.ScriptedModel({"information": sketch, "code": program})
        nl2efg.compile("Ann and Ben …", model=model)
        assert model.stages == ["information", "code"]

    Args:
        replies: for a stage its reply, or an error to raise; a list of them counts by sample.
        name: the model's name.
        asked: every request so far.
    """

    replies: Mapping[str, ScriptedReply | Sequence[ScriptedReply]]
    name: str = "scripted"
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        expect(
            self.replies,
            Mapping,
            "mapping of stages to replies",
            hint='such as {"information": "...", "code": "..."}',
        )

    async def complete(self, request: Request) -> Reply:
        """Answer from the script.

        Args:
            request: what is asked.

        Raises:
            NotRecordedError: the script has no reply for the stage or the sample.
            Nl2efgError: the one that the script gives.
        """
        self.asked.append(request)
        found = self.replies.get(request.stage)
        if found is not None and not isinstance(found, str | Nl2efgError):
            found = found[request.sample] if request.sample < len(found) else None
        if found is None:
            raise NotRecordedError(
                f"the script has no reply for {request.stage}, sample {request.sample + 1}",
                hint=f"it has {', '.join(self.replies) or 'none'}",
            )
        if isinstance(found, Nl2efgError):
            raise found
        return Reply(found, self.name, prompt_tokens=10, completion_tokens=5)

    @property
    def stages(self) -> list[str]:
        """The stages that were asked for, in order."""
        return [request.stage for request in self.asked]
