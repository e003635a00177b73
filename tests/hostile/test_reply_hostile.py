"""Replies made to stall or crash whoever looks for the program in them.

They are read in a thread, as tasks do, of a process with little memory. A reply that takes longer
than half a minute ends the process with a trace; all of them together take seconds.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from nl2efg.dialect.syntax import MAX_LENGTH
from nl2efg.frontend.program_reply import build_reply, programs
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity

pytestmark = pytest.mark.process

_READ = """
import faulthandler, resource, sys, threading
from nl2efg.frontend.program_reply import build_reply, programs
from nl2efg.schema.built import Built
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
faulthandler.enable()
reply = sys.stdin.read()
faulthandler.dump_traceback_later(30, exit=True)
found = []
thread = threading.Thread(target=lambda: found.extend([*programs(reply), None]))
thread.start()
thread.join()
print(len(found) - 1)
"""
_HEAD = "import pygambit as gbt\ng = gbt.Game.new_tree()\nx = "
_SPACE = MAX_LENGTH - len(_HEAD) - 10
_MUCH = 1_000_000


def _filled(piece: str, end: str = "1") -> str:
    return _HEAD + piece * (_SPACE // len(piece)) + end


def _repeated(piece: str) -> str:
    return piece * (_MUCH // len(piece))


_BLOCK = f"```python\n{_HEAD}1\n```\n"
_STEP = "```python\ng.append_move(g.root, 1)\n```\n"

HOSTILE = {
    "open brackets": _filled("("),
    "nested lists": _HEAD + "[" * 190 + "]" * 190,
    "nested calls": _filled("f("),
    "nested dictionaries": _HEAD + "{0:" * 190 + "0" + "}" * 190,
    "negations": _filled("not "),
    "signs": _filled("-"),
    "functions of functions": _filled("lambda: "),
    "conditions": _filled("1 if 1 else "),
    "attributes": _filled("a.", "a"),
    "powers": _filled("2**", "2"),
    "sums": _filled("1+"),
    "comparisons": _filled("1<"),
    "a wide list": _HEAD + "[" + "a," * (_SPACE // 2) + "]",
    "a long number": _HEAD + "9" * _SPACE,
    "a long hexadecimal number": _HEAD + "0x" + "f" * _SPACE,
    "a formatted text": _HEAD + 'f"' + "{a}" * (_SPACE // 3) + '"',
    "statements": _filled("a;"),
    "decorators": _filled("1\n@a\n", "def f(): pass"),
    "indentation": _HEAD + "1\n" + "".join(" " * depth + "if 1:\n" for depth in range(250)),
    "open lines": _filled("f((1\n"),
    "zero bytes": _filled("\0"),
    "one line of backticks": _repeated("`"),
    "fences": _repeated("```\n"),
    "tildes": _repeated("~~~ "),
    "a fence and a word without end": "```" + _repeated("a"),
    "a fence and spaces without end": "```" + _repeated(" "),
    "a fence and words without end": "```" + _repeated("a "),
    "two fences glued, and a word without end": "``````" + _repeated("a") + _repeated(" ") + "!",
    "blocks": _repeated(_BLOCK),
    "blocks that go on": _repeated(_BLOCK + _STEP),
    "thoughts without end": _repeated("<think>"),
    "thoughts in each other": _repeated("<think><thinking></think>"),
    "attempts": _repeated("Trying again\n"),
    "rules": _repeated("-----\n"),
    "game texts": _repeated("EFG 2 R\n"),
    "game texts in one line": _repeated("EFG 2 R "),
    "spaces": "import a\nnew_tree()\nx" + " " * _MUCH + "\ny",
    "quotes": _HEAD + _repeated("'\""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_reply_neither_stalls_nor_crashes_its_reader(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _READ],
        input=HOSTILE[name],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert 0 <= int(done.stdout) <= 20


def test_of_many_blocks_the_last_are_tried() -> None:
    blocks = [f"```python\nimport pygambit\ng = new_tree({n})\n```\n" for n in range(100)]
    found = programs("".join(blocks))
    assert len(found) == 20
    assert "new_tree(99)" in found[0].code


@pytest.mark.parametrize(("codes", "tried"), [(["B102"], 5), (["X201"], 2), (["B102", "X202"], 4)])
def test_few_candidates_are_tried(codes: list[str], tried: int) -> None:
    blocks = [f"```python\nimport pygambit\ng = new_tree({n})\n```\n" for n in range(100)]
    asked: list[str] = []

    def build(code: str) -> Built:
        found = Diagnostic(codes[len(asked) % len(codes)], Severity.ERROR, "no game")
        asked.append(code)
        return Built(None, (found,), code)

    built = build_reply("".join(blocks), build)
    assert len(asked) == tried
    assert built.code == asked[0]
