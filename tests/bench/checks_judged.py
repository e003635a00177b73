"""How often each check is right: ``python -m tests.bench.checks_judged [--half H] [--list CODE]``.

For every code, in how many wrong and right games of each corpus it fires as an error or a warning,
and as a note. The corpora: the generated games of the benchmark *Game Description Consistency* and
the replies of the paper's nine games, both judged against their references and both beside the
checkout (left out where they are not there); the bundled references; and mutants of these, which
are wrong by construction. A code has earned its severity if at least 99 of 100 firings on foreign
games are on wrong ones. Which part decided: a game belongs to the half that tunes or to the half
that judges by the hash of its name; ``--half`` shows one of them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.bench.mutants import mutants
from tests.bench.paper_corpus import REPLIES, paper_corpus

from nl2efg.checks import check
from nl2efg.evaluation import Corpus, Judgement, judge, load_corpus, load_replies, trials_of
from nl2efg.frontend.program_reply import build_reply
from nl2efg.game import GameTree
from nl2efg.resources import shipped
from nl2efg.sandbox import Builders
from nl2efg.schema.diagnostics import Diagnostic, Severity

LIVERPOOL = Path(__file__).resolve().parents[2] / "../shared/liverpool"
EARNED = 0.99


@dataclass
class Firings:
    """Counts of games, by whether they are right.

    Args:
        games: how many there are.
        flagged: with an error or a warning.
        grave, notes: by code.
    """

    games: Counter[bool] = field(default_factory=Counter)
    flagged: Counter[bool] = field(default_factory=Counter)
    grave: dict[bool, Counter[str]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )
    notes: dict[bool, Counter[str]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )

    def add(self, right: bool, found: tuple[Diagnostic, ...]) -> None:
        grave = {one.code for one in found if one.severity is not Severity.NOTE}
        self.games[right] += 1
        self.flagged[right] += bool(grave)
        self.grave[right].update(grave)
        self.notes[right].update({one.code for one in found} - grave)


Judged = tuple[str, str, GameTree, str, bool]
"""A game's name, the trial's, its tree, its text, and whether it is right."""


def in_half(name: str, half: str) -> bool:
    """Whether a game belongs to a half: ``tunes``, ``judges`` or ``both``."""
    first = int(sha256(name.encode()).hexdigest(), 16) % 2 == 0
    return half == "both" or first == (half == "tunes")


def replies(corpus: Corpus, file: Path) -> Iterator[Judged]:
    """Every reply of a corpus that gives a game, judged."""
    rows, _ = load_replies(file)
    with Builders() as pool:
        trials = trials_of(rows, lambda reply: build_reply(reply, pool.build))
    for trial in trials:
        game = corpus.games.get(trial.game)
        if game is None or trial.tree is None:
            continue
        judgement = judge(trial, game).judgement
        if judgement in (Judgement.RIGHT, Judgement.WRONG):
            right = judgement is Judgement.RIGHT
            yield game.name, trial.id, trial.tree, game.text, right


def bundled() -> Iterator[Judged]:
    """The bundled references, and each with one fault put in."""
    for game in load_corpus(shipped("fixtures")).games.values():
        if game.reference is None:
            continue
        for kind, tree in mutants(game.reference):
            yield game.name, f"{game.name} {kind}", tree, game.text, kind == "none"


def corpora() -> Iterator[tuple[str, Iterator[Judged]]]:
    """The corpora that are there."""
    if LIVERPOOL.is_dir():
        games = load_corpus(LIVERPOOL / "games")
        yield "benchmark", replies(games, LIVERPOOL / "generated.jsonl")
    if REPLIES.is_file():
        yield "paper", replies(paper_corpus(), REPLIES)
    yield "bundled", bundled()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=["both", "tunes", "judges"], default="both")
    parser.add_argument("--list", metavar="CODE", help="the firings of one code on right games")
    given = parser.parse_args()
    found: dict[str, Firings] = {}
    for name, games in corpora():
        own = found.setdefault(name, Firings())
        for game, identity, tree, text, right in games:
            if not in_half(game, given.half):
                continue
            diagnostics = check(tree, text=text)
            own.add(right, diagnostics)
            for one in diagnostics:
                if right and one.code == given.list and one.severity is not Severity.NOTE:
                    print(f"{name} {identity}: {one}")
    print_table(found)


def print_table(found: dict[str, Firings]) -> None:
    print(f"{'':6}" + "".join(f"{name:^26}" for name in found) + "  foreign firings")
    print(f"{'code':6}" + "  wrong/right (notes w/r)  " * len(found))
    codes = sorted(
        {
            code
            for own in found.values()
            for table in (own.grave, own.notes)
            for counts in table.values()
            for code in counts
        }
    )
    for code in codes:
        cells = "".join(
            f"{own.grave[False][code]:>7} /{own.grave[True][code]:>5}"
            f" ({own.notes[False][code]:>4}/{own.notes[True][code]:>4}) "
            for own in found.values()
        )
        foreign = [own for name, own in found.items() if name != "bundled"]
        wrong = sum(own.grave[False][code] for own in foreign)
        right = sum(own.grave[True][code] for own in foreign)
        share = f"{wrong} of {wrong + right} right" if wrong + right else ""
        earned = "" if not share else "" if wrong >= EARNED * (wrong + right) else "  NOT EARNED"
        print(f"{code:6}{cells} {share}{earned}")
    for name, own in found.items():
        for right in (False, True):
            share = own.flagged[right] / own.games[right] if own.games[right] else 0.0
            print(
                f"{name}: {'right' if right else 'wrong'} games with an error or a warning: "
                f"{own.flagged[right]} of {own.games[right]} ({share:.1%})"
            )


if __name__ == "__main__":
    main()
