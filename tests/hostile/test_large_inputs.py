"""Inputs that are small but meet something else that is large: bounded in memory and in time.

Each is worked on in a process of its own, which is watched from outside.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from tests.hostile.bounded import Ended, run_python

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]

WIDE = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A", "B"])
g.append_move(g.root, "A", [f"a{i}" for i in range(WIDTH)])
for i, node in enumerate(g.root.children):
    g.append_move(node, "B", ["l", "r"])
    for j, leaf in enumerate(node.children):
        g.set_outcome(leaf, g.add_outcome([i, j], label=f"{i} {j}"))
"""

COMPILE = """
sketch = {"players": [{"name": "A"}, {"name": "B"}], "information_sets": [], "claims": []}
sketch.update(SKETCH)
model = ScriptedModel({"information": json.dumps(sketch), "code": fenced(CODE)})
try:
    made = nl2efg.compile(TEXT, model=model, rounds=0, solve=False)
    print(len(made.tree), sorted({found.code for found in made.diagnostics}))
    made.report()
except nl2efg.Nl2efgError as error:
    print(type(error).__name__, str(error)[:300])
"""


def compiled(
    sketch: str = "{}", code: str = WIDE, width: int = 1000, text: str = "'A, B.'"
) -> Ended:
    """Compile a text with a scripted model; what is given are expressions."""
    return run_python(
        f"CODE = {code.replace('WIDTH', str(width))!r}\nSKETCH = {sketch}\nTEXT = {text}\n{COMPILE}"
    )


def test_an_order_of_payoffs_with_stars_in_a_wide_game() -> None:
    terms = " + ".join(["u[*](*, l)"] * 80)
    found = compiled(
        f'{{"payoff_order": ["{terms} >= u[A](*, r) - 1e9"]}}'.replace("1e9", "100000")
    )
    assert found.losses == []
    assert "C612" in found.output


def test_an_order_of_payoffs_of_products_of_long_numbers() -> None:
    product = " * ".join(["u[A](*, l)"] * 199)
    code = WIDE.replace("[i, j]", "[gbt.Rational(3**300 + i, 2**500 + i), j]")
    found = compiled(f'{{"payoff_order": ["{product} >= 0"] * 1000}}', code)
    assert found.losses == []
    assert "so many different denominators" in found.output


def test_many_information_sets_of_stars() -> None:
    sets = '[{"player": "B", "histories": [["*"]], "actions": ["x", "y"]}] * 6000'
    found = compiled(f'{{"information_sets": {sets}}}', width=3000)
    assert found.losses == []
    assert "C613" in found.output


def test_many_claims_of_stars() -> None:
    claims = (
        '[{"history": ["*", "*"], "payoffs": [{"player": "A", "value": str(i)}]}'
        " for i in range(9000)]"
    )
    found = compiled(f'{{"claims": {claims}}}', width=3000)
    assert found.losses == []
    assert "C610" in found.output or "C613" in found.output


def test_claims_of_long_histories_that_the_game_does_not_have() -> None:
    claims = '[{"history": ["a1"] * 100_000, "payoffs": []}]'
    found = compiled(f'{{"claims": {claims}}}')
    assert found.losses == []
    assert "C602" in found.output or "C613" in found.output


def test_information_sets_of_very_many_actions() -> None:
    sets = '[{"player": "B", "histories": [["*"]], "actions": [str(i) for i in range(60_000)]}]'
    found = compiled(f'{{"information_sets": {sets}}}', width=3000)
    assert found.losses == []
    assert "C604" in found.output


def test_a_chance_event_of_very_many_outcomes() -> None:
    outcomes = '"outcomes": [str(i) for i in range(40_000)], "probabilities": ["1/40000"] * 40_000'
    code = WIDE.replace(
        'g.append_move(node, "B", ["l", "r"])', 'g.append_move(node, g.players.chance, ["l", "r"])'
    )
    found = compiled(f'{{"chance": [{{"histories": [["*"]], {outcomes}}}]}}', code, 3000)
    assert found.losses == []
    assert "C608" in found.output


SENTENCES = "' '.join(f'A gets {i} and B gets {i % 7}.' for i in range(3_900))"


def test_many_payoffs_against_many_sentences() -> None:
    found = compiled(width=10_000, text=SENTENCES)
    assert found.losses == []


def test_many_payoffs_that_stand_in_every_sentence() -> None:
    code = WIDE.replace("[i, j]", "[0, 1]").replace('f"a{i}"', 'f"gets 0 and {i}"')
    text = "' '.join(['A gets 0 and B gets 1.'] * 4_000)"
    found = compiled(code=code, width=10_000, text=text)
    assert found.losses == []


