"""Checks of who knows what: the tree's information sets against the words of the text."""

from __future__ import annotations

from collections.abc import Iterator

from nl2efg.checks.context import CheckContext, set_name
from nl2efg.checks.knowledge import check_learning
from nl2efg.game import CHANCE
from nl2efg.game.analysis import absent_minded_sets, has_perfect_information, imperfect_recall_sets
from nl2efg.prose.players_in_text import players_in
from nl2efg.schema.diagnostics import Diagnostic, Severity


def check_information(case: CheckContext) -> Iterator[Diagnostic]:
    """Every finding about information sets."""
    yield from _recall(case)
    if case.prose is None:
        return
    yield from _memory_in_text(case)
    if has_perfect_information(case.tree):
        yield from _hidden_in_text(case)
    else:
        yield from _informed_player(case)
        yield from _ignorant_player(case)
        yield from _open_in_text(case)
        yield from check_learning(case)


def _recall(case: CheckContext) -> Iterator[Diagnostic]:
    """Forgetting in the tree that the text does not tell."""
    tree = case.tree
    absent = absent_minded_sets(tree)
    forgetful = [number for number in imperfect_recall_sets(tree) if number not in absent]
    prose = case.prose
    for sets, code, families, what, fix in (
        (
            absent,
            "C201",
            ("same_decision",),
            "may be met twice on one path (absent-mindedness)",
            "take a later node out of the set, or let the description say that it is forgotten",
        ),
        (
            forgetful,
            "C202",
            ("forgetting", "teams", "same_decision"),
            "joins nodes with different own pasts (imperfect recall)",
            "split the set by what its player did and knew before",
        ),
    ):
        if not sets:
            continue
        told = prose.first_cue(*families) if prose else None
        members = tree.members[sets[0]]
        node = members[-1] if code == "C201" else members[min(1, len(members) - 1)]
        others = f" (and {len(sets) - 1} more)" if len(sets) > 1 else ""
        silent = "" if prose is None else ", of which the text does not speak"
        yield case.found(
            code,
            # Without a text nothing speaks against forgetting; in another language, little.
            Severity.WARNING if prose and prose.is_english and not told else Severity.NOTE,
            f"{set_name(tree, sets[0])}{others} {what}{'' if told else silent}",
            node=node,
            part="information_set",
            sentence=told,
            fix=fix,
        )


def _memory_in_text(case: CheckContext) -> Iterator[Diagnostic]:
    assert case.prose is not None
    cue = case.prose.first_cue("forgetting")
    if cue and not imperfect_recall_sets(case.tree) and not absent_minded_sets(case.tree):
        yield case.found(
            "C203",
            Severity.WARNING,
            f"the text speaks of forgetting ({cue.words!r}), but every player recalls everything",
            sentence=cue,
            fix="put the nodes that the player can no longer tell apart into one information set",
        )


def _hidden_in_text(case: CheckContext) -> Iterator[Diagnostic]:
    assert case.prose is not None
    cues = case.prose.cues("hidden")
    if not cues:
        return
    yield case.found(
        "C204",
        Severity.WARNING if _hides_moves(case) else Severity.NOTE,
        f"the text hides something ({cues[0].words!r}), but every player sees every move",
        sentence=cues[0],
        fix="put the nodes that a player cannot tell apart into one information set",
    )


def _hides_moves(case: CheckContext) -> bool:
    """Whether the text says in so many words that somebody moves without seeing a move."""
    assert case.prose is not None
    return bool(case.prose.first_cue("simultaneous", "ignorance")) and not _chance_is_last(case)


def _chance_is_last(case: CheckContext) -> bool:
    """Whether every chance move comes after every decision: then it is hidden by its place."""
    assert case.prose is not None
    tree = case.tree
    hidden_chance = case.chance_sets and not any(
        case.moved_before(CHANCE, node)
        for number, infoset in enumerate(tree.information_sets)
        if not infoset.is_chance
        for node in tree.members[number]
    )
    return bool(hidden_chance) and not case.prose.first_cue("simultaneous")


def _informed_player(case: CheckContext) -> Iterator[Diagnostic]:
    """A player of whom the text says that something is hidden, but who sees everything.

    A player who moves before all others is excepted: a simultaneous move comes first or second.
    """
    assert case.prose is not None
    tree = case.tree
    cast = players_in(tree.players, case.prose)
    if not all(map(cast.is_named, range(len(tree.players)))):
        return  # whoever has another name in the text may be the one who is ignorant
    seen: set[int] = set()
    for cue in case.prose.cues("ignorance"):
        player = cast.before(cue)
        if player is None or player in seen:
            continue
        seen.add(player)
        nodes = case.nodes_of(player)
        after_others = all(case.others_moved_before(player, node) for node in nodes)
        if nodes and after_others and all(len(tree.members[tree.set_of[n]]) == 1 for n in nodes):
            yield case.found(
                "C205",
                Severity.WARNING,
                f"the text hides something from {tree.players[player]!r} ({cue.words!r}), "
                "who sees every move in the tree",
                node=nodes[0],
                part="information_set",
                sentence=cue,
                fix=f"group the nodes that {tree.players[player]!r} cannot tell apart",
            )


def _ignorant_player(case: CheckContext) -> Iterator[Diagnostic]:
    """A player of whom the text says that he sees something, but who can tell nothing apart."""
    assert case.prose is not None
    tree = case.tree
    cast = players_in(tree.players, case.prose)
    if not all(map(cast.is_named, range(len(tree.players)))):
        return
    seen: set[int] = set()
    absent = set(absent_minded_sets(tree))
    for cue in case.prose.cues("knowing"):
        player = cast.before(cue)
        if player is None or player in seen:
            continue
        seen.add(player)
        sets = list(tree.sets_of_player(player))
        nodes = case.nodes_of(player)
        # With several sets something is told apart, if only by what the player did before.
        if (
            1 == len(sets) < len(nodes)
            and all(case.others_moved_before(player, node) for node in nodes)
            and absent.isdisjoint(sets)
        ):
            number = next(number for number in sets if len(tree.members[number]) > 1)
            yield case.found(
                "C207",
                Severity.WARNING,
                f"{tree.players[player]!r} learns something in the text ({cue.words!r}), but can "
                "tell no two histories apart in the tree",
                node=tree.members[number][1],
                part="information_set",
                sentence=cue,
                fix=f"split {set_name(tree, number)} by what the player observes",
            )


def _open_in_text(case: CheckContext) -> Iterator[Diagnostic]:
    assert case.prose is not None
    cue = case.prose.first_cue("open")
    if cue is None or case.prose.cues("hidden"):
        return
    tree = case.tree
    number = next(
        number
        for number, infoset in enumerate(tree.information_sets)
        if not infoset.is_chance and len(tree.members[number]) > 1
    )
    yield case.found(
        "C206",
        Severity.WARNING,
        f"the text says that everything is seen ({cue.words!r}), but "
        f"{set_name(tree, number)} joins {len(tree.members[number])} nodes",
        node=tree.members[number][1],
        part="information_set",
        sentence=cue,
        fix="give every node an information set of its own",
    )
