"""Services by name, as data: ``data/providers.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from nl2efg.errors import UserError

_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Provider:
    """A service.

    Args:
        name: as it is asked for with ``--provider``.
        title: its own name.
        url: the address before ``/chat/completions``; ``{NAME}`` is taken from the environment.
        keys: variables that its key may stand in; none for a server of one's own.
        structure: the strictest way to ask for JSON that it takes.
        length: the name of the limit of a reply; empty for the usual one.
        effort: how the effort of thinking is sent.
        costs: whether its replies say what they cost.
        detect: whether a key alone means that it is wanted.
        note: one line for the user.
    """

    name: str
    title: str
    url: str
    keys: tuple[str, ...] = ()
    structure: str = "json_schema"
    length: str = ""
    effort: str = "reasoning_effort"
    costs: bool = False
    detect: bool = True
    note: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the environment that its address is made of."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.url)))

    def address(self, values: Mapping[str, str]) -> str:
        """Its address.

        Raises:
            UserError: a variable that it is made of is not set.
        """
        for name in self.variables:
            if not values.get(name, "").strip():
                raise UserError(
                    f"the address of {self.title} needs {name}",
                    hint=f"set {name}, or give the whole address with --base-url",
                )
        return _VARIABLE.sub(lambda found: values[found[1]].strip().rstrip("/"), self.url)


@cache
def providers() -> Mapping[str, Provider]:
    """All services that are known by name."""
    text = files(__package__).joinpath("data/providers.toml").read_text(encoding="utf-8")
    found = {}
    for name, fields in tomllib.loads(text).items():
        structure = fields.pop("structure", "json_schema")
        keys = tuple(fields.pop("keys", ()))
        structure = "" if structure == "none" else structure
        found[name] = Provider(name, keys=keys, structure=structure, **fields)
    return found


def provider_named(name: str) -> Provider:
    """The service of a name.

    Raises:
        UserError: there is none.
    """
    table = providers()
    if name.lower() in table:
        return table[name.lower()]
    near = get_close_matches(name.lower(), table, n=1)
    raise UserError(
        f"there is no provider {name!r}",
        hint=f"did you mean {near[0]}?" if near else f"choose among {', '.join(table)}",
    )


@cache
def provider_at(url: str) -> Provider | None:
    """The service whose address this is; None if it is of none that is known."""
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    for provider in providers().values():
        pattern = re.escape(urlsplit(provider.url.split("/openai", 1)[0]).netloc.lower())
        known = re.sub(r"\\\{\w+\\\}", r"[\\w-]+", pattern)
        if known and re.fullmatch(known, host):
            return provider
    return _azure() if host.endswith(".openai.azure.com") else None


def _azure() -> Provider:
    return providers()["azure"]