def test_many_comments_against_many_sentences() -> None:
    code = WIDE + "".join(f"# A gets {i} and B gets {i % 7} here {i}\n" for i in range(12_000))
    lines = "g.append_move(g.root.children[0].children[0], 'A', ['z'])  # A gets B gets {}\n"
    code += "".join(
        lines.format(i).replace("[0].children[0]", f"[{i}].children[0]") for i in range(900)
    )
    found = compiled(code=code, text=SENTENCES)
    assert found.losses == []


def test_labels_that_all_stand_in_a_long_text() -> None:
    text = "' '.join(f'a{i}' for i in range(14_000))"
    found = compiled(width=14_000, text=text)
    assert found.losses == []


def test_many_players_of_long_names_in_a_long_text() -> None:
    code = """
import pygambit as gbt
names = [" ".join(f"w{10 * i + j}" for j in range(10)) for i in range(900)]
g = gbt.Game.new_tree(players=names)
g.append_move(g.root, names[0], ["l", "r"])
for leaf in g.root.children:
    g.set_outcome(leaf, g.add_outcome([0] * 900))
"""
    text = "' '.join(f'w{i}' for i in range(14_000))"
    found = compiled(code=code, text=text)
    assert found.losses == []


def test_words_of_ignorance_in_a_long_text_without_a_stop() -> None:
    text = "'A does not see it ' * 5_000"
    code = WIDE.replace(
        "    for j, leaf",
        "    if i % 2: g.set_infoset(node, g.root.children[i - 1].infoset)\n    for j, leaf",
    )
    found = compiled(code=code, text=text, width=4000)
    assert found.losses == []


def test_a_sketch_whose_own_game_multiplies_patterns_and_actions() -> None:
    entries = (
        '[{"player": "A", "histories": [[]], "actions": [f"a{i}" for i in range(10_000)]},'
        ' {"player": "B", "histories": [["*"]] * 60_000, "actions": ["l", "r"]}]'
    )
    found = compiled(f'{{"information_sets": {entries}}}', width=50)
    assert found.losses == []


def test_a_sketch_of_very_many_players_and_ends() -> None:
    players = '[{"name": f"p{i}"} for i in range(30_000)]'
    entries = '[{"player": "p0", "histories": [[]], "actions": [f"a{i}" for i in range(19_000)]}]'
    found = compiled(f'{{"players": {players}, "information_sets": {entries}}}', width=50)
    assert found.losses == []


def test_payoffs_of_a_sketch_that_are_powers_of_letters() -> None:
    claims = (
        '[{"history": [f"a{i}"], "payoffs": [{"player": "A",'
        ' "value": f"(a+b+c)**40*(a+{i})**500"}]} for i in range(3000)]'
    )
    entries = '[{"player": "A", "histories": [[]], "actions": [f"a{i}" for i in range(3000)]}]'
    letters = '[{"symbol": s, "value": "2"} for s in "abc"]'
    sketch = f'{{"information_sets": {entries}, "claims": {claims}, "parameters": {letters}}}'
    found = compiled(sketch, width=50)
    assert found.losses == []


def test_a_note_of_letters_of_powers_in_the_comment_of_a_game() -> None:
    lines = "".join(f"payoff {n % 2} 0 (a+{n})**700\\n" for n in range(5000))
    comment = f"[family\\nparameter a quantity 1 - - - -\\n{lines}]"
    found = run_python(
        "from nl2efg.formats import read_efg, write_efg\nfrom dataclasses import replace\n"
        "from nl2efg.families import family_of\n"
        "b = TreeBuilder(['A'])\n"
        "for end in b.move(0, b.information_set(0, ['l', 'r'])):\n    b.pay(end, [1])\n"
        f"tree = replace(b.build(), comment={comment!r}.replace('\\\\n', '\\n'))\n"
        "print(family_of(read_efg(write_efg(tree))))\n"
    )
    assert found.losses == []


MOVES = """
def table(builder, n):
    first = builder.information_set(0, [f"a{i}" for i in range(n)])
    second = builder.information_set(1, [f"b{i}" for i in range(n)])
    for i, node in enumerate(builder.move(0, first)):
        for j, end in enumerate(builder.move(node, second)):
            builder.pay(end, [(i * 7919 + j * 104729) % 9973, (i * 31 + j * 17) % 101])
def chain(builder, n):
    node = 0
    for i in range(n):
        end, node = builder.move(node, builder.information_set(i % 2, ["out", "on"]))
        builder.pay(end, [i % 7, i % 5])
    builder.pay(node, [1, 1])
def levels(builder, n):
    below = [0]
    for level in range(n):
        own = builder.information_set(level % 2, ["l", "r"])
        below = [end for node in below for end in builder.move(node, own)]
    for end in below:
        builder.pay(end, [0, 0])
def types(builder, n):
    answers = [builder.information_set(1, ["u", "d"]) for _ in "LR"]
    drawn = builder.chance([f"t{i}" for i in range(n)], [Fraction(1, n)] * n)
    for i, node in enumerate(builder.move(0, drawn)):
        sent = builder.move(node, builder.information_set(0, ["L", "R"]))
        for message, own in zip(sent, answers):
            for end in builder.move(message, own):
                builder.pay(end, [i % 9, i % 4])
"""


