"""Running generated code with the real pygambit, to see that it builds the game it should."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from nl2efg.errors import Nl2efgError, UserError
from nl2efg.formats.efg_reader import read_efg
from nl2efg.gambit.generation import installed_generation
from nl2efg.game.model import GameTree
from nl2efg.own_python import own_python

_RUNNER = """\
import runpy, sys
from nl2efg.formats import write_efg
from nl2efg.gambit import from_gambit
game = runpy.run_path(sys.argv[1])["game"]
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(write_efg(from_gambit(game)))
"""


def check_code(
    code: str, tree: GameTree, *, generation: int | None = None, seconds: float = 600.0
) -> None:
    """Run code from :func:`nl2efg.gambit.to_code` in a process of its own; compare its game.

    Args:
        code: the code.
        tree: the game that it should build.
        generation: of pygambit, that the code is for; without it, the installed one.
        seconds: how long it may run.

    Raises:
        UserError: pygambit of that generation is not installed.
        Nl2efgError: the code fails, takes too long, or builds another game.
    """
    installed = installed_generation()
    if generation not in (None, installed):
        raise UserError(
            f"the code is for pygambit {generation}, and {installed} is installed",
            hint=f"pip install --pre 'pygambit=={generation}.*', or check without --pygambit",
        )
    with tempfile.TemporaryDirectory() as folder:
        program, result = Path(folder, "game.py"), Path(folder, "game.efg")
        program.write_text(code, encoding="utf-8")
        command = own_python(_RUNNER, str(program), str(result))
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise Nl2efgError(f"the code did not finish within {seconds:g} s") from None
        if done.returncode or not result.exists():
            last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise Nl2efgError(f"the code does not run: {last or f'status {done.returncode}'}")
        built = read_efg(result.read_text(encoding="utf-8"), "the game that the code builds")
    if built != tree:
        raise Nl2efgError("the code builds another game")
