"""Running one program against the dialect, in the process that calls.

Nothing here protects the caller: it is called in the sandbox's worker only. It imports little, as
the worker is a copy of a process in which this module is loaded already.
"""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import FunctionType
from typing import Any, NamedTuple

from nl2efg.dialect.brackets import close_brackets
from nl2efg.dialect.failures import describe, last_line, program_frames
from nl2efg.dialect.game import Game
from nl2efg.dialect.game_data import Execution
from nl2efg.dialect.modules import installed
from nl2efg.dialect.parameters import assertion_lines, parameter
from nl2efg.dialect.session import PROGRAM, DialectError, Session, TooManyNodesError, begin, end
from nl2efg.dialect.snapshot import snapshot
from nl2efg.schema.diagnostics import Diagnostic, Severity

_BUILDING = frozenset(
    (
        "add_action",
        "add_outcome",
        "add_player",
        "append_event",
        "append_infoset",
        "append_move",
        "copy_tree",
        "delete_action",
        "delete_outcome",
        "delete_parent",
        "delete_tree",
        "from_arrays",
        "from_dict",
        "insert_event",
        "insert_infoset",
        "insert_move",
        "leave_infoset",
        "make_event",
        "make_infoset",
        "make_outcome",
        "move_tree",
        "new_table",
        "new_tree",
        "read_efg",
        "reveal",
        "set_actions",
        "set_chance_probs",
        "set_infoset",
        "set_outcome",
        "set_player",
        "set_players",
        "ExtensiveGame",
        "StrategicGame",
        "Game",
    )
)
"""Names of the steps that change a game."""


class NotPythonError(ValueError):
    """Text that is no program."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Program(NamedTuple):
    """A program that can be run.

    Args:
        code: its text.
        tree: the syntax tree of that.
        mended: what was mended in it.
    """

    code: str
    tree: ast.Module
    mended: tuple[Diagnostic, ...] = ()


def parse(code: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        NotPythonError: it is none; the error holds the diagnostic.
    """
    try:
        return ast.parse(code, PROGRAM)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotPythonError(describe(error, code)) from None


def prepare(code: str) -> Program:
    """The program as it will run: brackets that it leaves open within a line are closed.

    Raises:
        NotPythonError: it is no program.
    """
    try:
        return Program(code, parse(code))
    except NotPythonError:
        whole, lines = close_brackets(code)
        if not lines:
            raise
    mended = tuple(
        Diagnostic(
            "B318",
            Severity.WARNING,
            "brackets are left open and are closed within the line",
            line=line,
            fix="count the closing brackets",
        )
        for line in lines
    )
    return Program(whole, parse(whole), mended)


def execute(code: str, *, max_nodes: int) -> Execution:
    """Run generated code, and leave the process as it was; as :func:`run` otherwise."""
    with warnings.catch_warnings(), installed():
        hush()
        try:
            return run(prepare(code), max_nodes=max_nodes)
        except NotPythonError as error:
            return Execution(None, (error.diagnostic,))


def hush() -> None:
    """Let Python's remarks on the style of a program go unsaid."""
    for remark in (SyntaxWarning, DeprecationWarning):
        warnings.simplefilter("ignore", remark)


