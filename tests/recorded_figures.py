"""The documentation's figures of the bundled games.

``python -m tests.recorded_figures`` writes them anew.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGE = TOP / "compiler/docs/right.md"
COMMAND = ("eval", "fixtures", "--recorded", "--markdown")
BEGIN = f"<!-- nl2efg {' '.join(COMMAND)} -->\n\n"
END = "\n<!-- end -->\n"


def printed() -> str:
    """What the command prints; MkDocs has to be told that what is folded is Markdown too."""
    done = subprocess.run(
        [sys.executable, "-m", "nl2efg", *COMMAND],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.replace("<details>", "<details markdown>")


def parts(page: str) -> tuple[str, str, str]:
    """The page before the figures, the figures, and the rest.

    Raises:
        ValueError: the comments that enclose them are missing.
    """
    start = page.index(BEGIN) + len(BEGIN)
    end = page.index(END, start)
    return page[:start], page[start:end], page[end:]


def main() -> None:
    """Write the figures into the page."""
    figures = printed()
    before, _, after = parts(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(before + figures + after, encoding="utf-8")


if __name__ == "__main__":
    main()
