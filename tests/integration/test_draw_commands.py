"""``nl2efg draw`` and ``nl2efg show`` as a user types them, right and wrong."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.drawing import draw_svg, to_pdf, to_png
from nl2efg.drawing.fonts import _holds, _main_charset, with_fonts
from nl2efg.errors import UserError
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.schema.record import CompilationRecord, EquilibriumRecord, SolutionRecord
from tests.trees import absent_minded_driver, kuhn

pytestmark = pytest.mark.process


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


@pytest.fixture
def game(tmp_path: Path) -> Path:
    """Kuhn poker in a file."""
    path = tmp_path / "kuhn.efg"
    path.write_text(write_efg(kuhn()), encoding="utf-8")
    return path


def folder_of(tree: GameTree, place: Path, rows: tuple[tuple[str, ...], ...]) -> Path:
    """A compilation's folder with one equilibrium."""
    equilibrium = EquilibriumRecord(
        concept="nash",
        method="by hand",
        exact=True,
        probabilities=rows,
        players=(),
        max_regret="0",
        relative_regret=0.0,
        subgame_perfect=None,
        seconds=0.0,
    )
    record = CompilationRecord(
        status="compiled",
        name="a game",
        text="Once.",
        text_sha256="",
        model="m",
        versions={},
        prompts_sha256="",
        efg=write_efg(tree),
        solution=SolutionRecord(equilibria=(equilibrium,)),
    )
    place.mkdir()
    (place / "compilation.json").write_text(record.model_dump_json(), encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("svg", b"<svg"),
        ("html", b"<!doctype html>"),
        ("tex", b"% Kuhn poker"),
        ("dot", b"digraph"),
        ("graphml", b"<graphml"),
        ("ef", b"player 0"),
    ],
)
def test_every_format(
    game: Path, capsys: pytest.CaptureFixture[str], ending: str, begins: bytes
) -> None:
    output = game.with_suffix(f".{ending}")
    code, out, _ = run(capsys, "draw", game, "-o", output)
    assert (code, out) == (0, f"{output}\n")
    assert output.read_bytes().startswith(begins)


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_images(game: Path, capsys: pytest.CaptureFixture[str], ending: str, begins: bytes) -> None:
    pytest.importorskip("cairosvg", reason="the extra 'images' is not installed")
    output = game.with_suffix(f".{ending}")
    assert run(capsys, "draw", game, "-o", output)[0] == 0
    assert output.read_bytes().startswith(begins)


