"""What lies in the current folder is no code for the workers of a cluster."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from nl2efg.batch.engines.ray.connection import connected


def test_a_cluster_is_connected_to_from_no_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seen: list[str] = []
    ray = SimpleNamespace(
        is_initialized=lambda: False,
        init=lambda **_: seen.append(os.getcwd()),  # which Ray tells its workers to import from
        shutdown=lambda: None,
        exceptions=SimpleNamespace(RayError=RuntimeError),
    )
    with connected(ray, ""):
        assert Path.cwd() == tmp_path
    assert seen == [os.sep]