def run(
    program: Program, *, max_nodes: int, values: Mapping[str, Fraction] | None = None
) -> Execution:
    """Run generated code where the dialect is installed, and take the game that it builds.

    The game is the last ``Game`` bound at module level, else the only one built.

    Args:
        program: what to run.
        max_nodes: the most nodes that it may build.
        values: of parameters, by symbol, in the place of the program's own.

    Returns:
        the game, if one came out, and everything that was found on the way.
    """
    code, tree, mended = program
    try:
        compiled = compile(tree, PROGRAM, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Execution(None, (*mended, describe(error, code)))
    state = Session(max_nodes, values)
    state.letters.assertions = assertion_lines(tree)
    begin(state)
    try:
        done = _run(state, compiled, tree, code)
    finally:
        end()
    return Execution(done.game, (*mended, *done.diagnostics)) if mended else done


def _run(run: Session, program: Any, tree: ast.Module, code: str) -> Execution:
    names: dict[str, Any] = {
        "__name__": "__main__",
        "__builtins__": builtins,
        "__doc__": None,
        "__file__": PROGRAM,
        "__package__": None,
        "parameter": parameter,
    }

    def guarded(step: Callable[[], object]) -> Diagnostic | None:
        try:
            step()
        except SystemExit:
            return None
        except DialectError as error:
            return _with_line(error)
        except BaseException as error:  # noqa: BLE001 - it is the program's
            if _is_after_building(error, tree, run):
                run.add(_after_building(error, code))
                return None
            return describe(error, code)
        return None

    failure = guarded(lambda: exec(program, names))
    if failure is None and not run.games:
        maker = _only_maker(names)
        if maker is not None:
            run.note(
                "B317",
                f"the program never calls {maker.__name__}(); it is called for it",
                line=maker.__code__.co_firstlineno,
            )
            failure = guarded(maker)
    if failure is not None:
        run.add(failure)
        return Execution(None, run.diagnostics)
    for step in run.at_end:
        found = guarded(step)
        if found is not None:
            run.add(found)
    game = _the_game(run, names)
    if game is None:
        return Execution(None, run.diagnostics)
    taken: list[Any] = []
    failure = guarded(lambda: taken.append(snapshot(game)))
    if failure is not None:
        run.add(failure)
    return Execution(taken[0] if taken else None, run.diagnostics)


def _with_line(error: DialectError) -> Diagnostic:
    found = error.diagnostic
    if found.line is not None:
        return found
    line = last_line(error)
    return Diagnostic(
        found.code, found.severity, found.message, found.history, line, None, found.fix
    )


def _the_game(run: Session, names: dict[str, Any]) -> Game | None:
    """The game that the program is about; says so where there is none, or a choice."""
    bound = list(dict.fromkeys(value for value in names.values() if isinstance(value, Game)))
    every = bound or run.games
    grown = [game for game in every if _has_moves(game)]
    if not grown:
        if not run.has_error:
            what = "builds no game" if not run.games else "builds a game without any move"
            run.say(
                Severity.ERROR,
                "B103",
                f"the program {what}",
                fix="build it at module level, with Game.new_tree and append_move",
            )
        return None
    if len(grown) > 1:
        run.note("B314", f"the program builds {len(grown)} games; the last one is taken")
    return grown[-1]


def _has_moves(game: Game) -> bool:
    return not game.is_tree or not game._root.is_terminal


def _only_maker(names: dict[str, Any]) -> FunctionType | None:
    """The one function of the program that builds a game and needs no arguments."""
    found = []
    for value in names.values():
        if not isinstance(value, FunctionType) or value.__code__.co_filename != PROGRAM:
            continue
        code = value.__code__
        needed = code.co_argcount + code.co_kwonlyargcount
        given = len(value.__defaults__ or ()) + len(value.__kwdefaults__ or {})
        if needed == given and _BUILDING.intersection(code.co_names):
            found.append(value)
    return found[0] if len(found) == 1 else None


def _is_after_building(error: BaseException, tree: ast.Module, run: Session) -> bool:
    """Whether a game stands and no step of the program from the failure on would change it."""
    frames = program_frames(error)
    if isinstance(error, TooManyNodesError) or len(frames) != 1:
        return False
    if not any(_has_moves(game) for game in run.games):
        return False
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for statement in tree.body:
        if (statement.end_lineno or 0) < frames[0]:
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and (
                node.attr in _BUILDING or isinstance(node.ctx, ast.Store)
            ):
                return False
            if isinstance(node, ast.Name) and (node.id in own or node.id in _BUILDING):
                return False
    return True


def _after_building(error: BaseException, code: str) -> Diagnostic:
    found = describe(error, code)
    return Diagnostic(
        "B107",
        Severity.WARNING,
        f"the program fails after its game is built, which is taken: {found.message}",
        None,
        found.line,
        None,
        found.fix,
    )
