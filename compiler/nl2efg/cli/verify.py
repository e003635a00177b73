"""``nl2efg verify``: is what somebody claims an equilibrium?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import GAME, Settings, with_settings
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
        Verifiable | None,
        typer.Option(
            "--concept", help="what it is claimed to be; by default nash, or with beliefs pbe"
        ),
    ] = None,
    beliefs: Annotated[
        str | None,
        typer.Option(
            "--beliefs",
            metavar="FILE|JSON",
            help='probabilities of nodes, such as \'{"Ben after Bet": ["1/3", "2/3"]}\'',
        ),
    ] = None,
    given: Settings = None,
    budget: Annotated[float, typer.Option(min=0.1, help="seconds")] = 10.0,
    json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Say whether a profile is an equilibrium, and if not, who would rather do what.

    Example: [bold]nl2efg verify kuhn_poker --profile paper.csv --concept spe[/bold]

    Of a game with letters, --set gives their values, and a probability may be written in them.

    Exit codes: 0 it is; 1 it is not; 4 undecided. All is exact if the profile is.
    """
    from nl2efg.library import as_tree
    from nl2efg.library import verify as verify_profile
    from nl2efg.library.beliefs import beliefs_beside

    tree = with_settings(as_tree(game), given, game)
    told = told_profile(profile, words)
    believed = beliefs_beside(told) if beliefs is None else _told_beliefs(beliefs)
    if concept is None:
        concept = Verifiable.PBE if believed else Verifiable.NASH
    elif believed and concept not in (Verifiable.PBE, Verifiable.SEQUENTIAL):
        raise UserError(
            f"beliefs are no part of {concept.value}", hint="--concept pbe, or sequential"
        )
    found = verify_profile(tree, told, concept=concept.value, beliefs=believed, budget=budget)
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
    return _read(str(profile))


def _read(name: str) -> str:
    from nl2efg.decoding import decoded

    if name == "-":
        return decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin")
    try:
        with Path(name).open("rb") as file:
            return decoded(file.read(MAX_BYTES + 1), name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotFoundError(f"cannot read {name}: {reason}") from None


def _told_beliefs(given: str) -> dict[str, Any]:
    from nl2efg.library.profiles import bare_text, read_json

    text = bare_text(given if given.lstrip().startswith("{") else _read(given))
    told = read_json(text)
    if not isinstance(told, dict):
        raise UserError("beliefs are a JSON object", hint='such as {"Ben after Bet": [0.5, 0.5]}')
    inner = told.get("beliefs", told)
    return dict(inner) if isinstance(inner, dict) else told


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
    if found.deviation and found.deviation not in found.reason:
        lines.append(f"  best deviation: {found.deviation}")
    if found.unrounded:
        lines.append(f"  rounded? with {found.unrounded} it holds")
    lines.append(f"  max regret {found.certificate.max_regret} ({kind})")
    return lines
