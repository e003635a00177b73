"""Solution concepts by brute force, on games of a few cells or moves; no code of the solver's.

Each oracle follows the definition with its own arithmetic: corners of polytopes by trying all sets
of tight constraints, all pure strategies, all orders. ``tests/bench/concepts.py`` holds the
solver against them on random games.
"""
