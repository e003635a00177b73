"""Gambit's solvers, in a process that can be ended."""
