"""Which layer holds what: ``python -m tests.hostile.matrix [--nobody]`` prints the table.

Columns without seccomp run inside a process namespace, and leave out the attacks on every process
of the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from nl2efg.sandbox.host import EVERY_LAYER
from nl2efg.sandbox.protocol.frames import Layer
from tests.hostile.observer import Observer
from tests.hostile.programs import PROGRAMS

COLUMNS: Mapping[str, Layer] = {
    "all layers": EVERY_LAYER,
    "no policy": EVERY_LAYER & ~Layer.POLICY,
    "no user": EVERY_LAYER & ~Layer.USER & ~Layer.POLICY,
    "no limits": EVERY_LAYER & ~Layer.LIMITS & ~Layer.POLICY,
    "no Landlock": EVERY_LAYER & ~Layer.LANDLOCK & ~Layer.POLICY,
    "no seccomp": EVERY_LAYER & ~Layer.SECCOMP & ~Layer.POLICY,
    "limits only": Layer.LIMITS | Layer.USER,
    "policy only": Layer.POLICY,
    "none": Layer(0),
}


def main(nobody: bool) -> None:
    """Print the table, a program a line."""
    wins: dict[str, dict[str, list[str] | None]] = {p.name: {} for p in PROGRAMS}
    for column, layers in COLUMNS.items():
        sealed = Layer.SECCOMP in layers
        with Observer(layers, nobody=nobody, fence=not sealed and not nobody) as observer:
            for program in PROGRAMS:
                skipped = program.sealed_only and not sealed
                seen = None if skipped else observer.attack(program)
                wins[program.name][column] = seen
                if seen:
                    print(f"{column}: {program.name}: {'; '.join(seen)}"[:150], file=sys.stderr)
    print("|".join(["program", *COLUMNS]))
    for name, row in wins.items():
        print(
            "|".join(
                [name, *("-" if seen is None else "WON" if seen else "" for seen in row.values())]
            )
        )
    totals = [sum(bool(row[column]) for row in wins.values()) for column in COLUMNS]
    print("|".join([f"won, of {len(PROGRAMS)}", *map(str, totals)]))


if __name__ == "__main__":
    main("--nobody" in sys.argv)
