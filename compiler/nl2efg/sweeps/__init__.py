"""Sweeps: a family solved along a line or over a plane of its parameters."""

from nl2efg.sweeps.axes import Axis, read_axis
from nl2efg.sweeps.running import Sweep, sweep

__all__ = ["Axis", "Sweep", "read_axis", "sweep"]
