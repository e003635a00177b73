"""Every check of the project, in one command: ``python -m tests``.

Format, lint, strict types, layers, and the tests with the README's examples among them. All
steps run even if one fails; the exit code is 1 if any did. ``--fast`` takes the unit tests that
are not marked ``slow`` in place of all tests: under a minute on two processors.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).parents[1]
PYTEST = (sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadgroup")
CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", (sys.executable, "-m", "mypy")),
    ("layers", ("lint-imports", "--no-cache")),
)
FAST_TESTS = (*PYTEST, "tests/unit", "-m", "not slow")


def main(arguments: Sequence[str]) -> int:
    """Run the steps, then say which failed."""
    if set(arguments) - {"--fast"}:
        print(f"usage: python -m tests [--fast]\n\n{__doc__}", file=sys.stderr)
        return 2
    tests = FAST_TESTS if arguments else PYTEST
    failed = []
    for name, command in (*CHECKS, ("tests", tests)):
        print(f"── {name}", flush=True)
        if subprocess.run(command, cwd=TOP).returncode:
            failed.append(name)
    print(f"── {'failed: ' + ', '.join(failed) if failed else 'all checks passed'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
