"""The two tables of the data set: the games, and the replies of a model to their texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nl2efg.evaluation.corpus import Corpus, Game
from nl2efg.families.note import family_of
from nl2efg.formats import write_efg
from nl2efg.game.analysis import facts
from nl2efg.models.replay import FILE_NAME, read_recordings

Kind = Literal["text", "whole number", "truth", "texts", "whole numbers"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Args:
        name: as in the files.
        kind: of its values; None stands in a row that has none, an empty list in the plural ones.
        meaning: a sentence without its full stop.
    """

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Args:
        name: of its files.
        meaning: what a row is.
        columns: in order; the first is a key, with the others of ``key``.
        key: the columns that tell rows apart.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


GAMES = Table(
    "games",
    "A game: its description, the game that it describes, and what is known of it",
    (
        Column("id", "text", "name of the game"),
        Column("title", "text", "title"),
        Column("source", "text", "where the game, or its solution, is from"),
        Column("text", "text", "the description in words"),
        Column("is_game", "truth", "whether the text describes a game at all"),
        Column("efg", "text", "the game that the text describes, as a Gambit .efg file"),
        Column("players", "texts", "names of the players in the file"),
        Column("nodes", "whole number", "how many nodes the tree has"),
        Column("terminals", "whole number", "how many of them are ends"),
        Column("depth", "whole number", "actions on the longest path"),
        Column("information_sets", "whole numbers", "how many each player has, in their order"),
        Column("chance_sets", "whole number", "how many information sets chance has"),
        Column("perfect_recall", "truth", "whether no player forgets what he knew or did"),
        Column("perfect_information", "truth", "whether every information set is one node"),
        Column("constant_sum", "truth", "whether payoffs sum to the same at every end"),
        Column("letters", "texts", "parameters of the game that stand for numbers"),
        Column(
            "structure", "text", "how a tree is compared with it: identical, isomorphic, strategic"
        ),
        Column(
            "payoffs", "text", "how payoffs are compared: exact, affine, ordinal, constraints, none"
        ),
        Column("open_payoffs", "texts", "payoffs that the text leaves open"),
        Column("constraints", "texts", "what the open payoffs must meet"),
        Column("assumptions", "texts", "key words of what a reader must report as assumed"),
        Column("contradictions", "texts", "key words of where the text contradicts itself"),
        Column("values", "texts", "known values, each `player: value (source)`"),
        Column("equilibria", "text", "known equilibria with their sources, as JSON"),
        Column("theorems", "text", "where a game with letters has which equilibria, as JSON"),
    ),
    ("id",),
)

REPLIES = Table(
    "replies",
    "A reply of a language model to the prompt that holds a game's description",
    (
        Column("game", "text", "id of the game"),
        Column("sample", "whole number", "which of several replies to the same prompt, from 0"),
        Column("stage", "text", "the stage of the compiler that asked: information, code"),
        Column("model", "text", "name of the model"),
        Column("prompt_sha256", "text", "hash of the prompt"),
        Column("reply", "text", "what the model wrote: a reading of the text, and a program"),
        Column(
            "outcome", "text", "whether the replies to this text compile to its game: right, wrong"
        ),
    ),
    ("game", "stage", "sample"),
)


def game_rows(corpus: Corpus) -> Iterator[Row]:
    """A row for each game, in the order of their names."""
    for game in corpus.games.values():
        yield {column.name: None for column in GAMES.columns} | _told(game) | _known(game)


def _told(game: Game) -> dict[str, Any]:
    """Text and tree."""
    found: dict[str, Any] = {
        "id": game.name,
        "title": game.expected.title,
        "source": game.expected.source,
        "text": game.text,
        "is_game": game.expected.is_game,
        "players": [],
        "information_sets": [],
        "letters": [],
    }
    tree = game.reference
    if tree is None:
        return found
    own, family = facts(tree), family_of(tree)
    moves = [each.player for each in tree.information_sets if not each.is_chance]
    return found | {
        "efg": write_efg(tree),
        "players": list(tree.players),
        "nodes": own.nodes,
        "terminals": own.terminals,
        "depth": own.depth,
        "information_sets": [moves.count(player) for player in range(len(tree.players))],
        "chance_sets": own.chance_sets,
        "perfect_recall": own.perfect_recall,
        "perfect_information": own.perfect_information,
        "constant_sum": own.constant_sum,
        "letters": [each.symbol for each in family.parameters] if family else [],
    }


def _known(game: Game) -> dict[str, Any]:
    """What ``expected.json`` says."""
    expected = game.expected
    plain = expected.model_dump(mode="json", exclude_defaults=True)
    return {
        "structure": expected.structure,
        "payoffs": expected.payoffs,
        "open_payoffs": list(expected.open_payoffs),
        "constraints": list(expected.constraints),
        "assumptions": list(expected.assumptions),
        "contradictions": list(expected.contradictions),
        "values": [f"{each.player}: {each.value} ({each.source})" for each in expected.values],
        "equilibria": json.dumps(plain.get("equilibria", []), ensure_ascii=False),
        "theorems": json.dumps(plain.get("theorems", []), ensure_ascii=False),
    }


def reply_rows(corpus: Corpus) -> Iterator[Row]:
    """A row for each recorded reply, in the order of the games."""
    for game in corpus.games.values():
        recorded = game.expected.recorded
        for each in read_recordings((game.folder or Path()) / FILE_NAME):
            yield {
                "game": game.name,
                "sample": each.sample,
                "stage": each.stage,
                "model": each.model,
                "prompt_sha256": each.prompt_sha256,
                "reply": each.reply,
                "outcome": recorded.outcome if recorded else None,
            }
