"""A game tree for other programs that draw: Graphviz, GraphML readers and draw_tree (gtdraw)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.palette import LIGHT, SOFT, colour_index
from nl2efg.drawing.tex_escaping import tex
from nl2efg.errors import UserError
from nl2efg.formats.networkx_graph import to_networkx
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.profile import Probability
from nl2efg.text import one_line

EF_PLAYERS = 4  # draw_tree knows chance and players 1 to 4
EF_ACROSS, EF_ALONG = 26.0, 24.0
"""Units of the layout in a centimetre: draw_tree's type and its information sets are larger."""


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def draw_dot(tree: GameTree) -> str:
    """The tree in Graphviz's DOT language, children in order, information sets as dashed lines."""
    return "\n".join(_dot_lines(tree)) + "\n"


def _dot_lines(tree: GameTree) -> Iterator[str]:
    yield "digraph game {"
    yield f"  label={_quoted(tree.title)};"
    yield '  ordering=out; node [shape=circle, fontname="Arial"]; edge [arrowhead=none];'
    for node, number in enumerate(tree.set_of):
        payoffs = ""
        if tree.outcome_of[node] != NO_OUTCOME:
            row = tree.outcomes[tree.outcome_of[node]].payoffs
            payoffs = "(" + ", ".join(map(str, row)) + ")"
        if number < 0:
            yield f"  n{node} [shape=plaintext, label={_quoted(payoffs)}];"
            continue
        own = tree.information_sets[number]
        colour = SOFT[0] if own.is_chance else LIGHT[colour_index(own.player)]
        words = (tree.player_name(own.player), own.label, payoffs)
        text = " ".join(word for word in words if word)
        yield f'  n{node} [label={_quoted(text)}, color="{colour}"];'
    for node in range(1, len(tree)):
        own = tree.information_sets[tree.set_of[tree.parents[node]]]
        text = tree.action_label(node)
        if own.probabilities is not None:
            text += f" ({own.probabilities[tree.action_of[node]]})"
        yield f"  n{tree.parents[node]} -> n{node} [label={_quoted(text)}];"
    for members, own in zip(tree.members, tree.information_sets, strict=True):
        if own.player != CHANCE:
            colour = LIGHT[colour_index(own.player)]
            for one, other in itertools.pairwise(members):
                yield (f'  n{one} -> n{other} [style=dashed, constraint=false, color="{colour}"];')
    yield "}"


def draw_graphml(tree: GameTree) -> str:
    """The tree as GraphML, with the attributes of :func:`nl2efg.formats.to_networkx` as text.

    Attributes that a node or an edge does not have are left out.
    """
    import networkx

    graph = to_networkx(tree)
    graph.graph = {
        "title": one_line(tree.title),
        "comment": one_line(tree.comment),
        "players": "; ".join(map(one_line, tree.players)),
    }
    places = [attributes for _, attributes in graph.nodes(data=True)]
    places += [attributes for _, _, attributes in graph.edges(data=True)]
    for attributes in places:
        for key, value in list(attributes.items()):
            if value is None:
                del attributes[key]
            elif isinstance(value, tuple):
                attributes[key] = "; ".join(map(str, value))
            elif not isinstance(value, int):
                attributes[key] = one_line(str(value))
    return "\n".join(networkx.generate_graphml(graph)) + "\n"


def draw_ef(tree: GameTree, *, profile: BehaviourProfile | None = None) -> str:
    """The tree in the ``.ef`` format of draw_tree (gtdraw), laid out by us.

    Args:
        tree: the game.
        profile: an equilibrium; its mixed probabilities are written behind the moves, and moves
            that it plays for certain are bold.

    Payoffs at inner nodes have no place in that format and are added to the leaves below.

    Raises:
        UserError: more players than draw_tree knows.
    """
    if len(tree.players) > EF_PLAYERS:
        raise UserError(
            f"the .ef format has at most {EF_PLAYERS} players, this game has {len(tree.players)}",
            hint="draw SVG, PDF or TikZ",
        )
    return "\n".join(_ef_lines(tree, profile)) + "\n"


def _ef_text(text: str) -> str:
    """One word for draw_tree, which splits at blanks and sets moves in mathematical mode."""
    return r"\mbox{" + tex(one_line(text)).replace(" ", "~") + "}"


def _ef_lines(tree: GameTree, profile: BehaviourProfile | None) -> Iterator[str]:
    places = lay_out(tree, kind="tree", direction="down", profile=profile).nodes
    level = {node: f"{y / EF_ALONG:.2f}".rstrip("0").rstrip(".") for node, (_, y) in places.items()}
    yield r"player 0 name \mbox{Chance}"
    for player, name in enumerate(tree.players, start=1):
        yield f"player {player} name {_ef_text(name)}"
    for node, (x, _) in places.items():
        words = [f"level {level[node]} node n{node}"]
        mover = tree.player_of(node)
        # A set of several nodes carries its player itself.
        if mover is not None and (mover == CHANCE or len(tree.members[tree.set_of[node]]) == 1):
            words.append(f"player {mover + 1}")
        if node:
            parent = tree.parents[node]
            words.append(f"xshift {(x - places[parent][0]) / EF_ACROSS:.3f}")
            words.append(f"from {level[parent]},n{parent} move {_ef_move(tree, node, profile)}")
        if mover is None:
            words.append("payoffs " + " ".join(map(str, tree.path_payoffs[node])))
        yield " ".join(words)
    for members, own in zip(tree.members, tree.information_sets, strict=True):
        if len(members) > 1 and own.player != CHANCE:
            named = " ".join(f"{level[node]},n{node}" for node in members)
            yield f"iset {named} player {own.player + 1}"


def _ef_move(tree: GameTree, node: int, profile: BehaviourProfile | None) -> str:
    index = tree.set_of[tree.parents[node]]
    infoset = tree.information_sets[index]
    word = _ef_text(tree.action_label(node))
    given: Sequence[Probability] | None = infoset.probabilities
    if given is None and profile is not None:
        given = profile.probabilities[index]
        if given[tree.action_of[node]] == 1:
            return word.replace(r"\mbox{", r"\mbox{\bfseries{}", 1)
        if any(chance == 1 for chance in given):
            return word
    if given is not None:
        chance = given[tree.action_of[node]]
        if isinstance(chance, float):
            return f"{word}~({chance:.3g})"
        fraction = str(chance)
        if chance.denominator > 1:
            fraction = rf"\frac{{{chance.numerator}}}{{{chance.denominator}}}"
        word += f"~({fraction})"
    return word
