"""Programs in pygambit 17's spelling, alone and beside 16's, and what is said where they slip.

That the dialect builds what pygambit 17 builds is tested on random programs, where pygambit 17 is
installed: ``tests/integration/test_dialect_differential.py``.
"""

from __future__ import annotations

import pytest

from nl2efg.dialect.execution import execute
from nl2efg.game import GameTree
from nl2efg.schema.diagnostics import Diagnostic

START = """\
import pygambit as gbt
from pygambit import H
g = gbt.ExtensiveGame(["Ann", "Ben"], "T")
g.append_move(H.path(), "Ann", ["stop", "go"])
g.append_move(H.path("go"), "Ben", ["left", "right"])
"""


def run(steps: str) -> tuple[GameTree | None, tuple[Diagnostic, ...]]:
    """The tree of ``START`` and some steps, and what was said."""
    done = execute(START + steps, max_nodes=10_000)
    return (None if done.game is None else done.game.to_tree()), done.diagnostics


def built(steps: str) -> GameTree:
    """The tree of steps that nothing is said about."""
    tree, said = run(steps)
    assert said == ()
    assert tree is not None
    return tree


def test_both_spellings_in_one_program() -> None:
    tree = built("""
last = g.root.children["go"].children["left"]
g.append_move(last, g.players.chance, ["heads", "tails"])
g.set_chance_probs(last.infoset, ["1/3", "2/3"])
g.append_move(H.plays.after("right"), "Ann", ["up", "down"])
g.append_infoset(g.root.children["stop"], g.root.children["go"].children["right"].infoset)
g.make_outcome(H.plays.after("up"), {"Ann": 1, "Ben": 2}, "up")
g.set_outcome(g.root.children["stop"].children["down"], g.add_outcome([3, 4], label="down"))
""")
    stop, right = tree.find(["stop"]), tree.find(["go", "right"])
    assert stop is not None
    assert right is not None
    assert tree.set_of[stop] == tree.set_of[right]
    assert {outcome.label for outcome in tree.outcomes} == {"up", "down"}


def test_what_a_group_knows() -> None:
    tree = built("""
g.append_event(H.plays, {"K": "1/2", "Q": "1/2"})
g.append_move(H.plays.by(lambda h: (h.last_action("Ann"), h[-1].action)), "Ben", ["x", "y"])
""")
    sets = [own for own in tree.information_sets if own.actions == ("x", "y")]
    assert len(sets) == 4  # after stop and go, with K and Q; left and right are one


def test_by_last_action_tells_information_sets_apart_whatever_their_labels() -> None:
    tree = built("""
g.set_move_actions(H.path("go"), ["left", "right", "go"])
g.relabel_actions(H.path(), {"stop": "left"})
g.append_move(H.path(...).by(lambda h: 0).by_last_action("Ben").plays, "Ann", ["x"])
""")
    sets = [own for own in tree.information_sets if own.actions == ("x",)]
    assert len(sets) == 4  # Ben's three actions, and where he has not moved


@pytest.mark.parametrize(
    ("step", "code", "words", "advice"),
    [
        ("g.append_move(H.path('stop'), 'Chance', ['a'])", "B319", "chance", "append_event"),
        ("g.append_event(H.path('stop'), ['a', 'b'], [1, 0])", "B319", "one mapping", "{"),
        ("g.append_move(H.path('stop'), 'Ben', ['a', 'a'])", "B319", "unique", "own"),
        ("g.make_outcome(H.path('stop'), [1, 2], 'end')", "B319", "a mapping", "{"),
        ("g.make_outcome(H.path('stop'), {'Ann': 1, 'Ben': 2})", "B319", "a label", "label"),
        ("H.path('Stop').nodes(g.root)", "B319", "'Stop' is taken to be 'stop'", ""),
        ("g.get_histories(H.plays.by(len).with_recall('Ann'))", "B319", "by_last_action", ""),
    ],
)
def test_slips_with_one_plain_reading_are_mended(
    step: str, code: str, words: str, advice: str
) -> None:
    tree, said = run(step + "\n")
    assert tree is not None
    assert [one.code for one in said] == [code]
    assert words in said[0].message
    assert advice in (said[0].fix or "")


@pytest.mark.parametrize(
    ("step", "code", "words", "advice"),
    [
        ("g.append_move(H.path(..., 'left'), 'Ann', ['a'])", "B207", "no action 'left'", "append"),
        ("g.append_move(H.path('halt'), 'Ann', ['a'])", "B207", "no action 'halt'", ".filter"),
        ("g.append_move(H.after('halt'), 'Ann', ['a'])", "B207", "finds no node", "appended"),
        ("g.append_move(H.plays, 'Cem', ['a'])", "B203", "no player 'Cem'", "Ann"),
        ("g.append_move(H.path(), 'Ben', ['a'])", "B201", "already moves", "child"),
        ("g.append_event(H.path('stop'), {'a': '1/2', 'b': '1/3'})", "B206", "5/6", "1"),
        ("g.make_outcome(H.path('stop'), {'Ann': 1}, 'end')", "B204", "given to Ben", "0"),
        ("g.make_infoset(H.path(...), 'Ann')", "B205", "terminal", ""),
        ("g.set_move_actions(H.path(), ['go'])", "B209", "delete actions ['stop']", "drop=True"),
        ("g.set_event_actions(H.path(), {'go': 1})", "B208", "Ann moves here", "set_move"),
        ("g.set_players(['Ann'], drop=True)", "B209", "'Ben' has decisions", "moves"),
        ("g.relabel_outcomes({'end': 'other'})", "B207", "no outcome", ""),
        ("g.get_player(H.path(...))", "B207", "finds 2 nodes, not one", ""),
        ("g.get_infosets('Chance')", "B203", "chance is no player", ""),
        ("H('go')", "B208", "not called", "H.path"),
    ],
)
def test_errors_say_what_is_wrong_and_how_to_mend_it(
    step: str, code: str, words: str, advice: str
) -> None:
    # More building comes after it, so that it is no failure after the building.
    said = run(step + "\ng.make_outcome(H.path('stop'), {'Ann': 1, 'Ben': 0}, 'later')\n")[1]
    errors = [one for one in said if one.severity == "error"]
    assert [one.code for one in errors][:1] == [code]
    assert words in errors[0].message
    assert advice in (errors[0].fix or "")
    assert errors[0].line == START.count("\n") + 1


def test_outcomes_that_are_replaced_free_their_labels() -> None:
    tree = built("""
g.make_outcome(H.path("stop"), {"Ann": 1, "Ben": 2}, "end")
g.make_outcome_null(H.path("stop"))
g.make_outcome(H.plays.after("left"), {"Ann": 3, "Ben": 4}, "end")
""")
    assert [outcome.label for outcome in tree.outcomes] == ["end"]


def test_games_in_strategic_form() -> None:
    done = execute(
        """
import pygambit as gbt
g = gbt.StrategicGame.from_dict({"Ann": [[3, 0], [5, 1]], "Ben": [[3, 5], [0, 1]]}, title="PD")
for player in g.players:
    g.relabel_strategies(player, {"1": "Silent", "2": "Confess"})
g.make_outcome([{"Ann": "Confess", "Ben": "Confess"}], {"Ann": 2, "Ben": 2}, "both confess")
""",
        max_nodes=1000,
    )
    assert done.diagnostics == ()
    assert done.game is not None
    tree = done.game.to_tree()
    node = tree.find(["Confess", "Confess"])
    assert node is not None
    assert tree.path_payoffs[node] == (2, 2)
    assert sorted(outcome.label for outcome in tree.outcomes) == ["", "", "", "both confess"]
