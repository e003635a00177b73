"""A game tree for the LaTeX package istgame (In-Sung Chung, "The istgame Package", 2019)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import atan2, degrees, hypot

from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.tex_escaping import formulas_of, tex_label
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.profile import Probability
from nl2efg.text import one_line

STEEP = 0.5
"""Across over along: labels of steeper branches stand beside them, of others above or below."""
MILLIMETRES = 25.4 / 96  # in a unit of the layout


def istgame_lines(
    tree: GameTree, geometry: Layout, profile: BehaviourProfile | None, view: View
) -> Iterator[str]:
    """The ``istgame`` environment: a macro for each node that moves, one for each branch.

    Payoffs at inner nodes have no place in that package and are added to the ends below.

    Args:
        tree: the game.
        geometry: its layout, growing down.
        profile: an equilibrium; branches that are played for certain are thick, mixed ones have
            their probabilities.
        view: how numbers are written, and whether probabilities are.
    """
    branch = _Branch(tree, geometry, profile, view)
    named = {label.node for label in geometry.labels if label.pieces[0].kind == "name"}
    yield r"\begin{istgame}[font=\footnotesize]"
    for node, (x, _) in geometry.nodes.items():
        children = [child for child in tree.children[node] if child in geometry.nodes]
        if tree.is_terminal(node) or not children:
            continue
        infoset = tree.information_sets[tree.set_of[node]]
        macro = r"\istrooto" if infoset.player == CHANCE else r"\istroot"
        parent = tree.parents[node]
        place = f"(n{parent}-{tree.action_of[node] + 1})" if node else "(0,0)"
        name = tex_label(one_line(tree.player_name(infoset.player))) if node in named else ""
        before = geometry.nodes[parent][0] if node else x
        side = 90 if not node else 180 if before > x else 0
        yield f"{macro}(n{node}){place}<{side}>{{{name}}}"
        yield from map(branch.line, children)
        yield r"\endist"
    for index, members in enumerate(tree.members):
        shown = [node for node in members if node in geometry.nodes]
        if tree.information_sets[index].player != CHANCE and len(shown) > 1:
            for one, other in pairwise(shown):
                yield rf"\xtInfoset(n{one})(n{other})"
    yield r"\end{istgame}"


class _Branch:
    """Writes branches; the arguments are those of :func:`istgame_lines`."""

    def __init__(
        self, tree: GameTree, geometry: Layout, profile: BehaviourProfile | None, view: View
    ) -> None:
        self.tree, self.geometry, self.profile, self.view = tree, geometry, profile, view
        self.chances, self.payoffs = view.chance_format(tree), view.payoff_format(tree, profile)
        self.formulas = formulas_of(tree)
        self.middles = {
            label.node: (label.x + label.width / 2, label.y)
            for label in geometry.labels
            if label.pieces[0].kind == "action"
        }

    def line(self, child: int) -> str:
        """The macro of the branch to a node."""
        tree = self.tree
        (from_x, from_y), (x, y) = (self.geometry.nodes[n] for n in (tree.parents[child], child))
        angle = degrees(atan2(from_y - y, x - from_x))
        long = hypot(x - from_x, y - from_y) * MILLIMETRES
        label, style = self._label(child)
        line = (
            rf"  \istb<grow={angle:.0f},level distance={long:.1f}mm{style}>"
            f"{{{label}}}[{self._side(child)}]"
        )
        if tree.is_terminal(child):
            paid = any(tree.outcome_of[node] != NO_OUTCOME for node in tree.path(child))
            shown = map(self.payoffs.show, tree.path_payoffs[child])
            line += f"{{{_stacked(map(self._number, shown))}}}[b]" if paid else ""
        return line

    def _label(self, child: int) -> tuple[str, str]:
        """What stands at a branch, and its options."""
        tree, profile = self.tree, self.profile
        index, position = tree.set_of[tree.parents[child]], tree.action_of[child]
        infoset = tree.information_sets[index]
        label, style = _in_math(one_line(infoset.actions[position])), ""
        told: Probability | None = None
        if infoset.probabilities is not None:
            told = infoset.probabilities[position]
        elif profile is not None:
            chance = profile.probabilities[index][position]
            style = ",very thick" if chance == 1 else ""
            told = chance if 0 < chance < 1 else None
        if told is not None and self.view.probabilities:
            number = self._number(self.chances.show(told))
            label = _stacked([label, number])
        return label, style

    def _side(self, child: int) -> str:
        """On which side of its branch a label is, in the words of the package."""
        (from_x, from_y), (x, y) = (
            self.geometry.nodes[n] for n in (self.tree.parents[child], child)
        )
        middle, height = self.middles.get(child, (x, y))
        here = from_x + (x - from_x) * (height - from_y) / (y - from_y)
        aside = "l" if middle < here else "r"
        if abs(x - from_x) < STEEP * (y - from_y):
            return aside
        return ("a" if (x < from_x) == (aside == "l") else "b") + aside

    def _number(self, shown: str) -> str:
        return self.formulas.get(shown) or _in_math(shown)


def _stacked(lines: Iterable[str]) -> str:
    text = r"\\".join(lines)
    return rf"\begin{{array}}{{@{{}}c@{{}}}}{text}\end{{array}}"


def _in_math(text: str) -> str:
    """A label for istgame, which sets labels in mathematical mode."""
    found = tex_label(text)
    if found.startswith("$") and found.endswith("$") and found.count("$") == 2:
        return found[1:-1]
    return rf"\mbox{{{found}}}"
