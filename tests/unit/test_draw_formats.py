"""TikZ, DOT, GraphML and .ef."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.drawing import View, draw_dot, draw_ef, draw_graphml, draw_tikz, lay_out
from nl2efg.drawing.picture_files import picture_bytes
from nl2efg.drawing.tex_escaping import tex, tex_label
from nl2efg.drawing.tikz import tikz_for_each
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.layout_properties import uniform
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn


def balanced(source: str) -> bool:
    """Whether the braces that TeX counts are balanced."""
    depth = 0
    for brace in re.findall(r"\\\\|\\[{}]|[{}]", source):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


@settings(deadline=None, max_examples=40)
@given(game_trees(labels=ANY_LABELS))
def test_tikz_is_ascii_and_balanced(tree: GameTree) -> None:
    for form in ("standalone", "fragment", "istgame"):
        source = draw_tikz(tree, profile=uniform(tree), tex=form)
        assert source.isascii()
        assert balanced(source)


def test_tikz_has_a_line_for_each_node_and_names_its_styles() -> None:
    tree = kuhn()
    source = draw_tikz(tree, direction="right")
    assert len(re.findall(r"^\\node\[", source, re.M)) == len(tree)
    assert len(re.findall(r" edge | -- .*\(n\d+\);$", source, re.M)) >= len(tree) - 1
    assert source.count("{Check}") == 12
    assert source.count("player1/.style") == 1
    assert r"\pay{-2}" in source
    assert r"\documentclass[tikz" in source
    fragment = draw_tikz(tree, tex="fragment")
    assert r"\documentclass" not in fragment
    assert r"% in the preamble: \usetikzlibrary" in fragment


def test_a_tree_of_fifteen_nodes_is_about_forty_lines() -> None:
    builder = TreeBuilder(["A", "B", "C"])
    nodes = [0]
    for player in range(3):
        sets = builder.information_set(player, ["l", "r"])
        nodes = [child for node in nodes for child in builder.move(node, sets)]
    for node in nodes:
        builder.pay(node, [1, 2, 3])
    tree = builder.build()
    assert len(tree) == 15
    assert len(draw_tikz(tree).splitlines()) <= 45


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("−3/4", "$-3/4$"),
        ("≈1.5×10⁻⁷", r"$\approx 1.5\times10^{-7}$"),
        ("R", "$R$"),
        ("x12'", "$x_{12}'$"),
        ("Right", "Right"),
        ("[1/2]", "{[}$1/2${]}"),
        ("E −1", "$E$ $-1$"),
        ("౦", r"\nlunicode{0C66}"),  # a digit, and none of TeX's
        ("x٣", r"x\nlunicode{0663}"),
    ],
)
def test_numbers_and_letters_are_mathematics(text: str, source: str) -> None:
    assert tex_label(text) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("50% & #1_$", r"50\% \& \#1\_\$"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("é", r"\'{e}"),
        ("naïve Łódź", r"na\"{i}ve \L{}\'{o}d\'{z}"),
        ("αΩ", r"\ensuremath{\alpha}\ensuremath{\Omega}"),
        ("題", r"\nlunicode{984C}"),
        ("−1", r"\ensuremath{-}1"),
    ],
)
def test_tex(text: str, source: str) -> None:
    assert tex(text) == source


def test_every_greek_letter() -> None:
    letters = [chr(code) for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA)) if code != 0x3A2]
    assert all(tex(letter).isascii() and "nlunicode" not in tex(letter) for letter in letters)


def test_tikz_says_when_tex_cannot() -> None:
    builder = TreeBuilder(["A"])
    builder.move(0, builder.information_set(0, [f"move {n}" for n in range(1000)]))
    with pytest.raises(UserError, match="TeX"):
        draw_tikz(builder.build())


def test_dot() -> None:
    tree = absent_minded_driver()
    source = draw_dot(tree)
    assert source.count("->") == len(tree) - 1 + 1  # and the information set
    assert "style=dashed" in source
    builder = TreeBuilder(['a"b\\'])
    builder.move(0, builder.information_set(0, ['"x']))
    assert '"a\\"b\\\\' in draw_dot(builder.build())


def test_graphml_can_be_read_back() -> None:
    import networkx

    tree = kuhn()
    graph = networkx.parse_graphml(draw_graphml(tree))
    assert graph.number_of_nodes() == len(tree)
    assert graph.nodes["2"]["information_set_label"] == "0-open"
    assert graph.edges["0", "1"]["probability"] == "1/3"
    assert graph.graph["players"] == "Alice; Bob"


def test_ef() -> None:
    tree = kuhn()
    lines = draw_ef(tree).splitlines()
    assert len([line for line in lines if line.startswith("level")]) == len(tree)
    assert len([line for line in lines if line.startswith("iset")]) == 12
    assert all(" " not in word for line in lines for word in line.split())
    with pytest.raises(UserError, match="at most 4"):
        draw_ef(TreeBuilder("abcde").build())


def test_ef_names_are_single_words() -> None:
    builder = TreeBuilder(["Big Firm"])
    for child in builder.move(0, builder.information_set(0, ["do not", "do it"])):
        builder.pay(child, [1])
    first = draw_ef(builder.build()).splitlines()
    assert r"player 1 name \mbox{Big~Firm}" in first
    assert any(r"move \mbox{do~not} payoffs 1" in line for line in first)


def test_tikz_lets_lines_end_where_the_svg_lets_them_end() -> None:
    tree = dict(bundled())["kuhn_poker"]
    source = draw_tikz(tree, profile=uniform(tree), direction="right")
    labels = re.findall(r"label=\{(.*?):", source)
    assert "[anchor=south east,align=right]above" in labels
    assert "above left" not in labels
    levels = re.findall(r"-- node\[(.*?),pos=", source)
    assert levels
    assert set(levels) <= {"se", "ne"}


def test_tikz_scales_type_and_keeps_its_shape() -> None:
    """Computer Modern's small sizes are wider for their height than what is laid out."""
    assert "scale=" not in draw_tikz(kuhn())
    small = draw_tikz(kuhn(), width="85mm")
    assert r"\fontsize{9}{10.5}" in small
    found = re.search(r"every node/.style=\{scale=([\d.]+)\}", small)
    assert found
    assert 0 < float(found[1]) < 1


