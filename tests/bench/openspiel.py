"""Games of OpenSpiel, exported by its exporter: each is read and solved, or refused with a reason.

Run where ``open_spiel`` is installed::

    python -m tests.bench.openspiel            # all registered games and some small variants
    python -m tests.bench.openspiel kuhn_poker "goofspiel(num_cards=3)"

A game is passed over if its tree has more nodes than ``--nodes``, and not exported if OpenSpiel
cannot make it without arguments. Exporting is done in a process of its own, with a time limit. The
exit code is 1 if a game that was exported is neither read and solved nor refused with a reason.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from nl2efg.errors import Nl2efgError
from nl2efg.formats import load_game
from nl2efg.solving import solve

VARIANTS = (
    "blotto(coins=3,fields=2)",
    "first_sealed_auction(max_value=3)",
    "goofspiel(num_cards=3)",
    "goofspiel(num_cards=3,imp_info=true,points_order=descending)",
    "kuhn_poker(players=3)",
    "liars_dice(dice_sides=2)",
    "liars_dice_ir(dice_sides=2)",
    "nim(pile_sizes=1;2)",
    "oshi_zumo(coins=2,size=1,horizon=3)",
    "trade_comm(num_items=2)",
    "mnk(m=2,n=2,k=2)",
    "hex(num_cols=2,num_rows=2)",
    "dark_hex(num_cols=2,num_rows=2)",
    "y(board_size=2)",
    "clobber(rows=2,columns=3)",
    "dots_and_boxes(num_rows=1,num_cols=1)",
    "bargaining(max_turns=1)",
    "pig(winscore=4,diceoutcomes=2)",
    "turn_based_simultaneous_game(game=matrix_rps())",
)
"""Small enough to be exported whole, where the defaults are not."""

TOO_LARGE, CANNOT = 3, 4
"""Exit codes of the process that exports."""


def nodes_of(game: Any, most: int) -> int:
    """Nodes of the game tree; more than ``most`` are not counted."""
    stack = [game.new_initial_state()]
    count = 0
    while stack and count <= most:
        state = stack.pop()
        count += 1
        if not state.is_terminal():
            stack.extend(state.child(action) for action in state.legal_actions())
    return count


def export(name: str, file: Path, most: int) -> int:
    """Write a game as .efg by OpenSpiel's exporter; the exit code of the process."""
    import pyspiel
    from open_spiel.python.algorithms.gambit import export_gambit

    try:
        game = pyspiel.load_game(name)
        if game.get_type().dynamics == pyspiel.GameType.Dynamics.SIMULTANEOUS:
            game = pyspiel.convert_to_turn_based(game)
        if nodes_of(game, most) > most:
            return TOO_LARGE
        file.write_text(export_gambit(game), encoding="utf-8")
    except (pyspiel.SpielError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        print(str(error).strip().partition("\n")[0][:100], file=sys.stderr)
        return CANNOT
    return 0


@dataclass(frozen=True)
class Line:
    """What came of one game."""

    name: str
    outcome: str
    words: str = ""


def tried(name: str, most: int, seconds: float, budget: float) -> Line:
    """Export, read and solve one game."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.efg"
        command = [sys.executable, "-m", "tests.bench.openspiel", "--export", str(file), name]
        try:
            done = subprocess.run(
                [*command, "--nodes", str(most)], capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return Line(name, "passed over", f"its tree is not walked in {seconds:g} s")
        if done.returncode == TOO_LARGE:
            return Line(name, "passed over", f"more than {most:,} nodes")
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            return Line(name, "not exported", said[:90])
        with warnings.catch_warnings(record=True) as noticed:
            warnings.simplefilter("always")
            begun = perf_counter()
            try:
                tree = load_game(file)
            except Nl2efgError as error:
                return Line(name, "UNREAD", error.message)
            read = f"{len(tree):,} nodes in {perf_counter() - begun:.2f} s"
        read += ", probabilities rounded" if noticed else ""
        try:
            found = solve(tree, all=False, budget=budget)
        except Nl2efgError as error:
            return Line(name, "refused", f"{read}; {error.message}")
        if found.equilibria:
            best = found.equilibria[0]
            kind = "exact" if best.certificate.exact else "floating point"
            worth = ", ".join(str(value) for value in best.values)
            words = f"{best.concept} by {best.method}, {kind}, {found.seconds:.1f} s: {worth:.60}"
            return Line(name, "solved", f"{read}; {words}")
        return Line(name, "refused", f"{read}; {'; '.join(found.remarks)}")


def main() -> int:
    """Run the bench; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("games", nargs="*", help="names as OpenSpiel loads them; by default all")
    parser.add_argument("--nodes", type=int, default=20_000, help="larger trees are passed over")
    parser.add_argument("--seconds", type=float, default=60.0, help="for exporting one game")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for solving one game")
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.export:
        return export(given.games[0], given.export, given.nodes)
    try:
        import pyspiel
    except ImportError:
        print("open_spiel is not installed: pip install open_spiel", file=sys.stderr)
        return 2
    names = given.games or [
        *sorted(game.short_name for game in pyspiel.registered_games()),
        *VARIANTS,
    ]
    counts: Counter[str] = Counter()
    for name in names:
        line = tried(name, given.nodes, given.seconds, given.budget)
        counts[line.outcome] += 1
        print(f"{line.outcome:12} {line.name:40} {line.words}", flush=True)
    print("; ".join(f"{outcome}: {count}" for outcome, count in counts.most_common()))
    return 1 if counts["UNREAD"] else 0


if __name__ == "__main__":
    sys.exit(main())
