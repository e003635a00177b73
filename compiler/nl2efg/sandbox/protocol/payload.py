"""What a job is given: the code, and values for its parameters in front of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

_MARK = b"\0"  # no program begins with it, or holds it


def pack(code: bytes, values: Mapping[str, Fraction] | None) -> bytes:
    """Code and values as one run of bytes.

    Args:
        code: the program in UTF-8.
        values: of parameters, by symbol.
    """
    if not values and not code.startswith(_MARK):
        return code
    rows = "\n".join(f"{symbol}={value}" for symbol, value in (values or {}).items())
    return _MARK + rows.encode() + _MARK + code


def unpack(given: bytes) -> tuple[bytes, dict[str, Fraction]]:
    """The code, and the values."""
    if not given.startswith(_MARK):
        return given, {}
    rows, _, code = given[1:].partition(_MARK)
    pairs = (row.partition("=") for row in rows.decode().splitlines())
    return code, {symbol: Fraction(value) for symbol, _, value in pairs}