def test_istgame_stands_names_once_and_labels_outside() -> None:
    tree = dict(bundled())["voting_agenda"]
    source = draw_tikz(tree, tex="istgame")
    assert source.count("{Bork}") < sum(
        tree.player_of(node) == tree.players.index("Bork") for node in range(len(tree))
    )
    ways = re.findall(r"go=\{(-?[\d.]+),[\d.]+\}.*?>\{.*?\}\[([ns][ew]),", source)
    assert len(ways) == len(tree) - 1
    assert all(side.endswith("e") == (float(right) < 0) for right, side in ways if right != "0")
    letters = draw_tikz(dict(bundled())["tough_offers"], tex="istgame")
    assert "d_{1}^{2}" in letters


def test_columns_of_payoffs_are_as_wide_as_their_texts() -> None:
    tree = dict(bundled())["tough_offers"]
    widths = [float(w) for w in re.findall(r"\\pay\[([\d.]+)em\]", draw_tikz(tree))]
    assert widths
    assert min(widths) > 4
    assert r"\pay[" not in draw_tikz(kuhn(), direction="right").split(r"\begin{document}")[1]


@settings(deadline=None, max_examples=40)
@given(game_trees())
def test_istgame_stands_every_node_where_it_is_laid_out(tree: GameTree) -> None:
    """Branch by branch from the root, so that sets are level and knees where they were."""
    source = draw_tikz(tree, tex="istgame", profile=uniform(tree), kind="tree")
    geometry = lay_out(tree, kind="tree", profile=uniform(tree))
    found: dict[str, tuple[float, float]] = {}
    here = (0.0, 0.0)
    for line in source.splitlines():
        root = re.match(r"\\istroot\(n(\d+)\)\((?:n(\d+)-(\d+)|([\d.]+),([\d.]+))\)", line)
        if root:
            at = root[4]
            here = (float(at), float(root[5])) if at else found[f"{root[2]}-{root[3]}"]
            name, branches = root[1], 0
            found[name] = here
        step = re.match(r"  \\istb<go=\{(-?[\d.]+),(-?[\d.]+)\}>", line)
        if step:
            branches += 1
            found[f"{name}-{branches}"] = (here[0] + float(step[1]), here[1] + float(step[2]))
    for node, place in geometry.nodes.items():
        key = f"{tree.parents[node]}-{tree.action_of[node] + 1}" if node else "0"
        centimetres = [length * 2.54 / 96 for length in place]
        assert found[key] == pytest.approx(centimetres, abs=0.005 * (2 + tree.depth[node]))
    joined = re.findall(r"\\xtInfoset\[draw=player\d\]\(n(\d+)\)\(n(\d+)\)", source)
    assert all(tree.set_of[int(one)] == tree.set_of[int(other)] for one, other in joined)
    assert len(joined) == sum(len(band.points) - 1 for band in geometry.bands if not band.curved)


