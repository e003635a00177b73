"""Checks of the players against the text: who they are, how many, and who begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nl2efg.checks.context import CheckContext
from nl2efg.game import CHANCE, NO_SET
from nl2efg.prose.numbers import number_of, valued_cues
from nl2efg.prose.players_in_text import PlayersInText, players_in
from nl2efg.prose.text import Cue, stem, words_of
from nl2efg.schema.diagnostics import Diagnostic, Severity


def check_players(case: CheckContext) -> Iterator[Diagnostic]:
    """Every finding about the players."""
    if case.prose is None:
        return
    cast = players_in(case.tree.players, case.prose)
    yield from _not_in_text(case, cast)
    yield from _count(case)
    yield from _first_mover(case, cast)
    yield from _actions_of_others(case, cast)


def _not_in_text(case: CheckContext, cast: PlayersInText) -> Iterator[Diagnostic]:
    """A player whom the text does not name, though it names others."""
    everybody = range(len(case.tree.players))
    anybody = any(cast.is_named(number) for number in everybody)
    for number in everybody:
        name = case.tree.players[number]
        if cast.is_named(number) or not anybody or not name.strip():
            continue
        # `Player 2` beside `Player 1` is one too many; `Player 2` beside `Alice` is a nickname.
        same_scheme = all(cast.is_generic(other) for other in everybody)
        one_too_many = same_scheme and not _speaks_of_others(case, name)
        yield case.found(
            "C501",
            Severity.WARNING if one_too_many else Severity.NOTE,
            f"the text names no player {name!r}",
            node=next(iter(case.nodes_of(number)), None),
            part="move",
            fix=f"call {name!r} as the text does, or leave that player out",
        )


def _speaks_of_others(case: CheckContext, name: str) -> bool:
    """Whether the text means a numbered player by other words: ``players 1 and 2``, ``both``."""
    assert case.prose is not None
    prose = case.prose
    number = words_of(name)[-1]
    together = re.search(rf"(?i)players\b[^.]{{0,40}}\b{re.escape(number)}\b", prose.text)
    others = prose.vocabulary.other_names.search(prose.text)
    return bool(together or others or prose.cues("several_players"))


def _count(case: CheckContext) -> Iterator[Diagnostic]:
    assert case.prose is not None
    counts: dict[int, Cue] = {}
    for groups, cue in valued_cues(case.prose, "player_count"):
        written = "one" if "single" in groups else next(iter(groups.values()))
        value = number_of(written, case.prose.vocabulary.numbers)
        if value is not None:
            counts.setdefault(int(value), cue)
    if len(counts) != 1:
        return
    (count, cue), here = next(iter(counts.items())), len(case.tree.players)
    if count != here:
        yield case.found(
            "C502",
            Severity.WARNING,
            f"the text has {_players(count)}, the game {_players(here)}: "
            + ", ".join(map(repr, case.tree.players)),
            sentence=cue,
            fix=f"make it a game of {_players(count)}",
        )


def _players(count: int) -> str:
    return f"{count} player" + ("" if count == 1 else "s")


def _first_mover(case: CheckContext, cast: PlayersInText) -> Iterator[Diagnostic]:
    """The player of whom the text says that he begins is not the one who does."""
    assert case.prose is not None
    tree = case.tree
    node = 0
    while tree.set_of[node] != NO_SET and tree.player_of(node) == CHANCE:
        node = tree.children[node][0]
    mover = tree.player_of(node)
    if mover is None or mover == CHANCE:
        return
    named = {cast.before(cue): cue for cue in reversed(case.prose.cues("first"))}
    named.pop(None, None)
    # Where the text lets several begin, it speaks of variants or of stages.
    if len(named) != 1 or case.prose.cues("simultaneous"):
        return
    ((player, cue),) = named.items()
    if player is not None and player != mover:
        yield case.found(
            "C503",
            Severity.WARNING,
            f"{tree.players[player]!r} begins in the text, {tree.players[mover]!r} in the tree",
            node=node,
            part="move",
            sentence=cue,
            fix=f"let {tree.players[player]!r} move first",
        )


def _actions_of_others(case: CheckContext, cast: PlayersInText) -> Iterator[Diagnostic]:
    """``If Ann accepts`` in the text, and only Ben has an action of that name in the tree."""
    assert case.prose is not None
    prose, tree = case.prose, case.tree
    owners: dict[str, set[int]] = {}
    for infoset in tree.information_sets:
        for label in infoset.actions:
            if words := words_of(label):
                owners.setdefault(stem(words[0]), set()).add(infoset.player)
    told: set[tuple[int, str]] = set()
    for player, spans in enumerate(cast.mentions):
        for start, end in spans:
            match = prose.vocabulary.condition.match(prose.text, end)
            if not match:
                continue
            verb = stem(match["verb"].lower())
            if player in owners.get(verb, {player}) or (player, verb) in told:
                continue
            if not prose.vocabulary.if_before.search(prose.text[max(0, start - 30) : start]):
                continue
            told.add((player, verb))
            others = sorted(tree.player_name(other) for other in owners[verb])
            yield case.found(
                "C504",
                Severity.WARNING,
                f"in the text {tree.players[player]!r} {match['verb']}; in the tree only "
                f"{', '.join(others)} can",
                sentence=prose.sentence_at(end),
                fix=f"let {tree.players[player]!r} move where the text says so",
            )
