"""What the library says: errors with their hints, and values in a line."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import DescriptionError, FormatError, NotFoundError, UserError


def test_a_traceback_shows_the_hint() -> None:
    with pytest.raises(UserError) as caught:
        nl2efg.solve("trust_game", concept="spne")
    told = "".join(traceback.format_exception(caught.value))
    assert f"\n→ {caught.value.hint}\n" in told
    assert "sequential" in caught.value.hint


def test_an_error_without_a_hint_has_no_note() -> None:
    assert not UserError("so it is").__notes__


def test_a_later_hint_takes_the_place_of_the_first() -> None:
    error = UserError("so it is", hint="try this")
    error.hint = "try that"
    assert error.__notes__ == ["→ try that"]


def test_a_hint_is_carried_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(FormatError("no number", line=3, hint="write 1/3")))
    assert (str(error), error.hint, error.__notes__) == (
        "3: no number",
        "write 1/3",
        ["→ write 1/3"],
    )


def test_an_error_of_a_compile_has_no_other_error_before_it() -> None:
    with pytest.raises(DescriptionError) as caught:
        nl2efg.compile("")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["story.txt", " report.PDF\n", "trust_game", "a/b.docx"])
def test_a_name_is_no_description(name: str) -> None:
    with pytest.raises(DescriptionError, match="is a name, not a description") as caught:
        nl2efg.compile(name)
    assert caught.value.hint.startswith("nl2efg.compile(")


def test_the_name_of_a_file_is_no_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "story").write_text("Ann stops or goes on.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DescriptionError, match="is a name"):
        nl2efg.compile("story")


def test_a_text_of_one_word_is_a_description() -> None:
    from nl2efg.pipeline.descriptions import text_and_name

    assert text_and_name("锤子剪刀布。") == ("锤子剪刀布。", "")


def test_an_unknown_name_is_told_with_close_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="neither a file nor a bundled game") as caught:
        nl2efg.solve("trust_gam")
    assert "trust_game" in caught.value.hint


def test_values_are_told_in_a_line() -> None:
    solution = nl2efg.solve("trust_game")
    assert repr(solution.equilibria[0]) == (
        "<Equilibrium (spe): Buyer gets 0, Seller gets 0; max regret 0>"
    )
    assert repr(solution) == f"<Solution of 1 equilibria: {solution.completeness}>"
    claim = nl2efg.verify("trust_game", "Buyer: not trust. Seller: honour")
    assert repr(claim) == "<Verification (nash): no, Buyer gains 1 by Trust at start>"
    assert repr(nl2efg.compare("trust_game", "trust_game")) == (
        "<Comparison (structure isomorphic, payoffs exact): same>"
    )
    done = nl2efg.simulate("trust_game", solution.equilibria[0], plays=1200)
    assert repr(done) == "<Simulation of 1,200 plays: Buyer 0, Seller 0 on average>"


@pytest.mark.parametrize(
    ("export", "package"),
    [(nl2efg.to_openspiel, "open_spiel"), (nl2efg.to_pettingzoo, "pettingzoo")],
)
def test_a_package_that_is_not_installed_is_named(
    export: Callable[[str], object], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nl2efg.library.exports.find_spec", lambda _: None)
    with pytest.raises(UserError, match=f"{package} is not installed") as caught:
        export("trust_game")
    assert caught.value.hint == f"pip install {package}"


WRONG: list[tuple[str, Callable[[], object], str]] = [
    ("a game that is none", lambda: nl2efg.draw_svg(42), "int is no game"),
    ("report of none", lambda: nl2efg.draw_html(None), "NoneType is no game"),
    ("no letters", lambda: nl2efg.sweep("trust_game", ["c=0:1:3"]), "no letters"),
    ("axes", lambda: nl2efg.sweep("beer_quiche_prior", 3), "list of axes"),
    ("values", lambda: nl2efg.sweep("beer_quiche_prior", {"p": 1}), "int is no list of values"),
    ("certify", lambda: nl2efg.certify(nl2efg.as_tree("trust_game")), "no behaviour profile"),
    ("from_gambit", lambda: nl2efg.from_gambit("trust_game"), "no game of pygambit"),
    ("read_efg", lambda: nl2efg.read_efg(None), "NoneType is no text of a game"),
    ("build", lambda: nl2efg.build(Path("game.py")), "is no program"),
    ("example", lambda: nl2efg.example(3), "int is no name"),
    ("compile", lambda: nl2efg.compile(["a", "b"]), "list is no description"),
    ("one text", lambda: nl2efg.compile_many("Ann stops or goes on."), "str is no list"),
    ("script", lambda: nl2efg.ScriptedModel(["a"]), "list is no mapping"),
    ("revised", lambda: nl2efg.revised(nl2efg.as_tree("trust_game"), "trust_game"), "compilation"),
    ("edit", lambda: nl2efg.edit(nl2efg.as_tree("trust_game"), "x"), "GameTree is no compilation"),
    ("history", lambda: nl2efg.set_payoff("trust_game", 3, "Buyer", 1), "int is no history"),
    ("step", lambda: nl2efg.set_payoff("trust_game", [0, 1], "Buyer", 1), "int is no label"),
    ("player", lambda: nl2efg.set_payoff("trust_game", "Trust, Honour", 0, 1), "int is no name"),
    ("chances", lambda: nl2efg.set_probabilities("kuhn_poker", "", [1, 2]), "list is no mapping"),
    ("number", lambda: nl2efg.draw("trust_game", equilibrium=9), r"the list has 1 equilibrium\n"),
    ("agents", lambda: nl2efg.simulate("trust_game", agents=[print]), "list is no mapping"),
    ("agent", lambda: nl2efg.simulate("trust_game", agents={"Buyer": "Trust"}), "called"),
    ("plays", lambda: nl2efg.simulate("trust_game", plays=2.5), "float is no number of plays"),
]


@pytest.mark.parametrize(("call", "words"), [pytest.param(*e[1:], id=e[0]) for e in WRONG])
def test_an_argument_of_another_type_is_told_with_a_way_out(
    call: Callable[[], object], words: str
) -> None:
    with pytest.raises(UserError, match=words) as caught:
        call()
    assert caught.value.hint or "number of plays" in words


def test_an_async_agent_is_told_to_be_one() -> None:
    async def agent(_: nl2efg.Observation) -> str:
        return "Trust"

    with pytest.raises(UserError, match="async function"):
        nl2efg.simulate(
            "trust_game",
            "Buyer: trust. Seller: honour",
            agents={"Buyer": agent},  # type: ignore[dict-item]
        )


def test_python_proposes_the_name_that_was_meant() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = nl2efg.sovle  # type: ignore[attr-defined]
    assert (caught.value.name, caught.value.obj) == ("sovle", nl2efg)


def test_pictures_and_sweeps_take_a_game_in_any_form() -> None:
    tree = nl2efg.as_tree("trust_game")
    found = nl2efg.solve(tree).equilibria[0]
    svg = nl2efg.draw_svg("trust_game", profile=found)
    assert svg == nl2efg.draw_svg(tree, profile=found.profile)
    assert svg == nl2efg.draw("trust_game", equilibrium=1)
    assert nl2efg.draw_tikz("trust_game") == nl2efg.draw_tikz(tree)
    assert nl2efg.draw_html("trust_game", profiles=[found]) == nl2efg.draw_html(
        tree, profiles=[found.profile]
    )
    letters = nl2efg.family_of("beer_quiche_prior")
    assert letters is not None
    line = nl2efg.sweep(letters, ["p=1/4:3/4:3"], workers=1)
    again = nl2efg.sweep("beer_quiche_prior", "p=1/4:3/4:3", workers=1)
    assert line.points == again.points
    values = nl2efg.sweep("beer_quiche_prior", {"p": [0.25, "1/2"]}, workers=1)
    assert values.points == line.points[:2]
    text = nl2efg.sweep("beer_quiche_prior", {"p": "1/4:3/4:3"}, workers=1)
    assert text.points == line.points