@pytest.mark.parametrize(
    ("shape", "size", "sets"),
    [
        ("table", 125, "[[]], [['*']]"),
        ("chain", 14_000, "[[]], [['on']], [['on', 'on']]"),
        ("levels", 13, "*[[['*'] * n] for n in range(13)]"),
        ("types", 2_500, "[['?']], [['*', 'L']], [['*', 'R']]"),
    ],
)
def test_a_reply_of_half_a_megabyte_that_is_a_game(shape: str, size: int, sets: str) -> None:
    found = run_python(
        f"{MOVES}\n"
        "from nl2efg.formats import write_efg\n"
        "builder = TreeBuilder(['A', 'B'])\n"
        f"{shape}(builder, {size})\n"
        "text = write_efg(builder.build())\n"
        "entries = [\n"
        "    {'player': 'AB'[n % 2], 'histories': own, 'actions': ['l', 'r']}\n"
        f"    for n, own in enumerate([{sets}])\n"
        "]\n"
        "players = [{'name': 'A'}, {'name': 'B'}]\n"
        "sketch = {'players': players, 'information_sets': entries, 'claims': []}\n"
        "replies = {'information': json.dumps(sketch), 'code': '```\\n' + text + '```'}\n"
        "made = nl2efg.compile('A and B play. ' * 9, model=ScriptedModel(replies), rounds=0,\n"
        "                      solve_budget=1)\n"
        "print(len(text), len(made.tree), made.record.solution is not None)\n"
    )
    assert found.losses == []
    size_of_text, _, solved = found.output.split()
    assert int(size_of_text) > 300_000
    assert solved == "True"


def test_what_goes_on_with_a_reply_is_compared_with_its_end_only() -> None:
    found = run_python(
        "from nl2efg.models.continuation import join\n"
        "end = 'the end, which is no repetition'\n"
        "first = 'zq' + 'a' * 8_000_000 + end\n"
        "print(len(join(first, 'a' * 60 + 'b')) - len(first))\n"
        "print(join('x' * 30_000 + end * 3, end * 3 + '!')[-len(end) * 3 - 2:])\n"
    )
    assert found.losses == []
    assert found.output == f"61\nx{'the end, which is no repetition' * 3}!\n"


def test_xml_of_millions_of_empty_elements_is_refused() -> None:
    found = run_python(
        "from nl2efg.formats import read_game\n"
        "try:\n"
        "    read_game('<gte><extensiveForm>' + '<a/>' * 8_000_000 + '</extensiveForm></gte>')\n"
        "except nl2efg.Nl2efgError as error:\n"
        "    print('refused:', error)\n"
    )
    assert found.losses == []
    assert "more than 3,000,000 elements" in found.output


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENTS = {
    "paragraphs.docx": "<w:p/>' * 5_000_000 + '",
    "nested.docx": "<w:p>' * 3_000_000 + '</w:p>' * 3_000_000 + '",
    "text.docx": "<w:p><w:r><w:t>' + 'x' * 100_000_000 + '</w:t></w:r></w:p>",
    "laughs.docx": "<w:p><w:r><w:t>&a;</w:t></w:r></w:p>",
    "open.html": "<div>' * 80_000 + '",
    "turned.html": "</div>' * 40_000 + '<div>' * 40_000 + '",
    "attributes.html": "<p a=\\'>\\' ' + ' '.join(f'a{n}' for n in range(300_000)) + '>",
    "and.html": "&' * 3_000_000 + '",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_that_take_long_to_read_are_refused(name: str, tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("markdownify")
    file = tmp_path / name
    body = eval(f"'{DOCUMENTS[name]}'")
    if name.endswith("html"):
        file.write_text(f"<html><body>{body}</body></html>")
    else:
        head = '<!DOCTYPE d [<!ENTITY a "b">]>' if name.startswith("laughs") else ""
        part = f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("word/document.xml", part.encode("utf-16" if head else "utf-8"))
    found = run_python(
        "from nl2efg.pipeline.descriptions import read_description\n"
        "try:\n"
        f"    read_description({str(file)!r})\n"
        "except nl2efg.Nl2efgError as error:\n"
        "    print('refused:', error)\n",
        seconds=20,
    )
    assert found.losses == []
    assert "more than" in found.output or "entities of its own" in found.output
