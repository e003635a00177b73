"""``nl2efg solve --symbolic``: equilibria as expressions of the parameters, with conditions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nl2efg.cli.parameters import family_in, settings
from nl2efg.cli.terminal import plain, print_json
from nl2efg.errors import UserError


def solve_symbolic(
    path: Path,
    given: Sequence[str] | None,
    concept: str,
    budget: float,
    *,
    as_json: bool,
    numbers: bool = False,
) -> bool:
    """Solve a game with its letters, and print what was found.

    Args:
        path: a game file, or a compilation.
        given: entries of ``--set``: the values to solve for; those letters are letters no more.
        concept: ``spe``, ``nash``, ``pbe`` or ``sequential``.
        budget: seconds.
        as_json: whether to print JSON.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.

    Returns:
        Whether an equilibrium was found, and every certificate holds.

    Raises:
        UserError: the game has no letters, none is left, or it cannot have these values.
    """
    from nl2efg.pipeline.loading import read_compiled
    from nl2efg.solving import solve
    from nl2efg.theorems.wording import report_lines

    tree, _ = read_compiled(path)
    family = family_in(tree, path)
    values = settings(given)
    if family.quantities and all(each.symbol in values for each in family.quantities):
        raise UserError(
            "--set gives every letter a number, and --symbolic keeps letters",
            hint="leave --symbolic out",
        )
    family = family.fixed(values)
    solution = solve(family, concept=concept, budget=budget)
    if as_json:
        print_json(solution.record())
    else:
        head = [tree.title] if tree.title else []
        if fixed := [s for s in values if s not in family.values]:
            head.append(f"At {', '.join(f'{s} = {values[s]}' for s in fixed)}.")
        print(plain("\n".join([*head, *report_lines(solution, numbers=numbers)])))
    return bool(solution.equilibria) and all(each.certificate.holds for each in solution.equilibria)


def refuse_in_numbers(chosen: str | None, everything: bool | None) -> None:
    """Refuse options that mean nothing where the letters are kept.

    Args:
        chosen: the rule of ``--select``.
        everything: False for ``--one``.

    Raises:
        UserError: one of them is given.
    """
    for option, wanted in (("--select", chosen is not None), ("--one", everything is False)):
        if wanted:
            raise UserError(
                f"{option} is of a game in numbers, and --symbolic keeps the letters",
                hint=f"leave {option} or --symbolic out; --set gives letters numbers",
            )
