"""Putting a wrong tree right: by hand, by edits, by an instruction to a model, and back again.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.revision.edits import join, rename, set_payoff, set_probabilities, split
    from nl2efg.revision.hand_edits import refresh
    from nl2efg.revision.next_version import revised
    from nl2efg.revision.taking import take_version

__all__ = [
    "join",
    "refresh",
    "rename",
    "revised",
    "set_payoff",
    "set_probabilities",
    "split",
    "take_version",
]

_HOMES = {
    "join": "edits",
    "refresh": "hand_edits",
    "rename": "edits",
    "revised": "next_version",
    "set_payoff": "edits",
    "set_probabilities": "edits",
    "split": "edits",
    "take_version": "taking",
}


__getattr__ = names_when_used(__name__, _HOMES)