def test_an_equilibrium_is_computed(game: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = game.with_suffix(".svg")
    assert run(capsys, "draw", game, "-o", output, "--equilibrium", 1)[0] == 0
    svg = output.read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    assert "Alice  E −1/18" in svg


def test_direction_and_depth(game: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = game.with_suffix(".svg")
    arguments = ("draw", game, "-o", output, "--direction", "right", "--depth", 2)
    assert run(capsys, *arguments)[0] == 0
    assert output.read_text(encoding="utf-8").count(">+8<") == 6


def test_a_compilation_brings_its_equilibria(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(absent_minded_driver(), tmp_path / "made", (("2/3", "1/3"),))
    output = tmp_path / "driver.svg"
    assert run(capsys, "draw", folder, "-o", output, "-e", 1)[0] == 0
    assert ">2/3<" in output.read_text(encoding="utf-8")
    report = tmp_path / "driver.html"
    assert run(capsys, "draw", folder / "compilation.json", "-o", report)[0] == 0
    assert "Equilibrium 1: (1)" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("GAME", "-o", "x.jpeg"), ".svg"),
        (("GAME", "-o", "bad.json/x.svg"), "cannot be written"),
        (("GAME", "-o", "x.dot", "-e", "1"), "cannot show an equilibrium"),
        (("GAME", "-o", "x.html", "--depth", "2"), ".html cannot show depth"),
        (("nowhere.efg", "-o", "x.svg"), "nowhere.efg"),
        ((".", "-o", "x.svg"), "compilation.json"),
        (("bad.json", "-o", "x.svg"), "bad.json"),
        (("GAME", "-o", "x.svg", "-e", "99"), "there is no equilibrium 99"),
    ],
)
def test_mistakes_are_the_users(
    game: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text(json.dumps({"status": 3}), encoding="utf-8")
    code, out, err = run(capsys, "draw", *(game if a == "GAME" else a for a in arguments))
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_what_latex_leaves_out_is_said(game: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = game.with_suffix(".tex")
    told, sources = [], []
    for options in ((), ("--caption", "Cards", "--no-legend")):
        code, _, err = run(capsys, "draw", game, "-o", output, *options)
        assert code == 0
        told.append(err)
        sources.append(output.read_text(encoding="utf-8"))
    assert told == ["", "nl2efg: .tex leaves out caption\n"]
    assert "caption: Cards\n" in sources[1]


@pytest.mark.parametrize("command", ["check", "code", "describe", "show", "solve"])
def test_a_bundled_game_is_read_by_its_name(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, command, "trust_game")
    assert code == 0
    assert "Seller" in out or command == "check"
    assert run(capsys, "diff", "trust_game", "trust_game")[0] == 0
    said = run(capsys, command, "trust_gme")[2]
    assert "'trust_gme' is neither a file nor a bundled game" in said
    assert "did you mean trust_game?" in said
    Path("trust_game").write_text(write_efg(kuhn()), encoding="utf-8")
    assert "Seller" not in run(capsys, command, "trust_game")[1]


def test_show(game: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", game)
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == 1 + 58
    assert lines[1] == "Chance"
    assert lines[2] == "├── 0 (1/3) → Chance"
    assert lines[3] == "│   ├── 1 (1/2) → Alice 0-open [set 1]"
    assert lines[-1] == "            └── Call → (2, -2)"


def test_show_cuts_at_a_depth(game: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "show", game, "--depth", 1)[1]
    assert out.count("… 18 more nodes") == 3
    assert len(out.splitlines()) == 5


def test_show_keeps_the_terminal_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    builder = TreeBuilder(["A\x1b[31m[bold]"], "t\x07")
    builder.move(0, builder.information_set(0, ["go\x1b]0;x\x07"]))
    path = tmp_path / "bad.efg"
    path.write_text(write_efg(builder.build()), encoding="utf-8")
    out = run(capsys, "show", path)[1]
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[bold]" in out


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.trees import kuhn\n"
        "from nl2efg.drawing import *\n"
        "t = kuhn()\n"
        "import hashlib\n"
        "made = [f(t) for f in (draw_svg, draw_html, draw_tikz, draw_dot, draw_graphml, draw_ef)]\n"
        "print(hashlib.sha256(''.join(made).encode()).hexdigest())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_png_and_pdf() -> None:
    pytest.importorskip("cairosvg", reason="the extra 'images' is not installed")
    svg = draw_svg(kuhn())
    assert to_png(svg, 1).startswith(b"\x89PNG")
    assert to_pdf(svg).startswith(b"%PDF")
    with pytest.raises(UserError, match="32,000"):
        to_png(svg, 100)


@pytest.mark.process
def test_rounded_numbers_have_glyphs_or_a_warning() -> None:
    """A cut text holds its whole as a title before what is drawn."""
    if shutil.which("fc-list") is None or shutil.which("fc-match") is None:
        pytest.skip("fontconfig is not installed")
    builder = TreeBuilder(["A"])
    (end,) = builder.move(0, builder.information_set(0, ["go"]))
    builder.pay(end, [Fraction(1, 10**40)])
    svg = draw_svg(builder.build())
    assert "</title>≈1×10⁻⁴⁰<" in svg
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        done = with_fonts(svg)
    named = re.search('style="font-family:[^"]+">[^<]*⁻', done)
    told = any("⁻" in str(each.message) for each in noticed)
    assert named or told or _holds(_main_charset("Arial"), ord("⁻"))


@pytest.mark.process
def test_characters_without_a_font_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("cairosvg", reason="the extra 'images' is not installed")
    if shutil.which("fc-list") is None or shutil.which("fc-match") is None:
        pytest.skip("fontconfig is not installed")
    builder = TreeBuilder(["\U00012000"], "t")  # cuneiform
    builder.move(0, builder.information_set(0, ["go"]))
    path = tmp_path / "old.efg"
    path.write_text(write_efg(builder.build()), encoding="utf-8")
    code, _, err = run(capsys, "draw", path, "-o", tmp_path / "old.png")
    assert code == 0
    held = subprocess.run(["fc-list", ":charset=12000"], capture_output=True, check=True).stdout
    assert ("no installed font has \U00012000" in err) is not bool(held)
    assert "fonts-" in err or held


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--width", "1mm"), "--width"),
        (("--size", "900"), "--size"),
        (("--digits", "99"), "--digits"),
        (("--as", "signalling"), "no signalling game"),
        (("--as", "line"), "no line"),
        (("-e", "zero"), "neither a number"),
    ],
)
def test_a_wrong_view_is_named(
    game: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(capsys, "draw", game, "-o", game.with_suffix(".svg"), *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_views_and_bundled_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, arguments in (
        ("matrix", ("--as", "matrix", "--theme", "print")),
        ("parts", ("--parts", "2", "--no-title", "--no-legend")),
        ("sheet", ("-e", "all", "--width", "170mm", "--numbers", "decimal", "--digits", "2")),
    ):
        output = tmp_path / f"{name}.svg"
        code, out, err = run(capsys, "draw", "matching_pennies", "-o", output, *arguments)
        assert (code, out) == (0, f"{output}\n"), err
        ElementTree.fromstring(output.read_text(encoding="utf-8"))
