"""The library as a user calls it: games in every form, models by name, folders there and back."""

from __future__ import annotations

import doctest
import json
from fractions import Fraction
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import FormatError, NoModelError, NotFoundError, NotRecordedError, UserError
from nl2efg.formats import write_efg
from nl2efg.pipeline import compiler
from nl2efg.pipeline.options import CompileOptions
from tests.fakes.openai_server import FakeService, text
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = [pytest.mark.process, pytest.mark.server]


@pytest.fixture(scope="module")
def coin() -> nl2efg.Compilation:
    """The coin game, compiled and solved."""
    return nl2efg.compile(TEXT, model=coin_model(), name="coin")


def test_examples_of_compile_hold() -> None:
    assert doctest.testmod(compiler) == (0, 3)


def test_a_model_may_be_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeService(text(SKETCH), text(fenced(CODE))) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", service.base_url)
        compilation = nl2efg.compile(TEXT, model="some-model", solve=False)
    assert [received.body["model"] for received in service.requests] == ["some-model"] * 2
    assert compilation.tree.players == ("Ida", "Otto")


def test_several_models_are_asked_for_a_consensus() -> None:
    models = [coin_model(), coin_model()]
    compilation = nl2efg.compile(TEXT, model=models, solve=False)
    assert [model.stages for model in models] == [["information", "code"]] * 2
    assert compilation.record.consensus is not None
    assert compilation.record.consensus.agreeing == 2


@pytest.mark.parametrize("model", [[], 3, [3], object()])
def test_what_is_no_model_is_refused(model: object) -> None:
    with pytest.raises(UserError, match="no model"):
        nl2efg.compile(TEXT, model=model)  # type: ignore[arg-type]


def test_a_name_without_a_key_says_so() -> None:
    with pytest.raises((NoModelError, UserError)) as caught:
        nl2efg.compile(TEXT, model="gpt-4o")
    assert "OPENAI_API_KEY" in f"{caught.value.message} {caught.value.hint}"


def test_a_script_without_a_reply_says_which() -> None:
    with pytest.raises(NotRecordedError, match="code"):
        nl2efg.compile(TEXT, model=nl2efg.ScriptedModel({"information": SKETCH}))


def test_typed_options_are_those_of_the_class() -> None:
    fields = {name: field.type for name, field in nl2efg.Options.__dataclass_fields__.items()}
    assert set(CompileOptions.__annotations__) == set(fields)


def test_a_description_may_be_a_file_or_a_bundled_game(tmp_path: Path) -> None:
    story = tmp_path / "a coin.txt"
    story.write_text(TEXT, encoding="utf-8")
    assert nl2efg.compile(story, model=coin_model(), solve=False).name == "a coin"
    assert nl2efg.compile(nl2efg.example("trust_game"), solve=False).name == "trust_game"
    with pytest.raises(NotFoundError, match="missing"):
        nl2efg.compile(tmp_path / "missing.txt")


def test_a_folder_there_and_back(coin: nl2efg.Compilation, tmp_path: Path) -> None:
    folder = coin.write(tmp_path / "coin.nl2efg")
    again = nl2efg.Compilation.load(folder)
    assert again.tree == coin.tree
    assert again.record == coin.record
    assert [e.profile for e in again.equilibria] == [e.profile for e in coin.equilibria]
    assert [e.certificate for e in again.equilibria] == [e.certificate for e in coin.equilibria]
    assert again.solution is not None
    assert coin.solution is not None
    assert again.solution.completeness == coin.solution.completeness
    assert again.draw() == coin.draw()


def test_a_forged_equilibrium_is_not_believed(coin: nl2efg.Compilation, tmp_path: Path) -> None:
    folder = coin.write(tmp_path / "coin.nl2efg")
    record = json.loads((folder / "compilation.json").read_text())
    for entry in record["solution"]["equilibria"]:
        entry["probabilities"] = [row[::-1] for row in entry["probabilities"]]
    (folder / "compilation.json").write_text(json.dumps(record))
    with pytest.raises(FormatError, match="no equilibrium"):
        nl2efg.Compilation.load(folder)


