"""The policy: what it refuses, with which code at which line, and what it must not refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.dialect.execution import NotPythonError, parse
from nl2efg.frontend.program_reply import programs
from nl2efg.sandbox.policy import reader as policy
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic
from tests.hostile.programs import BENIGN

REPLIES = Path(__file__).parents[2] / "../shared/gameinterpreter/replies.jsonl"

REFUSED = {
    "import os": "X101",
    "import os.path as p": "X101",
    "from subprocess import run": "X101",
    "import nl2efg.dialect": "X101",
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
    "name = '__glo' + 'bals__'\ngetattr(g, name)": "X102",
    "getattr(g, 'gi_frame')": "X103",
    "g = getattr": "X102",
    "list(map(getattr, [g], ['x']))": "X102",
    "from operator import attrgetter\nattrgetter('_os.environ')(g)": "X103",
    "import operator\noperator.methodcaller('_exit', 0)(g)": "X103",
    "def f(open): pass\nexec('x')": "X102",
    "g.exit = 1\nexit()": "X102",
    "import typing\ntyping.sys": "X101",
    "import typing\ntyping.get_type_hints(g)": "X101",
    "import random\nrandom.__dict__": "X101",
    "import numpy as np\nnp.lib.npyio": "X101",
    "import numpy as np\nnp.testing.measure('x')": "X101",
    "match g:\n    case object(gi_frame=f): pass": "X104",
    "match g:\n    case object(_secret=s): pass": "X103",
    "import random\nmatch g:\n    case random._os(): pass": "X101",
    "class A:\n    __match_args__ = ('gi_frame',)": "X103",
    "__import__('os')": "X103",
    "__builtins__": "X103",
    "g.__globals__": "X103",
    "g.__private": "X103",
    "().__class__.__bases__[0].__subclasses__()": "X103",
    "g.__ｂases__": "X103",
    "getattr(g, '__bases__')": "X103",
    "class A:\n    def __getattribute__(self, n): pass": "X103",
    "def f(__x__): pass": "X103",
    "match g:\n    case object(__bases__=c): pass": "X103",
    "g._secret": "X103",
    "(x for x in []).gi_frame": "X104",
    "e.__traceback__.tb_frame": "X104",
    "'{0.__globals__}'.format(g)": "X105",
    "'{:{a._b}}'.format(g)": "X105",
    "t = '{0[x].gi_frame}'\nt.format(g)": "X105",
    "'{0[__bases__]}'.format(g)": "X105",
    "f = str.format\nf('{0._os}', g)": "X105",
    "print(*map(str.format, ['{0._os.environ}'], [g]))": "X105",
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
    "def f(stay=0, exit=1): return exit",
    "entry, exit = 1, 2\nprint(exit)",
    "for input in [1]: print(input)",
    "print([help for help in 'ab'], (lambda vars: vars)(2))",
    "if (compile := 3): print(compile)",
    "from fractions import Fraction as open\nopen(1)",
    "try: pass\nexcept ValueError as exit: print(exit)",
    "match x:\n    case [open, *input]: print(open, input)",
    "class A:\n    def __init__(self): self.__x = 1\n    def __go(self): return self.__x",
    "class A:\n    _n = 0\n    def f(self): return self._n",
    "class A:\n    def __new__(cls): return super().__new__(cls)",
    "class A:\n    def __format__(self, s): return s\n    def __getattr__(self, n): return n",
    "class A:\n    def __init_subclass__(cls, **k): super().__init_subclass__(**k)",
    "class A:\n    n = 0\n    def f(self, o): return self.__class__.n, o.__class__ is type(o)",
    "__author__ = 'x'\nprint(__file__, A().__dict__, e.__cause__)",
    "def show(template, *a): print(template.format(*a))",
    "MSG = {'a': '{} x'}\nMSG['a'].format(1)",
    "class A:\n    t = '{} x'\n    def f(self): return self.t.format(1)",
    "class A:\n    def format(self, x): return x\nA().format('{0._b}')",
    "'{0.x} {1[0]} {d[k]}'.format(p, [1], d={'k': 2})",
    "('a{}' + 'b').format(1)",
    "for attr in ('label', 'player'): getattr(g, attr, None)",
    "setattr(self, f'pay_{i}', 1)\nif __name__ == '__main__': getattr(self, 'pay_' + str(i))",
    "if not hasattr(self, '_memo'): self._memo = {}",
    "from operator import attrgetter\nsorted(x, key=attrgetter('label', 'player.number'))",
    "from collections import namedtuple\nnamedtuple('P', 'a')._field_defaults",
    "import numpy as np\nnp.fromfunction(f, (2, 2)); np.logical_and(a, b); np.isin(a, b)",
    "import numpy as np\nnp.inner(a, b); np.atleast_2d(a); np.fliplr(a); np.sin(0); np.cos(0)",
    "import numpy as np\nnp.array2string(a); np.einsum('ij,jk', a, b); np.ix_(a, b); np.nansum(a)",
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


def test_reads_each_text_once_however_often_it_is_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def noted(text: str) -> bool:
        read.append(text)
        return True

    monkeypatch.setattr(policy, "is_plain", noted)
    line = "t = '{{}}{0}'\nt.format(1)\nx().format({0})\ngetattr(g, x)\n"
    assert check("".join(map(line.format, range(100)))) == ()
    assert len(read) <= 200


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
