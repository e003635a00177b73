"""Programs that somebody else wrote: whether the installed pygambit can run them as they are."""

from __future__ import annotations

import ast

from nl2efg.errors import UserError
from nl2efg.gambit.generation import installed_generation

_ONLY_16 = frozenset(
    [
        "add_action",
        "add_outcome",
        "add_player",
        "delete_action",
        "delete_outcome",
        "leave_infoset",
        "new_table",
        "new_tree",
        "root",
        "set_chance_probs",
        "set_infoset",
        "set_outcome",
        "set_player",
        "sort_infosets",
    ]
)
_ONLY_17 = frozenset(
    [
        "ExtensiveGame",
        "H",
        "StrategicGame",
        "append_event",
        "insert_event",
        "make_event",
        "make_infoset",
        "make_outcome",
        "make_outcome_null",
        "relabel_actions",
        "relabel_outcomes",
        "relabel_players",
        "set_event_actions",
        "set_move_actions",
        "set_outcome_payoffs",
        "set_players",
    ]
)
"""What a program asks pygambit or a game for in one generation alone."""


def why_not_run(code: str) -> str:
    """Why the installed pygambit cannot run a program unchanged, as far as its text shows.

    Programs that build a game here may use what pygambit has not: the spellings of both generations
    in one, letters, and labels in any script.

    Args:
        code: a program that builds a game.

    Returns:
        The reasons, as the end of a sentence; empty if none is seen.
    """
    try:
        installed = installed_generation()
    except UserError as error:
        return error.message
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "it is not Python"
    asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("gambit"):
            asked.update(alias.name for alias in node.names)
    written = {16: bool(asked & _ONLY_16), 17: bool(asked & _ONLY_17)}
    reasons = []
    if all(written.values()):
        reasons.append("it mixes what pygambit 16.7 and pygambit 17 understand")
    elif written[33 - installed]:
        other = {16: "17", 17: "16.7"}[installed]
        reasons.append(f"it is written for pygambit {other}, and another is installed")
    if _declares_letters(nodes):
        reasons.append("letters (parameter) are nl2efg's own")
    if installed == 16 and any(_is_foreign(node) for node in nodes):
        reasons.append("pygambit 16.7 takes labels in ASCII alone")
    if installed == 16 and any(_leaves_the_label_out(node) for node in nodes):
        reasons.append("pygambit 16.7 wants the label of an outcome before its payoffs")
    return "; ".join(reasons)


def _declares_letters(nodes: list[ast.AST]) -> bool:
    """Whether ``parameter`` is called, and the program does not define it itself."""
    called = any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "parameter"
        for node in nodes
    )
    own = any(isinstance(node, ast.FunctionDef) and node.name == "parameter" for node in nodes)
    return called and not own


def _is_foreign(node: ast.AST) -> bool:
    """Whether it is a text that pygambit 16.7 refuses as a label."""
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isascii()
    )


def _leaves_the_label_out(node: ast.AST) -> bool:
    """Whether it is a call of ``add_outcome`` that gives payoffs first, or no label."""
    if not (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "add_outcome"
    ):
        return False
    named = {keyword.arg for keyword in node.keywords}
    if not node.args:
        return not named & {"label", None}
    return "label" in named or isinstance(
        node.args[0], ast.List | ast.Tuple | ast.ListComp | ast.Dict
    )
