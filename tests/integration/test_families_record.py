"""A compiled description with letters: its record, its files, and values in the place of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import UserError
from nl2efg.families import family_of
from nl2efg.models import ScriptedModel
from nl2efg.schema.record import CompilationRecord

pytestmark = pytest.mark.process

TEXT = "Ann takes one coin, or leaves it; then she gets v, where v > 0."
SKETCH = {
    "title": "Coin",
    "players": [{"name": "Ann"}],
    "parameters": [
        {"symbol": "v", "meaning": "what leaving is worth", "low": "0", "conditions": ["v > 0"],
         "value": "2", "quote": "where v > 0"}
    ],
    "information_sets": [{"player": "Ann", "histories": [[]], "actions": ["take", "leave"]}],
}  # fmt: skip
CODE = """```python
import pygambit as gbt
v = parameter("v", 2, low=0)
assert v > 0
g = gbt.Game.new_tree(players=["Ann"], title="Coin")
g.append_move(g.root, "Ann", ["take", "leave"])
g.set_outcome(g.root.children[0], g.add_outcome([1]))
g.set_outcome(g.root.children[1], g.add_outcome([v]))
```"""


def compiled(**options: object) -> nl2efg.Compilation:
    model = ScriptedModel({"information": json.dumps(SKETCH), "code": CODE})
    return nl2efg.compile(TEXT, model=model, check=False, rounds=0, **options)  # type: ignore[arg-type]


def test_the_record_holds_the_letters(tmp_path: Path) -> None:
    found = compiled()
    assert found.family is not None
    assert found.family.parameters[0].quote == "where v > 0"
    folder = found.write(tmp_path / "coin.nl2efg")
    record = CompilationRecord.model_validate_json((folder / "compilation.json").read_bytes())
    assert record.family is not None
    assert record.family.parameters[0].meaning == "what leaving is worth"
    assert record.family.payoffs == ((1, 0, "v"),)
    assert record.family.conditions == (("text", "v > 0"),)
    again = family_of(nl2efg.load_efg(folder / "game.efg"))
    assert again is not None
    assert again.parameters == found.family.parameters


def test_values_in_the_place_of_others() -> None:
    found = compiled(values={"v": "1/2"})
    assert found.equilibria[0].values == (1,)
    with pytest.raises(UserError, match="breaks v > 0") as refused:
        compiled(values={"v": "0"})
    assert refused.value.record is not None
    assert refused.value.record.efg


LONG = """```python
import pygambit as gbt
n = parameter("n", 2, low=1, kind="size")
d = parameter("d", "1/2", low=0, high=1)
g = gbt.Game.new_tree(players=["Ann"], title="Waiting")
node = g.root
for week in range(n):
    g.append_move(node, "Ann", ["stop", "wait"])
    g.set_outcome(node.children[0], g.add_outcome([week]))
    node = node.children[1]
g.set_outcome(node, g.add_outcome([n]))
```"""


def test_a_size_is_told_with_what_comes_of_greater_ones() -> None:
    sizes = [{"symbol": "n", "kind": "size", "value": "2", "low": "1"}]
    model = ScriptedModel(
        {"information": json.dumps({**SKETCH, "parameters": sizes}), "code": LONG}
    )
    found = nl2efg.compile("Ann waits n weeks, d is a half.", model=model, check=False, rounds=0)
    assert found.solution is not None
    paid = "; ".join(f"with n = {n}: Ann {n}" for n in (2, 3, 4, 8))
    remark = f"the first equilibrium pays {paid}"
    assert remark in found.solution.remarks
    assert remark in found.record.solution.remarks


def test_a_game_without_sizes_is_not_cut() -> None:
    found = compiled()
    assert found.solution is not None
    assert not any(remark.startswith("cut") for remark in found.solution.remarks)
