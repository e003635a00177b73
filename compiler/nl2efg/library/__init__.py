"""The calls of a library user: each takes a game in whatever form it is at hand.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.library.calls import check, compare, describe, family_of, simulate, solve, verify
    from nl2efg.library.editing import (
        changes,
        edit,
        join_infosets,
        refresh,
        rename,
        revised,
        set_payoff,
        set_probabilities,
        split_infoset,
        take_version,
    )
    from nl2efg.library.exports import (
        to_code,
        to_gambit,
        to_networkx,
        to_openspiel,
        to_pettingzoo,
        write_efg,
    )
    from nl2efg.library.games import GameLike, as_tree
    from nl2efg.library.pictures import draw, draw_html, draw_svg, draw_tikz
    from nl2efg.library.sweeping import sweep

__all__ = [
    "GameLike",
    "as_tree",
    "changes",
    "check",
    "compare",
    "describe",
    "draw",
    "draw_html",
    "draw_svg",
    "draw_tikz",
    "edit",
    "family_of",
    "join_infosets",
    "refresh",
    "rename",
    "revised",
    "set_payoff",
    "set_probabilities",
    "simulate",
    "solve",
    "split_infoset",
    "sweep",
    "take_version",
    "to_code",
    "to_gambit",
    "to_networkx",
    "to_openspiel",
    "to_pettingzoo",
    "verify",
    "write_efg",
]

_HOMES = {
    "GameLike": "games",
    "as_tree": "games",
    "changes": "editing",
    "check": "calls",
    "compare": "calls",
    "describe": "calls",
    "draw": "pictures",
    "draw_html": "pictures",
    "draw_svg": "pictures",
    "draw_tikz": "pictures",
    "edit": "editing",
    "family_of": "calls",
    "join_infosets": "editing",
    "refresh": "editing",
    "rename": "editing",
    "revised": "editing",
    "set_payoff": "editing",
    "set_probabilities": "editing",
    "simulate": "calls",
    "solve": "calls",
    "split_infoset": "editing",
    "sweep": "sweeping",
    "take_version": "editing",
    "to_code": "exports",
    "to_gambit": "exports",
    "to_networkx": "exports",
    "to_openspiel": "exports",
    "to_pettingzoo": "exports",
    "verify": "calls",
    "write_efg": "exports",
}


__getattr__ = names_when_used(__name__, _HOMES)
