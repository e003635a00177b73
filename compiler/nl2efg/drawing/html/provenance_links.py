"""Where the game comes from: sentences of the text and lines of the code, linked to nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nl2efg.game import GameTree
from nl2efg.game.effort import EffortError
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.record import CompilationRecord, Provenance

MAX_NODES = 5_000  # of one sentence
MAX_CLAIMED = 20_000  # nodes of a tree over which the sketch is laid

_WIDE = re.compile(r"\s\s|[^\S ]")  # white space that is not one blank


@dataclass(slots=True)
class Links:
    """Who points where.

    Args:
        text: the description in pieces, each with the numbers of the sentences it belongs to.
        code: the lines of the code.
        nodes: for a node its sentences and lines.
        sentence_nodes, line_nodes: the nodes of each sentence and of each line.
        unsourced: nodes for which no sentence of the text was found, nor a claim of the sketch.
        assumptions: in words, what is not in the text: the record's, and nothing else.
    """

    text: list[tuple[str, int | None]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    nodes: dict[int, tuple[set[int], set[int]]] = field(default_factory=dict)
    sentence_nodes: dict[int, list[int]] = field(default_factory=dict)
    line_nodes: dict[int, list[int]] = field(default_factory=dict)
    unsourced: set[int] = field(default_factory=set)
    assumptions: list[str] = field(default_factory=list)


def link(record: CompilationRecord, tree: GameTree) -> Links:
    """The links of a record's provenance."""
    found = Links()
    numbers: dict[str, int] = {}
    claimed = _claimed(record, tree)
    for entry in record.provenance:
        nodes = _nodes(entry, tree)
        sentence = line = None
        if entry.sentence:
            sentence = numbers.setdefault(entry.sentence, len(numbers))
            found.sentence_nodes.setdefault(sentence, []).extend(nodes[:MAX_NODES])
        elif entry.sentence is None:
            found.unsourced.update(node for node in nodes if node not in claimed)
        if entry.line is not None:
            line = entry.line
            found.line_nodes.setdefault(line, []).extend(nodes[:MAX_NODES])
        for node in nodes:
            sentences, lines = found.nodes.setdefault(node, (set(), set()))
            if sentence is not None:
                sentences.add(sentence)
            if line is not None:
                lines.add(line)
    found.text = split_text(record.text, numbers)
    found.code = _code(record).splitlines()
    found.assumptions = list(dict.fromkeys(record.assumptions))
    return found


def _claimed(record: CompilationRecord, tree: GameTree) -> set[int]:
    """The nodes whose payoffs the sketch gives, although it quotes no sentence for them."""
    if record.sketch is None or len(tree) > MAX_CLAIMED:
        return set()
    match = SketchMatch(tree, record.sketch)
    try:
        return {node for claim in record.sketch.claims for node in match.nodes_of(claim)}
    except EffortError:
        return set()


def _code(record: CompilationRecord) -> str:
    built = [attempt for attempt in record.attempts if attempt.built] or list(record.attempts)
    return built[-1].code if built else ""


def _nodes(entry: Provenance, tree: GameTree) -> list[int]:
    if entry.node is not None:
        return [entry.node] if 0 <= entry.node < len(tree) else []
    number = entry.information_set
    if number is not None and 0 <= number < len(tree.members):
        return list(tree.members[number])
    if entry.kind == "player" and entry.name in tree.players:
        sets = tree.sets_of_player(tree.players.index(entry.name))
        return [node for own in sets for node in tree.members[own]]
    return []


def split_text(text: str, sentences: dict[str, int]) -> list[tuple[str, int | None]]:
    """The text in pieces; a piece that is a sentence has its number, all others None.

    Sentences are found by their words, whatever the white space between them; of two that
    overlap, the one that begins first is marked.
    """
    squeezed, places = _squeeze(text)
    spans = []
    for sentence, number in sentences.items():
        wanted = _squeeze(sentence)[0].strip()
        start = squeezed.find(wanted) if wanted else -1
        if start >= 0:
            spans.append((places[start], places[start + len(wanted) - 1] + 1, number))
    pieces: list[tuple[str, int | None]] = []
    end = 0
    for start, stop, number in sorted(spans):
        if start < end:
            continue
        if start > end:
            pieces.append((text[end:start], None))
        pieces.append((text[start:stop], number))
        end = stop
    if end < len(text):
        pieces.append((text[end:], None))
    return pieces


def _squeeze(text: str) -> tuple[str, Sequence[int]]:
    """The text with single blanks, and where each of its characters was."""
    if not _WIDE.search(text):
        return text, range(len(text))
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isspace():
            if kept and kept[-1] == " ":
                continue
            char = " "
        kept.append(char)
        places.append(place)
    return "".join(kept), places


def as_json(links: Links) -> dict[str, object]:
    """The part of the links that the page's script needs."""

    def plain(table: dict[int, list[int]]) -> dict[int, list[int]]:
        return {key: _unique(nodes) for key, nodes in table.items()}

    return {
        "links": {
            node: {"s": sorted(sentences), "l": sorted(lines)}
            for node, (sentences, lines) in links.nodes.items()
        },
        "sentenceNodes": plain(links.sentence_nodes),
        "lineNodes": plain(links.line_nodes),
        "unsourced": sorted(links.unsourced),
    }


def _unique(nodes: Iterable[int]) -> list[int]:
    return sorted(set(nodes))
