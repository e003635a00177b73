"""Readers and writers of games: .efg, .nfg, networkx, English.

Names are loaded when they are used, because the sandbox's workers need few of them and must start
fast and stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.formats.efg_reader import read_efg
    from nl2efg.formats.efg_writer import write_efg
    from nl2efg.formats.files import load_efg, load_game, read_game
    from nl2efg.formats.networkx_graph import from_networkx, to_networkx
    from nl2efg.formats.nfg import read_nfg, simultaneous_game
    from nl2efg.formats.safe_labels import SafeLabels, make_safe, restore_labels, with_safe_labels

__all__ = [
    "SafeLabels",
    "from_networkx",
    "load_efg",
    "load_game",
    "make_safe",
    "read_efg",
    "read_game",
    "read_nfg",
    "restore_labels",
    "simultaneous_game",
    "to_networkx",
    "with_safe_labels",
    "write_efg",
]

_HOMES = {
    "SafeLabels": "safe_labels",
    "from_networkx": "networkx_graph",
    "load_efg": "files",
    "load_game": "files",
    "make_safe": "safe_labels",
    "read_efg": "efg_reader",
    "read_game": "files",
    "read_nfg": "nfg",
    "restore_labels": "safe_labels",
    "simultaneous_game": "nfg",
    "to_networkx": "networkx_graph",
    "with_safe_labels": "safe_labels",
    "write_efg": "efg_writer",
}


__getattr__ = names_when_used(__name__, _HOMES)
