"""Every check of the project, in one command: ``python -m tests``.

Format, lint, strict types, layers, and the tests with the README's examples among them. All
steps run even if one fails; the exit code is 1 if any did.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
STEPS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", (sys.executable, "-m", "mypy")),
    ("layers", ("lint-imports", "--no-cache")),
    ("tests", (sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadgroup")),
)


def main() -> int:
    """Run the steps, then say which failed."""
    failed = []
    for name, command in STEPS:
        print(f"── {name}", flush=True)
        if subprocess.run(command, cwd=TOP).returncode:
            failed.append(name)
    print(f"── {'failed: ' + ', '.join(failed) if failed else 'all checks passed'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
