"""The options of ``nl2efg draw`` that say how a game is looked at: one for each field of a View.

Nodes to leave out (``collapsed``) have numbers that nobody types: they are for the library.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from nl2efg.errors import UserError

Choice = Literal
OPTIONS: dict[str, tuple[Any, str, str]] = {
    "style": (Literal["textbook", "lanes"], "--style", "straight edges, or shaded lanes"),
    "kind": (
        Literal["auto", "tree", "signalling", "line", "matrix", "payoffs", "ends"],
        "--as",
        "as a tree, a signalling game, a line, the strategic form as a matrix, two players' "
        "payoffs as a plane, or the chances of the ends",
    ),
    "direction": (
        Literal["auto", "down", "right"],
        "--direction",
        "which way the tree grows; auto: whichever gives the larger type",
    ),
    "along": (
        Literal["depth", "time"],
        "--along",
        "rows by depth, or by time with all terminal nodes in the last row",
    ),
    "depth": (int | None, "--depth", "how many moves deep the picture goes"),
    "parts": (int | None, "--parts", "as few parts of at most so many terminal nodes as can be"),
    "width": (str | None, "--width", "the widest it may be: 85mm, 16cm, 640px"),
    "height": (str | None, "--height", "the highest it may be: 120mm"),
    "size": (float, "--size", "points of the type, unless --width or --height makes it smaller"),
    "dpi": (float, "--dpi", "dots an inch of a PNG"),
    "font": (str, "--font", "font family"),
    "theme": (
        Literal["light", "dark", "auto", "print"],
        "--theme",
        "colours; auto follows the reader's system, print is black and white with patterns",
    ),
    "title": (bool, "--title/--no-title", "the game's title above it"),
    "caption": (str, "--caption", "a line under the title"),
    "legend": (bool, "--legend/--no-legend", "the players in the order of the payoffs"),
    "probabilities": (bool, "--probabilities/--no-probabilities", "of chance and mixed moves"),
    "sets": (bool, "--sets/--no-sets", "names of information sets"),
    "values": (bool, "--values/--no-values", "expected payoffs and beliefs of an equilibrium"),
    "tilt": (bool, "--tilt/--no-tilt", "labels follow their edges"),
    "full": (bool, "--full/--no-full", "long names are wrapped instead of cut"),
    "numbers": (
        Literal["auto", "fraction", "decimal"],
        "--numbers",
        "auto: the shorter one that is exact",
    ),
    "tex": (
        Literal["standalone", "fragment", "istgame"],
        "--tex",
        "a document, a fragment to input, or a document for the package istgame",
    ),
    "digits": (int | None, "--digits", "decimals after the point; as many as it takes by default"),
}


def takes_view(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each field of a :class:`~nl2efg.drawing.View`.

    Args:
        command: has a parameter ``view``, which gets the fields that were set, by name.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "view"]
    added = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[_optional(kind), typer.Option(flag, help=words)],
        )
        for name, (kind, flag, words) in OPTIONS.items()
    ]

    @functools.wraps(command)
    def wrapper(**given: Any) -> None:
        fields = {name: given.pop(name) for name in OPTIONS}
        return command(**given, view={k: v for k, v in fields.items() if v is not None})

    wrapper.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own),
            *added,
        ]
    )
    wrapper.__annotations__ = {p.name: p.annotation for p in [*own, *added]}
    return wrapper


def _optional(kind: Any) -> Any:
    return kind | None


def view_of(fields: dict[str, Any]) -> Any:
    """The view that the options ask for.

    Raises:
        UserError: a value is out of range; the message names the option.
    """
    from nl2efg.drawing import View

    try:
        return View(**fields)
    except ValueError as error:
        name, _, words = str(error).partition(": ")
        flag = OPTIONS[name][1].split("/")[0] if name in OPTIONS else name
        raise UserError(f"{flag}: {words}", hint="nl2efg draw --help lists the options") from None
