"""Labels that every program takes, and the way back to those that people read.

pygambit 16.7 refuses labels outside printable ASCII, with spaces at an end or two in a row, and
repeated labels: of players and outcomes in a game, of nodes in a game, of information sets of one
player, of actions at one information set. ``Chance`` is no name for a player. OpenSpiel knows no
escaped quotation marks. So what we hand to them has *safe* labels, and the comment of the game
ends in a note that says what they stand for::

    [labels: p:Rene=Ren%C3%A9 a:Stop_2=Stop s2:King_2=King]

An entry is a kind, a safe label, ``=`` and the label it stands for, both percent-encoded UTF-8.
The kinds: ``p`` player, ``s0`` information set of chance, ``s1`` of the first player and so on,
``a`` action, ``o`` outcome, ``n`` node, ``t`` title and ``c`` comment (these two without a safe
label). Entries name labels, not numbers, so a game keeps its labels when other programs edit it.
The kind ``h`` names a node by its history, ``h:King%2FBet=the%20end``, for programs in which
nodes have no labels; the actions' labels are percent-encoded once more before they are joined.

pygambit 17 takes any script: *Unicode* labels that are printable, with single spaces inside, no
quotation marks and no backslashes (it writes those into files but does not read them back).

An outcome without a name stays without one; pygambit reads it as ``_1``, ``_2`` …, so such names
mean an unnamed outcome on the way back, and one that is really called so is renamed here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import quote, unquote

from nl2efg.game.model import GameTree
from nl2efg.text import steady, steers

_SAFE_LABEL = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*")
_SAFE_TEXT = re.compile(r"[\n !#-\[\]-~]*")
_UNSAFE_IN_UNICODE = re.compile(r'["\\]|^ | $|  ')
_UNNAMED_OUTCOME = re.compile(r"_\d+", re.ASCII)
_NOTE_START = "[labels:"
_ENTRY = re.compile(r"(p|s\d{1,9}|a|o|n|h|t|c):([\w.~%-]*)=([\w.~%-]*)", re.ASCII)
_ASCII_FORMS = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": "'", "”": "'", "„": "'", '"': "'", "\\": "/",
        "–": "-", "—": "-", "−": "-", "‐": "-", "→": "->", "×": "x", "ß": "ss", "ø": "o",
        "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "¬": "not ",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SafeLabels:
    """What safe labels stand for: kind and safe label, and the label as it is displayed.

    Labels that are safe as they are, are not listed.
    """

    display: dict[tuple[str, str], str]

    def note(self) -> str:
        """The note for the game's comment; empty if nothing had to be made safe."""
        if not self.display:
            return ""
        entries = (
            f" {kind}:{_encode(safe)}={_encode(shown)}"
            for (kind, safe), shown in self.display.items()
        )
        return _NOTE_START + "".join(entries) + "]"

    @classmethod
    def from_comment(cls, comment: str) -> tuple[SafeLabels, str]:
        """The labels that a comment notes, and the comment without the note."""
        start = comment.rfind(_NOTE_START)
        if start < 0 or not comment.endswith("]") or (start and comment[start - 1] != "\n"):
            return cls({}), comment
        display: dict[tuple[str, str], str] = {}
        for entry in comment[start + len(_NOTE_START) : -1].split():
            match = _ENTRY.fullmatch(entry)
            if match is None:
                return cls({}), comment  # not written by us: a comment like any other
            display[match[1], _decode(match[2])] = _decode(match[3])
        return cls(display), comment[: max(start - 1, 0)]


