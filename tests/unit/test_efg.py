"""Reading and writing .efg files."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.decoding import decoded
from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.formats import load_efg, load_game, read_efg, read_game, write_efg
from nl2efg.game import NO_OUTCOME, GameTree, TreeBuilder
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

HEAD = 'EFG 2 R "A game" { "Ann" "Ben" }\n"A comment"\n'
AWKWARD = (
    st.sampled_from(list('}{"\\ae0é東 '))
    | st.sampled_from(
        ["", "a_2", "_1", "Chance", 'a\\"b', "a  b", " a", "unnamed", "x\ny", "%41", "a=b", "-1"]
    )
    | st.sampled_from(["[labels: p:a=b]", "[labels:", "c:=x"])
)


def body(text: str) -> GameTree:
    """The game of a file whose head is of no interest."""
    return read_efg(HEAD + text)


@pytest.mark.slow
@given(game_trees(labels=ANY_LABELS | AWKWARD, max_moves=6))
def test_what_is_written_is_read_back(tree: GameTree) -> None:
    assert read_efg(write_efg(tree)) == tree


@pytest.mark.slow
@given(game_trees(labels=st.just("x") | AWKWARD, max_moves=5), st.data())
def test_repeated_and_awkward_labels_come_back(tree: GameTree, data: st.DataObject) -> None:
    builder_labels = data.draw(st.lists(AWKWARD, min_size=len(tree), max_size=len(tree)))
    comment, title = data.draw(AWKWARD), data.draw(AWKWARD)
    fields = {name: getattr(tree, name) for name in tree.__dataclass_fields__}
    fields |= {"node_labels": tuple(builder_labels), "comment": comment, "title": title}
    awkward = GameTree(**fields)
    text = write_efg(awkward)
    assert text.isascii()
    assert read_efg(text) == awkward


def test_repeated_actions_and_players_come_back() -> None:
    builder = TreeBuilder(["", "", "é", "é"], "", "")
    moves = builder.information_set(0, ["", "x", "x", "x_2", "", "é"])
    for child in builder.move(0, moves):
        builder.pay(child, [0, 1, 2, 3], "same")
    tree = builder.build()
    assert read_efg(write_efg(tree)) == tree


def test_plain_games_need_no_note() -> None:
    assert "[labels:" not in write_efg(kuhn())


@given(st.fractions(), st.integers(0, 40))
def test_numbers_are_exact(number: Fraction, power: int) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    builder.pay(0, [number * 10**power, number / 2**power])
    tree = builder.build()
    assert read_efg(write_efg(tree)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"),
        ("-3", "-3"),
        ("+3", "3"),
        ("0.25", "1/4"),
        ("1.", "1"),
        (".5", "1/2"),
        ("1e3", "1000"),
        ("-1.5E-2", "-3/200"),
        ("6/4", "3/2"),
        ("10.000000", "10"),
    ],
)
def test_every_way_of_writing_a_number(text: str, value: str) -> None:
    tree = body(f't "" 1 "" {{ {text}, 0 }}')
    assert tree.outcomes[0].payoffs[0] == Fraction(value)


def test_sets_and_outcomes_need_to_be_given_once() -> None:
    tree = body(
        'c "root" 1 "deal" { "x" 1/2 "y" .5 } 0\n'
        'p "" 2 7 "hidden" { "l" "r" } 0\nt "" 1 "win" { 1, 2 }\nt "" 2 "" { 3 4 }\n'
        'p "" 2 7 0 t "" 1 t "" 2'
    )
    assert tree.set_of == (0, 1, -1, -1, 1, -1, -1)
    assert tree.outcome_of == (-1, -1, 0, 1, -1, 0, 1)
    assert tree.information_sets[1].label == "hidden"
    assert tree.comment == "A comment"


def test_payoffs_at_inner_nodes() -> None:
    tree = body('c "" 1 "" { "x" 1 } 3 "toll" { -1 -1 }\np "" 1 1 "" { "a" } 4 "" { 5 5 }\nt "" 0')
    assert tree.path_payoffs[2] == (4, 4)
    assert tree.outcome_of[2] == NO_OUTCOME


def test_repeated_labels_that_pygambit_refuses() -> None:
    tree = body(
        'p "n" 1 1 "s" { "a" "a" } 0\np "n" 1 2 "s" { "a" "b" } 0\n'
        't "n" 1 "o" { 0 0 }\nt "n" 2 "o" { 1 1 }\nt "n" 0'
    )
    assert len(tree.information_sets) == 2
    assert set(tree.node_labels) == {"n"}


def test_names_and_comment_may_be_missing() -> None:
    tree = read_efg('EFG 1 D "" { "" "" } p 1 1 { "a" "b" } 0 t 1 { 1 2 } t 1')
    assert tree.players == ("", "")
    assert tree.outcome_of == (-1, 0, 0)


def test_escaped_quotation_marks() -> None:
    tree = read_efg('EFG 2 R "the \\"game\\"" { "A\\B" } t "" 0')
    assert tree.title == 'the "game"'
    assert tree.players == ("A\\B",)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "'EFG'"),
        ("NFG 1 R", 1, 1, "'EFG'"),
        ('EFG 3 R "x" { }', 1, 5, "version"),
        ('EFG 2 Q "x" { }', 1, 7, "'R' or 'D'"),
        ("EFG 2 R { }", 1, 9, "title"),
        ('EFG 2 R "x" { "A" ', 1, 19, "'}'"),
        ('EFG 2 R "x" { "A" }\r\nq "" 0', 2, 1, "a node"),
        (HEAD + 'p "" 3 1 "" { "a" } 0', 3, 6, "no player 3"),
        (HEAD + 'p "" 1 1 0', 3, 10, "which is new"),
        (HEAD + 'p "" 1 1 "" { } 0', 3, 15, "at least one action"),
        (HEAD + 't "" 4', 3, 7, "payoffs of outcome 4"),
        (HEAD + 't "" 1 "" { 1 }', 3, 15, "2 payoff(s)"),
        (HEAD + 't "" 1 "" { 1,5 2,5 }', 3, 11, "4 payoffs for 2 players"),
        (HEAD + 't "" 1 "" { 1 2 3 }', 3, 11, "3 payoffs for 2"),
        (HEAD + 't "" 1 "" { 1 x }', 3, 15, "2 payoff(s)"),
        (HEAD + 't "" 1/2', 3, 6, "integer"),
        (HEAD + 't "" 1 "" { 1/0 1 }', 3, 13, "denominator"),
        (HEAD + 't "" 1 "" { 1e999999999 1 }', 3, 13, "digits"),
        (HEAD + 't "" 1 "" { ' + "9" * 5000 + " 1 }", 3, 13, "digits"),
        (HEAD + 't "never closed 0', 3, 3, "never closed"),
        (HEAD + 't "" 0\nt "" 0', 4, 1, "more follows"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 0\n', 5, 1, "the file ends"),
        (HEAD + 'p "" 1 1 "" { "a" } 0\np "" 1 1 "" { "b" } 0', 4, 13, "other actions"),
        (HEAD + 'c "" 1 "" { "a" 1 } 0\nc "" 1 "" { "a" 0 } 0', 4, 11, "other probabilities"),
        (
            HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 2 }\nt "" 1 "" { 2 1 }',
            5,
            6,
            "other payoffs",
        ),
    ],
)
def test_errors_say_where(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(FormatError, match=r"game\.efg") as caught:
        read_efg(text, "game.efg")
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@given(st.text(), st.sampled_from(["", "EFG 2 R ", 'EFG 2 R "" { "A" } ']))
def test_any_text_is_a_game_or_a_format_error(text: str, head: str) -> None:
    with suppress(FormatError):
        read_efg(head + text)


@given(st.binary(), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b'EFG 2 R "\xe9" { ']))
def test_any_bytes_are_a_game_or_a_format_error(data: bytes, head: bytes) -> None:
    with suppress(FormatError):
        read_game(decoded(head + data))


@pytest.mark.slow
@given(game_trees(max_moves=4), st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_damaged_file_is_a_game_or_a_format_error(
    tree: GameTree, chance: random.Random, damages: int
) -> None:
    text = write_efg(tree)
    for _ in range(damages):
        start = chance.randrange(len(text))
        stop = start + chance.randrange(1, 12)
        piece = chance.choice(["", text[start:stop] * 2, "{", "}", '"', "-1", "0", "99", "p", ","])
        text = text[:start] + piece + text[stop:]
        if not text:
            break
    with suppress(FormatError):
        read_efg(text)


def test_hostile_numbers_and_sets_cost_nothing() -> None:
    actions = " ".join(['"a"'] * 20_000)
    wide = f'p "" 1 1 "" {{ {actions} }} 0 ' + 'p "" 1 1 0 ' * 20_000
    quotes = 't "' + '\\"' * 100_000
    number = 't "" ' + "1" * 200_000 + "e"
    started = time.process_time()
    for text in (wide, quotes, number):
        with pytest.raises(FormatError):
            body(text)
    assert time.process_time() - started < 20


@pytest.mark.slow
def test_a_path_of_100_000_nodes() -> None:
    builder = TreeBuilder(["Ann"], "deep")
    moves = builder.information_set(0, ["stop", "go"])
    node = 0
    for _ in range(50_000):
        stop, node = builder.move(node, moves)
        builder.pay(stop, [1])
    builder.pay(node, [0])
    tree = builder.build()
    assert read_efg(write_efg(tree)) == tree


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "game.efg"
    path.write_bytes('EFG 2 R "Café" { "René" }\r\n""\r\nt "" 0\r\n'.encode(encoding))
    tree = load_efg(path)
    assert (tree.title, tree.players) == ("Café", ("René",))
    assert load_game(path) == tree


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        load_efg(tmp_path / "none.efg")
    with pytest.raises(UserError, match="cannot be read"):
        load_efg(tmp_path)
    binary = tmp_path / "binary.efg"
    binary.write_bytes(bytes(range(256)))
    with pytest.raises(FormatError, match="binary"):
        load_game(binary)


@given(st.integers(0, 10**950), st.integers(1, 10**950), st.integers(-1100, 1100))
def test_every_number_that_is_read_can_be_written(top: int, bottom: int, power: int) -> None:
    for text in (f"{top}/{bottom}", f"{top % 10**20}e{power}", f"0.{top}"):
        try:
            tree = body(f't "" 1 "" {{ {text} -{text} }}')
        except FormatError:
            continue
        assert read_efg(write_efg(tree)) == tree


def test_the_note_says_what_safe_labels_stand_for() -> None:
    builder = TreeBuilder(["René"], "Ça", "Seen in a book")
    builder.move(0, builder.information_set(0, ["stop", "stop"], "début"))
    text = write_efg(builder.build())
    note = "[labels: p:Rene=Ren%C3%A9 s1:debut=d%C3%A9but a:stop_2=stop t:=%C3%87a]"
    assert f'"Seen in a book\n{note}"' in text
    assert 'p "" 1 1 "debut" { "stop" "stop_2" } 0' in text


def test_a_note_that_is_damaged_is_a_comment() -> None:
    for note in (
        "[labels: nonsense]",
        "[labels: a:x=y z:1=2]",
        "x [labels: a:x=y]",
        "[labels: a:x",
    ):
        tree = read_efg(f'EFG 2 R "" {{ "A" }} "{note}" p "" 1 1 "" {{ "x" }} 0 t "" 0')
        assert tree.comment == note
        assert tree.information_sets[0].actions == ("x",)


def test_a_number_without_end_is_refused() -> None:
    builder = TreeBuilder(["Ann"])
    builder.pay(0, [Fraction(1, 7**20_000)])
    with pytest.raises(UserError, match="digits"):
        write_efg(builder.build())


def test_an_absent_minded_game_comes_back() -> None:
    assert read_efg(write_efg(absent_minded_driver())) == absent_minded_driver()


def test_a_note_brings_no_control_characters_in() -> None:
    """They are written with per cent signs, so that whoever looks at the file's own sees none."""
    note = "[labels: p:Ann=%1B%5B31mAnn s1:set=%C2%9Bset a:l=%E2%80%AEl o:o=%0Do n:n=%7Fn t:=%07t]"
    tree = read_efg(
        f'EFG 2 R "title" {{ "Ann" }}\n"{note}"\n'
        'p "n" 1 1 "set" { "l" "\x1br" } 0\nt "" 1 "o" { 1 }\nt "" 2 "\x9bp" { 2 }\n'
    )
    assert tree.players == ("\ufffd[31mAnn",)
    assert tree.title == "\ufffdt"
    assert tree.node_labels[0] == "\ufffdn"
    assert tree.information_sets[0].label == "\ufffdset"
    assert tree.information_sets[0].actions == ("\ufffdl", "\ufffdr")
    assert [outcome.label for outcome in tree.outcomes] == ["\ufffdo", "\ufffdp"]
    assert read_efg(write_efg(tree)) == tree


