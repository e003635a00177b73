"""What ``python -m tests.servers`` tries, where there is a server and a way to write its model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scripted import CODE, SKETCH, TEXT, fenced
from tests.servers.__main__ import CHECKS
from tests.servers.llama_cpp import find_server
from tests.servers.scripted_model import pieces, write_model

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.slow]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_over_a_real_server(check: Callable[[Path, Path], str], tmp_path: Path) -> None:
    pytest.importorskip("gguf")
    server = find_server()
    if server is None:
        pytest.skip("no llama-server; `python -m tests.servers --build` builds one")
    (tmp_path / "story.txt").write_text(TEXT)
    assert check(server, tmp_path)


@pytest.mark.parametrize("text", [f"{SKETCH}\n\n{fenced(CODE)}", "ababab" * 40, "a", "aaaaaaa"])
@pytest.mark.parametrize("size", [3, 6, 50])
def test_a_text_is_cut_into_pieces_that_differ(text: str, size: int) -> None:
    found = pieces(text, size)
    assert "".join(found) == text
    assert len(set(found)) == len(found)


def test_a_model_is_written(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    said = write_model(tmp_path / "m.gguf", "one, two, three and four", size=6)
    reader = gguf.GGUFReader(tmp_path / "m.gguf")
    shapes = {tensor.name: tuple(tensor.shape) for tensor in reader.tensors}
    assert said == 4
    assert shapes["token_embd.weight"] == shapes["output.weight"]
