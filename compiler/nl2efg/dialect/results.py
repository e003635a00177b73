"""What comes after building in pygambit: writing, solving, drawing. Here it is left to nl2efg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.session import session
from nl2efg.dialect.snapshot import snapshot
from nl2efg.formats import write_efg

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


class Later:
    """Stands for a result that nl2efg itself finds after the build: it answers to everything."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Later:
        return self

    def __getitem__(self, key: Any) -> Later:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __float__(self) -> float:
        return 0.0

    def __str__(self) -> str:
        return f"<{self._what}: after the build>"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)


def later(what: str) -> Later:
    """A stand-in for a result that comes after the build; says so once a line."""
    session().note("B313", f"left to nl2efg, after the build: {what}")
    return Later(what)


def to_efg(game: Game, filepath_or_buffer: Any = None) -> str:
    """The text of the ``.efg`` file; it goes to a buffer, but to no file."""
    text = write_efg(snapshot(game).to_tree())
    if hasattr(filepath_or_buffer, "write"):
        filepath_or_buffer.write(text)
    elif filepath_or_buffer is not None:
        session().note("B313", "writing the file is left to nl2efg, after the build")
    return text
