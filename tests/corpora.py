"""Small corpora that tests write and evaluate."""

from __future__ import annotations

import json
from pathlib import Path

from nl2efg.evaluation import Corpus, load_corpus
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, TreeBuilder
from tests.scripted import CODE, TEXT

WRONG = CODE.replace("[0, 1]", "[0, 2]")
"""A program of the game of ``TEXT`` with one payoff too high."""


def choice(*payoffs: int, player: str = "Ann") -> GameTree:
    """One player picks one of some payoffs."""
    builder = TreeBuilder([player], "A choice")
    labels = [f"take {number}" for number in range(len(payoffs))]
    for end, value in zip(
        builder.move(0, builder.information_set(0, labels)), payoffs, strict=True
    ):
        builder.pay(end, [value])
    return builder.build()


def put(folder: Path, name: str, reference: str | None, expected: object = None) -> None:
    """Write one game of a corpus."""
    own = folder / name
    own.mkdir(parents=True)
    (own / "description.txt").write_text("Ann takes one of the prizes.", encoding="utf-8")
    if reference is not None:
        (own / "reference.efg").write_text(reference, encoding="utf-8")
    if expected is not None:
        text = expected if isinstance(expected, str) else json.dumps(expected)
        (own / "expected.json").write_text(text, encoding="utf-8")


def coin_corpus(folder: Path) -> Corpus:
    """A corpus of one game, that of ``TEXT``."""
    own = folder / "coin"
    own.mkdir(parents=True)
    (own / "description.txt").write_text(TEXT, encoding="utf-8")
    builder = TreeBuilder(["Ida", "Otto"])
    taken, left = builder.move(0, builder.information_set(0, ["Take", "Leave"]))
    found, thrown = builder.move(left, builder.information_set(1, ["Take", "Throw away"]))
    for node, paid in ((taken, [1, 0]), (found, [0, 1]), (thrown, [0, 0])):
        builder.pay(node, paid)
    (own / "reference.efg").write_text(write_efg(builder.build()), encoding="utf-8")
    return load_corpus(folder)
