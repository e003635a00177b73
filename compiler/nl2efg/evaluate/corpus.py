"""Corpora: folders of games with a description, a reference, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.evaluate.expected import Expected, load_expected
from nl2efg.tree import GameTree
from nl2efg.tree.files import decode, load_efg


@dataclass(frozen=True)
class Game:
    """One game of a corpus.

    Args:
        name: of its folder.
        text: the description.
        reference: the game that the text describes; None where it describes none.
        expected: how a game is compared with the reference, and what else is known.
    """

    name: str
    text: str
    reference: GameTree | None
    expected: Expected


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

    A game without ``expected.json`` is compared strategically, payoffs exactly. A game that cannot
    be used is noted in ``problems``; the others are read all the same.

    Raises:
        NotFoundError: there is no such folder.
        UserError: it holds no game that can be used.
    """
    if not folder.is_dir():
        raise NotFoundError(f"there is no folder {folder}")
    games: dict[str, Game] = {}
    problems: dict[str, str] = {}
    for own in sorted(path for path in folder.iterdir() if path.is_dir()):
        if own.name.startswith("."):
            continue
        try:
            games[own.name] = _load_game(own)
        except UserError as error:
            problems[own.name] = error.message
    if not games:
        raise UserError(
            f"{folder}: no game that can be used"
            + "".join(f"; {name}: {why}" for name, why in list(problems.items())[:5]),
            hint="a corpus holds one folder a game, with description.txt and reference.efg",
        )
    return Corpus(games, problems)


def _load_game(folder: Path) -> Game:
    description = folder / "description.txt"
    try:
        text = decode(description.read_bytes(), str(description))
    except OSError as error:
        raise NotFoundError(f"{description}: {error.strerror}") from None
    file = folder / "expected.json"
    expected = load_expected(file) if file.exists() else Expected(title=folder.name)
    if not expected.is_game:
        return Game(folder.name, text, None, expected)
    reference = folder / "reference.efg"
    if not reference.is_file():
        raise NotFoundError(f"{reference} is missing")
    try:
        return Game(folder.name, text, load_efg(reference), expected)
    except OSError as error:
        raise FormatError(str(error.strerror), source=str(reference)) from None
