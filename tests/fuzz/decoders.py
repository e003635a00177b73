"""Coverage-guided fuzzing of what reads hostile data, started from good samples of it.

``python -m tests.fuzz.decoders channel FOLDER -max_total_time=3600`` (or ``efg``, ``nfg``,
``reply``) needs atheris. It ends with a trace at the first exception that is not the reader's own,
at an input that takes more than ten seconds, and at 1 GiB of memory. The folder takes the samples
and the inputs that reached new code; further arguments are libFuzzer's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import atheris  # type: ignore[import-not-found,unused-ignore]

with atheris.instrument_imports():
    from nl2efg.dialect.execution import execute
    from nl2efg.errors import FormatError
    from nl2efg.formats import read_efg, read_nfg, write_efg
    from nl2efg.frontend.program_reply import programs
    from nl2efg.gambit import to_code
    from nl2efg.sandbox.limits import Limits
    from nl2efg.sandbox.protocol.encoding import ChannelError, decode, encode

_GAMES = Path(__file__).parents[2] / "fixtures/games"
_MAGIC = b"N2E1"
_NODES = 10_000
_LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=6000", "-len_control=0")


def channel(data: bytes) -> None:
    """The result of a run."""
    with suppress(ChannelError):
        found = decode(_MAGIC + data, Limits(nodes=_NODES))
        if found.game is not None:
            with suppress(ValueError):
                found.game.to_tree()


def efg(data: bytes) -> None:
    """A game file. What is read of it must survive being written and read again."""
    with suppress(FormatError):
        tree = read_efg(data.decode("utf-8", "replace"))
        if read_efg(write_efg(tree)) != tree:
            raise AssertionError("what was written reads as another game")


def nfg(data: bytes) -> None:
    """A file of a strategic game."""
    with suppress(FormatError):
        read_nfg(data.decode("utf-8", "replace"))


def reply(data: bytes) -> None:
    """What a model wrote."""
    programs(data.decode("utf-8", "replace"))


def _games() -> Iterator[bytes]:
    for file in sorted(_GAMES.rglob("*.efg")):
        yield file.read_bytes()


def _strategic_games() -> Iterator[bytes]:
    yield b'NFG 1 R "t" { "A" "B" } { 2 2 } 1 -1 2/3 0 0.5 1 1e2 0'
    yield (
        b'NFG 1 R "t" { "A" "B" } { { "l" "r" } { "x" "y" } } "c"\n'
        b'{ { "o" 1, -2 } { "p" 1/2 3 } } 1 2 0 1'
    )


def _runs() -> Iterator[bytes]:
    for text in _games():
        run = execute(to_code(read_efg(text.decode())), max_nodes=_NODES)
        yield encode(run).removeprefix(_MAGIC)
    yield encode(execute("import os\n)", max_nodes=_NODES)).removeprefix(_MAGIC)


def _replies() -> Iterator[bytes]:
    for text in _games():
        code = to_code(read_efg(text.decode()))
        yield f"<think>A game.</think>\nHere it is:\n```python\n{code}```\nDone.\n".encode()
        yield b"The file:\n\n~~~efg\n" + text + b"\n~~~\nTrying again\n"


_READERS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]]]] = {
    "channel": (channel, _runs),
    "efg": (efg, _games),
    "nfg": (nfg, _strategic_games),
    "reply": (reply, _replies),
}


def main(arguments: list[str]) -> None:
    """Fuzz one reader until it fails or the time is over."""
    program, name, folder, *options = arguments
    reader, samples = _READERS[name]
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(samples()):
        Path(folder, f"sample-{number}").write_bytes(sample)
    atheris.Setup([program, *_LIMITS, *options, folder], reader)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
