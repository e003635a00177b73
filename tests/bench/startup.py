"""How long short commands take: run ``python tests/bench/startup.py [CHECKOUT]``.

Whole processes in turn, with all that they start; medians of the processors' time, which other
work on the machine disturbs less than the clock's. Each is given as a share of importing pygambit
and, with another checkout, of what that takes for the same.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 15
OWN = Path(__file__).parents[2]
GAME = OWN / "fixtures/games/trust_game/reference.efg"
COMMANDS = {
    "nl2efg --help": ["-m", "nl2efg", "--help"],
    "nl2efg trust_game --no-solve": ["-m", "nl2efg", "trust_game", "--no-solve", "--quiet"],
    "nl2efg trust_game": ["-m", "nl2efg", "trust_game", "--quiet"],
    "nl2efg solve": ["-m", "nl2efg", "solve", str(GAME)],
    "import nl2efg": ["-c", "import nl2efg"],
    "import pygambit": ["-c", "import pygambit"],
}


def taken(arguments: list[str], checkout: Path, folder: str) -> float:
    """Seconds of processor time that a process and its children take."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "compiler")}
    before = os.times()
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def main(checkouts: list[Path]) -> None:
    """Print the medians, and the shares."""
    places = [OWN, *checkouts]
    for place in places:  # what a worker imports is not kept as bytecode by itself
        subprocess.run([sys.executable, "-m", "compileall", "-q", place / "compiler"], check=True)
    times: dict[tuple[str, Path], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(RUNS + 1):
            for name, arguments in COMMANDS.items():
                for place in places:
                    times.setdefault((name, place), []).append(taken(arguments, place, folder))
    medians = {key: statistics.median(found[1:]) for key, found in times.items()}
    beside = medians["import pygambit", OWN]
    for name in COMMANDS:
        own = medians[name, OWN]
        others = "".join(f"   {own / medians[name, one]:5.2f} of {one.name}" for one in checkouts)
        print(f"{name:30} {own:6.3f} s   {own / beside:5.2f} of importing pygambit{others}")


if __name__ == "__main__":
    main([Path(one).resolve() for one in sys.argv[1:]])
