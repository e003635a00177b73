"""What the report's script gets: the tree, the equilibria and the measures of the layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nl2efg.drawing.html.play_data import play_data
from nl2efg.drawing.html.provenance_links import Links, as_json
from nl2efg.drawing.html.strategy_table import support_words
from nl2efg.drawing.labels import ACTION_LINES, LABEL_LIMIT, NAME_LIMIT, SIZE, sharing_names
from nl2efg.drawing.layout.constants import TEXTBOOK
from nl2efg.drawing.layout.lanes import WAY_STEPS
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.drawing.numbers import NumberFormat, exact_number
from nl2efg.drawing.palette import SHAPES
from nl2efg.drawing.supporting import off_path_beliefs
from nl2efg.drawing.text_metrics import FONT_FAMILY, shorten, wrap
from nl2efg.drawing.view import View
from nl2efg.formats import write_efg
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.knowledge_words import infoset_numbers
from nl2efg.game.model import CHANCE
from nl2efg.schema.record import EquilibriumRecord
from nl2efg.text import one_line

MAX_VALUES = 20_000  # nodes for which expected payoffs are written into the page


def as_script_data(data: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def page_data(
    tree: GameTree,
    equilibria: Sequence[tuple[BehaviourProfile, EquilibriumRecord | None]],
    links: Links,
    view: View,
    *,
    code: str = "",
) -> dict[str, Any]:
    """Everything that the report's script needs.

    Args:
        tree: the game.
        equilibria: profiles to switch between, each with its record or None.
        links: sentences of the text and lines of the code.
        view: how numbers are written.
        code: the program to download; empty for none.
    """
    nodes = range(len(tree))
    rows, aligned = assign_rows(tree, nodes)
    show, chances = view.payoff_format(tree).show, view.chance_format(tree)
    numbers = infoset_numbers(tree)
    return {
        "title": one_line(tree.title),
        "font": FONT_FAMILY,
        "layout": TEXTBOOK.as_json(),
        "waySteps": WAY_STEPS,
        "shapes": SHAPES,
        "players": [one_line(name) for name in tree.players],
        "names": [shorten(one_line(name), SIZE, NAME_LIMIT) for name in tree.players],
        "parent": tree.parents,
        "set": tree.set_of,
        "outcome": tree.outcome_of,
        "row": [rows[node] for node in nodes],
        "aligned": sorted(aligned),
        "alone": sorted(sharing_names(tree, nodes)),
        "payoffs": [[show(payoff) for payoff in own.payoffs] for own in tree.outcomes],
        "nodeLabels": {n: one_line(label) for n, label in enumerate(tree.node_labels) if label},
        "sets": [_set(tree, index, numbers[index], chances) for index in range(len(numbers))],
        "equilibria": [_profile(profile, record, view) for profile, record in equilibria],
        "playing": play_data(
            tree, [profile for profile, _ in equilibria], view.payoff_format(tree)
        ),
        "efg": write_efg(tree),
        "code": code,
        **as_json(links),
    }


def _set(tree: GameTree, index: int, number: int, chances: NumberFormat) -> dict[str, Any]:
    infoset = tree.information_sets[index]
    actions = [one_line(action) for action in infoset.actions]
    found: dict[str, Any] = {
        "player": infoset.player,
        "number": number,
        "label": one_line(infoset.label),
        "actions": actions,
        "lines": [wrap(a, SIZE, LABEL_LIMIT, ACTION_LINES) if a else () for a in actions],
    }
    if infoset.probabilities is not None:
        show = chances.show
        found["chance"] = [
            "" if label.strip() == exact_number(chance) else show(chance)
            for label, chance in zip(infoset.actions, infoset.probabilities, strict=True)
        ]
        found["exact"] = [show(chance) for chance in infoset.probabilities]
        found["weight"] = [round(float(chance), 4) for chance in infoset.probabilities]
    return found


def _profile(
    profile: BehaviourProfile, record: EquilibriumRecord | None, view: View
) -> dict[str, Any]:
    tree = profile.tree
    payoff = view.payoff_format(tree, profile).show
    chance = view.chance_format(tree).show
    beliefs = off_path_beliefs(profile, chance)
    values: dict[int, str] = {}
    for index, infoset in enumerate(tree.information_sets):
        found = None if infoset.player == CHANCE else profile.value_at(index)
        if found is None:
            continue
        values[index] = payoff(found[infoset.player])
        if len(tree.members[index]) > 1:
            believed = profile.beliefs(index) or ()
            beliefs.update(zip(tree.members[index], map(chance, believed), strict=True))
    shown = range(len(tree)) if len(tree) <= MAX_VALUES else range(1)
    return {
        "text": [[chance(each) for each in row] for row in profile.probabilities],
        "told": [
            ["" if any(each == 1 for each in row) else chance(each) for each in row]
            for row in profile.probabilities
        ],
        "weight": [[round(float(each), 4) for each in row] for row in profile.probabilities],
        "reached": "".join("1" if reach else "0" for reach in profile.reach),
        "reach": {node: chance(profile.reach[node]) for node in shown},
        "belief": beliefs,
        "value": values,
        "support": support_words(record),
        "nodeValues": {
            node: [payoff(value) for value in profile.node_values[node]]
            for node in shown
            if not tree.is_terminal(node)
        },
    }
