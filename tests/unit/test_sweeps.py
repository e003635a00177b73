"""Sweeps: axes, points, resuming, tables and pictures; and how letters are written."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pyarrow.parquet
import pytest

from nl2efg.drawing import draw_svg, draw_tikz
from nl2efg.drawing.regimes import Scale, regime_map, value_plot
from nl2efg.errors import UserError
from nl2efg.families import GameFamily, family_of, read_expression
from nl2efg.families.written import shown, tex
from nl2efg.formats.english import describe
from nl2efg.sweeps import Sweep, read_axis, sweep
from nl2efg.sweeps.point import NOT_FOUND, Point
from nl2efg.sweeps.running import CHUNK
from nl2efg.sweeps.table import csv_text, write_parquet
from tests.references.families import REFERENCES


def family(name: str) -> GameFamily:
    found = family_of(REFERENCES[name]())
    assert found is not None
    return found


COMMITMENT = family("entry_with_commitment")


def test_axes() -> None:
    assert read_axis("c=1:2:3", COMMITMENT).values == (1, Fraction(3, 2), 2)
    assert read_axis("c = 1/4, 1/2", COMMITMENT).values == (Fraction(1, 4), Fraction(1, 2))
    assert read_axis("n=1:3", family("tough_offers")).values == (1, 2, 3)


@pytest.mark.parametrize(
    "text",
    ["c", "c=", "x=0:1:3", "c=0:1", "c=0:1:0", "c=0:1:1/2", "c=a:b:3", "c=0:1:99999999",
     "c=1:2:3:4"],
)  # fmt: skip
def test_what_is_no_axis(text: str) -> None:
    with pytest.raises(UserError):
        read_axis(text, COMMITMENT)


def test_regimes_are_those_of_the_theorem() -> None:
    found = sweep(COMMITMENT, ["c=1/2:9:35"], workers=1)
    for point in found.points:
        c = Fraction(point.values[0])
        assert point.certified
        assert point.exact
        deterred = 3 <= c <= 5  # D1 - P1 and M1 - D1
        if c not in (3, 5):
            assert ("Invest" in point.type) == deterred
            assert point.payoffs == ((str(10 - c), "0") if deterred else ("5", "4"))
    assert len(found.types) == 2


def test_points_outside_the_domain_say_why() -> None:
    found = sweep(COMMITMENT, ["c=-1,1"], workers=1)
    assert not found.points[0].certified
    assert "breaks c > 0, which the description demands" in found.points[0].trouble
    assert found.points[1].certified


def test_two_parameters_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="different"):
        sweep(COMMITMENT, ["c=1:2:3", "c=1:2:3"])


def test_a_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    log = tmp_path / "log"
    counted: list[int] = []
    whole = sweep(COMMITMENT, ["c=1/2:9:150"], workers=1, log=log)
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[: CHUNK + 1]) + lines[CHUNK + 1][:20])  # torn within a line
    again = sweep(COMMITMENT, ["c=1/2:9:150"], workers=1, log=log, count=counted.append)
    assert again == whole
    assert counted == [CHUNK, 50]
    with pytest.raises(UserError, match="another sweep"):
        sweep(COMMITMENT, ["D1=3:9:5"], workers=1, log=log)


def test_tables(tmp_path: Path) -> None:
    found = sweep(COMMITMENT, ["c=1:8:8", "D1=3,4"], workers=1)
    rows = list(csv.DictReader(StringIO(csv_text(found))))
    assert len(rows) == 16
    assert rows[1]["c"] == "1"
    assert rows[1]["D1"] == "4"
    assert rows[1]["payoff of Rival"] == "4"
    write_parquet(found, tmp_path / "t.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    assert table.num_rows == 16
    assert table.column("certified").to_pylist() == [True] * 16


def pictured(found: Sweep, player: str = "") -> str:
    svg = found.svg(player)
    ET.fromstring(svg)
    return svg


def test_pictures_name_their_axes_and_regimes() -> None:
    plane = sweep(COMMITMENT, ["c=1:8:8", "D1=3,4,5"], workers=1)
    svg = pictured(plane)
    for kind in plane.types:
        assert kind in svg
    assert ">c</text>" in svg
    assert ">D1</text>" in svg
    assert "value of Ferry" in pictured(plane, "Ferry")
    line = pictured(sweep(COMMITMENT, ["c=1:8:8"], workers=1))
    assert ">Rival<" in line
    assert ">value</text>" in line
    with pytest.raises(UserError, match="no player"):
        plane.svg("Nobody")
    with pytest.raises(UserError, match="two axes"):
        sweep(COMMITMENT, ["c=1,2", "D1=3,4", "M1=9,10"], workers=1).svg()


def test_a_long_name_of_a_regime_is_whole_and_several_equilibria_are_told() -> None:
    name = "Stranger (Surly): Beer; Bully (Beer): Duel or Leave; Bully (Quiche): Duel; Weak: Beer"
    scale = Scale("p", (0.0, 1.0))
    drawn = regime_map("Duel", scale, scale, [[name, "x"], ["x", "x"]])
    assert f">{name}<" in drawn
    assert "another may hold as well" in drawn


def test_names_of_regimes_are_escaped() -> None:
    scale = Scale("<x>", (0.0, 1.0), ("0", "1"))
    svg = regime_map("</style><script>", scale, scale, [["<a & b>", ""], ["c", "<a & b>"]])
    ET.fromstring(svg)
    assert "<script>" not in svg


@pytest.mark.parametrize(
    ("text", "people", "formula"),
    [
        ("delta*(1 - p) - c", "δ(1 − p) − c", r"\delta\,(1 - p) - c"),
        ("delta1**2/2", "δ₁²/2", r"\delta_{1}^{2}/2"),
        ("2*M1 - x_2", "2M₁ − x₂", r"2\,M_{1} - x_{2}"),
        ("cost*wage", "cost·wage", r"\mathit{cost}\,\mathit{wage}"),
        ("δ*V", "δV", r"\delta\,V"),
    ],
)
def test_how_expressions_are_written(text: str, people: str, formula: str) -> None:
    assert shown(read_expression(text)) == people
    assert tex(read_expression(text)) == formula


def test_pictures_and_tellings_write_letters() -> None:
    tree = REFERENCES["diploma_costs"]()
    assert "w − a" in draw_svg(tree)
    assert re.search(r"\\pay(\[[\d.]+em\])?\{w - a\}", draw_tikz(tree))
    assert "$1 - q$" in draw_tikz(tree)
    told = describe(tree)
    assert "Applicant w − a, Firm 1" in told
    assert "Other with probability 1 − q" in told


def axis_words(svg: str) -> list[str]:
    return re.findall(r"<text x=[^>]*>([^<]*)</text>", svg)


def test_an_axis_of_many_points_is_written_in_round_numbers() -> None:
    values = tuple(0.25 + 9.75 * n / 29 for n in range(30))
    scale = Scale("c", values, tuple(map(str, values)))
    assert [words for _, words in scale.ticks] == ["2", "4", "6", "8", "10"]
    assert scale.ticks[-1][0] == 1.0
    assert scale.ticks[0][0] == pytest.approx(1.75 / 9.75)


def test_few_points_are_written_as_they_are() -> None:
    scale = Scale("c", (0.0, 1 / 3, 1.0), ("0", "1/3", "1"))
    assert scale.ticks == [(0.0, "0"), (1 / 3, "1/3"), (1.0, "1")]


def test_an_axis_may_fall() -> None:
    scale = Scale("c", tuple(float(10 - n) for n in range(11)), ())
    assert scale.ticks[0] == (1.0, "0")
    assert scale.ticks[-1] == (0.0, "10")


def test_values_are_marked_in_round_numbers() -> None:
    across = Scale("c", (0.0, 1.0), ("0", "1"))
    svg = value_plot("Two", across, ["a", "a"], [[0.03, 7.97]], ["Ann"])
    assert {"0", "2", "4", "6", "8"} <= set(axis_words(svg))


@pytest.mark.parametrize(
    ("trouble", "legend"),
    [
        (NOT_FOUND, "no certified equilibrium<"),
        ("c = 1 breaks c > 2, which the description demands", "no game: outside its conditions<"),
    ],
)
def test_the_legend_says_why_points_have_no_equilibrium(trouble: str, legend: str) -> None:
    axis = read_axis("c=3:4:2", COMMITMENT)
    values = ("1", "1")
    points = (Point(("3",), "Company: Invest", values), Point(("4",), trouble=trouble))
    assert legend in Sweep(COMMITMENT, (axis,), points).svg()
