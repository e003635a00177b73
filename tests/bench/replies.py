"""How fast replies become games, beside one Python process with the real pygambit for each.

Run by hand: ``python tests/bench/replies.py [REPLIES.jsonl] [--sample N]``. Without a file the
programs are written here. The real pygambit does not run most of what models write; each process
is timed from its start to its end, whatever comes of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from nl2efg.frontend.program_reply import build_reply, programs
from nl2efg.sandbox import Builders

PAPER = Path(__file__).parents[2] / "../shared/gameinterpreter/replies.jsonl"


def own_programs() -> list[str]:
    """Centipedes of three to forty rounds, as a model writes them."""
    found = []
    for rounds in range(3, 41):
        lines = [
            "import pygambit as gbt",
            'g = gbt.Game.new_tree(players=["Ann", "Bob"], title="Centipede")',
        ]
        node = "g.root"
        for i in range(rounds):
            lines.append(f'g.append_move({node}, "{("Ann", "Bob")[i % 2]}", ["take", "pass"])')
            pay = f'g.add_outcome([{i}, {i + 1}], label="take {i}")'
            lines.append(f"g.set_outcome({node}.children[0], {pay})")
            node += ".children[1]"
        lines.append(f"g.set_outcome({node}, g.add_outcome([0, 0], label='end'))")
        found.append("```python\n" + "\n".join(lines) + "\n```")
    return found


def read_replies(path: Path | None) -> list[str]:
    """The replies of a file, of the paper if it is beside the checkout, or our own."""
    source = path or (PAPER if PAPER.exists() else None)
    if source is None:
        return own_programs()
    lines = source.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["reply"] for line in lines]


def spread(items: list[str], count: int) -> list[str]:
    """So many items, evenly over the list."""
    step = max(1, len(items) // count)
    return items[::step][:count]


def main() -> None:
    """Time both ways and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("replies", nargs="?", type=Path)
    parser.add_argument("--sample", type=int, default=12, help="programs for the real pygambit")
    options = parser.parse_args()
    replies = read_replies(options.replies)

    with Builders(1) as pool:
        pool.build("import pygambit")  # the worker starts
        start = time.perf_counter()
        built = sum(build_reply(reply, pool.build).ok for reply in replies)
        ours = (time.perf_counter() - start) / len(replies)
    print(f"nl2efg: {len(replies)} replies, {built} built, {1000 * ours:.1f} ms each (one worker)")

    code = [found[0].code for reply in replies if (found := programs(reply))]
    code = [one for one in code if "pygambit" in one]
    sample = spread(code, options.sample)
    ran = 0
    start = time.perf_counter()
    for one in sample:
        done = subprocess.run(
            [sys.executable, "-c", one], capture_output=True, timeout=120, check=False
        )
        ran += done.returncode == 0
    theirs = (time.perf_counter() - start) / len(sample)
    print(
        f"a process with the real pygambit: {len(sample)} programs, {ran} ran, "
        f"{1000 * theirs:.0f} ms each"
    )
    print(f"ratio: {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
