"""The process in which pygambit solves: ``python -m nl2efg.solving.pygambit.worker``.

Requests and replies are lines of JSON. pygambit never releases the interpreter lock and may crash,
so the only safe way to stop it is to end this process.
"""

from __future__ import annotations

import json
import os
import sys
from fractions import Fraction
from typing import Any

from nl2efg.formats.efg_reader import read_efg
from nl2efg.gambit.games import to_gambit
from nl2efg.gambit.generation import pygambit_port
from nl2efg.gambit.port import Rows
from nl2efg.gambit.solvers import equilibria, load_solvers

MEMORY = 4 << 30
"""Bytes of address space; a solver that needs more fails instead of starving the machine."""


def _texts(rows: Rows) -> list[list[str]]:
    return [[_text(probability) for probability in row] for row in rows]


def _text(probability: Fraction | float) -> str:
    return repr(probability) if isinstance(probability, float) else str(probability)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The reply to one request ``{"method": name, "efg": text}``.

    The method ``branch`` traces the logit path until the regret is ``request["regret"]``.
    """
    tree = read_efg(request["efg"])
    game = to_gambit(tree)
    port = pygambit_port()
    if request["method"] == "branch":
        points = port.logit_branch(game, tree, request["regret"])
        profiles = [_texts(rows) for _, rows in points]
        return {"lambdas": [precision for precision, _ in points], "profiles": profiles}
    found = equilibria(request["method"], game)
    return {"profiles": [_texts(port.profile_rows(profile, game, tree)) for profile in found]}


def main() -> None:
    """Say ``{}`` when pygambit is loaded, then serve until stdin ends.

    What a solver prints goes to stderr.
    """
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):  # no such limits here; the deadline still holds
        pass
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    load_solvers()
    replies.write("{}\n")
    replies.flush()
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 (whatever a solver raises is an answer)
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
