"""Where each part of a game comes from: the line of the code and the sentence of the text."""

from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.provenance.sources import provenance

__all__ = ["SketchMatch", "provenance"]
