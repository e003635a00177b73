"""Names of a package that are loaded from its modules when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names_when_used(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package.

    Args:
        package: its ``__name__``.
        homes: for each name the module or package below it that has it.
    """

    def get(name: str) -> Any:
        if name not in homes:
            # With name and module Python itself proposes the name that was meant.
            raise AttributeError(
                f"module {package!r} has no attribute {name!r}",
                name=name,
                obj=sys.modules.get(package),
            )
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return get


_pictures: list[Callable[[Any, Any], str]] = []


def draw_notebooks_with(draw: Callable[[Any, Any], str]) -> None:
    """Say how a notebook shows a game: trees know no drawing, the package's front door does.

    Args:
        draw: from a tree, and a profile or None, to its SVG.
    """
    _pictures[:] = [draw]


def notebook_picture(tree: Any, profile: Any = None) -> str:
    """A game as SVG, for notebooks.

    Args:
        tree: the game.
        profile: what is played in it, laid over the picture; or None.
    """
    return _pictures[0](tree, profile)
