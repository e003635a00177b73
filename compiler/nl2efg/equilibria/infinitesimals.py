"""Polynomials in an infinitesimal: sums, products and signs, exactly."""

from __future__ import annotations

from fractions import Fraction

Polynomial = dict[int, Fraction]
"""Coefficients by the power of ``e``; none is 0."""


def add(a: Polynomial, b: Polynomial) -> Polynomial:
    """The sum."""
    found = dict(a)
    for power, c in b.items():
        found[power] = found.get(power, Fraction(0)) + c
    return {power: c for power, c in found.items() if c}


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product."""
    found: Polynomial = {}
    for i, c in a.items():
        for j, d in b.items():
            found[i + j] = found.get(i + j, Fraction(0)) + c * d
    return {power: c for power, c in found.items() if c}


def minus(a: Polynomial, b: Polynomial) -> Polynomial:
    """The difference."""
    return add(a, {power: -c for power, c in b.items()})


def sign(a: Polynomial) -> int:
    """The sign for all small positive ``e``: -1, 0 or 1."""
    if not a:
        return 0
    return 1 if a[min(a)] > 0 else -1
