"""A model that answers from a list, and replies that many tests share."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nl2efg.errors import Nl2efgError
from nl2efg.models import ScriptedModel

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

NOTHING_OPEN = '{"T": {}, "Q": {}}'

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


def coin_model(**stages: str | Nl2efgError | Sequence[str | Nl2efgError]) -> ScriptedModel:
    """A model that compiles ``TEXT`` at the first try, but for the stages given otherwise.

    Underscores in the names stand for hyphens: ``repair_1``.
    """
    given = {name.replace("_", "-"): reply for name, reply in stages.items()}
    usual = {"information": SKETCH, "code": fenced(CODE), "open-points": NOTHING_OPEN}
    return ScriptedModel(usual | given)
