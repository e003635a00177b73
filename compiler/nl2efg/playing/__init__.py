"""Games that are played: simulation, agents, and a person at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.playing.observation import Agent, Observation, observe
    from nl2efg.playing.simulation import Play, Simulation, play_once, simulate

__all__ = ["Agent", "Observation", "Play", "Simulation", "observe", "play_once", "simulate"]

_HOMES = {
    "Agent": "observation",
    "Observation": "observation",
    "Play": "simulation",
    "Simulation": "simulation",
    "observe": "observation",
    "play_once": "simulation",
    "simulate": "simulation",
}


__getattr__ = names_when_used(__name__, _HOMES)
