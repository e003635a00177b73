"""Corpora: folders of games with a description, a reference, and what is expected."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from nl2efg.comparison import Names
from nl2efg.decoding import decoded
from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.evaluation.benchmark import METADATA, benchmark_expected
from nl2efg.evaluation.expected import Expected, load_expected
from nl2efg.formats.files import load_efg
from nl2efg.game import GameTree

_FILES = ("description.txt", "reference.efg", "expected.json")
_HINT = (
    "a corpus holds one folder a game, with description.txt and reference.efg; `nl2efg batch` "
    "compiles texts that have no reference"
)


@dataclass(frozen=True)
class Game:
    """One game of a corpus.

    Args:
        name: of its folder; with the folders above it where two games' folders are called alike.
        text: the description.
        reference: the game that the text describes; None where it describes none.
        expected: how a game is compared with the reference, and what else is known.
        folder: where it was read from; None if it was made in code.
    """

    name: str
    text: str
    reference: GameTree | None
    expected: Expected
    folder: Path | None = None


@dataclass(frozen=True)
class Corpus:
    """Games that can be used, and why the others cannot.

    Args:
        games: by name, in order.
        problems: name of a folder to what is wrong with it.
    """

    games: dict[str, Game]
    problems: dict[str, str]


def load_corpus(folder: Path) -> Corpus:
    """Read a corpus: folders with ``description.txt``, ``reference.efg`` and ``expected.json``.

    They may lie at any depth; folders without any of these files, and hidden ones, are passed
    over. A game without ``expected.json`` is compared strategically, payoffs exactly; the layout
    of the benchmark *Game Description Consistency* says more, see
    :mod:`nl2efg.evaluation.benchmark`. A game that cannot be used is noted in ``problems``; the
    others are read all the same.

    Raises:
        NotFoundError: there is no such folder.
        UserError: it holds no game that can be used.
    """
    if not os.path.isdir(folder):
        what = "is no folder" if os.path.exists(folder) else "does not exist"
        raise NotFoundError(f"{folder} {what}", hint=_HINT)
    games: dict[str, Game] = {}
    problems: dict[str, str] = {}
    for name, own in _named(folder).items():
        try:
            games[name] = _load_game(name, own)
        except UserError as error:
            problems[name] = error.message
    if not games:
        raise UserError(
            f"{folder}: no game that can be used"
            + "".join(f"; {name}: {why}" for name, why in list(problems.items())[:5]),
            hint=_HINT,
        )
    return Corpus(games, problems)


def with_names(corpus: Corpus, rule: Names) -> Corpus:
    """The corpus with all its games judged by one rule of names."""
    changed = {"names": rule.value}
    games = {
        name: replace(game, expected=game.expected.model_copy(update=changed))
        for name, game in corpus.games.items()
    }
    return replace(corpus, games=games)


def _named(top: Path) -> dict[str, Path]:
    """The folders of games, by name, in order."""
    found = {
        file.parent
        for name in _FILES
        for file in top.rglob(name)
        if not any(part.startswith(".") for part in file.relative_to(top).parts)
    }
    times = Counter(own.name for own in found)
    named = {
        own.name if times[own.name] == 1 else own.relative_to(top).as_posix(): own for own in found
    }
    return dict(sorted(named.items()))


def _load_game(name: str, folder: Path) -> Game:
    description = folder / "description.txt"
    try:
        text = decoded(description.read_bytes(), str(description))
    except OSError as error:
        raise NotFoundError(f"{description}: {error.strerror}") from None
    if not text.strip():
        raise FormatError("the description is empty", source=str(description))
    file = folder / "expected.json"
    if file.exists():
        expected = load_expected(file)
    elif (folder / METADATA).exists():
        expected = benchmark_expected(folder, name)
    else:
        expected = Expected(title=name)
    if not expected.is_game:
        return Game(name, text, None, expected, folder)
    reference = folder / "reference.efg"
    if not reference.is_file():
        raise NotFoundError(f"{reference} is missing")
    try:
        return Game(name, text, load_efg(reference), expected, folder)
    except OSError as error:
        raise FormatError(str(error.strerror), source=str(reference)) from None
