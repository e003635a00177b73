"""Recall and precision of reported open points: ``python -m tests.bench.open_points``.

    python -m tests.bench.open_points sketches
    python -m tests.bench.open_points prompts FOLDER
    python -m tests.bench.open_points table FOLDER [--list]

Bundled texts out of which something was taken (``cut_texts.py``) leave it open, and the same texts
as they are leave open what their ``expected.json`` says, which is nothing but for a few. The texts
of the benchmark beside the checkout, if it is there, are whole as well, but for numbers where their
metadata say that payoffs are ordered. The first
counts what the recorded sketches of all bundled texts report. The second writes a prompt for each
text with a cut and each without, to be answered elsewhere (``NNN.prompt.md``, ``NNN.reply.md``);
the questions of a second reader, with what the recorded sketch found open among them. The third
prints how many open points are told, and how many points are reported beside, by each reader and
after they are compared. A point beside may be one that nobody had thought of: ``--list`` tells
them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.bench.cut_texts import CUTS
from tests.bench.examination import LIVERPOOL
from tests.bench.sketches import sketches

from nl2efg.evaluation import Corpus, load_corpus
from nl2efg.evaluation.reported_points import points_of, tells
from nl2efg.examination.open_points import OpenQuestions, open_questions
from nl2efg.frontend.open_points import open_points_messages, read_open_points
from nl2efg.resources import shipped

NUMBERS = "payoff|number|worth|utilit|value"
"""What a text leaves open that orders payoffs and gives no numbers."""


@dataclass(frozen=True)
class Asked:
    """A text that a reader is asked about, and what it leaves open."""

    name: str
    text: str
    entries: tuple[str, ...]
    questions: OpenQuestions

    @property
    def prompt(self) -> str:
        return "\n\n".join(m.content for m in open_points_messages(self.text, self.questions))


def asked_texts(corpus: Corpus) -> list[Asked]:
    """Texts with a cut, the same games' whole texts, those that leave something open, foreign ones.

    The foreign ones are those of the benchmark beside the checkout, if it is there.
    """
    found = []
    whole = {cut.game for cut in CUTS}
    whole |= {name for name, game in corpus.games.items() if game.expected.assumptions}
    for name in sorted(whole):
        game = corpus.games[name]
        assert game.reference is not None
        recorded = sketches(game)
        points = [each.question for each in recorded[0].assumptions] if recorded else []
        questions = open_questions(game.reference, points)
        found.append(Asked(name, game.text, game.expected.assumptions, questions))
    for cut in CUTS:
        game = corpus.games[cut.game]
        assert game.reference is not None
        text = cut.text(game)
        found.append(Asked(f"{cut.game} cut", text, (cut.entry,), open_questions(game.reference)))
    if LIVERPOOL.is_dir():
        for name, game in load_corpus(LIVERPOOL / "games").games.items():
            if game.reference is not None:
                ordered = (NUMBERS,) if game.expected.payoffs == "ordinal" else ()
                asked = open_questions(game.reference)
                found.append(Asked(f"{name} foreign", game.text, ordered, asked))
    return sorted(found, key=lambda one: sha256(one.name.encode()).hexdigest())


@dataclass
class Count:
    """Entries demanded and told, and points reported with those that tell an entry."""

    texts: int = 0
    entries: int = 0
    told: int = 0
    points: int = 0
    true: int = 0

    def add(self, entries: tuple[str, ...], points: tuple[str, ...]) -> list[str]:
        """Count one text's; returns the points that tell no entry."""
        beside = [point for point in points if not any(tells(point, one) for one in entries)]
        self.texts += 1
        self.entries += len(entries)
        self.told += sum(any(tells(point, one) for point in points) for one in entries)
        self.points += len(points)
        self.true += len(points) - len(beside)
        return beside

    def __str__(self) -> str:
        recall = f"{self.told} of {self.entries} told" if self.entries else "none to tell"
        return f"{self.texts} texts: {recall}; of {self.points} points reported {self.true} are it"


def print_sketches(corpus: Corpus) -> None:
    count = Count()
    beside: Counter[str] = Counter()
    for game in corpus.games.values():
        for sketch in sketches(game):
            for each in count.add(game.expected.assumptions, points_of(sketch).assumptions):
                beside[f"{game.name}: {each}"] += 1
    print(f"recorded sketches, {count}")
    for each, times in sorted(beside.items()):
        print(f"  beside: {each}" + (f" ({times} times)" if times > 1 else ""))


def write_prompts(corpus: Corpus, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    texts = asked_texts(corpus)
    for number, one in enumerate(texts, 1):
        (folder / f"{number:03d}.prompt.md").write_text(one.prompt + "\n", encoding="utf-8")
    size = sum(len(one.prompt) for one in texts) / len(texts)
    print(f"{len(texts)} prompts in {folder}; {size:,.0f} characters on the average")


def answered(corpus: Corpus, folder: Path) -> Iterator[tuple[Asked, str]]:
    for number, one in enumerate(asked_texts(corpus), 1):
        file = folder / f"{number:03d}.reply.md"
        if file.is_file():
            yield one, file.read_text(encoding="utf-8")


def print_table(corpus: Corpus, folder: Path, *, every: bool) -> None:
    rows = {
        "cut texts, second reader alone": Count(),
        "whole texts, first reading alone": Count(),
        "whole texts, second reader alone": Count(),
        "whole texts, both compared": Count(),
        "foreign texts, second reader alone": Count(),
    }
    told: list[str] = []
    unread = 0
    for one, reply in answered(corpus, folder):
        found = read_open_points(reply, one.questions, one.text)
        if found is None:
            unread += 1
            continue
        settled = dict(found.settled)
        kept = tuple(each for each in one.questions.points if each not in settled)
        if one.name.endswith(" cut"):
            beside = rows["cut texts, second reader alone"].add(one.entries, found.further)
        elif one.name.endswith(" foreign"):
            beside = rows["foreign texts, second reader alone"].add(one.entries, found.further)
        else:
            rows["whole texts, first reading alone"].add(one.entries, one.questions.points)
            rows["whole texts, second reader alone"].add(one.entries, found.further)
            beside = rows["whole texts, both compared"].add(one.entries, kept + found.further)
        reported = kept + found.further
        told += [
            f"  {one.name}: not told: {entry}"
            for entry in one.entries
            if not any(tells(point, entry) for point in reported)
        ]
        told += [f"  {one.name}: beside: {each}" for each in beside]
        told += [f"  {one.name}: settled: {each} ({words})" for each, words in found.settled]
    for name, count in rows.items():
        print(f"{name}: {count}")
    print(f"{unread} replies without answers")
    if every:
        print("\n".join(told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["sketches", "prompts", "table"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--list", action="store_true", help="each point beside, settled, not told")
    given = parser.parse_args()
    corpus = load_corpus(shipped("fixtures"))
    if given.what == "sketches":
        print_sketches(corpus)
    elif given.folder is None:
        parser.error("name a folder")
    elif given.what == "prompts":
        write_prompts(corpus, given.folder)
    else:
        print_table(corpus, given.folder, every=given.list)


if __name__ == "__main__":
    main()
