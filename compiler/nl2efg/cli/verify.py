"""``nl2efg verify``: is what somebody claims an equilibrium?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import GAME
from nl2efg.errors import NotFoundError, UserError

if TYPE_CHECKING:
    from nl2efg.solving import Verification

MAX_BYTES = 4_000_000
UNDECIDED = 4


class Verifiable(StrEnum):
    """Concepts that a profile can be verified for, the weakest first."""

    NASH = "nash"
    SPE = "spe"
    PBE = "pbe"
    SEQUENTIAL = "sequential"
    PERFECT = "perfect"
    PROPER = "proper"


def verify(
    game: Annotated[str, typer.Argument(help=GAME)],
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            metavar="FILE|-",
            help="the profile: JSON, a table (csv, tsv, markdown), or sentences",
        ),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--words", help='the profile itself, such as "Ann bets with K; Ben folds"'),
    ] = None,
    concept: Annotated[
        Verifiable, typer.Option("--concept", help="what it is claimed to be")
    ] = Verifiable.NASH,
    budget: Annotated[float, typer.Option(min=0.1, help="seconds")] = 10.0,
    json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Say whether a profile is an equilibrium, and if not, who would rather do what.

    Example: [bold]nl2efg verify kuhn_poker --profile paper.csv --concept spe[/bold]

    Exit codes: 0 it is; 1 it is not; 4 undecided. All is exact if the profile is.
    """
    from nl2efg.library import as_tree
    from nl2efg.library import verify as verify_profile

    tree = as_tree(game)
    told = told_profile(profile, words)
    found = verify_profile(tree, told, concept=concept.value, budget=budget)
    if json:
        from nl2efg.cli.terminal import print_json

        print_json(found.record().model_dump(mode="json"))
    else:
        from nl2efg.cli.terminal import plain

        print(plain("\n".join(_lines(found))))
    if found.holds is not True:
        raise typer.Exit(UNDECIDED if found.holds is None else 1)


def told_profile(profile: str | None, words: str | None) -> str:
    """The text of a profile.

    Args:
        profile: a file, or ``-`` for stdin.
        words: the profile itself.

    Raises:
        UserError: neither or both are given.
        NotFoundError: the file cannot be read.
    """
    if (profile is None) == (words is None):
        raise UserError(
            "say one profile" if words is None else "--profile and --words are two profiles",
            hint='with --profile FILE, or with --words "Ann bets with K; Ben folds"',
        )
    if words is not None:
        return words
    from nl2efg.decoding import decoded

    if profile == "-":
        return decoded(sys.stdin.buffer.read(MAX_BYTES), "stdin")
    try:
        with Path(str(profile)).open("rb") as file:
            return decoded(file.read(MAX_BYTES), str(profile))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotFoundError(f"cannot read {profile}: {reason}") from None


def _lines(found: Verification) -> list[str]:
    from nl2efg.equilibria.wording import departure_words

    tree = found.profile.tree.told
    verdict = {True: "yes", False: "no", None: "undecided"}[found.holds]
    lines = [f"{found.concept}: {verdict}, {found.reason}"]
    for entry in found.certificate.players:
        line = f"  {tree.players[entry.player]} gets {entry.value}"
        if entry.regret:
            line += f"; a best response gets {entry.best_response_value}"
            line += f" ({departure_words(tree, entry.deviation)})" if entry.deviation else ""
        lines.append(line)
    kind = "exact" if found.certificate.exact else "floating point"
    lines.append(f"  max regret {found.certificate.max_regret} ({kind})")
    return lines
