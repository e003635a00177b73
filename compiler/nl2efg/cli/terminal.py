"""What is said to a person: on stderr, so that stdout stays data."""

from __future__ import annotations

import json
import sys
from typing import Any

from nl2efg.text import terminal_text

plain = terminal_text
"""A text as it is printed, so that no game can steer the reader's terminal."""


def print_json(data: Any) -> None:
    """Data on stdout, as JSON in ASCII: no text of a game reaches the terminal as it is."""
    print(json.dumps(data, indent=2))


def complain(message: str, hint: str = "") -> None:
    """One line that says what is wrong, and one that says what to do next."""
    print(f"nl2efg: {plain(message)}", file=sys.stderr)
    if hint:
        print(f"  → {plain(hint)}", file=sys.stderr)


def note(message: str) -> None:
    """Something that a person wants to know, and that is no data."""
    print(plain(message), file=sys.stderr, flush=True)
