"""Coverage-guided fuzzing of what reads hostile data.

``python -m tests.fuzz.decoders channel -max_total_time=3600`` (or ``efg``); needs atheris. Ends
with a trace at the first exception that is not the reader's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import atheris  # type: ignore[import-not-found,unused-ignore]

with atheris.instrument_imports():
    from nl2efg.build.channel import decode, encode
    from nl2efg.build.data import Execution, GameData
    from nl2efg.errors import FormatError
    from nl2efg.tree import read_efg

_NODES = 10_000
_GAME = GameData(
    ("A", "B"), "t", "c",
    ((0, ("l", "r"), "i", None), (-1, ("h", "t"), "", ("1/2", "1/2"))),
    ((("1", "-2/3"), "o"),),
    ((0, -1, ""), (1, -1, ""), (-1, 0, ""), (-1, 0, "n"), (-1, 0, "")),
    ((1, 2, 3),) * 5,
)  # fmt: skip


def channel(data: bytes) -> None:
    """The result of a run, or mutations of a good one."""
    given = atheris.FuzzedDataProvider(data)
    frame = bytearray(encode(Execution(_GAME)))
    for _ in range(given.ConsumeIntInRange(0, 4)):
        place = given.ConsumeIntInRange(0, len(frame) - 1)
        frame[place : place + given.ConsumeIntInRange(0, 8)] = given.ConsumeBytes(8)
    for attempt in (bytes(frame), b"N2E1" + data):
        with suppress(ValueError):
            found = decode(attempt, _NODES)
            if found.game is not None:
                found.game.to_tree()


def efg(data: bytes) -> None:
    """A game file."""
    with suppress(FormatError):
        read_efg('EFG 2 R "t" { "A" } ' + data.decode("utf-8", "replace"))


def main(arguments: list[str]) -> None:
    """Fuzz one reader until it fails or the time is over."""
    targets: dict[str, Callable[[bytes], Any]] = {"channel": channel, "efg": efg}
    name = arguments.pop(1) if len(arguments) > 1 else "channel"
    atheris.Setup(arguments, targets[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