def test_pictures_go_to_files(coin: nl2efg.Compilation, tmp_path: Path) -> None:
    for ending in ("svg", "html", "tex", "dot", "graphml", "ef"):
        file = coin.draw(tmp_path / f"coin.{ending}")
        assert file.stat().st_size > 100
        assert nl2efg.draw(coin, tmp_path / f"tree.{ending}").stat().st_size > 100
    with pytest.raises(UserError, match="ending"):
        coin.draw(tmp_path / "coin.gif")
    with pytest.raises(UserError, match="style: 'nice' is none of"):
        coin.draw(style="nice")  # type: ignore[call-overload]
    with pytest.raises(UserError, match="cannot be written"):
        coin.draw(__file__ + "/coin.svg")


def test_equilibria_count_from_one(coin: nl2efg.Compilation, tmp_path: Path) -> None:
    first = coin.equilibria[0]
    assert coin.draw() == coin.draw(equilibrium=1) == coin.draw(equilibrium=first)
    assert coin.draw(equilibrium=first.profile) == coin.draw()
    assert coin.draw(equilibrium=None) != coin.draw()
    plain, marked = coin.draw(tmp_path / "a.ef", equilibrium=None), coin.draw(tmp_path / "b.ef")
    assert plain.read_text() != marked.read_text()
    also = nl2efg.draw(coin, tmp_path / "c.ef", equilibrium=first)
    assert also.read_text() == marked.read_text()
    for number in (0, 2, -1):
        with pytest.raises(UserError, match="there is no equilibrium"):
            coin.draw(equilibrium=number)


def test_games_in_every_form_are_the_same(coin: nl2efg.Compilation, tmp_path: Path) -> None:
    pytest.importorskip("pygambit")
    file = tmp_path / "coin.efg"
    file.write_text(coin.efg)
    folder = coin.write(tmp_path / "coin.nl2efg")
    forms = [coin.tree, coin, file, str(file), folder, folder / "compilation.json", coin.efg]
    forms.append(nl2efg.to_gambit(coin))
    for form in forms:
        tree = nl2efg.as_tree(form)
        assert tree == coin.tree
        assert nl2efg.compare(form, coin).same
    assert nl2efg.solve(file).equilibria[0].values == (1, 0)
    assert nl2efg.describe(str(file)) == nl2efg.describe(coin)
    assert nl2efg.write_efg(folder) == write_efg(coin.tree)
    assert nl2efg.to_networkx(file).number_of_nodes() == 5
    assert "pygambit" in nl2efg.to_code(coin)


@pytest.mark.parametrize(
    ("game", "kind", "words"),
    [
        ("no_such_game", NotFoundError, "no_such_game"),
        ("kuhn_pokr", NotFoundError, "kuhn_pokr"),
        ("missing.efg", NotFoundError, "missing.efg"),
        ("Ann moves.\nThen Ben.", UserError, "neither a path nor a game"),
        (3, UserError, "int is no game"),
        (None, UserError, "NoneType is no game"),
    ],
)
def test_what_is_no_game_is_refused(game: object, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        nl2efg.solve(game)  # type: ignore[arg-type]


def test_a_compilation_is_checked_against_its_own_text(coin: nl2efg.Compilation) -> None:
    assert nl2efg.check(coin) == nl2efg.check(coin.tree, text=TEXT, sketch=coin.record.sketch)


def test_a_claim_is_verified(coin: nl2efg.Compilation) -> None:
    assert nl2efg.verify(coin, "Ida takes; Otto takes", concept="spe").holds
    wrong = nl2efg.verify(coin, {"Ida": "Leave", "Otto": {"Take": "1/2", "Throw away": "1/2"}})
    assert wrong.holds is False
    assert wrong.certificate.max_regret == Fraction(1)
    assert "Ida" in wrong.reason
