"""``nl2efg solve``: equilibria of a game file, each with its certificate."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import Settings, with_settings
from nl2efg.cli.terminal import plain, print_json
from nl2efg.errors import Nl2efgError, NotFoundError, UserError

if TYPE_CHECKING:
    from nl2efg.solving import Equilibrium, Solution


def solve(
    game: Annotated[Path, typer.Argument(help="an .efg or .nfg file, or a folder of them")],
    concept: Annotated[str, typer.Option(help="nash, spe, pbe, sequential or qre")] = "spe",
    everything: Annotated[
        bool | None,
        typer.Option(
            "--all/--one",
            help="all pure ones and, of two players, all extreme ones; by default for small games",
        ),
    ] = None,
    budget: Annotated[float, typer.Option(help="seconds for each game")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON and nothing else")] = False,
    given: Settings = None,
    symbolic: Annotated[
        bool,
        typer.Option(
            "--symbolic", help="keep the letters: equilibria with the conditions for each"
        ),
    ] = False,
) -> None:
    """Solve a game: equilibria in words, each with a certificate.

    Example: [bold]nl2efg solve kuhn.efg --concept sequential --budget 5[/bold]

    With --symbolic, a game with parameters gives strategies, values and conditions
    as expressions of them; concept is then spe or nash, and GAME may be a compilation's folder.

    Of a folder, all games are solved and a table is printed. Exit codes: 0 a certified
    profile for every game; 1 none was found; 2 a file or an option that cannot be used.
    """
    if symbolic:
        from nl2efg.cli.symbolic import solve_symbolic

        if not solve_symbolic(game, given, concept, budget, as_json):
            raise typer.Exit(1)
        return
    options = {"concept": concept, "all": everything, "budget": budget}
    if os.path.isdir(game) and not os.path.isfile(os.path.join(game, "game.efg")):
        if given:
            raise UserError("--set is for one game, not for a folder of them")
        done = _folder(game, options, as_json)
    else:
        done = _file(game, options, as_json, given)
    if not done:
        raise typer.Exit(1)


def _file(path: Path, options: dict[str, Any], as_json: bool, given: list[str] | None) -> bool:
    from nl2efg.formats import load_game
    from nl2efg.solving import solve as solve_tree

    tree = with_settings(load_game(path), given, path)
    solution = solve_tree(tree, **options)
    if as_json:
        print_json(solution.record().model_dump(mode="json"))
    else:
        print(plain("\n".join(_report(tree.title, solution))))
    return bool(solution.equilibria)


def _report(title: str, solution: Solution) -> list[str]:
    lines = [title] if title else []
    for number, found in enumerate(solution.equilibria, 1):
        lines += [
            "",
            f"Equilibrium {number} of {len(solution.equilibria)} "
            f"({found.concept}; {found.method}; {found.seconds:.3f} s)",
        ]
        lines += [f"  {sentence}" for sentence in found.words]
        lines += _certificate(found)
    if not solution.equilibria:
        lines += ["", "No certified equilibrium was found."]
        lines += [f"  {line}" for line in solution.tried]
    lines += ["", f"Completeness: {solution.completeness}."]
    lines += [f"Remark: {remark}." for remark in solution.remarks]
    return lines


def _certificate(found: Equilibrium) -> list[str]:
    from nl2efg.solving.wording import departure_words

    tree = found.profile.tree
    certificate = found.certificate
    lines = []
    for entry in certificate.players:
        line = f"  {tree.players[entry.player]} gets {entry.value}"
        if entry.gains:
            line += f", a best response {entry.best_response_value}"
            line += f" ({departure_words(tree, entry.deviation)})" if entry.deviation else ""
        lines.append(line)
    kind = "exact" if certificate.exact else "floating point"
    perfect = "yes" if certificate.is_subgame_perfect else "no"
    count = len(certificate.subgame_regrets)
    lines.append(
        f"  certificate ({kind}): max regret {certificate.max_regret} "
        f"({certificate.relative_regret:.1e} of the payoff range), "
        f"{count} subgame{'' if count == 1 else 's'}, subgame-perfect: {perfect}"
    )
    return lines


def _folder(folder: Path, options: dict[str, Any], as_json: bool) -> bool:
    """A row for each game below a folder; a game that cannot be solved is a row too."""
    from nl2efg.formats import load_game
    from nl2efg.game import has_perfect_recall
    from nl2efg.solving import solve as solve_tree

    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".efg", ".nfg"))
    if not paths:
        raise NotFoundError(f"{folder} holds no .efg or .nfg file")
    rows: list[dict[str, Any]] = []
    for number, path in enumerate(paths, 1):
        print(f"{number}/{len(paths)} {plain(str(path))}", file=sys.stderr)
        row: dict[str, Any] = {"game": path.relative_to(folder).as_posix()}
        try:
            tree = load_game(path)
            row["perfect_recall"] = has_perfect_recall(tree)
            solution = solve_tree(tree, **options)
        except Nl2efgError as error:
            row["error"] = error.message
        else:
            row |= _summary(solution)
        rows.append(row)
        if not as_json:
            print(plain(_row(row)))
    if as_json:
        print_json(rows)
    else:
        print(_totals(rows))
        recalled = [row for row in rows if row.get("perfect_recall")]
        if recalled != rows:
            print(f"perfect recall: {_totals(recalled)}")
    return all(row.get("certified") for row in rows)


def _totals(rows: list[dict[str, Any]]) -> str:
    certified = [row for row in rows if row.get("certified")]
    perfect = sum(bool(row["subgame_perfect"]) for row in certified)
    exact = sum(bool(row["exact"]) for row in certified)
    return (
        f"{len(certified)} of {len(rows)} certified, {exact} with exact zero regret, "
        f"{perfect} subgame-perfect"
    )


def _summary(solution: Solution) -> dict[str, Any]:
    found = solution.equilibria
    return {
        "certified": bool(found),
        "exact": bool(found) and found[0].certificate.exact,
        "subgame_perfect": bool(found) and found[0].certificate.is_subgame_perfect,
        "equilibria": len(found),
        "method": found[0].method if found else "",
        "seconds": solution.seconds,
        "tried": list(solution.tried),
    }


def _row(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"{row['game']:<48} refused: {row['error']}"
    kind = "exact" if row["exact"] else "float" if row["certified"] else "none"
    perfect = "spe" if row["subgame_perfect"] else "   "
    recall = "" if row["perfect_recall"] else " (imperfect recall)"
    return (
        f"{row['game']:<48} {kind:<5} {perfect} {1000 * row['seconds']:9.1f} ms  "
        f"{row['method']}{recall}"
    )
