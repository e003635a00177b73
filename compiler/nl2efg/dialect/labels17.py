"""Rules on labels that pygambit 17 has and nl2efg has not: they are said, and the call goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nl2efg.dialect.lookup import as_label, did_you_mean
from nl2efg.dialect.session import refuse, session


def check_action_labels(labels: Sequence[str], doing: str) -> None:
    """Say where labels of actions are empty or repeated."""
    if "" in labels:
        session().warn("B319", f"{doing}: action labels must not be empty", fix="name the action")
    again = [label for label, count in Counter(labels).items() if count > 1 and label]
    if again:
        session().warn(
            "B319",
            f"{doing}: action labels must be unique, and {again[0]!r} is there twice",
            fix="give each action of a node a label of its own",
        )


def check_free(label: str, taken: Iterable[str], doing: str, kind: str) -> None:
    """Say where a label is held by something else already, or empty where it must not be."""
    if label and label in taken:
        session().warn(
            "B319",
            f"{doing}: the label {label!r} is held by another {kind}",
            fix=f"give each {kind} a label of its own",
        )


def reconciled(
    current: Sequence[str], given: Any, doing: str, kind: str, *, drop: bool, add: bool
) -> list[str]:
    """The labels that a collection is to have, in order, as the ``set_`` functions take them.

    Args:
        current: the labels that there are.
        given: what the program asks for.
        doing: the function's name.
        kind: what has the labels.
        drop: whether labels that are missing may be deleted.
        add: whether new ones may be added.

    Raises:
        DialectError: it is no list of labels, empty, or not confirmed by ``drop`` or ``add``.
    """
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise refuse(
            "B208",
            f"{doing}: a list of labels is needed, not {given!r:.60}",
            fix="write ['a', 'b']",
        )
    labels = [as_label(getattr(one, "label", one)) for one in given]
    if not labels or "" in labels:
        raise refuse("B208", f"{doing}: the list of labels, and each label, must not be empty")
    again = [label for label, count in Counter(labels).items() if count > 1]
    if again:
        raise refuse("B208", f"{doing}: {again[0]!r} appears more than once")
    known = Counter(current)
    if any(count > 1 for count in known.values()):
        raise refuse(
            "B208", f"{doing}: {kind}s have the same label, and cannot be told apart by it"
        )
    new = [label for label in labels if label not in known]
    missing = [label for label in current if label not in labels]
    if new and not add:
        raise refuse(
            "B209",
            f"{doing}: would create new {kind}s {new}",
            fix=f"{did_you_mean(new[0], list(current))} Or leave out add=False",
        )
    if missing and not drop:
        raise refuse(
            "B209",
            f"{doing}: would delete {kind}s {missing}",
            fix="name them too, or pass drop=True",
        )
    return labels


def relabelled(
    current: Sequence[str], given: Any, doing: str, kind: str, *, strict: bool
) -> dict[str, str]:
    """The changes of labels that a ``relabel_`` function is asked for.

    Args:
        current: the labels that there are.
        given: from labels to others.
        doing: the function's name.
        kind: what has the labels.
        strict: whether every key must be a label that there is.

    Raises:
        DialectError: it is no mapping; a key is unknown, or the label of more than one; or
            labels would be empty or the same.
    """
    if not isinstance(given, Mapping):
        raise refuse(
            "B208",
            f"{doing}: a mapping from labels to labels is needed",
            fix="write {'old': 'new'}",
        )
    changes: dict[str, str] = {}
    for key, value in given.items():
        old, new = as_label(getattr(key, "label", key)), as_label(value)
        if current.count(old) > 1:
            raise refuse("B207", f"{doing}: more than one {kind} has the label {old!r}")
        if old in current:
            changes[old] = new
        elif strict:
            raise refuse(
                "B207",
                f"{doing}: no {kind} has the label {old!r}",
                fix=did_you_mean(old, list(current)),
            )
    after = Counter(changes.get(label, label) for label in current)
    changed = {new for old, new in changes.items() if old != new}
    if "" in changed or any(after[label] > 1 for label in changed):
        raise refuse(
            "B208", f"{doing}: labels of {kind}s must stay unique and must not become empty"
        )
    return changes
