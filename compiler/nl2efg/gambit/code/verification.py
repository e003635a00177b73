"""Running generated code with the real pygambit, to see that it builds the game it should."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from nl2efg.errors import Nl2efgError, UserError
from nl2efg.formats.efg_reader import read_efg
from nl2efg.game.model import GameTree

_RUNNER = """\
import runpy, sys
from nl2efg.formats import write_efg
from nl2efg.gambit import from_gambit
game = runpy.run_path(sys.argv[1])["game"]
with open(sys.argv[2], "w", encoding="ascii") as file:
    file.write(write_efg(from_gambit(game)))
"""


def check_code(code: str, tree: GameTree, *, seconds: float = 600.0) -> None:
    """Run code from :func:`nl2efg.formats.to_code` in a process of its own; compare its game.

    Args:
        code: the code.
        tree: the game that it should build.
        seconds: how long it may run.

    Raises:
        UserError: no pygambit of version 16 is installed.
        Nl2efgError: the code fails, takes too long, or builds another game.
    """
    import pygambit

    if not hasattr(pygambit.Game, "new_tree"):
        raise UserError(
            f"the code is for pygambit 16.7, and {pygambit.__version__} is installed",
            hint="pip install 'pygambit>=16.7,<17'",
        )
    with tempfile.TemporaryDirectory() as folder:
        program, result = Path(folder, "game.py"), Path(folder, "game.efg")
        program.write_text(code, encoding="ascii")
        command = [sys.executable, "-c", _RUNNER, str(program), str(result)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise Nl2efgError(f"the code did not finish within {seconds:g} s") from None
        if done.returncode or not result.exists():
            last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise Nl2efgError(f"the code does not run: {last or f'status {done.returncode}'}")
        built = read_efg(result.read_text(encoding="ascii"), "the game that the code builds")
    if built != tree:
        raise Nl2efgError("the code builds another game")
