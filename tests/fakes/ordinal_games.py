"""Texts of the 144 strict ordinal 2×2 games, with the replies that compile them.

Each player ranks the four cells from 1 to 4 without ties; of the 576 pairs of rankings those that
differ by the order of rows or columns are one game, which leaves 144 (Robinson and Goforth, "The
Topology of the 2×2 Games", 2005, chapter 2). Names and stories vary with the number of a text.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import permutations
from typing import Any

from tests.fakes.openai_server import Received, Step, choose, slow, text

Ranking = tuple[int, ...]

PEOPLE = ("Ada", "Bruno", "Chloe", "Dmitri", "Esra", "Femi", "Greta", "Hugo", "Ines", "Jarek")
STORIES = (
    ("run a stall at the fair", ("sell soup", "sell bread"), ("play music", "stay quiet")),
    ("own neighbouring farms", ("plant beans", "plant maize"), ("dig a well", "dig a pond")),
    ("steer two ferries", ("keep north", "keep south"), ("sail early", "sail late")),
)
_CASE = re.compile(r"Case (\d+)\.")


@cache
def ordinal_games() -> tuple[tuple[Ranking, Ranking], ...]:
    """The 144 games: for each player the ranks of the cells, row by row."""
    found = set()
    for row in permutations(range(1, 5)):
        for column in permutations(range(1, 5)):
            orders = ((0, 1, 2, 3), (2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0))
            found.add(min((tuple(row[i] for i in o), tuple(column[i] for i in o)) for o in orders))
    return tuple(sorted(found))


def _cast(number: int) -> tuple[str, str, str, tuple[str, str], tuple[str, str]]:
    first = number % len(PEOPLE)
    second = (first + 1 + number // len(PEOPLE) % (len(PEOPLE) - 1)) % len(PEOPLE)
    return (PEOPLE[first], PEOPLE[second], *STORIES[number % len(STORIES)])


def story(number: int) -> str:
    """A text, different for each number; its game is that of ``number`` modulo 144."""
    one, two, scene, rows, columns = _cast(number)
    ranks, others = ordinal_games()[number % 144]
    cells = " ".join(
        f"If {one} chooses to {rows[i // 2]} and {two} chooses to {columns[i % 2]}, {one} gets "
        f"{ranks[i]} and {two} gets {others[i]}."
        for i in range(4)
    )
    return (
        f"Case {number}. {one} and {two} {scene}. At the same time, and without knowing what the "
        f"other does, {one} chooses to {rows[0]} or to {rows[1]}, and {two} chooses to "
        f"{columns[0]} or to {columns[1]}. {cells}"
    )


def sketch(number: int) -> str:
    """The right reply of stage 1."""
    one, two, _, rows, columns = _cast(number)
    return json.dumps(
        {
            "title": f"Case {number}",
            "players": [{"name": one}, {"name": two}],
            "information_sets": [
                {"player": one, "histories": [[]], "actions": rows},
                {"player": two, "histories": [[row] for row in rows], "actions": columns},
            ],
        }
    )


def program(number: int) -> str:
    """The right reply of stage 2."""
    one, two, _, rows, columns = _cast(number)
    ranks, others = ordinal_games()[number % 144]
    return (
        "```python\nimport pygambit as gbt\n"
        f"g = gbt.Game.new_tree(players=[{one!r}, {two!r}], title='Case {number}')\n"
        f"g.append_move(g.root, {one!r}, {list(rows)!r})\n"
        f"g.append_move(list(g.root.children), {two!r}, {list(columns)!r})\n"
        f"for i, payoffs in enumerate({list(zip(ranks, others, strict=True))!r}):\n"
        "    node = g.root.children[i // 2].children[i % 2]\n"
        "    g.set_outcome(node, g.add_outcome(list(payoffs)))\n```\n"
    )


def asked(received: Received) -> tuple[int, str]:
    """Which text a request is about, and for which stage."""
    said = " ".join(str(message["content"]) for message in received.body["messages"])
    found = _CASE.search(said)
    assert found, said
    return int(found[1]), "information" if received.asks_for_the_sketch else "code"


def author(latency: float = 0.0, **fields: Any) -> Step:
    """A server's step that knows every game.

    Args:
        latency: seconds for each answer.
        fields: of the completion.
    """

    def reply(received: Received) -> Step:
        number, stage = asked(received)
        made = sketch(number) if stage == "information" else program(number)
        said = text(made, **fields)
        return slow(latency, said) if latency else said

    return choose(reply)