@pytest.mark.parametrize(
    "node",
    [
        'p "" 1 {} "" {{ "a" }} 0',
        'p "" 1 1 "" {{ "a" }} {} "" {{ 0 0 }}',
        'c "" {} "" {{ "a" 1 }} 0',
    ],
)
def test_numbers_of_sets_and_outcomes_have_32_bits(node: str) -> None:
    """Multiples of 2**61 - 1 would all have the hash 0."""
    for number in (2**31 - 1, "7e2"):
        assert len(body(f'{node.format(number)} t "" 0')) == 2
    for number in (2**31, 2**61 - 1, 2 * (2**61 - 1), "1e30"):
        with pytest.raises(FormatError, match="beyond 32 bits"):
            body(f'{node.format(number)} t "" 0')


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("1.5/2", "1.5/2 is not a number; a fraction has whole numbers above and below"),
        ("-.5/2", "-.5/2 is not a number; a fraction has whole numbers above and below"),
        ("1/0", "its denominator is zero"),
        ("9" * 5000, "it has too many digits"),
        ("1/" + "9" * 5000, "it has too many digits"),
        ("1e9999", "it has too many digits"),
    ],
)
def test_why_a_number_cannot_be_used(number: str, reason: str) -> None:
    with pytest.raises(FormatError) as error:
        body(f't "" 1 "" {{ {number}, 1 }}')
    assert error.value.message.endswith(f"the payoff cannot be used: {reason}")
