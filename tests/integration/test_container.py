"""The image of ``compiler/container``: an ordinary user, and the sandbox active.

To build an image takes a network, so this runs where it is asked for: ``CONTAINER_TOOL=podman``, or
``docker``, with options if need be. ``CONTAINER_IMAGE`` names an image that is built already.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
TOOL = shlex.split(os.environ.get("CONTAINER_TOOL", ""))
IMAGE = os.environ.get("CONTAINER_IMAGE", "")
CONFINED = ("--cap-drop=all", "--security-opt=no-new-privileges", "--network=none", "--read-only")
OPTIONS = shlex.split(os.environ.get("CONTAINER_OPTIONS", ""))

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(not TOOL, reason="CONTAINER_TOOL is not set"),
]


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of docker or podman."""
    return subprocess.run(
        [*TOOL, *arguments], capture_output=True, text=True, timeout=1800, check=False
    )


@pytest.fixture(scope="module")
def image() -> str:
    """The image."""
    if IMAGE:
        return IMAGE
    file = str(TOP / "compiler/container/Containerfile")
    built = tool("build", "-f", file, "-t", "nl2efg-test", str(TOP))
    assert built.returncode == 0, built.stderr[-2000:]
    return "nl2efg-test"


def inside(image: str, *arguments: str, entry: str = "nl2efg") -> subprocess.CompletedProcess[str]:
    """A command in a container that may do as little as there is."""
    confined = (*CONFINED, *OPTIONS, "--tmpfs", "/tmp:rw,mode=1777", "--workdir", "/tmp")
    return tool("run", "--rm", *confined, "--entrypoint", entry, image, *arguments)


def test_the_sandbox_holds_with_no_right_at_all(image: str) -> None:
    done = inside(image, "doctor", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["isolated"]
    assert told["layers"]["seccomp"]
    assert not told["weak_sandbox_allowed"]


def test_the_main_job_is_done_by_an_ordinary_user(image: str) -> None:
    assert inside(image, "-u", entry="id").stdout.strip() == "1000"
    done = inside(image, "-c", "nl2efg kuhn_poker -q -o k && cat k/game.efg", entry="sh")
    assert done.returncode == 0, done.stderr
    assert "EFG 2 R" in done.stdout
    evil = "import os\\nopen('/etc/passwd')\\n"
    command = f'printf "{evil}" > evil.py; nl2efg build evil.py'
    assert inside(image, "-c", command, entry="sh").returncode == 1