def make_safe(
    tree: GameTree, *, unicode: bool = False, node_labels_noted: bool = False
) -> tuple[GameTree, SafeLabels]:
    """The same game with safe labels, and what they stand for.

    The note is not in its comment yet; :func:`with_safe_labels` puts it there.

    Args:
        unicode: whether labels in any script are safe, as for pygambit 17.
        node_labels_noted: whether nodes lose their labels and the note alone has them.
    """
    display: dict[tuple[str, str], str] = {}

    def safe(kind: str, labels: Sequence[str], **rules: bool) -> list[str]:
        found = _distinct(labels, unicode=unicode, **rules)
        for label, chosen in zip(labels, found, strict=True):
            if chosen != label:
                display[kind, chosen] = label
        return found

    def safe_text(kind: str, text: str) -> str:
        if _is_safe_text(text, unicode) and _NOTE_START not in text:
            return text
        display[kind, ""] = text
        return _ascii(text).replace(_NOTE_START, "[")

    players = safe("p", tree.players, players=True)
    sets = list(tree.information_sets)
    by_owner: dict[int, list[int]] = {}
    for number, information_set in enumerate(tree.information_sets):
        by_owner.setdefault(information_set.player, []).append(number)
    for owner, numbers in by_owner.items():
        labels = safe(f"s{owner + 1}", [sets[number].label for number in numbers])
        for number, label in zip(numbers, labels, strict=True):
            sets[number] = replace(sets[number], label=label)
    keyed = [_keyed(information_set.actions) for information_set in sets]
    # First all labels, then the repetitions, so that a first one keeps its label.
    keys = sorted({key: None for row in keyed for key in row}, key=lambda key: key[1])
    action_labels = safe("a", [label for label, _ in keys], named=True)
    actions = dict(zip(keys, action_labels, strict=True))
    outcome_labels = safe("o", [outcome.label for outcome in tree.outcomes], outcomes=True)
    nodes = [""] * len(tree) if node_labels_noted else safe("n", tree.node_labels)
    changed = replace(
        tree,
        players=tuple(players),
        information_sets=tuple(
            replace(information_set, actions=tuple(actions[key] for key in row))
            for information_set, row in zip(sets, keyed, strict=True)
        ),
        outcomes=tuple(
            replace(outcome, label=label)
            for outcome, label in zip(tree.outcomes, outcome_labels, strict=True)
        ),
        node_labels=tuple(nodes),
        title=safe_text("t", tree.title),
        comment=safe_text("c", tree.comment),
    )
    if node_labels_noted:
        for node, label in enumerate(tree.node_labels):
            if label:
                display["h", "/".join(map(_encode, changed.history(node)))] = label
    return changed, SafeLabels(display)


def with_safe_labels(
    tree: GameTree, *, unicode: bool = False, node_labels_noted: bool = False
) -> GameTree:
    """The same game with safe labels, noted in its comment; see :func:`restore_labels`.

    Args:
        unicode, node_labels_noted: as :func:`make_safe`.
    """
    changed, labels = make_safe(tree, unicode=unicode, node_labels_noted=node_labels_noted)
    note = labels.note()
    if not note:
        return changed
    return replace(changed, comment=f"{changed.comment}\n{note}" if changed.comment else note)


def restore_labels(tree: GameTree) -> GameTree:
    """The game with the labels that its comment notes, and the comment without the note.

    All texts are made steady (see :func:`nl2efg.text.steady`), those in the note too; where
    they are, ``restore_labels(with_safe_labels(tree)) == tree``.
    """
    tree = steady_game(tree)
    labels, comment = SafeLabels.from_comment(tree.comment)
    unnamed = any(_UNNAMED_OUTCOME.fullmatch(outcome.label) for outcome in tree.outcomes)
    if not labels.display and not unnamed:
        return tree

    def shown(kind: str) -> Callable[[str], str]:
        return lambda label: labels.display.get((kind, label), label)

    def outcome_label(label: str) -> str:
        return "" if _UNNAMED_OUTCOME.fullmatch(label) else shown("o")(label)

    return replace(
        tree,
        players=tuple(map(shown("p"), tree.players)),
        information_sets=tuple(
            replace(
                information_set,
                label=shown(f"s{information_set.player + 1}")(information_set.label),
                actions=tuple(map(shown("a"), information_set.actions)),
            )
            for information_set in tree.information_sets
        ),
        outcomes=tuple(
            replace(outcome, label=outcome_label(outcome.label)) for outcome in tree.outcomes
        ),
        node_labels=_noted_node_labels(tree, labels, map(shown("n"), tree.node_labels)),
        title=shown("t")("") or tree.title,
        comment=shown("c")("") or comment,
    )


