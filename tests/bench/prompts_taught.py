"""Which generation of pygambit should the prompts teach? ``python -m tests.bench.prompts_taught``.

``prompts/`` teaches how programs are written for pygambit 16.7; ``prompts17`` beside this file says
the same for pygambit 17. What is compared is one call, of which sketch and program come.

requests FOLDER   write what a model is sent for each of ``GAMES``, as FOLDER/requests/NNNN.md
judge FOLDER [16=PYTHON] [17=PYTHON]
                  judge the replies in FOLDER/replies beside the recorded ones; the programs run
                  unchanged in these interpreters, which have pygambit of that generation

Without arguments the tokens of both prompts are printed. Tokens are those of GPT-4o's vocabulary.
One reply to each request is kept in ``tests/bench/prompts17``: with both prompts all twelve games
are right, the prompt for 17 takes 87 tokens more and its replies 36 fewer. Only labels that are not
ASCII make a difference: pygambit 16.7 refuses those.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from nl2efg.comparison import Verdict, compare
from nl2efg.errors import Nl2efgError
from nl2efg.evaluation import evaluate, load_corpus
from nl2efg.evaluation.replies import RecordedReply, trials_of
from nl2efg.evaluation.trial import Judged
from nl2efg.formats import read_efg
from nl2efg.frontend.program_reply import build_reply, programs
from nl2efg.models.replay import FILE_NAME, read_recordings
from nl2efg.resources import shipped
from nl2efg.sandbox import Builders

GAMES = (
    "attacker_and_defender",
    "beer_quiche",
    "centipede",
    "chain_store",
    "colonel_blotto",
    "first_price_auction",
    "five_players",
    "imperfect_recall",
    "in_chinese",
    "monty_hall",
    "nim",
    "one_card_poker",
)
"""Of different kinds, each with a recorded reply to one call."""

GENERATIONS = (16, 17)

_RUN = """
import sys
names = {}
exec(compile(sys.stdin.read(), "program", "exec"), names)
sys.stdout.write(next(one for one in names.values() if hasattr(one, "to_efg")).to_efg())
"""


@dataclass(frozen=True)
class Row:
    """A game's reply to the prompt of one generation.

    Args:
        judged: what its reference says.
        reply, program: tokens.
        run: what the program does with pygambit of that generation; empty if nobody tried.
    """

    judged: Judged
    reply: int
    program: int
    run: str


def tokens(text: str) -> int:
    """How many tokens a text takes."""
    # The submodule defines its functions only when it is imported from the package.
    from rs_bpe import openai

    return int(openai.o200k_base().count(text))


def messages(generation: int, text: str) -> tuple[str, str]:
    """What a model is sent: the system's message and the user's."""
    folders = [shipped("prompts")]
    if generation == 17:
        folders.insert(0, Path(__file__).with_name("prompts17"))
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    templates = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)
    given: dict[str, Any] = {"program": True, "text": text, "answers": ()}
    system, user = (
        templates.get_template(f"information.{role}.j2").render(given).strip()
        for role in ("system", "user")
    )
    return system, user


def write_requests(folder: Path) -> None:
    """Write what is sent for each game."""
    requests = folder / "requests"
    requests.mkdir(parents=True, exist_ok=True)
    for number, game in enumerate(GAMES, 1):
        text = (shipped("fixtures") / "games" / game / "description.txt").read_text("utf-8")
        system, user = messages(17, text)
        asked = f"[system]\n{system}\n\n[user]\n{user}"
        (requests / f"{number:04d}.md").write_text(asked, encoding="utf-8")


def replies(folder: Path) -> Iterator[RecordedReply]:
    """The recorded replies to the prompt of 16.7, and those in the folder to that of 17."""
    for number, game in enumerate(GAMES, 1):
        file = shipped("fixtures") / "games" / game / FILE_NAME
        first = next(one for one in read_recordings(file) if one.stage == "information")
        yield RecordedReply(game, game, first.reply, setting="16")
        new = folder / "replies" / f"{number:04d}.md"
        if new.exists():
            yield RecordedReply(game, game, new.read_text("utf-8"), setting="17")


def judge(folder: Path, pythons: dict[int, str]) -> dict[tuple[str, int], Row]:
    """Judge all replies; the rows by game and generation."""
    given = list(replies(folder))
    with Builders() as pool:
        trials = trials_of(given, lambda reply: build_reply(reply, pool.build))
    found = evaluate(load_corpus(shipped("fixtures")), trials)
    judged = {(each.trial.game, each.trial.setting): each for each in found.judged}
    rows = {}
    for one in given:
        code = programs(one.reply)[0].code if programs(one.reply) else ""
        verdict, generation = judged[one.game, one.setting], int(one.setting)
        run = _run(code, verdict, pythons[generation]) if generation in pythons else ""
        rows[one.game, generation] = Row(verdict, tokens(one.reply), tokens(code), run)
    return rows


def _run(code: str, judged: Judged, python: str) -> str:
    """Run a program unchanged with the real pygambit, and compare its game with the dialect's."""
    command = [python, "-X", "utf8", "-c", _RUN]
    done = subprocess.run(command, input=code, capture_output=True, encoding="utf-8", timeout=600)
    if done.returncode:
        return done.stderr.strip().rpartition("\n")[2]
    try:
        built = read_efg(done.stdout)
    except Nl2efgError as error:
        return f"its .efg is not read: {error}"
    if judged.trial.tree is None:
        return "runs, and the dialect gives no game"
    same = compare(judged.trial.tree, built, names="anchored")
    return "runs" if same.verdict is Verdict.SAME else f"runs, another game: {same.difference}"


def main(arguments: Sequence[str]) -> int:
    """Print tokens, write requests or judge; 2 if it is none of these."""
    match arguments:
        case []:
            for generation in GENERATIONS:
                print(f"{generation}: {sum(map(tokens, messages(generation, ''))):,} tokens")
        case ["requests", folder]:
            write_requests(Path(folder))
        case ["judge", folder, *pythons]:
            given = dict(each.split("=", 1) for each in pythons)
            _print(judge(Path(folder), {int(key): value for key, value in given.items()}))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def _print(rows: dict[tuple[str, int], Row]) -> None:
    print(f"{'game':<24}{'':>4} {'judged':<10} {'reply':>6} {'program':>8}  with the real pygambit")
    for (game, generation), row in rows.items():
        verdict = str(row.judged.judgement)
        print(f"{game:<24}{generation:>4} {verdict:<10} {row.reply:6} {row.program:8}  {row.run}")
    both = [game for game in GAMES if all((game, one) in rows for one in GENERATIONS)]
    for generation in GENERATIONS if both else ():
        found = [rows[game, generation] for game in both]
        print(
            f"pygambit {generation}, {len(both)} games with both: "
            f"{sum(row.judged.right for row in found)} right, "
            f"{sum(row.run == 'runs' for row in found)} run unchanged, tokens on average: "
            f"reply {mean(row.reply for row in found):.0f}, "
            f"program {mean(row.program for row in found):.0f}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
