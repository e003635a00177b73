"""A folder that somebody else made, with modules in it that are named as the library's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nl2efg.own_python import own_python
from tests.hostile.bounded import TOP
from tests.integration.test_documents import STORY, pdf

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAMES = ("json", "io", "struct", "pickle", "pypdf", "pyarrow", "pygambit", "cloudpickle", "nl2efg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a command is started; a module of it that is imported leaves a file behind."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'won')!r}, 'a').write('x')")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line as the script that pip installs starts it: not from its folder."""
    places = [str(TOP / "compiler"), *(place for place in sys.path if "site-packages" in place)]
    start = f"import sys; sys.path[1:1] = {places!r}; from nl2efg.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", start, *arguments], cwd=folder, capture_output=True, text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip


def test_a_corpus_in_parquet_runs_no_module_beside_it(folder: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"id": ["a"], "text": ["Ann moves."], "reply": ["no game"]})
    parquet.write_table(table, folder / "c.parquet")
    done = run(folder, "batch", "--replies", "c.parquet", "-o", "run")
    assert "1 failed" in done.stderr, done.stderr
    assert not (folder / "won").exists()


def test_a_pdf_runs_no_module_beside_it(folder: Path) -> None:
    pytest.importorskip("pypdf")
    (folder / "story.pdf").write_bytes(pdf(STORY))
    done = run(folder, "check", "trust_game", "--text", "story.pdf")
    assert "cannot be read" not in done.stderr, done.stderr
    assert not (folder / "won").exists()


def test_a_solver_runs_no_module_beside_it(folder: Path) -> None:
    run(folder, "solve", "kuhn_poker", "--concept", "qre", "--budget", "5")
    run(folder, "code", "kuhn_poker", "--check")
    assert not (folder / "won").exists()


def test_a_process_of_ours_has_our_places_alone(folder: Path) -> None:
    command = own_python("import json; print(json.__file__)")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert not done.stdout.startswith(str(folder))
    assert not (folder / "won").exists()
