"""Collections and labels: by number in the older versions of pygambit, by label in the newer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from nl2efg.dialect.session import refuse, session

T = TypeVar("T")


def as_label(value: Any) -> str:
    """A label as text; anything else than text is written as ``str`` does, and that is noted."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    session().note("B315", f"the label {value!r:.60} is not text and is written as such")
    return str(value)


def find_label(labels: Sequence[str], wanted: str) -> int | None:
    """The index of a label: an exact match, else the only one that differs in case or spaces."""
    if wanted in labels:
        return labels.index(wanted)
    folded = " ".join(wanted.split()).casefold()
    close = [i for i, label in enumerate(labels) if " ".join(label.split()).casefold() == folded]
    return close[0] if len(close) == 1 else None


def did_you_mean(wanted: str, labels: Sequence[str]) -> str:
    """Advice that names the labels there are, the closest first."""
    if not labels:
        return "there is none"
    close = get_close_matches(wanted, labels, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(map(repr, labels[:8]))
    return f"use one of {shown}" + (" …" if len(labels) > 8 else "")


class Items(Sequence[T], Generic[T]):
    """Things with labels, in order.

    Args:
        items: the things.
        kind: what one of them is called.
        add: makes a new one, where pygambit has ``add`` on the collection.
        history: where in the tree, for messages.
    """

    def __init__(
        self,
        items: list[T],
        kind: str,
        *,
        add: Callable[..., T] | None = None,
        history: Callable[[], tuple[str, ...] | None] = lambda: None,
    ) -> None:
        self._items = items
        self._kind = kind
        self._add = add
        self._history = history

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._items))

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return self._items[key]
        if isinstance(key, str):
            return self._by_label(key)
        if hasattr(key, "__index__"):
            index = key.__index__()
            if -len(self._items) <= index < len(self._items):
                return self._items[index]
            raise refuse(
                "B207",
                f"there is no {self._kind} number {index}: there are {len(self._items)}",
                history=self._history(),
                fix="numbers start at 0",
            )
        if key in self._items:
            return key
        raise refuse("B208", f"a {self._kind} is found by number or label, not by {key!r:.60}")

    def __call__(self) -> list[T]:
        """pygambit 16.0 to 16.2 have methods where later versions have properties."""
        return list(self._items)

    def add(self, *args: Any, **kwargs: Any) -> T:
        """Make a new one."""
        if self._add is None:
            raise AttributeError(
                f"a collection of {self._kind}s has no 'add'", name="add", obj=self
            )
        return self._add(*args, **kwargs)

    def _by_label(self, label: str) -> T:
        labels = [str(getattr(item, "label", "")) for item in self._items]
        found = find_label(labels, label)
        if found is None:
            raise refuse(
                "B207",
                f"there is no {self._kind} with the label {label!r}",
                history=self._history(),
                fix=did_you_mean(label, labels),
            )
        return self._items[found]

    def __add__(self, other: Any) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Any) -> list[Any]:
        return [*other, *self]

    def __eq__(self, other: object) -> bool:
        return list(self) == (list(other) if isinstance(other, Items) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))
