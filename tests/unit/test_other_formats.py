"""Games in the files of other programs: read, or refused with a word on what to do."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nl2efg.comparison import compare
from nl2efg.drawing import draw_ef
from nl2efg.drawing.tex_escaping import tex
from nl2efg.errors import FormatError
from nl2efg.formats import load_game, read_game, write_efg
from nl2efg.formats.tex_text import plain_text
from nl2efg.formats.xml_reader import read_xml
from nl2efg.game import CHANCE, GameTree, payoffs_at_leaves
from nl2efg.text import one_line
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

HALF = Fraction(1, 2)

GTE_TREE = """\
<?xml version="1.0" encoding="UTF-8"?>
<gte version="0.1">
<!-- drawn by hand -->
<gameDescription>Quiche</gameDescription>
<players><player playerId="1">Ann</player><player playerId="2">Ben</player></players>
<display><color player="1">#FF0000</color></display>
<extensiveForm>
  <node>
    <node iset="1" player="1" prob="1/2" move="strong">
      <node iset="2" player="2" move="beer">
        <outcome move="fight"><payoff player="2">-1.5</payoff></outcome>
        <outcome move="yield"><payoff player="1">2</payoff></outcome>
      </node>
      <outcome move="out"><payoff player="1">1</payoff></outcome>
    </node>
    <node iset="3" player="Ann" prob="0.5">
      <node iset="2" move="beer">
        <outcome move="yield"><payoff player="Ann" value="2"/></outcome>
        <outcome move="fight">
          <payoff player="Ann" value="-1"/><payoff player="Ben" value="1/3"/>
        </outcome>
      </node>
      <outcome move="out"><payoff player="1">1</payoff></outcome>
    </node>
  </node>
</extensiveForm>
</gte>
"""

GTE_TABLE = """\
<gte version="0.1"><gameDescription/>
<players><player playerId="1">I</player><player playerId="2">II</player></players>
<strategicForm size="{ 2 3 }">
<strategy player="I">{ "T" "B" }</strategy>
<strategy player="II">{ "l" "m" "r" }</strategy>
<payoffs player="I">1 2 3
4 5 6
</payoffs>
<payoffs player="II">1/2 -8 0
0.5 7 9
</payoffs>
</strategicForm></gte>
"""

EF_TREE = r"""% a chance move, then a hidden one
player 1 name Ann
player 2 name Gr\"o\ss~e

