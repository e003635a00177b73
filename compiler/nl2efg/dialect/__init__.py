"""pygambit's building API, 16.0 to 17, in Python over a tree under construction.

Generated code imports ``pygambit`` and gets this. Where it slips and the slip has one plain
reading, the reading is taken and said; elsewhere the error says what is wrong, where, and what
would be right. Only :mod:`nl2efg.dialect.execution` and the worker use the package.

==================  ================================================================
session             one run: its games, findings and limits
plain_numbers       numbers as they are written, read exactly
numbers             the same with letters; ``Rational``
lookup              collections by number and by label
elements            ``Player``, ``Action``, ``Infoset``, ``Outcome``
node                ``Node``
forward_references  nodes and information sets that are named before they exist
selectors           ``H``, pygambit 17's names for nodes
arguments           what an argument means
moves               ``append_move`` and its like; probabilities
information_sets    ``set_infoset`` and its like
outcomes            outcomes
edits               copying, moving and deleting
actions, players    ordering and naming actions and players
queries             what pygambit 17 tells of a game
results             what comes after building
game, table         ``Game``, whose methods delegate; games in strategic form
constructors        ``pygambit.Game`` as programs call it
from_efg            a game from ``.efg`` text
snapshot            the finished game as plain rows
modules             what ``import pygambit`` gives
==================  ================================================================
"""