def test_every_equilibrium_is_a_picture_in_tex_and_told_apart() -> None:
    tree = dict(bundled())["stag_hunt"]
    profiles = [found.profile for found in solve(tree, all=True).equilibria]
    assert len(profiles) == 3
    for form in ("standalone", "fragment", "istgame"):
        view = View(tex=form, width="85mm")  # type: ignore[arg-type]
        source = tikz_for_each(tree, profiles, view)
        environment = "istgame" if form == "istgame" else "tikzpicture"
        assert source.count(rf"\begin{{{environment}}}") == 3
        assert source.count("% equilibrium 2, expected payoffs:") == 1
        assert balanced(source)
    with pytest.raises(UserError, match=r"\.ef holds one tree"):
        picture_bytes(tree, "ef", shown=profiles)


@pytest.mark.parametrize("kind", ["auto", "matrix"])
def test_what_stands_above_an_svg_is_a_comment_in_tex(kind: Any) -> None:
    tree = dict(bundled())["hawk_dove_letters"]
    found = solve(tree).equilibria[0].profile
    source = draw_tikz(tree, kind=kind, profile=found, caption="Hawks & doves")
    said = re.findall("% for the caption: (.*)", source)
    assert said[0] == r"Hawks \& doves"
    assert said[1].startswith("payoffs in the order ")
    assert said[2].startswith("at V = ")
    assert said[3].startswith("framed: " if kind == "matrix" else "E expected")
    assert not any(line.startswith("at ") for line in re.findall(": (.*)", draw_tikz(tree)))


@pytest.mark.parametrize("kind", ["payoffs", "ends"])
def test_latex_refuses_pictures_of_payoffs(kind: Any) -> None:
    with pytest.raises(UserError, match=f"LaTeX has no picture of {kind}"):
        draw_tikz(kuhn(), kind=kind)


@pytest.mark.parametrize("tex", ["standalone", "istgame"])
def test_sets_that_play_never_comes_to_are_pale_in_tex(tex: Any) -> None:
    tree = kuhn()
    found = solve(tree).equilibria[0].profile
    lines = [
        line
        for line in draw_tikz(tree, profile=found, tex=tex).splitlines()
        if line.startswith((r"\draw[infoset", r"\xtInfoset"))
    ]
    pale = [line for line in lines if "unreached" in line]
    missed = [
        index
        for index, members in enumerate(tree.members)
        if len(members) > 1 and not found.comes_to(index)
    ]
    assert len(pale) == len(missed) > 0
    assert len(lines) == sum(len(members) > 1 for members in tree.members)


def test_payoffs_stand_in_tex_as_they_are_laid_out() -> None:
    """At the end of a line one below the other, beside the ends of a tree in columns."""
    line = draw_tikz(dict(bundled())["five_players"])
    assert r"\\".join(["$0$"] * 5) in line
    tree = draw_tikz(kuhn(), direction="right")
    assert r"\pay{-2}\pay{2}" in tree
