"""What comes after building in pygambit: writing, solving, drawing. Here it is left to nl2efg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nl2efg.dialect.arguments import Operands, game_of
from nl2efg.dialect.session import session


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


class Writing(Operands):
    """The part of ``Game`` that hands out results."""

    def write(self, *args: Any, **kwargs: Any) -> str:
        """The game in Gambit's format; no file is written."""
        return self.to_efg()

    def to_efg(self, filepath_or_buffer: Any = None, *args: Any, **kwargs: Any) -> str:
        """The text of the ``.efg`` file; it goes to a buffer, but to no file."""
        from nl2efg.dialect.snapshot import snapshot
        from nl2efg.formats import write_efg

        text = write_efg(snapshot(game_of(self)).to_tree())
        if hasattr(filepath_or_buffer, "write"):
            filepath_or_buffer.write(text)
        elif filepath_or_buffer is not None:
            session().note("B313", "writing the file is left to nl2efg, after the build")
        return text

    save = save_efg = write_efg = to_efg

    def to_nfg(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return later("the strategic form")

    def to_html(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return later("the table")

    def to_latex(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return later("the table")

    def to_arrays(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return later("the strategic form")

    def mixed_strategy_profile(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return later("a profile")

    mixed_behavior_profile = random_strategy_profile = mixed_strategy_profile
    random_behavior_profile = strategy_support_profile = mixed_strategy_profile
    behavior_support_profile = support_profile = mixed_strategy_profile

    @property
    def is_perfect_recall(self) -> Later:
        """Left to nl2efg."""
        return later("perfect recall")

    @property
    def subgames(self) -> Later:
        """Left to nl2efg."""
        return later("the subgames")

    def has_perfect_recall(self, *args: Any) -> Later:
        """Left to nl2efg."""
        return later("perfect recall")
