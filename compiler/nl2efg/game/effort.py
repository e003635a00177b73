"""A bound on work that grows with two inputs at once.

A sketch, a text or a constraint may each be long, and a tree large: what is done for every part of
the one at every place of the other is counted here, and ends where it would take too long. The
limits, each beside the code that holds it:

====================================  ============================================================
what is multiplied                    where, and what ends it
====================================  ============================================================
constraints x histories x cases       ``constraints.MAX_STEPS``: ConstraintError, then note C612
patterns of a sketch x nodes          ``provenance.sketch_match.MAX_STEPS``: note C613
patterns of a sketch x its own game   ``reading.sketch_game.MAX_STEPS``: it is no whole game
expressions with letters x terms      ``families.expression_text.MAX_WORK``: the family is not read
text x labels, payoffs, comments      ``provenance.sources.MAX_STEPS``: the rest has no sentence
common denominator x nodes            ``game.number_sizes.MAX_TOTAL_BITS``, ``MAX_WORK``: error X205
sentences x rows of provenance        ``provenance.sources.MAX_QUOTED``: long sentences are cut
names of players x text               ``prose.players_in_text.MAX_SEARCHED``: the last are not found
findings x nodes of one part          ``provenance.sketch_findings.MAX_TOLD``: the rest is counted
lines of an event x their length      ``models.openai.events.MAX_REREAD``: the reply is not read
a reply x what goes on with it        ``models.continuation.MAX_REPEATED``: its end is compared
names of models x a mistyped one      ``models.openai.client.MAX_NAMES``: the first are compared
tags of a page x tags still open      ``pipeline.documents.MAX_TAGS``, ``MAX_DEPTH``: not read
phrases of a profile x the game       ``library.names.MAX_STEPS`` and ``told_lines``: error
lines x their length in a file        ``json_lines.MAX_LINE``: the line cannot be used
values x rows of a Parquet file       ``batch.parquet.MAX_MEMORY``: the file cannot be read
====================================  ============================================================
"""

from __future__ import annotations

from nl2efg.errors import UserError


class EffortError(UserError):
    """Two inputs that are large together would take too long to be compared."""


class Effort:
    """Counts steps, and ends what takes too many.

    Args:
        steps: that may be spent; some 10 million take a second or two.
        what: names the work in the error.
    """

    __slots__ = ("left", "what")

    def __init__(self, steps: int, what: str) -> None:
        self.left = steps
        self.what = what

    def spend(self, steps: int) -> None:
        """Count steps before they are done.

        Raises:
            EffortError: fewer are left.
        """
        self.left -= steps
        if self.left < 0:
            self.left = 0
            raise EffortError(
                f"{self.what} takes too long: both are very large", hint="a smaller game is needed"
            )
