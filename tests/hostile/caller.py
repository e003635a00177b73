"""The application that is attacked: builds the programs it is told to, and answers in JSON lines.

``python -m tests.hostile.caller LAYERS`` reads requests ``{"code", "limits"}``.
"""

from __future__ import annotations

import json
import sys
import time

from nl2efg.errors import Nl2efgError
from nl2efg.sandbox import Builders, Limits
from nl2efg.sandbox.protocol.frames import Layer


def main() -> None:
    """Serve until stdin ends."""
    with Builders(1, layers=Layer(int(sys.argv[1]))) as pool:
        for line in sys.stdin:
            request = json.loads(line)
            started = time.monotonic()
            said = _build(pool, request["code"], Limits(**request["limits"]))
            said["seconds"] = time.monotonic() - started
            print(json.dumps(said), flush=True)


def _build(pool: Builders, code: str, limits: Limits) -> dict[str, object]:
    try:
        built = pool.build(code, limits)
    except Nl2efgError as error:
        return {"error": f"{type(error).__name__}: {error}"}
    tree = built.tree
    return {
        "tree": None if tree is None else [
            tree.title, tree.players, len(tree), [o.label for o in tree.outcomes],
            [s.label for s in tree.information_sets], [s.actions for s in tree.information_sets],
        ],
        "diagnostics": [str(found) for found in built.diagnostics],
        "codes": [found.code for found in built.diagnostics],
        "output": built.output,
    }  # fmt: skip


if __name__ == "__main__":
    main()
