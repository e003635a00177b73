"""The report: one self-contained HTML page that works from disk, offline, without any library."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from nl2efg.drawing.html.page_data import as_script_data, page_data
from nl2efg.drawing.html.provenance_links import Links, link
from nl2efg.drawing.html.sketch_table import compare_sketch
from nl2efg.drawing.html.strategic_table import strategic_tables
from nl2efg.drawing.html.strategy_table import StrategyRow, strategy_rows
from nl2efg.drawing.matrix import letters_note
from nl2efg.drawing.numbers import MINUS, exact_number
from nl2efg.drawing.palette import css
from nl2efg.drawing.svg import fixed_css, marker
from nl2efg.drawing.text_metrics import FONT_FAMILY
from nl2efg.drawing.view import View
from nl2efg.equilibria.same_play import same_play
from nl2efg.equilibria.wording import profile_words
from nl2efg.errors import UserError
from nl2efg.families.written import lettered
from nl2efg.gambit.code.foreign_programs import why_not_run
from nl2efg.gambit.code.program import to_code
from nl2efg.game import BehaviourProfile, GameTree, find_history
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.wording import shortened
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.open_points import open_question
from nl2efg.schema.record import CompilationRecord, EquilibriumRecord
from nl2efg.text import one_line, steady

TABLE_ROWS = 500
TABLE_LABELS = 500_000  # of all rows together, before long ones are shortened
TREE = ".nl2efg-tree"
MARK = (6.0, 6.0)
"""Where a marker of the legend stands in its own picture of 12 by 12."""
_HYPHEN = re.compile(r"(?<![\w.)])-(?=\d)")
CONCEPTS = {
    "nash": "Nash",
    "spe": "subgame-perfect",
    "pbe": "supported by beliefs (perfect Bayesian)",
    "perfect": "trembling-hand perfect",
    "intuitive": "intuitive criterion",
    "d1": "D1",
}
"""Solution concepts as the page names them; others by their own names."""

SCRIPTS = tuple(
    f"{name}.js" for name in ("layout", "lines", "report", "reading", "compare", "answers", "play")
)


def draw_html(
    tree: GameTree,
    record: CompilationRecord | None = None,
    profiles: Sequence[BehaviourProfile] = (),
    *,
    code: str | None = None,
) -> str:
    """The report as one HTML page.

    A strict Content-Security-Policy allows the page's own script and styles (by their hashes) and
    nothing else; every string is escaped, or reaches the page as text, without control characters.

    Args:
        tree: the game.
        record: the compilation it comes from: text, code, diagnostics, equilibria, consensus. None
            for a bare tree.
        profiles: the equilibria to switch between, in the order of ``record.solution``.
        code: the program to download, which rebuilds the game with pygambit; without it, one for
            the installed pygambit.
    """
    game_code = _code(tree) if code is None else code
    view, tree = View(), lettered(tree)
    links = Links() if record is None else link(record, tree)
    recorded = record.solution.equilibria if record and record.solution else ()
    equilibria = [
        (profile, recorded[index] if index < len(recorded) else None)
        for index, profile in enumerate(profiles)
    ]
    written = "\n".join(links.code)
    styles = [_tree_style(), _asset("report.css")]
    script = "".join(map(_asset, SCRIPTS))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; "
        f"style-src {' '.join(map(_hash, styles))}; base-uri 'none'; form-action 'none'"
    )
    shown = page_data(tree, equilibria, links, view, code=game_code)
    page: str = _template().render(
        title=one_line(tree.title) or (record.name if record else "") or "Extensive-form game",
        policy=policy,
        styles=styles,
        script=script,
        data=as_script_data(shown),
        why_no_play=shown["playing"].get("why", ""),
        tree=tree,
        record=record,
        links=links,
        unrunnable=why_not_run(written) if written else "",
        game_code=game_code,
        facts=_facts(tree),
        markers=[marker(player, MARK, MARK[0] - 2) for player in range(len(tree.players))],
        open_points=[(words, open_question(words)) for words in links.assumptions],
        equilibria=_shown(equilibria, view),
        diagnostics=_diagnostics(record, tree),
        strategic=strategic_tables(tree, view),
        letters=letters_note(tree),
        sketch=compare_sketch(record.sketch, tree) if record and record.sketch else [],
        rows=_table(tree),
        ends=len(tree.terminals),
    )
    # The text, the code and the names of a record are shown as they came.
    return steady(page.replace("\r\n", "\n"))


def _code(tree: GameTree) -> str:
    """A program for the installed pygambit; empty where that cannot hold the game."""
    try:
        return to_code(tree)
    except UserError:
        return ""


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _tree_style() -> str:
    return fixed_css(TREE, FONT_FAMILY) + css(TREE)


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["minus"] = with_minus
    environment.filters["capital"] = lambda words: words[:1].upper() + words[1:]
    environment.filters["concept"] = lambda name: CONCEPTS.get(name, name)
    return environment.from_string(_asset("report.html"))


def with_minus(text: str) -> str:
    """A text in which numbers have the minus sign that the pictures have."""
    return _HYPHEN.sub(MINUS, text)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _facts(tree: GameTree) -> list[tuple[str, str]]:
    sets = [infoset for infoset in tree.information_sets if infoset.player != CHANCE]
    return [
        ("players", f"{len(tree.players)}"),
        ("nodes", f"{len(tree):,}"),
        ("terminal nodes", f"{len(tree.terminals):,}"),
        ("information sets", f"{len(sets):,}"),
        ("moves on the longest path", f"{max(tree.depth):,}"),
    ]


@dataclass(frozen=True, slots=True)
class ShownEquilibrium:
    """An equilibrium as the page shows it.

    Args:
        name: with its number and values.
        values: of each player.
        record: what the compilation says of it, or None.
        rows: by player and by what he knows.
        like: the number of the first equilibrium that is played alike; 0 if it is this one.
        sentences: what is played in sentences, each with probabilities in words and as numbers.
        best: of each player that the record tells of, what a best response pays, and the regret.
    """

    name: str
    values: tuple[str, ...]
    record: EquilibriumRecord | None
    rows: tuple[StrategyRow, ...]
    like: int
    sentences: tuple[tuple[str, str], ...]
    best: tuple[tuple[str, str], ...]

    @property
    def mixed(self) -> bool:
        """Whether the sentences hold probabilities."""
        return any(worded != numbered for worded, numbered in self.sentences)


def _shown(
    equilibria: Sequence[tuple[BehaviourProfile, EquilibriumRecord | None]], view: View
) -> list[ShownEquilibrium]:
    like = {
        number: group[0]
        for group in same_play(profile for profile, _ in equilibria)
        for number in group[1:]
    }
    return [
        _equilibrium(number, *each, view, like.get(number, 0))
        for number, each in enumerate(equilibria, 1)
    ]


def _equilibrium(
    number: int, profile: BehaviourProfile, record: EquilibriumRecord | None, view: View, like: int
) -> ShownEquilibrium:
    tree = profile.tree
    payoffs, chances = view.payoff_format(tree, profile), view.chance_format(tree)
    values = tuple(map(payoffs.show, profile.values))
    rows = tuple(strategy_rows(profile, record, payoffs, chances))
    claims = record.claims if record else ()
    unsupported = any(claim.concept == "pbe" and claim.holds is False for claim in claims)
    name = f"Equilibrium {number}: ({', '.join(values)})"
    name += ", merely subgame-perfect: no belief supports it" if unsupported else ""
    worded = record.words if record else ()
    numbered = profile_words(profile, numbers=True)
    same = len(worded) == len(numbered)
    sentences = tuple(zip(worded, numbered if same else worded, strict=True))
    best = tuple(
        (payoffs.show_text(each.best_response_value), payoffs.show_text(each.regret))
        for each in (record.players if record and record.exact else ())
    )
    return ShownEquilibrium(name, values, record, rows, like, sentences, best)


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
