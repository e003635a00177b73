"""How a step of each name of pygambit 17's building API is written, and how often it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pygambit

if TYPE_CHECKING:
    from tests.building_programs import Writer

LABELS = ("x", "y", "z", "w")

Steps = dict[str, tuple[Callable[[Any], str], float]]
"""For each name of an API how a step that uses it is written, and how often it comes."""


def _set_actions(writer: Writer, function: str, chance: bool) -> str:
    moves = [
        one
        for one in writer.moves()
        if (writer.game.get_player(pygambit.H.path(*one)) == "Chance") == chance
    ] or writer.moves()
    node = writer.one(moves)
    labels = writer.action_labels(node)
    new = writer.random.sample(labels, writer.random.randint(0, len(labels)))
    new += [label for label in writer.actions() if label not in new]
    new = new[:3] or ["x"]
    options = ", drop=True" if writer.random.random() < 0.7 else ""
    options += ", add=False" if writer.odd() else ""
    return f"g.{function}({node}, {writer.shares(new) if chance else new!r}{options})"


def _make_event(writer: Writer) -> str:
    node = writer.nodes(False) if writer.random.random() < 0.5 else writer.one(writer.moves())
    try:
        found = eval(node, writer.names)
        histories = writer.game.get_histories(found)
        labels = list(writer.game.get_actions(pygambit.H.path(*histories[0].actions)))
    except Exception:  # noqa: BLE001 (groups, or a wrong selector)
        labels = ["x"]
    label = (
        f", label={writer.random.choice(['e1', 'e2'])!r}" if writer.random.random() < 0.3 else ""
    )
    return f"g.make_event({node}, {writer.shares(labels or ['x'])!r}{label})"


def _make_infoset(writer: Writer) -> str:
    label = (
        f", label={writer.random.choice(['i1', 'i2'])!r}" if writer.random.random() < 0.4 else ""
    )
    return f"g.make_infoset({writer.nodes(False)}, {writer.player()!r}{label})"


def _make_outcome(writer: Writer) -> str:
    label = writer.outcome() if writer.random.random() < 0.15 else writer.new_label("o")
    return f"g.make_outcome({writer.nodes(True)}, {writer.payoffs()}, {label!r})"


def _set_players(writer: Writer) -> str:
    names = list(writer.game.players)
    writer.random.shuffle(names)
    if writer.random.random() < 0.4:
        names.append(writer.new_label("P"))
    if writer.random.random() < 0.3:
        names = names[1:] or names
    options = ", drop=True" if writer.random.random() < 0.5 else ""
    return f"g.set_players({names!r}{options})"


def _tree(function: str) -> Callable[[Writer], str]:
    def step(writer: Writer) -> str:
        return f"g.{function}({writer.one(writer.histories())}, {writer.one(writer.ends())})"

    return step


def _sorted(expression: str) -> str:
    return f"sorted(h.actions for h in {expression})"


STEPS: Steps = {
    "append_move": (
        lambda w: f"g.append_move({w.nodes(True)}, {w.player()!r}, {w.actions()!r})",
        9,
    ),
    "append_event": (lambda w: f"g.append_event({w.nodes(True)}, {w.event()})", 4),
    "append_infoset": (
        lambda w: f"g.append_infoset({w.nodes(True)}, {w.one(w.moves())})",
        2,
    ),
    "insert_move": (
        lambda w: f"g.insert_move({w.one(w.histories())}, {w.player()!r}, {w.actions()!r})",
        1,
    ),
    "insert_event": (lambda w: f"g.insert_event({w.one(w.histories())}, {w.event()})", 1),
    "insert_infoset": (
        lambda w: f"g.insert_infoset({w.one(w.histories())}, {w.one(w.moves())})",
        1,
    ),
    "make_infoset": (_make_infoset, 3),
    "make_event": (_make_event, 1.5),
    "set_move_actions": (lambda w: _set_actions(w, "set_move_actions", False), 1.5),
    "set_event_actions": (lambda w: _set_actions(w, "set_event_actions", True), 1.5),
    "relabel_actions": (
        lambda w: (
            lambda node: (
                f"g.relabel_actions({node}, {w.relabelling(w.action_labels(node), list(LABELS))})"
            )
        )(w.one(w.moves())),
        1,
    ),
    "make_outcome": (_make_outcome, 5),
    "make_outcome_null": (lambda w: f"g.make_outcome_null({w.nodes(True)})", 1),
    "set_outcome_payoffs": (
        lambda w: f"g.set_outcome_payoffs({w.outcome()!r}, {w.payoffs()})",
        1,
    ),
    "relabel_outcomes": (
        lambda w: f"g.relabel_outcomes({w.relabelling(w.game.get_outcomes(), ['s', 't', 'u'])})",
        1,
    ),
    "copy_tree": (_tree("copy_tree"), 1.5),
    "move_tree": (_tree("move_tree"), 1),
    "delete_tree": (lambda w: f"g.delete_tree({w.one(w.histories())})", 0.7),
    "delete_parent": (lambda w: f"g.delete_parent({w.one(w.histories())})", 0.7),
    "set_players": (_set_players, 0.8),
    "relabel_players": (
        lambda w: (
            f"g.relabel_players({w.relabelling(list(w.game.players), ['Dee', 'Eli', 'Fay'])})"
        ),
        0.8,
    ),
    "title": (lambda w: f"g.title = {w.new_label('title ')!r}", 0.3),
    "description": (lambda w: f"g.description = {w.new_label('words ')!r}", 0.3),
    "players": (
        lambda w: w.told(f"([str(p) for p in g.players], {w.player()!r} in g.players)"),
        0.4,
    ),
    "get_histories": (lambda w: w.told(f"[h.actions for h in g.get_histories({w.selector()})]"), 1),
    "get_infosets": (
        lambda w: w.told(f"[h.actions for h in g.get_infosets({w.player()!r})]"),
        0.6,
    ),
    "get_events": (lambda w: w.told("[h.actions for h in g.get_events()]"), 0.6),
    "get_player": (lambda w: w.told(f"g.get_player({w.one(w.histories())})"), 0.6),
    "get_actions": (lambda w: w.told(f"g.get_actions({w.one(w.histories())})"), 0.6),
    "get_action_probs": (
        lambda w: w.told(
            f"[(a, str(Fraction(p))) for a, p in g.get_action_probs({w.one(w.moves())}).items()]"
        ),
        0.6,
    ),
    "get_members": (lambda w: w.told(_sorted(f"g.get_members({w.one(w.histories())})")), 0.6),
    "get_outcome": (lambda w: w.told(f"g.get_outcome({w.one(w.histories())})"), 0.6),
    "get_outcomes": (lambda w: w.told("sorted(g.get_outcomes())"), 0.6),
    "get_outcome_payoffs": (
        lambda w: w.told(
            f"[str(Fraction(g.get_outcome_payoffs({w.outcome()!r})[p])) for p in g.players]"
        ),
        0.6,
    ),
    "get_min_payoff": (lambda w: w.told(f"str(Fraction(g.get_min_payoff({w.player()!r})))"), 0.4),
    "get_max_payoff": (lambda w: w.told(f"str(Fraction(g.get_max_payoff({w.player()!r})))"), 0.4),
    "get_subgame_roots": (lambda w: w.told("[h.actions for h in g.get_subgame_roots()]"), 0.4),
    "get_minimal_subgame": (
        lambda w: w.told(f"g.get_minimal_subgame({w.one(w.moves())}).actions"),
        0.4,
    ),
}
"""For each name of the API how a step that uses it is written, and how often it comes."""
