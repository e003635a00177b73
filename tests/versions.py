"""The fast tests under other versions of what nl2efg stands on: ``python -m tests.versions``.

Each environment is made anew, with pip, in a folder that is removed afterwards. Without arguments
all of them are made, one after another; or name some:

lowest       the lowest versions that pyproject.toml allows
newest       today's newest releases
pygambit17   the newest releases, and pygambit 17 whether it is released or not
prereleases  the newest of all, releases or not

What is run: the unit tests that are not marked slow, and the tests of what pygambit does. The exit
code is 1 if any failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).parents[1]
PYGAMBIT_17 = "pygambit>=17.0.0b2"
PYGAMBIT_TESTS = (
    "tests/unit/test_tree_gambit.py",
    "tests/unit/test_code.py",
    "tests/unit/test_code_with_letters.py",
    "tests/unit/test_dialect_eras.py",
    "tests/integration/test_code_command.py",
    "tests/integration/test_dialect_differential.py",
    "tests/integration/test_cli_compile.py",
    "tests/integration/test_solve_process.py",
    "tests/integration/test_solve_quantal.py",
    "tests/integration/test_stdout.py",
)
"""What is run of the slow tests, too."""

_BOUND = re.compile(r"([A-Za-z0-9_.-]+)>=([0-9]+)(?:\.([0-9]+))?")


def lowest_versions() -> list[str]:
    """A constraint for each dependency, and for each extra's: the first minor version allowed.

    Raises:
        ValueError: a dependency has no lower bound.
    """
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = [
        *project["dependencies"],
        *(one for name in extras if name not in ("test", "docs") for one in extras[name]),
    ]
    found = []
    for requirement in requirements:
        bound = _BOUND.match(requirement)
        if bound is None:
            raise ValueError(f"{requirement!r} has no lower bound")
        found.append(f"{bound[1]}=={bound[2]}.{bound[3] or '0'}.*")
    return found


ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    "lowest": tuple(lowest_versions()),
    "newest": (),
    "pygambit17": (PYGAMBIT_17,),
    "prereleases": ("--pre",),
}
"""What pip is told beside ``.[test]``."""


def check(name: str) -> bool:
    """Make an environment and run the tests in it; whether they passed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # some tests run as an ordinary user, who reads it
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        install = ("-m", "pip", "install", "-q", "--upgrade-strategy", "eager", "-e", ".[test]")
        done = subprocess.run((python, *install, *ENVIRONMENTS[name]), cwd=TOP)
        if done.returncode:
            return False
        subprocess.run((python, "-m", "pip", "list", "--format", "freeze"), cwd=TOP)
        pytest = (python, "-m", "pytest", "-n", "auto", "--dist", "loadgroup")
        fast = subprocess.run((*pytest, "tests/unit", "-m", "not slow"), cwd=TOP).returncode
        slow = subprocess.run((*pytest, *PYGAMBIT_TESTS), cwd=TOP).returncode
        return not fast and not slow


def main(arguments: Sequence[str]) -> int:
    """Check the environments that are named, else all; 2 if one is not known."""
    if set(arguments) - set(ENVIRONMENTS):
        print(__doc__, file=sys.stderr)
        return 2
    passed = {}
    for name in arguments or ENVIRONMENTS:
        print(f"── {name}", flush=True)
        passed[name] = check(name)
    for name, ok in passed.items():
        print(f"── {name}: {'passed' if ok else 'failed'}")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
