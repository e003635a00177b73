"""A model that answers from a list, and replies that many tests share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nl2efg.errors import Nl2efgError
from nl2efg.models import Reply, Request

TEXT = (
    "Ida may take a coin worth 1 or leave it on the table. If she leaves it, Otto, who sees this, "
    "takes it or throws it away. Whoever takes the coin has 1, everybody else has 0."
)

SKETCH = json.dumps(
    {
        "title": "A coin",
        "players": [{"name": "Ida"}, {"name": "Otto", "quote": "Otto, who sees this"}],
        "information_sets": [
            {"player": "Ida", "histories": [[]], "actions": ["Take", "Leave"]},
            {"player": "Otto", "histories": [["Leave"]], "actions": ["Take", "Throw away"]},
        ],
        "claims": [
            {
                "history": ["Leave", "Throw away"],
                "payoffs": [{"player": "Ida", "value": "0"}, {"player": "Otto", "value": "0"}],
            }
        ],
        "assumptions": [{"question": "Can Otto wait?", "assumed": "He cannot."}],
    }
)

CODE = """\
import pygambit as gbt

g = gbt.Game.new_tree(players=["Ida", "Otto"], title="A coin")
g.append_move(g.root, "Ida", ["Take", "Leave"])
g.append_move(g.root.children["Leave"], "Otto", ["Take", "Throw away"])
g.set_outcome(g.root.children["Take"], g.add_outcome([1, 0], label="Ida takes it"))
otto = g.root.children["Leave"]
g.set_outcome(otto.children["Take"], g.add_outcome([0, 1], label="Otto takes it"))
g.set_outcome(otto.children["Throw away"], g.add_outcome([0, 0], label="nobody"))
"""


def fenced(code: str) -> str:
    """A program as a model sends it."""
    return f"Here it is:\n```python\n{code}```\n"


@dataclass
class Scripted:
    """A model that gives its replies by stage, and keeps what it was asked.

    Args:
        replies: for a stage its reply, or an error to raise; a list of them counts by sample.
        name: the model's name.
    """

    replies: Mapping[str, str | Nl2efgError | Sequence[str | Nl2efgError]]
    name: str = "scripted"
    asked: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Reply:
        """Answer from the script."""
        self.asked.append(request)
        found = self.replies[request.stage]
        if not isinstance(found, str | Nl2efgError):
            found = found[request.sample]
        if isinstance(found, Nl2efgError):
            raise found
        return Reply(found, self.name, prompt_tokens=10, completion_tokens=5)

    @property
    def stages(self) -> list[str]:
        """The stages that were asked for, in order."""
        return [request.stage for request in self.asked]


def coin_model(**stages: str | Nl2efgError | Sequence[str | Nl2efgError]) -> Scripted:
    """A model that compiles ``TEXT`` at the first try, but for the stages given otherwise.

    Underscores in the names stand for hyphens: ``repair_1``.
    """
    given = {name.replace("_", "-"): reply for name, reply in stages.items()}
    return Scripted({"information": SKETCH, "code": fenced(CODE), **given})
