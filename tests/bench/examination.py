"""The examination on generated games of the benchmark, by readers who are asked elsewhere.

    python -m tests.bench.examination prompts FOLDER [--wrong 80] [--right 80]
    python -m tests.bench.examination again FOLDER
    python -m tests.bench.examination table FOLDER [--list]

The first writes one self-contained prompt a game to ``FOLDER/NNN.prompt.md``: description,
situations, no labels and no answers. A reader's whole reply goes to ``FOLDER/NNN.reply.md``. The
second does what the compiler does where a reader disagrees: the disputed situations are asked once
more, alone, by ``NNN.again.prompt.md``. The third reads the replies that are there and prints how
many wrong and right games are flagged, by which disagreement, at the first look and, where a reply
``NNN.again.reply.md`` is there, after the second. The sample is drawn by hash, of every game and
method, each prompt once; it is the same whenever it is drawn with the same numbers, which
``FOLDER`` keeps.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nl2efg.errors import FormatError
from nl2efg.evaluation import Corpus, Trial, judge, load_corpus, load_replies
from nl2efg.examination import Disagreement, Questions, compare_answers, make_questions
from nl2efg.examination.disagreements import is_same_point
from nl2efg.formats import read_game
from nl2efg.frontend.examination import examination_answers, examination_messages

LIVERPOOL = Path(__file__).resolve().parents[2] / "../shared/liverpool"
SIZES = "sample.json"


@dataclass(frozen=True)
class Examined:
    """A generated game with its questions."""

    id: str
    game: str
    right: bool
    questions: Questions
    prompt: str


def sample(corpus: Corpus, wrong: int, right: int) -> list[Examined]:
    """So many wrong and right generated games, each prompt once, in an order that tells nothing."""
    rows, _ = load_replies(LIVERPOOL / "generated.jsonl")
    found: dict[bool, list[Examined]] = {True: [], False: []}
    seen: set[str] = set()
    for row in sorted(rows, key=lambda row: sha256(row.id.encode()).hexdigest()):
        game = corpus.games.get(row.game)
        if game is None:
            continue
        try:
            tree = read_game(row.reply)
        except FormatError:
            continue
        is_right = judge(Trial(row.id, row.game, tree), game).right
        if len(found[is_right]) >= (right if is_right else wrong):
            continue
        questions = make_questions(tree)
        prompt = "\n\n".join(each.content for each in examination_messages(game.text, questions))
        # A game that comes again is asked once; by its tree, since two trees may be asked alike.
        key = sha256((prompt + row.reply).encode()).hexdigest()
        if key not in seen:
            seen.add(key)
            found[is_right].append(Examined(row.id, row.game, is_right, questions, prompt))
    every = found[True] + found[False]
    return sorted(every, key=lambda one: sha256(f"order {one.id}".encode()).hexdigest())


def write_prompts(folder: Path, wrong: int, right: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SIZES).write_text(json.dumps({"wrong": wrong, "right": right}), encoding="utf-8")
    chosen = sample(load_corpus(LIVERPOOL / "games"), wrong, right)
    for number, one in enumerate(chosen, 1):
        (folder / f"{number:03d}.prompt.md").write_text(one.prompt + "\n", encoding="utf-8")
    size = sum(len(one.prompt) for one in chosen) / max(1, len(chosen))
    print(f"{len(chosen)} prompts in {folder}; {size:,.0f} characters on the average")


def second_look(one: Examined, found: Sequence[Disagreement]) -> Questions:
    """The disputed situations alone."""
    return one.questions.about([node for each in found for node in each.nodes])


def write_again(folder: Path) -> None:
    sizes = json.loads((folder / SIZES).read_text(encoding="utf-8"))
    corpus = load_corpus(LIVERPOOL / "games")
    count = 0
    for number, one in enumerate(sample(corpus, sizes["wrong"], sizes["right"]), 1):
        file = folder / f"{number:03d}.reply.md"
        answers = (
            examination_answers(file.read_text(encoding="utf-8"), one.questions)
            if file.is_file()
            else None
        )
        found = compare_answers(one.questions, answers) if answers is not None else ()
        if found:
            messages = examination_messages(corpus.games[one.game].text, second_look(one, found))
            prompt = "\n\n".join(each.content for each in messages)
            (folder / f"{number:03d}.again.prompt.md").write_text(prompt + "\n", encoding="utf-8")
            count += 1
    print(f"{count} games are disputed")


def confirmed(
    folder: Path, number: int, one: Examined, found: tuple[Disagreement, ...]
) -> tuple[Disagreement, ...]:
    """The disagreements that a second look leaves; all of them where there was none."""
    file = folder / f"{number:03d}.again.reply.md"
    if not found or not file.is_file():
        return found
    again = second_look(one, found)
    answers = examination_answers(file.read_text(encoding="utf-8"), again)
    if answers is None:
        return found
    repeated = compare_answers(again, answers)
    tree = one.questions.tree
    return tuple(each for each in found if any(is_same_point(tree, each, o) for o in repeated))


def print_table(folder: Path, *, every: bool) -> None:
    sizes = json.loads((folder / SIZES).read_text(encoding="utf-8"))
    chosen = sample(load_corpus(LIVERPOOL / "games"), sizes["wrong"], sizes["right"])
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    told: list[str] = []
    for number, one in enumerate(chosen, 1):
        file = folder / f"{number:03d}.reply.md"
        if not file.is_file():
            continue
        counts[one.right]["games"] += 1
        answers = examination_answers(file.read_text(encoding="utf-8"), one.questions)
        if answers is None:
            counts[one.right]["unreadable"] += 1
            continue
        counts[one.right]["whole"] += one.questions.is_whole
        counts[one.right]["unread questions"] += answers.unread
        first = compare_answers(one.questions, answers)
        counts[one.right]["flagged at first"] += bool(first)
        found = confirmed(folder, number, one, first)
        counts[one.right].update({each.code for each in found} | ({"flagged"} if found else set()))
        if bool(found) == one.right or every:
            told.append(_line(number, one, found))
    for right in (False, True):
        own = counts[right]
        games = own["games"]
        share = own["flagged"] / games if games else 0.0
        codes = ", ".join(f"{code} {own[code]}" for code in sorted(own) if code.startswith("C"))
        print(
            f"{'right' if right else 'wrong'}: {own['flagged']} of {games} flagged ({share:.1%}), "
            f"at the first look {own['flagged at first']}; "
            f"asked whole {own['whole']}, unreadable replies {own['unreadable']}, "
            f"questions without an answer {own['unread questions']}; {codes or 'no code'}"
        )
    print("\n".join(["\nwrong and not flagged, right and flagged:", *told]))


def _line(number: int, one: Examined, found: tuple[Disagreement, ...]) -> str:
    label = "right" if one.right else "wrong"
    first = f"{found[0].code} {found[0].reader}; in the game {found[0].tree}" if found else "silent"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"  {number:03d} {one.id} ({label}): {first}{more}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["prompts", "again", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", type=int, default=80)
    parser.add_argument("--right", type=int, default=80)
    parser.add_argument("--list", action="store_true", help="every game, not the surprising ones")
    given = parser.parse_args()
    if not LIVERPOOL.is_dir():
        sys.exit(f"{LIVERPOOL} is not there")
    if given.what == "prompts":
        write_prompts(given.folder, given.wrong, given.right)
    elif given.what == "again":
        write_again(given.folder)
    else:
        print_table(given.folder, every=given.list)


if __name__ == "__main__":
    main()
