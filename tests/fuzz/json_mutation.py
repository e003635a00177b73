"""Changes of JSON that leave it JSON, so that fuzzing gets past the parser.

libFuzzer changes bytes, and most of what that makes of JSON is no JSON, or says the same. What is
changed here is the value: a part goes, comes twice, changes places with another, is wrapped, or
becomes something that nobody expects there.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 0.5, 1e308, -0.0, 10**25, "", " ", "0", "-1", "1/2", "1/0", "x",
    "?", "*", "chance", "Chance", "nature", "none", "all", "\u0000", "\u202e", "é" * 40, [], {},
    [[]], [None], {"": ""}, "1e999", "p", "1-p", "a, b", "a and b", "#1", "if x", "not y",
)  # fmt: skip

Place = tuple[Any, Any]
"""A list or an object, and the index or key of one of its parts."""


def changed(value: Any, random: Random) -> Any:
    """A value with one to four changes at places that chance chooses."""
    whole = [value]
    for _ in range(random.choice((1, 1, 2, 4))):
        places = list(_places(whole))
        home, key = random.choice(places)
        random.choice(_CHANGES)(home, key, places, random)
        if not whole:
            return random.choice(_ODD)
    return whole[0]


def _places(value: Any) -> list[Place]:
    found: list[Place] = []
    waiting = [value]
    while waiting:
        home = waiting.pop()
        if isinstance(home, list):
            parts = list(enumerate(home))
        elif isinstance(home, dict):
            parts = list(home.items())
        else:
            continue
        for key, part in parts:
            found.append((home, key))
            waiting.append(part)
    return found


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _go(home: Any, key: Any, places: list[Place], random: Random) -> None:
    del home[key]


def _odd(home: Any, key: Any, places: list[Place], random: Random) -> None:
    home[key] = _copy(random.choice(_ODD))


def _as_another(home: Any, key: Any, places: list[Place], random: Random) -> None:
    other, there = random.choice(places)
    home[key] = _copy(other[there])


def _as_one_of_its_kind(home: Any, key: Any, places: list[Place], random: Random) -> None:
    """A name becomes another name, a number another number."""
    kind = type(home[key])
    alike = [other[there] for other, there in places if type(other[there]) is kind]
    home[key] = _copy(random.choice(alike))


def _twice(home: Any, key: Any, places: list[Place], random: Random) -> None:
    if isinstance(home, list):
        home.insert(key, _copy(home[key]))
    else:
        home[f"{key}{random.choice(('', ' ', '2'))}"] = _copy(home[key])


def _change_places(home: Any, key: Any, places: list[Place], random: Random) -> None:
    keys = list(range(len(home))) if isinstance(home, list) else list(home)
    other = random.choice(keys)
    home[key], home[other] = home[other], home[key]


def _wrap(home: Any, key: Any, places: list[Place], random: Random) -> None:
    home[key] = random.choice(([home[key]], {"label": home[key]}, [home[key], home[key]]))


def _as_text(home: Any, key: Any, places: list[Place], random: Random) -> None:
    part = home[key]
    home[key] = part if isinstance(part, str) else json.dumps(part)


def _cut(home: Any, key: Any, places: list[Place], random: Random) -> None:
    part = home[key]
    if isinstance(part, str | list) and part:
        start, end = sorted((random.randint(0, len(part)), random.randint(0, len(part))))
        home[key] = part[:start] + part[end:]


def _rename(home: Any, key: Any, places: list[Place], random: Random) -> None:
    if isinstance(home, dict):
        keys = [there for _, there in places if isinstance(there, str)]
        home[random.choice(keys)] = home.pop(key)


_CHANGES = (
    _go, _odd, _as_another, _as_one_of_its_kind, _as_one_of_its_kind, _twice, _change_places, _wrap,
    _as_text, _cut, _rename,
)  # fmt: skip


def changed_bytes(data: bytes, limit: int, seed: int) -> bytes | None:
    """JSON, perhaps behind a byte that chooses a game, with changes.

    Returns:
        None if it is no JSON, or is too long when it is changed.
    """
    start = 1 if data and data[0] < ord("\t") else 0
    try:
        value = json.loads(data[start:])
        after = json.dumps(changed(value, Random(seed)), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    made = data[:start] + after
    return made if len(made) <= limit else None
