"""Python and the report's script lay trees out alike: both are run on random trees and compared."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from nl2efg.drawing.labels import Describer, line_width
from nl2efg.drawing.layout.constants import TEXTBOOK
from nl2efg.drawing.layout.geometry import Layout, visible_nodes
from nl2efg.drawing.layout.lanes import WAY_STEPS
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.drawing.view import View
from nl2efg.game import GameTree, TreeBuilder
from tests.trees import absent_minded_driver, kuhn

NODE = shutil.which("node")
TENTH = 0.11  # both round to a tenth, and halves may fall to either side
DRIVER = """
const fs = require("fs");
const out = [];
for (const task of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const children = new Map(task.children);
  const view = { ...task, children: (n) => children.get(n) || [], allChildren: (n) => task.all[n],
    setOf: task.set, aligned: new Set(task.aligned), texts: new Map(task.texts),
    isEnd: (n) => task.set[n] < 0, isDecision: (n) => task.decision[n], width: (line) => line };
  const placed = arrange(task.T, view);
  out.push({ ...placed, nodes: [...placed.nodes] });
}
console.log(JSON.stringify(out));
"""


def random_tree(seed: int, moves: int) -> GameTree:
    """A tree with hidden moves, chance, payoffs on the way and labels of several lengths."""
    rng = random.Random(seed)
    count = rng.randint(1, 3)
    builder = TreeBuilder([f"{rng.choice(['A', 'Bob', 'A long name'])}{n}" for n in range(count)])
    leaves, sets = [0], []
    for _ in range(moves):
        node = leaves.pop(rng.randrange(len(leaves)))
        mover = rng.randint(-1, count - 1)
        known = [index for owner, index in sets if owner == mover]
        if known and mover >= 0 and rng.random() < 0.5:
            index = rng.choice(known)
        else:
            size = rng.choice([1, 2, 2, 2, 3, 4])
            actions = [f"{rng.choice(['x', 'Left', 'Go right now'])}{n}" for n in range(size)]
            index = (
                builder.chance(actions, [Fraction(1, size)] * size)
                if mover < 0
                else builder.information_set(mover, actions)
            )
            sets.append((mover, index))
        leaves += builder.move(node, index)
        if rng.random() < 0.15:
            builder.pay(node, [rng.randint(-9, 9)] * count)
    for leaf in leaves:
        builder.pay(leaf, [rng.choice([0, -7, 12, Fraction(1, 3)]) for _ in range(count)])
    return builder.build()


def task(tree: GameTree, direction: str, collapsed: Sequence[int]) -> dict[str, Any]:
    """What the script is asked: the same rows, texts and widths."""
    visible = visible_nodes(tree, None, collapsed)
    texts = Describer(tree, visible, None, View(), upright=True, chance=True).describe()
    rows, aligned = assign_rows(tree, visible)
    nodes = range(len(tree))
    return {
        "T": TEXTBOOK.as_json(),
        "visible": visible,
        "children": [[n, tree.children[n]] for n in visible if n not in set(collapsed)],
        "all": tree.children,
        "row": [rows.get(n, 0) for n in nodes],
        "aligned": sorted(aligned),
        "set": tree.set_of,
        "decision": [tree.player_of(n) not in (None, -1) for n in nodes],
        "depth": tree.depth,
        "parent": tree.parents,
        "position": tree.action_of,
        "players": len(tree.players),
        "waySteps": WAY_STEPS,
        "down": direction == "down",
        "texts": [
            [
                n,
                {
                    key: [line_width(line) for line in getattr(t, key)]
                    for key in ("edge", "side", "end")
                },
            ]
            for n, t in texts.items()
        ],
    }


def near(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    """Whether two lists of points are the same up to a rounding."""
    flat = [value for point in ours for value in point], [v for point in theirs for v in point]
    return len(flat[0]) == len(flat[1]) and all(
        abs(a - b) <= TENTH for a, b in zip(*flat, strict=True)
    )


def compare(ours: Layout, theirs: dict[str, Any]) -> None:
    """Every number that the two layouts hold."""
    assert near([(ours.width, ours.height)], [(theirs["width"], theirs["height"])])
    assert near(list(ours.nodes.values()), [place for _, place in theirs["nodes"]])
    assert [edge.child for edge in ours.edges] == [edge["child"] for edge in theirs["edges"]]
    for edge, other in zip(ours.edges, theirs["edges"], strict=True):
        assert near(edge.points, other["points"])
    places = [(label.x, label.y, label.width, label.anchor) for label in ours.labels]
    others = [
        (label["x"], label["y"], label["width"], label["anchor"]) for label in theirs["labels"]
    ]
    assert near(places, others)
    assert len(ours.bands) == len(theirs["bands"])
    for band, other in zip(ours.bands, theirs["bands"], strict=True):
        assert (band.information_set, band.curved) == (other["index"], other["curved"])
        assert near(band.points, other["points"])


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
def test_both_lay_out_random_trees_alike(tmp_path: Path) -> None:
    trees = [kuhn(), kuhn(4), absent_minded_driver()]
    trees += [random_tree(seed, 2 + seed % 13) for seed in range(150)]
    cases = [(tree, way, ()) for tree in trees for way in ("down", "right")]
    cases += [
        (tree, way, (min(n for n in range(1, len(tree)) if not tree.is_terminal(n)),))
        for tree in trees
        if any(not tree.is_terminal(n) for n in range(1, len(tree)))
        for way in ("down", "right")
    ]
    assets = files("nl2efg.drawing.html").joinpath("assets")
    script = "".join(assets.joinpath(name).read_text("utf-8") for name in ("layout.js", "lines.js"))
    program = tmp_path / "parity.js"
    program.write_text(script + DRIVER, encoding="utf-8")
    assert NODE is not None
    done = subprocess.run(
        [NODE, str(program)],
        input=json.dumps([task(*case) for case in cases]),
        capture_output=True,
        text=True,
        check=True,
    )
    for (tree, way, collapsed), theirs in zip(cases, json.loads(done.stdout), strict=True):
        view = View(kind="tree", direction=way, collapsed=collapsed)  # type: ignore[arg-type]
        compare(lay_out(tree, view), theirs)
