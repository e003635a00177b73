"""Is the compiled game the game described? Findings on a tree, its text and its sketch."""

from nl2efg.checks.all_checks import check

__all__ = ["check"]
