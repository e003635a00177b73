"""Conditions that hold together, as text."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.families.conditions import Condition

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def conjunction(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Each condition as text; two bounds of one letter become one: ``1/6 <= c < 1/2``.

    Args:
        conditions: all of them hold.
    """
    bounds = [_bound(each) for each in conditions]
    found: dict[str, None] = {}
    for each, bound in zip(conditions, bounds, strict=True):
        if bound is None:
            found[each.text] = None
            continue
        symbol = bound[0]
        own = [other for other in bounds if other is not None and other[0] == symbol]
        lows = [other for other in own if other[1].startswith(">")]
        highs = [other for other in own if other[1].startswith("<")]
        if len(lows) == 1 and len(highs) == 1:
            (_, above, low), (_, below, high) = lows[0], highs[0]
            found[f"{low} {_TURNED[above]} {symbol} {below} {high}"] = None
        else:
            found[each.text] = None
    return tuple(found)


def _bound(condition: Condition) -> tuple[str, str, str] | None:
    """A letter, a relation and the number that bounds it; None for any other condition."""
    left, relation, right = condition.left, condition.relation, condition.right
    if left.constant is not None:
        left, right, relation = right, left, _TURNED.get(relation, relation)
    if relation not in _TURNED or right.constant is None or not left.text.isidentifier():
        return None
    return left.text, relation, right.text
