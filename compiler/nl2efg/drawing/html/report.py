"""The report: one self-contained HTML page that works from disk, offline, without any library."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from nl2efg.drawing.html.provenance_links import Links, as_json, link
from nl2efg.drawing.html.sketch_table import compare_sketch
from nl2efg.drawing.labels import ACTION_LINES, LABEL_LIMIT, NAME_LIMIT, SIZE
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.drawing.numbers import exact_number, number
from nl2efg.drawing.palette import css
from nl2efg.drawing.strategic_form import strategic_form
from nl2efg.drawing.svg import fixed_css
from nl2efg.drawing.text_metrics import FONT_FAMILY, shorten, wrap
from nl2efg.families.written import lettered
from nl2efg.formats import write_efg
from nl2efg.game import BehaviourProfile, GameTree, find_history
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.wording import shortened
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.record import CompilationRecord, EquilibriumRecord
from nl2efg.text import one_line, steady

TABLE_ROWS = 500
TABLE_LABELS = 500_000  # of all rows together, before long ones are shortened
MAX_VALUES = 20_000  # nodes for which expected payoffs are written into the page
TREE = ".nl2efg-tree"


def draw_html(
    tree: GameTree,
    record: CompilationRecord | None = None,
    profiles: Sequence[BehaviourProfile] = (),
) -> str:
    """The report as one HTML page.

    A strict Content-Security-Policy allows the page's own script and styles (by their hashes) and
    nothing else; every string is escaped, or reaches the page as text, without control characters.

    Args:
        tree: the game.
        record: the compilation it comes from: text, code, diagnostics, equilibria, consensus. None
            for a bare tree.
        profiles: the equilibria to switch between, in the order of ``record.solution``.
    """
    tree = lettered(tree)
    links = Links() if record is None else link(record, tree)
    styles = [_tree_style(), _asset("report.css")]
    script = _asset("layout.js") + _asset("report.js")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; "
        f"style-src {' '.join(map(_hash, styles))}; base-uri 'none'; form-action 'none'"
    )
    page: str = _template().render(
        title=one_line(tree.title) or (record.name if record else "") or "Extensive-form game",
        policy=policy,
        styles=styles,
        script=script,
        data=_json(_data(tree, profiles, links)),
        tree=tree,
        record=record,
        links=links,
        facts=_facts(tree),
        equilibria=_equilibria(record, profiles),
        diagnostics=_diagnostics(record, tree),
        strategic=strategic_form(tree),
        sketch=compare_sketch(record.sketch, tree) if record and record.sketch else [],
        rows=_table(tree),
        ends=len(tree.terminals),
    )
    # The text, the code and the names of a record are shown as they came.
    return steady(page.replace("\r\n", "\n"))


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _tree_style() -> str:
    return fixed_css(TREE, FONT_FAMILY) + css(TREE)


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["number"] = number
    return environment.from_string(_asset("report.html"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _json(data: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _data(tree: GameTree, profiles: Sequence[BehaviourProfile], links: Links) -> dict[str, Any]:
    nodes = range(len(tree))
    rows, aligned = assign_rows(tree, nodes)
    return {
        "title": one_line(tree.title),
        "font": FONT_FAMILY,
        "players": [one_line(name) for name in tree.players],
        "names": [shorten(one_line(name), SIZE, NAME_LIMIT) for name in tree.players],
        "parent": tree.parents,
        "set": tree.set_of,
        "outcome": tree.outcome_of,
        "row": [rows[node] for node in nodes],
        "aligned": sorted(aligned),
        "payoffs": [[number(payoff) for payoff in own.payoffs] for own in tree.outcomes],
        "nodeLabels": {n: one_line(label) for n, label in enumerate(tree.node_labels) if label},
        "sets": [_set(tree, index) for index in range(len(tree.information_sets))],
        "equilibria": [_profile(tree, profile) for profile in profiles],
        "efg": write_efg(tree),
        "code": steady("\n".join(links.code)),
        **as_json(links),
    }


def _set(tree: GameTree, index: int) -> dict[str, Any]:
    infoset = tree.information_sets[index]
    actions = [one_line(action) for action in infoset.actions]
    found: dict[str, Any] = {
        "player": infoset.player,
        "label": shorten(one_line(infoset.label), SIZE, LABEL_LIMIT),
        "actions": actions,
        "lines": [wrap(a, SIZE, LABEL_LIMIT, ACTION_LINES) if a else () for a in actions],
    }
    if infoset.probabilities is not None:
        found["chance"] = [
            "" if label.strip() == exact_number(chance) else number(chance)
            for label, chance in zip(infoset.actions, infoset.probabilities, strict=True)
        ]
        found["weight"] = [round(float(chance), 4) for chance in infoset.probabilities]
    return found


def _profile(tree: GameTree, profile: BehaviourProfile) -> dict[str, Any]:
    sets = range(len(tree.information_sets))
    beliefs: dict[int, str] = {}
    values: dict[int, str] = {}
    for index in sets:
        player = tree.information_sets[index].player
        found = None if player == CHANCE else profile.beliefs(index)
        if found is None:
            continue
        members = tree.members[index]
        expected = sum(
            belief * profile.node_values[node][player]
            for belief, node in zip(found, members, strict=True)
        )
        values[index] = number(expected)
        if len(members) > 1:
            beliefs.update(zip(members, map(number, found), strict=True))
    shown = range(len(tree)) if len(tree) <= MAX_VALUES else range(1)
    return {
        "text": [[number(chance) for chance in row] for row in profile.probabilities],
        "weight": [[round(float(p), 4) for p in row] for row in profile.probabilities],
        "reached": "".join("1" if reach else "0" for reach in profile.reach),
        "belief": beliefs,
        "value": values,
        "nodeValues": {
            node: [number(value) for value in profile.node_values[node]]
            for node in shown
            if not tree.is_terminal(node)
        },
    }


def _facts(tree: GameTree) -> list[tuple[str, str]]:
    sets = [infoset for infoset in tree.information_sets if infoset.player != CHANCE]
    return [
        ("players", f"{len(tree.players)}"),
        ("nodes", f"{len(tree):,}"),
        ("ends", f"{len(tree.terminals):,}"),
        ("information sets", f"{len(sets):,}"),
        ("moves on the longest path", f"{max(tree.depth):,}"),
    ]


def _equilibria(
    record: CompilationRecord | None, profiles: Sequence[BehaviourProfile]
) -> list[tuple[str, BehaviourProfile, EquilibriumRecord | None]]:
    recorded = record.solution.equilibria if record and record.solution else ()
    found = []
    for index, profile in enumerate(profiles):
        own = recorded[index] if index < len(recorded) else None
        values = ", ".join(number(value) for value in profile.values)
        found.append((f"Equilibrium {index + 1}: ({values})", profile, own))
    return found


def _diagnostics(
    record: CompilationRecord | None, tree: GameTree
) -> list[tuple[Diagnostic, int | None]]:
    if record is None:
        return []
    found: list[tuple[Diagnostic, int | None]] = []
    for entry in record.diagnostics:
        nodes = () if entry.history is None else find_history(tree, entry.history)
        found.append((entry, nodes[0] if nodes else None))
    return found


def _table(tree: GameTree) -> list[tuple[str, list[str]]]:
    """The first ends of the game in words: what the picture shows, for those who read tables."""
    found: list[tuple[str, list[str]]] = []
    length = 0
    for node in tree.terminals[:TABLE_ROWS]:
        length += tree.depth[node]
        if found and length > TABLE_LABELS:
            break
        path = tree.path(node)
        paid = tree.path_payoffs[node]
        steps = [one_line(label) for label in shortened([tree.action_label(n) for n in path[1:]])]
        has_outcome = any(tree.outcome_of[step] != NO_OUTCOME for step in path)
        found.append((" → ".join(steps), [exact_number(p) if has_outcome else "–" for p in paid]))
    return found
