"""The policy: what it refuses, with which code at which line, and what it must not refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.build import policy
from nl2efg.build.execute import NotPythonError, parse
from nl2efg.build.reply import programs
from nl2efg.diagnostics import Diagnostic, known_codes
from tests.hostile.programs import BENIGN

REPLIES = Path(__file__).parents[2] / "../shared/gameinterpreter/replies.jsonl"

REFUSED = {
    "import os": "X101",
    "import os.path as p": "X101",
    "from subprocess import run": "X101",
    "import nl2efg.build.dialect": "X101",
    "import numpy as np\nnp.save('x', 1)": "X101",
    "import numpy\nnumpy.lib.npyio": "X101",
    "from numpy import fromfile": "X101",
    "from random import _os": "X101",
    "import random as r\nr._os": "X101",
    "import functools\nfunctools.RLock": "X101",
    "from . import x": "X101",
    "open('x')": "X102",
    "f = eval": "X102",
    "exec('x')": "X102",
    "globals()": "X102",
    "getattr(g, name)": "X102",
    "__import__('os')": "X103",
    "__builtins__": "X103",
    "g.__class__": "X103",
    "().__class__.__bases__[0].__subclasses__()": "X103",
    "g.__ｃlass__": "X103",
    "getattr(g, '__dict__')": "X103",
    "class A:\n    def __getattribute__(self, n): pass": "X103",
    "def f(__x__): pass": "X103",
    "match g:\n    case object(__class__=c): pass": "X103",
    "g._secret": "X103",
    "(x for x in []).gi_frame": "X104",
    "e.__traceback__.tb_frame": "X104",
    "'{0.__class__}'.format(g)": "X105",
    "'{:{a.b}}'.format(g)": "X105",
    "t = '{0[x]}'\nt.format(g)": "X105",
    "word().format(g)": "X105",
}

ALLOWED = (
    "import gambit\nfrom gambit import Game",
    "'{} and {:>{}}'.format(1, 2, 3)",
    "t = '{}'\nprint(t.format(1))",
    "type(e).__name__\ne.__class__.__name__",
    "import pygambit as gbt\ngbt.__version__\nfrom pygambit import Game\nimport pygambit.nash",
    "import numpy as np\nnp.random.default_rng(0)\nnp.linalg.inv(np.eye(2))\nnp.array([1]).mean()",
    "class A:\n    def __init__(self): self._x = 1\n    def get(self, o): return self._x + o._x",
    "from collections import namedtuple\nP = namedtuple('P', 'a')\nP(1)._asdict()",
    "def compile(): pass\ncompile()",
    "hasattr(g, 'root') and getattr(g, 'root', None)",
    "if __name__ == '__main__':\n    pass",
    "from math import *\nfrom typing import List",
    "try:\n    pass\nexcept (KeyError, ValueError) as e:\n    print(f'{e!r}')",
    "x = '__class__ and open() in a text'",
    "this is no Python",
    "nul \0 byte",
    "(" * 10_000,
)


def check(code: str) -> tuple[Diagnostic, ...]:
    """What the policy says of a program; nothing of what is none."""
    try:
        return policy.check(parse(code))
    except NotPythonError:
        return ()


@pytest.mark.parametrize(("code", "expected"), REFUSED.items())
def test_refuses(code: str, expected: str) -> None:
    found = check(code)
    assert expected in {finding.code for finding in found}
    assert all(finding.code in known_codes() for finding in found)
    assert all(finding.line in range(1, code.count("\n") + 2) for finding in found)


@pytest.mark.parametrize("code", [*ALLOWED, *BENIGN.values()])
def test_does_not_refuse(code: str) -> None:
    assert check(code) == ()


def test_says_which_line_and_what() -> None:
    (found,) = check("x = 1\n\nwith open('game.efg', 'w') as f:\n    pass\n")
    assert str(found) == (
        "error X102: the code opens a file (`open`); a game needs none of that (line 3)"
    )


def test_is_bounded() -> None:
    assert len(check("open('x')\n" * 1000)) <= 20


@given(st.text())
def test_takes_any_text(code: str) -> None:
    assert isinstance(check(code), tuple)


@pytest.mark.skipif(not REPLIES.exists(), reason="the paper's replies are not here")
def test_no_false_alarm_on_correct_replies() -> None:
    refused = []
    correct = 0
    for line in REPLIES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["setting"] == "Baseline" or row["label"] != "correct":
            continue
        correct += 1
        for program in programs(row["reply"]):
            if program.kind == "python" and check(program.code):
                refused.append((row["id"], check(program.code)))
    assert correct > 200
    assert refused == []
