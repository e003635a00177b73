"""The documentation's figures of the bundled games, and its pictures.

``python -m tests.recorded_figures`` writes them anew.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGE = TOP / "compiler/docs/right.md"
COMMAND = ("eval", "fixtures", "--recorded", "--markdown")
BEGIN = f"<!-- nl2efg {' '.join(COMMAND)} -->\n\n"
END = "\n<!-- end -->\n"
PICTURES = {
    "kuhn_poker.svg": ("draw", "kuhn_poker.nl2efg", "-e", "1"),
    "entry_regimes.svg": (
        *("sweep", "entry_with_commitment.nl2efg"),
        *("--over", "c=1/4:10:40", "--over", "D1=9/4:39/4:31"),
    ),
}
"""By file below ``compiler/docs/pictures`` the command that draws it, from what a text became."""


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


def draw(folder: Path) -> None:
    """Draw the pictures into a folder."""
    command = (sys.executable, "-m", "nl2efg")
    with tempfile.TemporaryDirectory() as place:
        for name, words in PICTURES.items():
            text = words[1].removesuffix(".nl2efg")
            for each in ((text, "--quiet"), (*words, "-o", str(folder.resolve() / name))):
                subprocess.run((*command, *each), cwd=place, check=True, capture_output=True)


def main() -> None:
    """Write the figures into the page, and the pictures."""
    draw(TOP / "compiler/docs/pictures")
    figures = printed()
    before, _, after = parts(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(before + figures + after, encoding="utf-8")


if __name__ == "__main__":
    main()
