"""``nl2efg NAME --no-solve`` beside ``import pygambit``: run ``python tests/bench/startup.py``.

Whole processes in turn, wall time, medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7
COMMANDS = {
    "nl2efg --help": ["nl2efg", "--help"],
    "nl2efg trust_game --no-solve": ["nl2efg", "trust_game", "--no-solve", "--quiet"],
    "nl2efg trust_game": ["nl2efg", "trust_game", "--quiet"],
    "import pygambit": [sys.executable, "-c", "import pygambit"],
}


def main() -> None:
    """Print the medians, and each as a share of importing pygambit."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(RUNS + 1):
            for name, command in COMMANDS.items():
                begun = time.perf_counter()
                subprocess.run(command, cwd=folder, capture_output=True, check=True)
                taken[name].append(time.perf_counter() - begun)
    beside = statistics.median(taken["import pygambit"][1:])
    for name, times in taken.items():
        median = statistics.median(times[1:])
        print(f"{name:32} {median:6.2f} s   {median / beside:5.2f} of importing pygambit")


if __name__ == "__main__":
    main()