def _noted_node_labels(
    tree: GameTree, labels: SafeLabels, others: Iterable[str]
) -> tuple[str, ...]:
    """Labels of nodes, those that are noted by history among them."""
    found = list(others)
    for (kind, safe), label in labels.display.items():
        if kind == "h":
            node = tree.find([_decode(part) for part in safe.split("/")] if safe else [])
            if node is not None:
                found[node] = label
    return tuple(found)


def _keyed(actions: Iterable[str]) -> list[tuple[str, int]]:
    """Each label with how often it came before at the same information set."""
    seen: dict[str, int] = {}
    found = []
    for label in actions:
        found.append((label, seen.get(label, 0)))
        seen[label] = seen.get(label, 0) + 1
    return found


def _is_safe_text(text: str, unicode: bool) -> bool:
    if unicode:
        return all(char == "\n" or char.isprintable() for char in text) and not set('"\\') & set(
            text
        )
    return _SAFE_TEXT.fullmatch(text) is not None


def _is_safe_label(label: str, unicode: bool) -> bool:
    if unicode:
        return label != "" and label.isprintable() and not _UNSAFE_IN_UNICODE.search(label)
    return _SAFE_LABEL.fullmatch(label) is not None


def _distinct(
    labels: Sequence[str],
    *,
    unicode: bool = False,
    players: bool = False,
    named: bool = False,
    outcomes: bool = False,
) -> list[str]:
    """A safe label for each, all different but for empty ones.

    Args:
        unicode: whether labels in any script are safe.
        players: names of players: not empty, and none that programs reserve.
        named: none may be empty.
        outcomes: none may look like pygambit's name for an unnamed outcome.
    """

    def is_safe(label: str) -> bool:
        if players and label in ("Chance", "}"):
            return False
        if outcomes and _UNNAMED_OUTCOME.fullmatch(label):
            return False
        return _is_safe_label(label, unicode)

    taken = set(filter(is_safe, labels))
    first = set(taken)
    numbers: dict[str, int] = {}
    found: list[str] = []
    for label in labels:
        if not label and not (players or named):
            found.append("")
        elif label in first:
            first.discard(label)
            found.append(label)
        else:
            base = " ".join(_ascii(label).split()) or "unnamed"
            base = base if is_safe(base) else f"{'player' if players else 'outcome'} {base}"
            chosen = base
            while chosen in taken:
                numbers[base] = numbers.get(base, 1) + 1
                chosen = f"{base}_{numbers[base]}"
            taken.add(chosen)
            found.append(chosen)
    return found


def _ascii(text: str) -> str:
    """Text in printable ASCII without quotation marks and backslashes, as near as it goes."""
    spelled = unicodedata.normalize("NFKD", text.translate(_ASCII_FORMS)).translate(_ASCII_FORMS)
    found = []
    for char in spelled:
        if " " <= char <= "~" or char == "\n":
            found.append(char)
        elif char.isspace():
            found.append(" ")
        elif not unicodedata.combining(char):
            found.append(f"u{ord(char):x}")
    return "".join(found)


def _encode(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _decode(text: str) -> str:
    # What stands in a note has passed every check of the comment's characters.
    return steady(unquote(text, errors="replace"))


def steady_game(tree: GameTree) -> GameTree:
    """The game with steady texts; itself if all of them are."""
    sets, outcomes = tree.information_sets, tree.outcomes
    texts = chain(
        (tree.title, tree.comment),
        tree.players,
        tree.node_labels,
        (own.label for own in sets),
        (action for own in sets for action in own.actions),
        (outcome.label for outcome in outcomes),
    )
    if not steers("".join(texts)):
        return tree
    return replace(
        tree,
        players=tuple(map(steady, tree.players)),
        information_sets=tuple(
            replace(own, label=steady(own.label), actions=tuple(map(steady, own.actions)))
            for own in sets
        ),
        outcomes=tuple(replace(outcome, label=steady(outcome.label)) for outcome in outcomes),
        node_labels=tuple(map(steady, tree.node_labels)),
        title=steady(tree.title),
        comment=steady(tree.comment),
    )
