"""The engine openai-batch beside the local one, by hand: ``python -m tests.bench.waves [TEXTS]``.

Prints processor time a game and the peak of the command's own memory, for both, without solving.
The waves are run as a user does who does not wait: start after start, until all is done.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from multiprocessing import Process, Queue
from pathlib import Path

from tests.bench.batch import Measured, _batch
from tests.fakes.batch_api import FakeBatchApi
from tests.fakes.openai_server import FakeService
from tests.fakes.ordinal_games import author
from tests.killing import write_corpus

OPTIONS = ("--no-solve", "--rounds", "1", "--model", "fake")


def _serve(addresses: Queue[str]) -> None:
    # In a process of its own: what it keeps would count as the peak of those started beside it.
    with FakeBatchApi(author()) as api:
        addresses.put(api.base_url)
        threading.Event().wait()


def _finished(run: Path) -> int:
    return int(json.loads((run / "summary.json").read_text())["units"])


def _show(name: str, starts: list[Measured], texts: int) -> float:
    processor = sum(start.processor for start in starts)
    print(
        f"{name}: {1000 * processor / texts:.1f} ms of processor time a game, peak "
        f"{max(start.peak for start in starts):.0f} MiB, {len(starts)} starts"
    )
    return processor


def main() -> None:
    """Run both engines over the same corpus."""
    texts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = str(write_corpus(folder / "c.jsonl", texts))
        with FakeService(author()) as service:
            local = [
                _batch(corpus, "-o", f"{name}/local", "--base-url", service.base_url, *OPTIONS)
            ]
        waves: list[Measured] = []
        addresses: Queue[str] = Queue()
        server = Process(target=_serve, args=(addresses,), daemon=True)
        server.start()
        url = addresses.get()
        while not waves or _finished(folder / "waves") < texts:
            given = ("--base-url", url, "--engine", "openai-batch", *OPTIONS)
            waves.append(_batch(corpus, "-o", f"{name}/waves", *given))
        ratio = _show("openai-batch", waves, texts) / _show("local", local, texts)
        print(f"ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
