"""Options that several commands take."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.models.flags import ModelFlags

FLAGS = "flags"
"""The parameter of a command that takes all options of models as one object."""

BaseUrl = Annotated[
    str | None, typer.Option(help="an OpenAI-compatible endpoint, such as a local server's")
]

MODEL_OPTIONS: dict[str, tuple[Any, str]] = {
    "model": (
        Annotated[
            list[str] | None,
            typer.Option("--model", help="a model's name; several times to ask several"),
        ],
        "models",
    ),
    "provider": (
        Annotated[
            str | None,
            typer.Option(help="a service by name: anthropic, gemini, openrouter, ollama, …"),
        ],
        "provider",
    ),
    "base_url": (BaseUrl, "base_url"),
    "api_key": (
        Annotated[str | None, typer.Option(help="its key; better kept in its variable or in .env")],
        "key",
    ),
    "timeout": (
        Annotated[
            float | None, typer.Option(min=1.0, help="seconds of silence that a service may take")
        ],
        "timeout",
    ),
    "effort": (
        Annotated[
            str | None, typer.Option(help="how much to think: none, minimal, low, medium, high, …")
        ],
        "effort",
    ),
    "stream": (
        Annotated[
            bool | None,
            typer.Option("--stream/--no-stream", help="replies piece by piece, or in one piece"),
        ],
        "stream",
    ),
    "extra_body": (
        Annotated[
            str | None,
            typer.Option(metavar="JSON", help="further fields of each request"),
        ],
        "extra_body",
    ),
    "header": (
        Annotated[
            list[str] | None,
            typer.Option("--header", metavar="NAME:VALUE", help="a further header; repeatable"),
        ],
        "headers",
    ),
    "max_cost": (
        Annotated[
            float | None, typer.Option(min=0.0, help="US dollars that model calls may cost in all")
        ],
        "max_cost",
    ),
    "max_tokens": (
        Annotated[int | None, typer.Option(min=1, help="tokens that model calls may use in all")],
        "max_tokens",
    ),
    "price_in": (
        Annotated[float | None, typer.Option(min=0.0, help="US dollars per million prompt tokens")],
        "price_in",
    ),
    "price_out": (
        Annotated[
            float | None, typer.Option(min=0.0, help="US dollars per million completion tokens")
        ],
        "price_out",
    ),
    "paste": (
        Annotated[bool, typer.Option("--paste", help="no key: carry prompts and replies by hand")],
        "paste",
    ),
    "paste_folder": (
        Annotated[
            Path | None,
            typer.Option(help="the same, with prompts and replies as files in a folder"),
        ],
        "paste_folder",
    ),
}
"""Options that choose a model: by parameter, what typer reads, and the field of ``ModelFlags``."""


def words_in_one(arguments: Sequence[str], options: Mapping[str, str]) -> list[str]:
    """A command's words in which each of some options has one word, for typer.

    Typer lets no option take several words and be given several times; packed as JSON they are one.

    Args:
        arguments: what was given.
        options: by option, the names of its words.

    Raises:
        UserError: words are missing.
    """
    packed: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        packed.append(word)
        if word == "--":
            return [*packed, *waiting]
        if word in options:
            names = options[word].split()
            taken, waiting = waiting[: len(names)], waiting[len(names) :]
            if len(taken) < len(names):
                raise UserError(f"{word} takes {options[word]}, and {len(taken)} came")
            packed.append(json.dumps(taken))
    return packed


def unpacked(option: str, given: Sequence[str] | None, count: int) -> list[tuple[str, ...]]:
    """The words of an option that :func:`words_in_one` packed, each time it was given.

    Raises:
        UserError: it came in another way, such as ``--payoff=…``.
    """
    found = []
    for each in given or ():
        try:
            words = json.loads(each)
        except ValueError:
            words = None
        if not isinstance(words, list) or len(words) != count:
            raise UserError(f"{option} takes {count} words, with blanks between them")
        found.append(tuple(map(str, words)))
    return found


def model_options(*left_out: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A command whose parameter ``flags`` is given by the options that choose a model.

    Args:
        left_out: parameters of ``MODEL_OPTIONS`` that the command does not take.
    """
    chosen = {name: option for name, option in MODEL_OPTIONS.items() if name not in left_out}

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        # The class is imported when a command is called, not when all are listed.
        hints = get_type_hints(command, localns={"ModelFlags": object}, include_extras=True)
        parameters = []
        for parameter in inspect.signature(command).parameters.values():
            if parameter.name != FLAGS:
                parameters.append(parameter.replace(annotation=hints[parameter.name]))
                continue
            for name, (annotation, _) in chosen.items():
                default = False if name == "paste" else None
                parameters.append(
                    inspect.Parameter(name, parameter.kind, default=default, annotation=annotation)
                )

        def run(**given: Any) -> Any:
            fields = {field: given.pop(name) for name, (_, field) in chosen.items()}
            return command(**given, **{FLAGS: _flags(fields)})

        run.__name__, run.__doc__, run.__module__ = (
            command.__name__,
            command.__doc__,
            command.__module__,
        )
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return run

    return decorate


def _flags(fields: dict[str, Any]) -> ModelFlags:
    from nl2efg.models.flags import ModelFlags

    for name in ("models", "headers"):
        if name in fields:
            fields[name] = tuple(fields[name] or ())
    return ModelFlags(**fields)
