"""``--encoding``: how the bytes of the files that a command reads are letters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="of the files, such as cp1252; by default known by their looks",
    ),
]


def with_encoding(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an option ``--encoding``, which holds for all the files that it reads.

    Args:
        command: a function for typer.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters = [
        each.replace(annotation=hints[each.name])
        for each in inspect.signature(command).parameters.values()
    ]
    kind = parameters[-1].kind if parameters else inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters.append(inspect.Parameter("encoding", kind, default=None, annotation=Encoding))

    def run(*, encoding: str | None, **given: Any) -> Any:
        from nl2efg.decoding import known_encoding, named_encoding

        if encoding is None:
            return command(**given)
        before = named_encoding.set(known_encoding(encoding))
        try:
            return command(**given)
        finally:
            named_encoding.reset(before)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__module__ = command.__module__
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run
