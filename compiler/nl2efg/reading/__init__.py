"""The sketch read as a game: a tree without any code, whole or with its gaps named."""

from nl2efg.reading.sketch_game import SketchGame, built_from_sketch, read_sketch

__all__ = ["SketchGame", "built_from_sketch", "read_sketch"]
