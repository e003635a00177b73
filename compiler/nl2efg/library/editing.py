"""Edits of a game, and new versions of a compilation."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Unpack

from nl2efg.errors import UserError, expect
from nl2efg.library.games import GameLike, as_tree

if TYPE_CHECKING:
    from nl2efg.game import GameTree
    from nl2efg.models.choice import ModelChoice
    from nl2efg.pipeline import Compilation
    from nl2efg.pipeline.options import CompileOptions
    from nl2efg.revision.edits import Value
    from nl2efg.revision.places import History


def set_payoff(game: GameLike, history: History, player: str, value: Value) -> GameTree:
    """The game in which a player gets another payoff at an end.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        history: the end: labels from the root, as a list or with commas between them; ``*`` means
            every action, ``#2`` the second one.
        player: a name.
        value: an exact number, such as 3 or "1/2", or an expression in the game's letters: all that
            the player gets there.

    Raises:
        UserError: no such end or player, no number, or a letter that shapes the tree.

    >>> import nl2efg
    >>> changed = nl2efg.set_payoff("trust_game", "Trust, Honour", "Seller", 3)
    >>> nl2efg.changes("trust_game", changed)
    ('after (Trust, Honour) Seller gets 3 (was 1)',)
    """
    from nl2efg.revision import set_payoff

    return set_payoff(as_tree(game), history, player, value)


def set_probabilities(game: GameLike, history: History, values: Mapping[str, Value]) -> GameTree:
    """The game in which chance draws with other probabilities.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        history: where chance moves; as for :func:`nl2efg.set_payoff`, empty for the root.
        values: by action; the actions that are not named share the rest as they did.

    Raises:
        UserError: chance does not move there, or these are no probabilities.
    """
    from nl2efg.revision import set_probabilities

    return set_probabilities(as_tree(game), history, values)


def join_infosets(game: GameLike, *histories: History) -> GameTree:
    """The game in which a player cannot tell histories apart.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        histories: whose information sets become one; as for :func:`nl2efg.set_payoff`.

    Raises:
        UserError: different players move there, or with different actions.
    """
    from nl2efg.revision import join

    return join(as_tree(game), *histories)


def split_infoset(game: GameLike, *histories: History) -> GameTree:
    """The game in which a player can tell histories from the rest of their information set.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        histories: of one set; they form one of their own. As for :func:`nl2efg.set_payoff`.

    Raises:
        UserError: they are of several sets, or the whole set.
    """
    from nl2efg.revision import split

    return split(as_tree(game), *histories)


def rename(game: GameLike, old: str, new: str) -> GameTree:
    """The game in which a player or an action has another name.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        old: a player; or an action, wherever it is called so; or a history, for its last action
            alone; ``player:NAME`` or ``action:NAME`` where both have the name; ``player:#2`` is
            the second player, ``action:#2`` the second action at the root.
        new: the name.

    Raises:
        UserError: nothing is called so, or it is not clear what is meant.
    """
    from nl2efg.revision import rename

    return rename(as_tree(game), old, new)


def changes(before: GameLike, after: GameLike) -> tuple[str, ...]:
    """What changed from one version of a game to the next, a sentence for each change.

    Args:
        before, after: the versions, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game.
    """
    from nl2efg.comparison.changes import game_changes

    return game_changes(as_tree(before), as_tree(after))


def revised(compilation: Compilation, game: GameLike, words: str = "") -> Compilation:
    """The next version of a compilation: its game changed, checked and solved anew.

    ``revised(…).write(folder)`` keeps the version before in the folder.

    Args:
        compilation: the version before.
        game: the changed game, in any form of :data:`nl2efg.GameLike`.
        words: what was done.

    Raises:
        UserError: no compilation, or no game.
    """
    from nl2efg.revision import revised

    _expect_compilation(compilation)
    return revised(compilation, as_tree(game), how="set", words=words)


def edit(
    compilation: Compilation,
    instruction: str,
    *,
    model: ModelChoice = None,
    **options: Unpack[CompileOptions],
) -> Compilation:
    """The next version of a compilation, changed by a model as its author says.

    Text, tree and program go to the model with the instruction; what comes back is run, checked and
    repaired as in a compile, against the text with the instruction. See :func:`nl2efg.changes` for
    what it changed, and ``.write(folder)`` to take it.

    Args:
        compilation: the version before.
        instruction: what is to change, such as "Ben does not see Ann's move".
        model: who changes the program: a name, a model, or None for the one that is configured.
        options: fields of :class:`nl2efg.Options`, of which ``rounds``, ``verify``, ``verifier``,
            ``critic``, ``check`` and ``max_nodes`` matter.

    Raises:
        UserError: no compilation, an empty instruction, or several models.
        CompilationError: no game came out; its ``record`` holds what was made.
        ServiceError: of the model's; its ``record`` holds what was made.
    """
    from nl2efg.models.choice import choose_models
    from nl2efg.revision.instruction import edited

    _expect_compilation(compilation)
    models = choose_models(compilation.text or instruction, model)
    if len(models) != 1:
        raise UserError("one model edits a game", hint="give one model")
    return edited(compilation, instruction, models[0], **options)


def refresh(folder: str | PathLike[str], *, use: str = "") -> Compilation | None:
    """Take what a person changed in a folder's ``game.py`` or ``game.efg``; see ``nl2efg refresh``.

    Args:
        folder: a compilation's.
        use: ``game.py`` or ``game.efg``: the one that counts, where both were edited.

    Returns:
        What is in the folder now; None if nothing was edited.

    Raises:
        UserError: no compilation's folder, both files were edited and differ, or one has a fault.
        CompilationError: the edited program builds no game.
    """
    from nl2efg.revision import refresh

    return refresh(folder, use=use)


def take_version(folder: str | PathLike[str], number: int | None = None) -> Compilation:
    """Make an earlier version of a folder the current one; the current one is kept.

    Args:
        folder: a compilation's.
        number: of the version; by default the one before.

    Raises:
        UserError: no compilation's folder, or no such version.
    """
    from nl2efg.revision import take_version

    return take_version(folder, number)[0]


def _expect_compilation(given: object) -> None:
    from nl2efg.pipeline.compilation import Compilation

    hint = "nl2efg.compile makes one, nl2efg.Compilation.load reads its folder"
    expect(given, Compilation, "compilation", hint=hint)
