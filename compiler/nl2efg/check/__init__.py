"""Is the compiled game the game described? Findings on a tree, its text and its sketch."""

from nl2efg.callable import make_callable
from nl2efg.check.case import Lines
from nl2efg.check.critic import Critique, read_critique
from nl2efg.check.provenance import provenance
from nl2efg.check.run import check

__all__ = ["Critique", "Lines", "check", "provenance", "read_critique"]

make_callable(__name__, "check")
