"""Fields of a view that a format or a kind of picture cannot follow are named; all others hold."""

from __future__ import annotations

import re
import warnings
from dataclasses import fields
from typing import Any

import pytest

import nl2efg
from nl2efg.drawing import View
from nl2efg.drawing.left_out import UNLAID, asked_for, not_followed
from nl2efg.drawing.picture_files import picture_bytes
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from tests.gallery import bundled
from tests.layout_properties import uniform
from tests.trees import kuhn

OTHERWISE: dict[str, Any] = {
    "style": "lanes",
    "direction": "right",
    "along": "time",
    "depth": 1,
    "collapsed": (1,),
    "parts": 2,
    "width": 90,
    "height": 60,
    "size": 14.0,
    "font": "Courier",
    "theme": "print",
    "title": False,
    "caption": "a caption",
    "legend": False,
    "probabilities": False,
    "sets": True,
    "values": False,
    "tilt": True,
    "full": True,
    "numbers": "decimal",
    "digits": 3,
    "tex": "fragment",
}
NEVER = {"kind", "dpi"}
"""The kind is what the test varies; the dots of an image are seen in an image alone."""


def long_names() -> GameTree:
    """A signalling game whose names are cut unless they are asked for in full."""
    builder = TreeBuilder(["The first of the two players of this game " * 2, "B"], "long names")
    good, bad = builder.move(
        0, builder.chance(["a type with a very long name indeed " * 3, "bad"], ["1/3", "2/3"])
    )
    replies = [
        builder.information_set(1, ["one answer of very many words " * 3, "n"]) for _ in "ab"
    ]
    for node in (good, bad):
        sent = builder.move(node, builder.information_set(0, ["a message in many words " * 3, "r"]))
        for own, reply in zip(sent, replies, strict=True):
            for rank, end in enumerate(builder.move(own, reply)):
                builder.pay(end, ["1/3", rank - 1])
    return builder.build()


def long_line() -> GameTree:
    """A line whose names are cut unless they are asked for in full."""
    builder = TreeBuilder(["A player with a name of several words " * 2, "B"], "a line")
    node = 0
    for player in (0, 1, 0):
        moves = builder.information_set(player, ["to stop here and now and for ever " * 3, "on"])
        stop, node = builder.move(node, moves)
        builder.pay(stop, [player, "1/3"])
    builder.pay(node, [2, "-1/3"])
    return builder.build()


def games() -> list[GameTree]:
    """Games that between them have whatever a field may hold for."""
    named = dict(bundled())
    names = ("beer_quiche", "centipede", "prisoners_dilemma", "one_card_poker", "kuhn_poker")
    return [kuhn(), long_names(), long_line(), *(named[name] for name in names)]


def drawn(tree: GameTree, ending: str, view: Any) -> list[bytes | None]:
    """A picture with a profile and one without; None where there is none of that kind."""
    found: list[bytes | None] = []
    for profile in (uniform(tree), None):
        try:
            found.append(picture_bytes(tree, ending, shown=profile, view=view))
        except UserError:
            found.append(None)
    return found


@pytest.mark.filterwarnings("ignore:.*leaves out", "ignore:the type is", "ignore:the picture is")
@pytest.mark.parametrize(
    ("ending", "base"),
    [
        *(
            (ending, {"kind": kind})
            for ending in ("svg", "tex")
            for kind in ("auto", "tree", "signalling", "line", "matrix")
        ),
        ("svg", {"kind": "payoffs"}),
        ("svg", {"kind": "ends"}),
        ("tex", {"tex": "istgame"}),
    ],
)
def test_a_field_changes_something_unless_it_is_said_to_be_left_out(
    ending: str, base: dict[str, Any]
) -> None:
    heeded = set()
    for tree in games():
        usual = drawn(tree, ending, base)
        for name, value in OTHERWISE.items():
            if name not in base and drawn(tree, ending, {**base, name: value}) != usual:
                heeded.add(name)
    left_out = not_followed(ending, View(**base)) - NEVER
    names = {each.name for each in fields(View) if each.init} - NEVER - set(base)
    assert set(OTHERWISE) - set(base) == names
    assert names - heeded <= left_out
    # The room for what is not written still moves the nodes, and the legend has other markers. A
    # caption is a comment in LaTeX.
    moved = {"style", "font", "sets", "values", "full", "caption"} if ending == "tex" else {"style"}
    assert left_out & heeded <= moved


