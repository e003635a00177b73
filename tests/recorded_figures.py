"""The README's figures of the bundled games: ``python -m tests.readme_table`` writes them anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
COMMAND = ("eval", "fixtures", "--recorded", "--markdown")
BEGIN = f"<!-- nl2efg {' '.join(COMMAND)} -->\n\n"
END = "\n<!-- end -->\n"


def printed() -> str:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "nl2efg", *COMMAND],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def parts(readme: str) -> tuple[str, str, str]:
    """The README before the figures, the figures, and the rest.

    Raises:
        ValueError: the comments that enclose them are missing.
    """
    start = readme.index(BEGIN) + len(BEGIN)
    end = readme.index(END, start)
    return readme[:start], readme[start:end], readme[end:]


def main() -> None:
    """Write the figures into the README."""
    figures = printed()
    before, _, after = parts(README.read_text(encoding="utf-8"))
    README.write_text(before + figures + after, encoding="utf-8")


if __name__ == "__main__":
    main()
