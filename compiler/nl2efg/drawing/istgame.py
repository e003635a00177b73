"""A game tree for the LaTeX package istgame (In-Sung Chung, "The istgame Package", 2019)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import atan2, degrees, hypot

from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.tex_escaping import tex_label
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.text import one_line

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
    named: set[int] = set()
    yield r"\begin{istgame}[font=\footnotesize]"
    for node, (x, _) in geometry.nodes.items():
        children = [child for child in tree.children[node] if child in geometry.nodes]
        if tree.is_terminal(node) or not children:
            continue
        index = tree.set_of[node]
        infoset = tree.information_sets[index]
        macro = r"\istrooto" if infoset.player == CHANCE else r"\istroot"
        parent = tree.parents[node]
        place = f"(n{parent}-{tree.action_of[node] + 1})" if node else "(0,0)"
        name = "" if index in named else tex_label(one_line(tree.player_name(infoset.player)))
        named.add(index)
        side = 90 if not node or geometry.nodes[parent][0] == x else 0
        if not side:
            side = 180 if geometry.nodes[parent][0] > x else 0
        yield f"{macro}(n{node}){place}<{side}>{{{name}}}"
        for child in children:
            yield _branch(tree, geometry, profile, child, view)
        yield r"\endist"
    for index, members in enumerate(tree.members):
        shown = [node for node in members if node in geometry.nodes]
        if tree.information_sets[index].player != CHANCE and len(shown) > 1:
            for one, other in pairwise(shown):
                yield rf"\xtInfoset(n{one})(n{other})"
    yield r"\end{istgame}"


def _branch(
    tree: GameTree,
    geometry: Layout,
    profile: BehaviourProfile | None,
    child: int,
    view: View,
) -> str:
    start = geometry.nodes[tree.parents[child]]
    x, y = geometry.nodes[child]
    chances, payoffs = view.chance_format(tree), view.payoff_format(tree, profile)
    angle = degrees(atan2(start[1] - y, x - start[0]))
    long = hypot(x - start[0], y - start[1]) * MILLIMETRES
    index = tree.set_of[tree.parents[child]]
    position = tree.action_of[child]
    infoset = tree.information_sets[index]
    label = _in_math(one_line(infoset.actions[position]))
    given = infoset.probabilities
    style = ""
    if given is not None and view.probabilities:
        label += rf"\;({_in_math(chances.show(given[position]))})"
    elif given is None and profile is not None:
        chance = profile.probabilities[index][position]
        style = ",very thick" if chance == 1 else ""
        if 0 < chance < 1 and view.probabilities:
            label += rf"\;({_in_math(chances.show(chance))})"
    where = "[l]" if x < start[0] - 1 else "[r]"
    line = rf"  \istb<grow={angle:.0f},level distance={long:.1f}mm{style}>{{{label}}}{where}"
    if tree.is_terminal(child):
        paid = any(tree.outcome_of[node] != NO_OUTCOME for node in tree.path(child))
        numbers = r"\\".join(_in_math(payoffs.show(value)) for value in tree.path_payoffs[child])
        line += rf"{{\substack{{{numbers}}}}}[b]" if paid else ""
    return line


def _in_math(text: str) -> str:
    """A label for istgame, which sets labels in mathematical mode."""
    found = tex_label(text)
    if found.startswith("$") and found.endswith("$") and found.count("$") == 2:
        return found[1:-1]
    return rf"\mbox{{{found}}}"
