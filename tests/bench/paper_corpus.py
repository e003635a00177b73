"""The nine games of the recorded replies as a corpus, and what their references leave open.

The folder lies beside the checkout and holds ``descriptions/*.txt``, ``references/*.efg`` and
``replies.jsonl``. One reference differs from its text in the last payoffs, so those are given here
as constraints. One game has no reference there and is built here.
"""

from __future__ import annotations

from pathlib import Path

from nl2efg.evaluation import Corpus, Expected, Game
from nl2efg.formats import load_efg
from nl2efg.game import GameTree, TreeBuilder

FOLDER = Path(__file__).resolve().parents[2] / "../shared/gameinterpreter"
REPLIES = FOLDER / "replies.jsonl"

EXPECTED = {
    "bach_or_stravinsky": Expected(
        title="Bach or Stravinsky",
        payoffs="constraints",
        open_payoffs=("u[*](Bach, Bach)", "u[*](Stravinsky, Stravinsky)"),
        constraints=(
            "u[Alexis](Bach, Bach) > u[Beverley](Bach, Bach) > 0",
            "u[Beverley](Stravinsky, Stravinsky) > u[Alexis](Stravinsky, Stravinsky) > 0",
        ),
    ),
    # The text says both that the last push doubles the piles and that it does not; the reference
    # lets it double them.
    "centipede": Expected(
        title="Centipede", contradictions=("whether the last push doubles the piles",)
    ),
    "simple_bargaining_game": Expected(
        title="Bargaining",
        payoffs="constraints",
        open_payoffs=("u[*](*, Reject, *, Reject, *)",),
        constraints=(
            "u[A](*, Reject, *, Reject, *) = 4693",
            "u[B](*, Reject, *, Reject, *) = 4332",
        ),
    ),
    "extra_game_one": Expected(
        title="Two players, four stages",
        payoffs="constraints",
        open_payoffs=("u[*](*, F)",),
    ),
}


def four_stages() -> GameTree:
    """The game without a reference: the second player cannot tell B from C at the second stage.

    Nothing else is hidden, so the later moves are known; what F pays is not said, here nothing.
    """
    builder = TreeBuilder(["Player 1", "Player 2"], "Two players, four stages")
    first = builder.information_set(0, ["A", "B", "C"])
    answers = ["D", "E", "F"]
    seen, unseen = builder.information_set(1, answers), builder.information_set(1, answers)
    after_a, after_b, after_c = builder.move(0, first)
    for node, own in ((after_a, seen), (after_b, unseen), (after_c, unseen)):
        *going_on, end = builder.move(node, own)
        builder.pay(end, [0, 0])
        for third in going_on:
            fourth, stopped = builder.move(third, builder.information_set(0, ["G", "H"]))
            builder.pay(stopped, [2, -1])
            both, none = builder.move(fourth, builder.information_set(1, ["Q", "W"]))
            builder.pay(both, [3, 3])
            builder.pay(none, [0, 0])
    return builder.build()


def paper_corpus() -> Corpus:
    """The nine games.

    Raises:
        FileNotFoundError: the folder is not beside the checkout.
    """
    games = {}
    for description in sorted(FOLDER.joinpath("descriptions").glob("*.txt")):
        name = description.stem
        reference = FOLDER / "references" / f"{name}.efg"
        games[name] = Game(
            name,
            description.read_text(encoding="utf-8"),
            load_efg(reference) if reference.exists() else four_stages(),
            EXPECTED.get(name, Expected(title=name)),
        )
    if not games:
        raise FileNotFoundError(FOLDER)
    return Corpus(games, {})