def test_what_is_left_out_is_told_by_library_and_method() -> None:
    with pytest.warns(UserWarning, match=r"^\.svg leaves out dpi, tex$"):
        nl2efg.draw("trust_game", dpi=300, tex="fragment")
    with pytest.warns(UserWarning, match=r"^a picture of kind matrix leaves out tilt$"):
        nl2efg.draw("trust_game", kind="matrix", tilt=True)
    with pytest.warns(UserWarning, match=r"leaves out dpi"):
        picture_bytes(kuhn(), "tex", view=View(dpi=300.0))
    with pytest.warns(UserWarning, match=r"^\.tex leaves out caption$"):
        picture_bytes(kuhn(), "tex", view={"caption": "ours", "title": False, "legend": False})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture_bytes(kuhn(), "svg", view=View(width="120mm"))
        picture_bytes(kuhn(), "tex", view={"title": False, "legend": False})
        picture_bytes(kuhn(), "tex", view={"tex": "istgame", "digits": 2})


@pytest.mark.parametrize("ending", ["svg", "tex"])
@pytest.mark.parametrize(
    ("name", "view", "instead"),
    [
        ("kuhn_poker", {"width": "30mm"}, "; or cut it into parts, or at a depth"),
        ("public_good_bonus", {"kind": "matrix", "width": "30mm"}, "; or draw the tree"),
        ("kuhn_poker", {"parts": 8, "width": "30mm"}, "; or make the parts smaller"),
        ("beer_quiche", {"kind": "signalling", "width": "30mm"}, "; or draw it as a tree"),
        ("hawk_dove_letters", {"kind": "payoffs", "width": "30mm"}, ""),
    ],
)
def test_type_that_nobody_can_read_is_told(
    name: str, view: dict[str, Any], instead: str, ending: str
) -> None:
    if ending == "tex" and view.get("kind") in ("payoffs", "matrix"):
        pytest.skip("LaTeX has none, or follows no width")
    tree = dict(bundled())[name]
    words = r"type is \d.\d pt at a width of 30mm: for 6 pt it must be ([\d.]+)mm wide"
    with pytest.warns(UserWarning, match=words + re.escape(instead) + "$") as noticed:
        picture_bytes(tree, ending, view=view)
    told = re.search(words, str(noticed[0].message))
    assert told
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "the picture is")
        picture_bytes(tree, ending, view={**view, "width": f"{told[1]}mm"})
        picture_bytes(tree, ending, view={**view, "width": None, "size": 3.0})


def test_a_height_that_nobody_can_read_is_told() -> None:
    tree = dict(bundled())["kuhn_poker"]
    words = r"type is \d.\d pt at a height of 30mm: for 6 pt it must be ([\d.]+)mm high; or cut it"
    for ending in ("svg", "tex"):
        with pytest.warns(UserWarning, match=words):
            picture_bytes(tree, ending, view={"height": "30mm"})
    with pytest.raises(UserError, match="height: 1mm is not between"):
        picture_bytes(tree, "svg", view={"height": "1mm"})


def test_a_picture_that_no_page_holds_is_told() -> None:
    tree = dict(bundled())["levine_hats"]
    words = r"^the picture is \d\d\d(\.\d)?mm high, more than a page holds: cut it into parts"
    for ending in ("svg", "tex"):
        with pytest.warns(UserWarning, match=words):
            picture_bytes(tree, ending, view={"width": "85mm"})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture_bytes(tree, ending, view={"width": "400px"})  # on a screen one scrolls


def test_latex_says_what_it_cannot_set() -> None:
    builder = TreeBuilder(["玩家"])
    for leaf in builder.move(0, builder.information_set(0, ["a", "b"])):
        builder.pay(leaf, [1])
    with pytest.warns(UserWarning, match="lualatex or xelatex"):
        source = picture_bytes(builder.build(), "tex").decode()
    assert source.splitlines()[1].startswith("% compile with lualatex")
    assert b"% compile with" not in picture_bytes(kuhn(), "tex")


@pytest.mark.parametrize("ending", UNLAID)
def test_a_format_without_a_layout_follows_no_field(ending: str, tmp_path: Any) -> None:
    file = tmp_path / f"x.{ending}"
    with pytest.raises(UserError, match=f"[.]{ending} cannot show depth: it is laid out"):
        nl2efg.draw("trust_game", file, depth=1)
    assert not file.exists()
    with pytest.raises(UserError, match="cannot show theme"):
        picture_bytes(kuhn(), ending, view=View(theme="print"))


@pytest.mark.parametrize("theme", ["dark", "auto"])
def test_latex_has_no_theme_of_a_screen(theme: Any) -> None:
    with pytest.raises(UserError, match=f"LaTeX has no theme {theme}"):
        nl2efg.draw_tikz(kuhn(), theme=theme)
    with pytest.raises(UserError, match=f"LaTeX has no theme {theme}"):
        picture_bytes(kuhn(), "tex", view={"theme": theme})


def test_what_was_asked_for() -> None:
    assert asked_for(None) == ()
    assert asked_for({"width": None, "tilt": False}) == ("width", "tilt")
    assert asked_for(View()) == ()
    assert asked_for(View(tilt=True, width="85mm")) == ("width", "tilt")
