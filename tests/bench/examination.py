"""The examination on generated games of the benchmark, by readers who are asked elsewhere.

    python -m tests.bench.examination prompts FOLDER [--games 20]
    python -m tests.bench.examination again FOLDER
    python -m tests.bench.examination table FOLDER [--list]

The first writes self-contained prompts to ``FOLDER/NNN.prompt.md``: description and situations, no
labels and no answers. A reader's whole reply goes to ``FOLDER/NNN.reply.md``. Generated games that
are asked alike, since they differ in nothing but what is not told, share a prompt; so many of them
at most share a reader, and where there are more, the prompt is asked several times, of readers who
do not know of each other. So every generated game is measured. The order of the prompts is drawn by
hash: any first part of them is a fair sample.

The second does what the compiler does where a reader disagrees: the disputed situations are asked
once more, alone, by ``NNN.again.prompt.md``; games of one reader that are disputed at the same
situations share it too (``NNN.again2.prompt.md`` is the second set of them). The third reads the
replies that are there and prints how many wrong and right games are flagged, by which disagreement,
at the first look and, where the second look was answered, after it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nl2efg.errors import FormatError
from nl2efg.evaluation import Trial, judge, load_corpus, load_replies
from nl2efg.examination import Answers, Disagreement, Questions, compare_answers, make_questions
from nl2efg.examination.disagreements import is_same_point
from nl2efg.formats import read_game
from nl2efg.frontend.examination import examination_answers, examination_messages

LIVERPOOL = Path(__file__).resolve().parents[2] / "../shared/liverpool"
SIZES = "sample.json"


@dataclass(frozen=True)
class Examined:
    """A generated game with its questions, and whether it is the game described."""

    id: str
    text: str
    right: bool
    questions: Questions

    def prompt(self, questions: Questions | None = None) -> str:
        """All that a reader is sent."""
        messages = examination_messages(self.text, questions or self.questions)
        return "\n\n".join(each.content for each in messages)


@dataclass(frozen=True)
class Reading:
    """A prompt that is put to one reader, and the games that are judged by the reply."""

    number: int
    games: tuple[Examined, ...]

    def file(self, folder: Path, what: str) -> Path:
        return folder / f"{self.number:03d}.{what}.md"


def readings(most: int) -> list[Reading]:
    """All generated games that can be read, at most so many to a reader, in an order by hash."""
    corpus = load_corpus(LIVERPOOL / "games")
    rows, _ = load_replies(LIVERPOOL / "generated.jsonl")
    asked: dict[str, list[Examined]] = {}
    for row in sorted(rows, key=lambda row: _hash(row.id)):
        game = corpus.games.get(row.game)
        if game is None:
            continue
        try:
            tree = read_game(row.reply)
        except FormatError:
            continue
        right = judge(Trial(row.id, row.game, tree), game).right
        one = Examined(row.id, game.text, right, make_questions(tree))
        asked.setdefault(one.prompt(), []).append(one)
    parts: list[tuple[Examined, ...]] = []
    for alike in asked.values():
        count = -(-len(alike) // most)
        parts += [tuple(alike[start::count]) for start in range(count)]
    parts.sort(key=lambda part: _hash(f"order {part[0].id}"))
    return [Reading(number, part) for number, part in enumerate(parts, 1)]


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def answers_of(file: Path, questions: Questions) -> Answers | None:
    """The answers of a reply; None where there is none, or it cannot be read."""
    if not file.is_file():
        return None
    return examination_answers(file.read_text(encoding="utf-8"), questions)


def second_looks(
    reading: Reading, folder: Path
) -> Iterator[tuple[str, Questions, list[tuple[Examined, tuple[Disagreement, ...]]]]]:
    """What a second look is taken at: a name for its files, the questions, and whose they are."""
    asked: dict[str, tuple[Questions, list[tuple[Examined, tuple[Disagreement, ...]]]]] = {}
    for one in reading.games:
        answers = answers_of(reading.file(folder, "reply"), one.questions)
        found = compare_answers(one.questions, answers) if answers is not None else ()
        if found:
            again = one.questions.about([node for each in found for node in each.nodes])
            asked.setdefault(one.prompt(again), (again, []))[1].append((one, found))
    for number, (again, games) in enumerate(asked.values(), 1):
        yield f"again{number if number > 1 else ''}", again, games


def write_prompts(folder: Path, most: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SIZES).write_text(json.dumps({"games": most}), encoding="utf-8")
    chosen = readings(most)
    for reading in chosen:
        prompt = reading.games[0].prompt()
        reading.file(folder, "prompt").write_text(prompt + "\n", encoding="utf-8")
    size = sum(len(each.games[0].prompt()) for each in chosen) / max(1, len(chosen))
    games = sum(len(each.games) for each in chosen)
    different = len({each.games[0].prompt() for each in chosen})
    print(
        f"{len(chosen)} prompts in {folder}, {different} of them different, for {games} games; "
        f"{size:,.0f} characters on the average"
    )


def write_again(folder: Path) -> None:
    count = 0
    for reading in kept_readings(folder):
        for what, again, games in second_looks(reading, folder):
            file = reading.file(folder, f"{what}.prompt")
            file.write_text(games[0][0].prompt(again) + "\n", encoding="utf-8")
            count += 1
    print(f"{count} second looks")


def kept_readings(folder: Path) -> list[Reading]:
    """The readings as they were written to a folder."""
    return readings(json.loads((folder / SIZES).read_text(encoding="utf-8"))["games"])


def judged(
    reading: Reading, folder: Path
) -> Iterator[tuple[Examined, tuple[Disagreement, ...], tuple[Disagreement, ...] | None]]:
    """Each game that disagrees: what was found at first, and after the second look if any."""
    for what, again, games in second_looks(reading, folder):
        answers = answers_of(reading.file(folder, f"{what}.reply"), again)
        for one, found in games:
            if answers is None:
                yield one, found, None
                continue
            # Each game has its own sets and payoffs; the situations are the same.
            own = one.questions.about([node for each in found for node in each.nodes])
            repeated = compare_answers(own, answers)
            tree = one.questions.tree
            kept = [each for each in found if any(is_same_point(tree, each, o) for o in repeated)]
            yield one, found, tuple(kept)


def print_table(folder: Path, *, every: bool) -> None:
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    told: list[str] = []
    heard = unreadable = 0
    for reading in kept_readings(folder):
        file = reading.file(folder, "reply")
        if not file.is_file():
            continue
        heard += 1
        if answers_of(file, reading.games[0].questions) is None:
            unreadable += 1
            continue
        disputed = {one.id: (first, after) for one, first, after in judged(reading, folder)}
        for one in reading.games:
            first, after = disputed.get(one.id, ((), None))
            found = first if after is None else after
            own = counts[one.right]
            own["games"] += 1
            own["whole"] += one.questions.is_whole
            own["first"] += bool(first)
            own["second"] += after is not None
            own.update({each.code for each in found} | ({"flagged"} if found else set()))
            if bool(found) == one.right or every:
                told.append(_line(reading, one, found))
    print(f"{heard} replies, {unreadable} of them without answers")
    for right in (False, True):
        own = counts[right]
        codes = ", ".join(f"{code} {own[code]}" for code in sorted(own) if code.startswith("C"))
        share = own["flagged"] / own["games"] if own["games"] else 0.0
        print(
            f"{'right' if right else 'wrong'}: {own['flagged']} of {own['games']} games flagged "
            f"({share:.1%}), at the first look {own['first']}, of which {own['second']} were "
            f"looked at again; asked whole {own['whole']}; {codes or 'no code'}"
        )
    print(
        "\n".join(["", "every game:" if every else "wrong and silent, right and flagged:", *told])
    )


def _line(reading: Reading, one: Examined, found: tuple[Disagreement, ...]) -> str:
    label = "right" if one.right else "wrong"
    first = f"{found[0].code} {found[0].reader}; in the game {found[0].tree}" if found else "silent"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"  {reading.number:03d} {one.id} ({label}): {first}{more}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["prompts", "again", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--games", type=int, default=20, help="at most so many share a reader")
    parser.add_argument("--list", action="store_true", help="every game, not the surprising ones")
    given = parser.parse_args()
    if not LIVERPOOL.is_dir():
        sys.exit(f"{LIVERPOOL} is not there")
    if given.what == "prompts":
        write_prompts(given.folder, given.games)
    elif given.what == "again":
        write_again(given.folder)
    else:
        print_table(given.folder, every=given.list)


if __name__ == "__main__":
    main()
