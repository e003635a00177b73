"""All that touches pygambit, in its generations 16 and 17 side by side.

Games go there and back, profiles go there, solvers are called, and code is written that builds a
game there. What differs between the generations stands in ``pygambit16`` and ``pygambit17``, both
behind the protocol of ``port``; which one is installed is found once, by ``generation``. No other
room imports pygambit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.gambit.code.program import to_code
    from nl2efg.gambit.code.verification import check_code
    from nl2efg.gambit.games import from_gambit, gambit_profile, to_gambit
    from nl2efg.gambit.generation import GENERATIONS, installed_generation, pygambit_port

__all__ = [
    "GENERATIONS",
    "check_code",
    "from_gambit",
    "gambit_profile",
    "installed_generation",
    "pygambit_port",
    "to_code",
    "to_gambit",
]

_HOMES = {
    "GENERATIONS": "generation",
    "check_code": "code.verification",
    "from_gambit": "games",
    "gambit_profile": "games",
    "installed_generation": "generation",
    "pygambit_port": "generation",
    "to_code": "code.program",
    "to_gambit": "games",
}


__getattr__ = names_when_used(__name__, _HOMES)
