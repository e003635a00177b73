"""What is known of a game whose description is compiled: the file ``expected.json``.

::

    {
      "title": "Entry deterrence",
      "source": "Selten (1978), Theory and Decision 9",
      "structure": "strategic",
      "payoffs": "constraints",
      "open_payoffs": ["u[*](In, *)"],
      "constraints": ["u[Old](In, Share) > u[Old](In, War)"],
      "facts": {"players": 2, "terminals": 3, "information_sets": {"Young": 1, "Old": 1}},
      "equilibria": [{"concept": "subgame perfect", "payoffs": {"Young": 1, "Old": 1},
                      "source": "backward induction by hand"}],
      "assumptions": ["payoff numbers"],
      "recorded": {"outcome": "right"}
    }

Everything but ``title`` may be left out. Histories and names are those of ``reference.efg``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nl2efg.errors import ConstraintError, FormatError, NotFoundError
from nl2efg.game import GameTree
from nl2efg.game.constraints import OpenPayoffs
from nl2efg.schema.sketch import Exact


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectedFacts(_Part):
    """Figures of the reference, for tests that read them off the text and not off the file."""

    players: int | None = Field(default=None, description="how many")
    nodes: int | None = None
    terminals: int | None = None
    depth: int | None = None
    information_sets: dict[str, int] | None = Field(
        default=None, description="how many each player has"
    )
    perfect_recall: bool | None = None
    perfect_information: bool | None = None
    constant_sum: bool | None = None
    zero_sum: bool | None = None


class ExpectedValue(_Part):
    """A player's value: of a zero-sum game, or in every equilibrium."""

    player: str
    value: Exact
    source: str = Field(default="", description="where it is proved, or how it was computed")


class ExpectedEquilibrium(_Part):
    """An equilibrium that must be among those found."""

    concept: Literal["Nash", "subgame perfect"] = "Nash"
    payoffs: dict[str, Exact] = Field(default_factory=dict, description="by player")
    unique: bool = Field(
        default=False, description="whether all equilibria of this concept have these payoffs"
    )
    source: str = ""


class ExpectedTheorem(_Part):
    """Where a game with letters has equilibria of these values: exactly there.

    Args:
        payoffs: by player, expressions of the letters.
        anywhere: alternatives, each of comparisons that all hold; ``[[]]`` for all values that
            the description allows.
    """

    concept: Literal["Nash", "subgame perfect"] = "subgame perfect"
    payoffs: dict[str, str]
    anywhere: tuple[tuple[str, ...], ...]
    source: str = ""


class RecordedOutcome(_Part):
    """What became of the recorded replies, as a person judged them."""

    outcome: Literal["right", "wrong"]
    why: str = Field(default="", description="where they went wrong")


class Expected(_Part):
    """The file ``expected.json``.

    Args:
        structure, payoffs, names, constraints, open_payoffs: how a game is compared with the
            reference, as for :func:`nl2efg.compare`. The defaults suit a text that names all its
            numbers and its players.
    """

    title: str
    source: str = Field(default="", description="where the game, or its solution, is from")
    is_game: bool = Field(default=True, description="false where the text describes no game")
    structure: Literal["identical", "isomorphic", "strategic"] = "strategic"
    payoffs: Literal["exact", "affine", "ordinal", "constraints", "none"] = "exact"
    names: Literal["anchored", "free"] = Field(
        default="anchored",
        description="whether names that both games have must be mapped to themselves",
    )
    open_payoffs: tuple[str, ...] = Field(
        default=(), description="payoffs that the text leaves open, such as u[*](In, *)"
    )
    constraints: tuple[str, ...] = Field(
        default=(), description="what the open payoffs must meet, such as u[A](In) > u[A](Out)"
    )
    facts: ExpectedFacts = ExpectedFacts()
    values: tuple[ExpectedValue, ...] = ()
    equilibria: tuple[ExpectedEquilibrium, ...] = ()
    theorems: tuple[ExpectedTheorem, ...] = Field(
        default=(), description="where a game with letters has which equilibria"
    )
    assumptions: tuple[str, ...] = Field(
        default=(),
        description="key words of what a compilation must report as assumed; "
        "see nl2efg.evaluation.reported_points",
    )
    contradictions: tuple[str, ...] = Field(
        default=(), description="the same for where the text contradicts itself"
    )
    recorded: RecordedOutcome | None = None


def load_expected(file: Path) -> Expected:
    """Read ``expected.json``.

    Raises:
        NotFoundError: there is no such file.
        FormatError: it is no JSON, or a field is wrong; the message names every such field.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {file}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8: {error.reason}", source=str(file)) from None
    try:
        data: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(
            error.msg, source=str(file), line=error.lineno, column=error.colno
        ) from None
    try:
        found = Expected.model_validate(data)
    except ValidationError as error:
        raise FormatError(
            "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}"
                for each in error.errors()
            ),
            source=str(file),
            hint="the fields are described in nl2efg.evaluation.expected",
        ) from None
    ordinal = found.payoffs == "ordinal" and not found.open_payoffs
    demands = found.constraints or found.open_payoffs
    if demands and found.payoffs != "constraints" and not ordinal:
        raise FormatError(
            f"constraints: given, although payoffs are compared as {found.payoffs!r}",
            source=str(file),
            hint='set "payoffs" to "constraints"',
        )
    return found


def broken_expectations(expected: Expected, reference: GameTree) -> list[str]:
    """Where a reference contradicts what is expected of it, in words; empty if nowhere."""
    from nl2efg.game.analysis import facts

    own = facts(reference)
    found = asdict(own) | {"players": len(own.players)}
    wanted = expected.facts.model_dump(exclude_none=True)
    broken = [
        f"{name}: {value} expected, {found[name]} found"
        for name, value in wanted.items()
        if found[name] != value
    ]
    named = [each.player for each in expected.values]
    named += [player for each in expected.equilibria for player in each.payoffs]
    broken += [f"there is no player {name!r}" for name in named if name not in own.players]
    try:
        demands = OpenPayoffs.parse(reference, expected.open_payoffs, expected.constraints)
    except ConstraintError as error:
        return [*broken, error.message]
    totals = reference.path_payoffs
    for bound in demands.constraints:
        if words := bound.broken(lambda node, player: totals[node][player], reference):
            broken.append(f"the reference breaks {words}")
    return broken
