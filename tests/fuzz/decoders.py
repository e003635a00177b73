"""Coverage-guided fuzzing of what reads hostile data, started from good samples of it.

``python -m tests.fuzz.decoders TARGET FOLDER -max_total_time=600`` needs atheris; the targets are
those of :mod:`tests.fuzz`. It ends with a trace at the first exception that is not the reader's
own, at an input that takes more than ten seconds, and at 1 GiB of memory. The folder takes the
samples, what earlier fuzzing reached (see :mod:`tests.fuzz.corpora`) and the inputs that reach new
code; further arguments are libFuzzer's. An input by which a target failed goes, made small, to
``tests/fuzz/kept/TARGET``.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import atheris  # type: ignore[import-not-found,unused-ignore]

with atheris.instrument_imports(include=["nl2efg", "tests.fuzz"]):
    from tests.fuzz import games, targets, texts  # noqa: F401 - imported here to be instrumented
    from tests.fuzz.corpora import corpus
from tests.fuzz.json_mutation import changed_bytes

_LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=6000", "-len_control=0")


def mutate(data: bytes, limit: int, seed: int) -> bytes:
    """Change JSON as a value every other time, and all else byte by byte."""
    made = changed_bytes(data, limit, seed) if seed % 2 else None
    return made if made is not None else bytes(atheris.Mutate(data, limit))


def main(arguments: list[str]) -> None:
    """Fuzz one reader until it fails or the time is over."""
    program, name, folder, *options = arguments
    reader, samples = targets()[name]
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(chain(samples(), corpus(name))):
        Path(folder, f"sample-{number}").write_bytes(sample)
    atheris.Setup([program, *_LIMITS, *options, folder], reader, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