level 0 node 1 player 0
level 2 node 2 player 1 xshift b=2.5 from 0,1 move:r \frac{2}{3}
level 2 node 1 player 1 xshift -b from 0,1 move luck~(\frac{1}{3})
level 1 node x xshift 9 payoffs 0 0
level 4 node 1 xshift -a=1.5 from 2,1 move L
level 4 node 2 xshift 2a from 2.0,1 move $R$ arrow:red 0.5 payoffs 1 -1
level 4 node 3 xshift -.5a from 2,2 move L
level 4 node 4 xshift a from 2,2 move R payoffs 2 \frac{-1}{2}
level 6 node 1 xshift -1 from 4,1 move c payoffs 5 0
level 6 node 2 xshift 1 from 4,1 move d payoffs 6 0
level 6 node 3 xshift 1 from 4,3 move c payoffs 7 0
level 6 node 4 xshift -1 from 4,3 move d payoffs 8 0
iset 4,1 4,3 player 2
"""


def payoffs(tree: GameTree, *history: str) -> tuple[Fraction, ...]:
    node = tree.find(history)
    assert node is not None
    return tree.path_payoffs[node]


def test_a_tree_of_game_theory_explorer() -> None:
    tree = read_game(GTE_TREE, "quiche.xml")
    assert (tree.title, tree.players) == ("Quiche", ("Ann", "Ben"))
    assert tree.information_sets[0].probabilities == (HALF, HALF)
    assert tree.information_sets[0].actions == ("strong", "0.5")
    own = [s for s in tree.information_sets if s.player == 1]
    assert [s.actions for s in own] == [("fight", "yield")]
    assert payoffs(tree, "strong", "beer", "fight") == (0, Fraction(-3, 2))
    assert payoffs(tree, "0.5", "beer", "fight") == (-1, Fraction(1, 3))
    assert payoffs(tree, "0.5", "beer", "yield") == (2, 0)
    assert payoffs(tree, "strong", "out") == (1, 0)


def test_a_table_of_game_theory_explorer() -> None:
    tree = read_game(GTE_TABLE)
    assert [s.actions for s in tree.information_sets] == [("T", "B"), ("l", "m", "r")]
    assert payoffs(tree, "T", "l") == (1, HALF)
    assert payoffs(tree, "T", "m") == (2, -8)
    assert payoffs(tree, "B", "r") == (6, 9)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("1/3", "x", 20, "a payoff must be a number, but is 'x'"),
        ('prob="0.5"', 'prob="a"', 16, "a probability must be a number"),
        ('prob="0.5"', "", 16, "the probability of this move of chance is not given"),
        ('iset="2" player="2"', 'iset="9"', 10, "it is not said who moves"),
        ('iset="2" move', 'iset="2" player="1" move', None, ""),
        ("</gte>", "", 28, "this is no XML: no element found"),
        ('<outcome move="fight">\n', '<outcome move="flight">\n', 17, "the moves here are"),
        ("<gte ", "<gte><!DOCTYPE x></gte><gte ", 2, "this is no XML"),
    ],
)
def test_what_is_wrong_in_xml_names_its_line(
    before: str, after: str, line: int | None, words: str
) -> None:
    assert before in GTE_TREE
    text = GTE_TREE.replace(before, after, 1)
    if line is None and "iset" in before:
        assert len(read_game(text).information_sets) == 5
        return
    with pytest.raises(FormatError, match=words) as error:
        read_game(text, "quiche.xml")
    assert error.value.line == line or line is None
    assert error.value.message.startswith("quiche.xml")


def test_entities_are_not_unfolded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><gte>&b;</gte>'
    with pytest.raises(FormatError, match="no document type of its own"):
        read_xml(bomb)
    with pytest.raises(FormatError):
        read_game(bomb)


def test_a_workspace_of_gambits_window(tmp_path: Path) -> None:
    game = 'EFG 2 R "a &lt; b &amp; c" { "Ann" }\n""\nt "" 1 "" { %s }\n'
    page = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gambit:document xmlns:gambit='
        '"http://gambit.sourceforge.net/" version="0.1">\n<numbers decimals="4"/>\n<game>\n'
        "<efgfile>\n%s</efgfile>\n</game>\n</gambit:document>\n"
    )
    file = tmp_path / "work.gbt"
    file.write_text(page % (game % "7"))
    assert load_game(file).title == "a < b & c"
    file.write_text(page % (game % "x"))
    with pytest.raises(FormatError) as error:
        load_game(file)
    assert error.value.line == 8
    table = page.replace("efgfile", "nfgfile") % 'NFG 1 R "" { "A" } { 2 } 1 2\n'
    assert len(read_game(table)) == 3
    with pytest.raises(FormatError, match="holds no game"):
        read_game('<gambit:document version="0.1"></gambit:document>')


def test_a_drawn_tree() -> None:
    tree = read_game(EF_TREE, "tree.ef")
    assert tree.players == ("Ann", "Größ e")
    chance = tree.information_sets[0]
    assert (chance.actions, chance.probabilities) == (
        ("luck", "2/3"),
        (Fraction(1, 3), 2 * Fraction(1, 3)),
    )
    assert payoffs(tree, "luck", "R") == (1, -1)
    assert payoffs(tree, "2/3", "R") == (2, -HALF)
    assert payoffs(tree, "2/3", "L", "c") == (7, 0)
    assert payoffs(tree, "2/3", "L", "d") == (8, 0)
    hidden = [s for s in tree.information_sets if s.player == 1]
    assert [s.actions for s in hidden] == [("c", "d")]


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("payoffs 1 -1", "payoffs ~ -1", 10, "a payoff must be a number, but is ~"),
        ("payoffs 1 -1", "payoffs 1", 10, "1 payoffs are given for 2 players"),
        ("from 2,1 move L", "from 2,7 move L", 9, "there is no node 2,7 above"),
        ("iset 4,1 4,3 player 2", "", 9, "it is not said who moves"),
        ("move d payoffs 8", "move e payoffs 8", 11, "the moves here are e, c, but c, d at line 9"),
        ("luck~(\\frac{1}{3})", "luck", 7, "the probability of this move of chance"),
        ("xshift -.5a", "xshift -.5z", 11, "the length z is not said"),
        ("level 4 node 4", "level 4 node 3", 12, "there is a node 4,3 already"),
        ("iset 4,1", "dset 4,1", 17, "a line starts with player, level or iset"),
        ("level 1 node x xshift 9", "level 9 node z from 1,x", 8, "there is no node 1,x above"),
    ],
)
def test_what_is_wrong_in_a_drawn_tree_names_its_line(
    before: str, after: str, line: int, words: str
) -> None:
    assert before in EF_TREE
    with pytest.raises(FormatError, match=words) as error:
        read_game(EF_TREE.replace(before, after, 1), "tree.ef")
    assert error.value.line == line


def drawn(tree: GameTree) -> GameTree:
    """What a picture in .ef keeps of a tree: no titles, names of sets and nodes; sums at leaves."""
    paid = payoffs_at_leaves(tree)
    sets = [
        replace(own, label="", actions=tuple(" ".join(one_line(a).split()) for a in own.actions))
        for own in paid.information_sets
    ]
    return replace(paid, title="", information_sets=tuple(sets))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(game_trees(max_moves=8, absent_minded=True))
def test_what_is_drawn_is_read_back(tree: GameTree) -> None:
    back = read_game(draw_ef(tree))
    found = compare(drawn(tree), back, names="anchored")
    assert found.verdict == "same", found.difference


@pytest.mark.parametrize("tree", [kuhn(), kuhn(4), absent_minded_driver()])
def test_known_games_are_read_back(tree: GameTree) -> None:
    back = read_game(draw_ef(tree))
    assert compare(drawn(tree), back, names="anchored").verdict == "same"


@given(ANY_LABELS)
def test_tex_is_undone(label: str) -> None:
    shown = one_line(label)
    # TeX has no letters of their own for Greek capitals that look like Latin ones.
    assume(not set("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ").intersection(unicodedata.normalize("NFKD", shown)))
    told = plain_text(r"\mbox{" + tex(shown).replace(" ", "~") + "}")
    assert told == unicodedata.normalize("NFC", shown)


@pytest.mark.parametrize(
    ("name", "text", "words", "remedy"),
    [
        ("a.agg", "#AGG\n# players:\n2\n", "an action-graph game", "read_agg"),
        (
            "a.efg",
            "version https://git-lfs.github.com/spec/v1\n",
            "a pointer of Git LFS",
            "lfs pull",
        ),
        ("a", "#BAGG\n2\n", "a Bayesian action-graph game", "read_agg"),
        ("a.gam", "2\n\n2 2\n1 0 0 1", "a table of GameTracer's", "GambitOutput"),
        ("a.game", "# LiteEFG\n", "a game of LiteEFG's", "open_spiel"),
        ("a", "node / chance actions J=0.5 K=0.5\n", "a game of LiteEFG's", "open_spiel"),
        ("a", "infoset 1 nodes /J /K\n", "a game of LiteEFG's", "open_spiel"),
        ("a.xml", "<svg></svg>", "XML or HTML", ".xml"),
        ("a.json", '{"a": 1}', "JSON", "folder"),
        ("game.py", "import pygambit\n", "a program, no game", "nl2efg build"),
        ("story.txt", "Ann chooses.", "a text, no game", "nl2efg FILE"),
    ],
)
def test_formats_that_are_not_read_say_what_they_are(
    tmp_path: Path, name: str, text: str, words: str, remedy: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(FormatError) as error:
        load_game(file)
    assert f"this is {words}" in error.value.message
    assert remedy in error.value.hint


def test_what_is_none_of_these_is_read_as_efg() -> None:
    with pytest.raises(FormatError, match="expected 'EFG'"):
        read_game("hello", "hello.efg")


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        "<!-- -->" * 50_000,
        "<?xml?>" + "<!-- " * 50_000,
        "% \n" * 100_000,
        "<gte>" + "<a>" * 200_000,
        "level 0 node 1 move " + "{" * 200_000,
        "level 0 node 1 player 0\nlevel 1 node 1 from 0,1 move " + "~(" * 100_000,
        "<extensiveForm>"
        + '<node player="1" move="a">' * 30_000
        + "</node>" * 30_000
        + "</extensiveForm>",
    ],
)
def test_endless_files_end(text: str) -> None:
    try:
        tree = read_game(text)
    except FormatError:
        tree = None
    assert tree is None or len(tree) in (1, 30_000)


@given(st.text(st.sampled_from('<gte>/node =1"pl\nye from,move iset{}\\'), max_size=200))
def test_any_text_is_a_game_or_refused(text: str) -> None:
    for head in (
        "<gte>",
        "<extensiveForm><node player='1'>",
        "level 0 node 1 ",
        "player 1 name a\n",
    ):
        try:
            assert len(read_game(head + text)) > 0
        except FormatError as error:
            assert error.exit_code == 2  # noqa: PT017


def test_absent_sets_of_chance_have_one_node() -> None:
    back = read_game(draw_ef(kuhn()))
    chance = [n for n, own in enumerate(back.information_sets) if own.player == CHANCE]
    assert all(len(back.members[n]) == 1 for n in chance)
    assert read_game(write_efg(back)) == back
