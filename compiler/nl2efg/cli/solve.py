"""``nl2efg solve``: equilibria of a game file, each with its certificate."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import GAME, Settings, game_at, is_compilation, with_settings
from nl2efg.cli.solve_report import Telling, report_on_plans, solution_lines
from nl2efg.cli.terminal import note, plain, print_json
from nl2efg.errors import Nl2efgError, NotFoundError, UserError

if TYPE_CHECKING:
    from nl2efg.game import GameTree
    from nl2efg.solving import Solution


VERSIONS = "versions"
"""The folder of a compilation's earlier versions."""


def solve(
    game: Annotated[Path, typer.Argument(help=f"{GAME}; or a folder of games")],
    concept: Annotated[
        str,
        typer.Option(
            help="nash, spe, pbe, sequential, perfect, proper or qre; of plans of action: ce, cce, "
            "efce (correlated), stackelberg, rationalisable, security"
        ),
    ] = "spe",
    everything: Annotated[
        bool | None,
        typer.Option(
            "--all/--one",
            help="all pure ones and, of two players, all extreme ones; by default for small games",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="every equilibrium and information set, however many")
    ] = False,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="2/3 instead of two times in three")
    ] = False,
    budget: Annotated[float, typer.Option(help="seconds for each game")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON and nothing else")] = False,
    given: Settings = None,
    chosen: Annotated[
        str | None,
        typer.Option(
            "--select", help="of all equilibria those by welfare, risk (dominance) or symmetric"
        ),
    ] = None,
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
    as expressions of them; concept is then spe, nash, pbe or sequential, GAME may be a
    compilation's folder, letters that --set gives a value are solved at it, and all types
    are listed with every information set in any case.

    Of a folder, all games are solved and a table is printed. Exit codes: 0 a certified
    profile for every game; 1 none was found; 2 a file or an option that cannot be used.
    """
    if symbolic:
        from nl2efg.cli.symbolic import refuse_in_numbers, solve_symbolic

        refuse_in_numbers(chosen, everything)
        if everything or full:
            option = "--all" if everything else "--full"
            note(f"{option}: with letters all types are listed in full in any case")
        if not solve_symbolic(game, given, concept, budget, as_json=as_json, numbers=numbers):
            raise typer.Exit(1)
        return
    folder = os.path.isdir(game) and not is_compilation(game)
    _check_concept(concept, everything, chosen, folder=folder)
    options = {"concept": concept, "all": everything, "budget": budget}
    if folder:
        if given or chosen:
            raise UserError("--set and --select are for one game, not for a folder of them")
        done = _folder(game, options, as_json)
    else:
        done = _file(game, options, as_json, given, Telling(full, numbers), chosen)
    if not done:
        raise typer.Exit(1)


def _check_concept(
    concept: str, everything: bool | None, rule: str | None, *, folder: bool
) -> None:
    """Refuse a concept that does not exist, and options that do not go with it or each other.

    Args:
        folder: whether a folder of games is to be solved.

    Raises:
        UserError: which of them.
    """
    from nl2efg.solving.concepts import OF_PLANS, refuse_unknown

    refuse_unknown(concept, plans=True)
    listing = {True: "--all", False: "--one", None: ""}[everything]
    option = "--select" if rule is not None else listing
    if concept in OF_PLANS and option:
        raise UserError(f"{option} does not go with --concept {concept}, which gives no list")
    if rule is not None and everything is False:
        raise UserError("--one does not go with --select, which selects from all equilibria")
    if concept in OF_PLANS and folder:
        raise UserError(f"--concept {concept} is for one game, not for a folder of them")


def _file(
    path: Path,
    options: dict[str, Any],
    as_json: bool,
    given: list[str] | None,
    how: Telling,
    rule: str | None,
) -> bool:
    from nl2efg.pipeline.cutting import cut_remarks
    from nl2efg.solving import solve as solve_tree
    from nl2efg.solving.concepts import OF_PLANS

    tree = with_settings(game_at(path), given, path)
    if options["concept"] in OF_PLANS:
        report_on_plans(tree, options["concept"], options["budget"], as_json)
        return True
    if rule is not None:
        return _selected(tree, options, as_json, how, rule)
    solution = solve_tree(tree, **options)
    cut = cut_remarks(tree, solution, options["concept"])
    solution = replace(solution, remarks=(*solution.remarks, *cut))
    if as_json:
        print_json(solution.record().model_dump(mode="json"))
    else:
        print(plain("\n".join(solution_lines(tree.title, solution, how))))
    return bool(solution.equilibria)


def _selected(
    tree: GameTree, options: dict[str, Any], as_json: bool, how: Telling, rule: str
) -> bool:
    """Print those equilibria that a rule selects; whether there are any."""
    from nl2efg.solving import solve as solve_tree
    from nl2efg.solving.selection import RULES, is_whole, select

    if rule not in RULES:
        raise UserError(
            f"--select {rule}: there is no such rule", hint=f"one of {', '.join(RULES)}"
        )
    solution = solve_tree(tree, **{**options, "all": options["all"] is not False})
    whole = is_whole(solution.completeness.claim, rule)
    found = select(tree, solution.equilibria, rule, budget=options["budget"], whole=whole)
    if as_json:
        data = solution.record().model_dump(mode="json")
        data["selection"] = {"rule": rule, "equilibria": found.equilibria, "reason": found.reason}
        print_json(data)
    else:
        print(plain("\n".join(solution_lines(tree.title, solution, how, found))))
    return bool(found.equilibria)


def _folder(folder: Path, options: dict[str, Any], as_json: bool) -> bool:
    """A row for each game below a folder; a game that cannot be solved is a row too."""
    from nl2efg.formats import load_game
    from nl2efg.game import has_perfect_recall
    from nl2efg.solving import solve as solve_tree

    paths = sorted(path for path in folder.rglob("*") if _counts(path, folder))
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


def _counts(path: Path, home: Path) -> bool:
    """Whether a file below a folder is one of its games: no earlier version, and not hidden."""
    if path.suffix.lower() not in (".efg", ".nfg"):
        return False
    below = path.relative_to(home).parts[:-1]
    return not any(
        part.startswith(".") or (part == VERSIONS and is_compilation(home.joinpath(*below[:depth])))
        for depth, part in enumerate(below)
    )


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
