"""The sandbox as the application uses it: results, limits, failures, pools, forks and tasks."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import SandboxError, UserError
from nl2efg.frontend.program_reply import build_reply
from nl2efg.pipeline import sample
from nl2efg.sandbox import Builders, Limits, build
from nl2efg.sandbox import host as sandbox_module
from nl2efg.sandbox import pool as pool_module
from nl2efg.sandbox.host import EVERY_LAYER, STRONG, Worker
from nl2efg.sandbox.protocol.frames import Answer, End, Layer, Request
from nl2efg.sandbox.verdict import verdict
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostic_codes import known_codes
from tests.hostile.programs import BENIGN, GAME
from tests.scripted import TEXT, coin_model

pytestmark = pytest.mark.process

QUICK = Limits(wall=30.0, cpu=1.0, memory=256 << 20, nodes=500, output=1000)
GROW = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A"], title="grown")
node = g.root
for _ in range({}):
    g.append_move(node, "A", ["a"])
    node = node.children[0]
g.set_outcome(node, g.add_outcome([1]))
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[Builders]:
    with Builders(2) as found:
        yield found


@pytest.fixture(scope="module")
def unread() -> Iterator[Builders]:
    """A pool without the policy, to reach what is behind it."""
    with Builders(1, layers=EVERY_LAYER & ~Layer.POLICY) as found:
        yield found


def codes(built: Built) -> list[str]:
    assert all(found.code in known_codes() for found in built.diagnostics)
    return [found.code for found in built.diagnostics]


def test_builds_a_game_with_lines_and_output(pool: Builders) -> None:
    built = pool.build(GAME + "print('done')\n")
    assert built.ok
    assert built.tree is not None
    assert (built.tree.title, len(built.tree)) == ("harmless", 3)
    assert built.output == "done\n"
    assert built.lines.move[0] == 4


@pytest.mark.parametrize("name", BENIGN)
def test_builds_what_models_write(pool: Builders, name: str) -> None:
    built = pool.build(BENIGN[name])
    assert built.ok, built.diagnostics


def test_build_is_public() -> None:
    built = nl2efg.build(GAME)
    assert built.ok


def test_reads_efg_text(pool: Builders) -> None:
    built = pool.build('EFG 2 R "t" { "A" }\nt "" 1 "" { 1 }\n')
    assert built.ok
    assert built.tree is not None
    assert built.tree.title == "t"
    assert codes(pool.build("EFG 2 R")) == ["B108"]


def test_efg_text_has_a_limit_of_nodes(pool: Builders) -> None:
    text = 'EFG 2 R "t" { "A" }\np "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 }\nt "" 1 "" { 1 }\n'
    assert codes(pool.build(text, Limits(nodes=2))) == ["X206"]


def test_efg_text_has_a_limit_of_players(pool: Builders) -> None:
    names = '"a" ' * 1001
    assert codes(pool.build(f'EFG 2 R "t" {{ {names}}}\nt "" 0\n')) == ["X206"]


def test_efg_text_cannot_steer_a_terminal(pool: Builders) -> None:
    text = 'EFG 2 R "\x1b[31m" { "A" }\nt "" 1 "" { 1 }\n'
    for built in (pool.build(text), build_reply(f"Here:\n```\n{text}```\n", pool.build)):
        assert built.tree is not None
        assert built.tree.title == "\ufffd[31m"
        assert codes(built) == ["X305"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import sys\nsys.modules['time'].sleep = None\nwhile True: pass", "X202"),
        ("x = [0] * 10**9", "X203"),
        ("import numpy as np\nnp.ones(10**9)", "X203"),
        ("while True: print('x' * 100)", "X204"),
        ("import sys\nsys.modules['os']._exit(0)", "X302"),
        ("import sys\nsys.modules['os'].write(3, b'x' * 100)", "X303"),
        ("import sys\nw = sys.modules['os'].write\nwhile True: w(3, b'x' * 65536)", "X205"),
        ("import sys\nsys.modules['ctypes'].string_at(0)", "X301"),
        ("raise KeyboardInterrupt", "B102"),
        (GROW.format(600), "B104"),
        ("x = 1 +", "B101"),
    ],
)
def test_each_end_has_its_code(unread: Builders, code: str, expected: str) -> None:
    built = unread.build(code, QUICK)
    assert built.tree is None
    assert codes(built) == [expected]
    assert unread.build(GAME).ok


def test_memory_may_run_out_before_the_code_runs(pool: Builders) -> None:
    for memory in (1, 1 << 20, 16 << 20):
        built = pool.build(f"x = [{'1,' * 400_000}]", Limits(memory=memory))
        assert codes(built) == ["X203"]


def test_the_wall_clock_ends_what_does_not_compute() -> None:
    with Builders(1, layers=Layer.LIMITS) as weak:
        built = weak.build("import time\ntime.sleep(60)", Limits(wall=0.5))
    assert codes(built) == ["X201"]


def test_what_is_refused_never_runs(pool: Builders) -> None:
    built = pool.build("print('ran')\nimport os\n")
    assert codes(built) == ["X101"]
    assert built.output == ""
    assert built.diagnostics[0].line == 2


def test_a_deep_tree_comes_through(pool: Builders) -> None:
    built = pool.build(GROW.format(20_000), Limits(wall=60, cpu=60))
    assert built.tree is not None
    assert len(built.tree) == 20_001


def test_code_that_is_no_text_or_too_long(pool: Builders) -> None:
    assert codes(pool.build("x = '\ud800'")) == ["X107"]
    assert codes(pool.build("#" * (1 << 20) + "\n")) == ["X107"]


def test_recursion_is_the_programs_failure(pool: Builders) -> None:
    assert pool.build("def f(): f()\nf()").tree is None
    assert pool.build(GAME).ok


@pytest.mark.parametrize(
    "given", [{"wall": 0}, {"cpu": -1}, {"memory": 0}, {"nodes": 0}, {"output": 1 << 40}]
)
def test_limits_that_cannot_be(given: dict[str, int]) -> None:
    with pytest.raises(UserError, match="limit"):
        Limits(**given)


def test_a_result_that_is_no_game() -> None:
    from nl2efg.dialect.game_data import Execution, GameData
    from nl2efg.sandbox.protocol.encoding import encode

    data = GameData(("A",), "", "", (), ((("one",), ""),), ((-1, 0, ""),))
    answer = Answer(End.RESULT, 0, 0.0, 0.0, 0, b"", encode(Execution(data)))
    assert codes(verdict("", Limits(), answer)) == ["X304"]
    answer = Answer(End.RESULT, 0, 0.0, 0.0, 0, b"", b"nothing")
    assert codes(verdict("", Limits(), answer)) == ["X303"]


def test_code_nested_too_deeply_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from nl2efg.sandbox.worker import child as worker_child

    def too_deep(program: object, **_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(worker_child, "run", too_deep)
    found = worker_child._run(b"x = 1", Layer.POLICY, Limits())
    assert [finding.code for finding in found.diagnostics] == ["X306"]


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "-" * 90_000 + "1",
        "if 0: pass\n" + "elif 0: pass\n" * 20_000,
        "x = a" + ".a" * 90_000,
    ],
    ids=["signs", "elif", "attributes"],
)
def test_nesting_is_not_taken_for_want_of_memory(pool: Builders, code: str) -> None:
    assert codes(pool.build(code)) == ["X306"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise KeyboardInterrupt", "B102: KeyboardInterrupt"),
        ("raise GeneratorExit", "B102: GeneratorExit"),
        ("class E(BaseException): pass\nraise E('why')", "B102: E: why"),
        ("class E(Exception):\n    def __str__(s): raise E\nraise E", "__str__ raises E"),
        ("class E(Exception):\n    def __str__(s): return 5\nraise E", "raises TypeError"),
        ("e = SyntaxError('m')\ne.lineno = 'x'\nraise e", "B101: the program is not Python: m"),
        ("e = SyntaxError('m')\ne.lineno = 10 ** 30\nraise e", "not Python: m — give"),
    ],
)
def test_exceptions_of_every_kind_are_described(pool: Builders, code: str, said: str) -> None:
    (found,) = pool.build(code).diagnostics
    assert said in str(found)
    assert "do not exit" not in str(found)


def test_an_exception_that_cannot_be_described(pool: Builders) -> None:
    code = "class M(type):\n    __name__ = property(lambda c: 1 / 0)\n"
    code += "class E(Exception, metaclass=M): pass\nraise E"
    (found,) = pool.build(code).diagnostics
    assert (found.code, "cannot be described" in found.message) == ("X302", True)


def test_a_child_that_cannot_be_locked_down_runs_nothing() -> None:
    answer = Answer(End.UNSEALED, 1, 0.0, 0.0, 0, b"", b"capset: no\x1b")
    with pytest.raises(SandboxError, match="could not be locked down"):
        verdict("", Limits(), answer)


@pytest.mark.skipif(sys.platform != "linux", reason="asks for a layer that only macOS has")
def test_a_child_whose_layer_fails_says_so_and_runs_nothing(pool: Builders) -> None:
    worker = pool.start()
    layers = worker.hello.layers | Layer.SEATBELT
    answer = worker.run(Request(layers, QUICK, b"print('it ran')"))
    assert (answer.end, answer.output) == (End.UNSEALED, b"")
    assert b"Seatbelt" in answer.result
    assert pool.build(GAME).ok


def test_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sandbox_module.ALLOW_WEAK, raising=False)
    monkeypatch.setattr(sandbox_module, "STRONG", Layer(0))
    with pytest.raises(SandboxError, match="neither seccomp nor namespaces"):
        sandbox_module.start_worker()
    monkeypatch.setenv(sandbox_module.ALLOW_WEAK, "1")
    sandbox_module._warn_of_weakness.cache_clear()
    with pytest.warns(RuntimeWarning, match="limits and a policy alone"):
        worker = sandbox_module.start_worker()
    worker.close()


def test_a_worker_knows_no_secret_and_no_heavy_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NL2EFG_TEST_SECRET", "sk-123")
    worker = Worker()
    try:
        with open(f"/proc/{worker.pid}/environ", "rb") as file:
            assert b"sk-123" not in file.read()
        with open(f"/proc/{worker.pid}/maps", encoding="ascii") as file:
            maps = file.read()
        assert "pygambit" not in maps
        assert "pydantic" not in maps
        assert worker.hello.threads == 1
        assert worker.hello.layers & STRONG
    finally:
        worker.close()


def test_a_dead_worker_is_replaced() -> None:
    with Builders(1) as pool:
        assert pool.build(GAME).ok
        os.kill(pool.start().pid, signal.SIGKILL)
        time.sleep(0.1)
        assert pool.build(GAME).ok


def test_a_worker_killed_at_work_is_said_and_replaced() -> None:
    with Builders(1) as pool:
        worker = pool.start()
        threading.Timer(0.5, os.kill, (worker.pid, signal.SIGKILL)).start()
        with pytest.raises(SandboxError, match="the worker broke"):
            pool.build("while True: pass")
        assert pool.build(GAME).ok


def test_only_code_that_names_numpy_gets_a_worker_with_it() -> None:
    def maps(worker: Worker) -> str:
        return Path(f"/proc/{worker.pid}/maps").read_text(encoding="utf-8")

    with Builders(1) as pool:
        assert pool.build(GAME).ok
        (lean,) = pool._idle
        assert not lean.numpy
        assert "numpy" not in maps(lean)
        assert pool.build(BENIGN["numpy payoffs"]).ok
        full = pool._idle[-1]
        assert full.numpy
        assert "numpy" in maps(full)
        assert pool.build(GAME).ok
        assert pool._idle[-1] is lean
        assert pool.build(GAME + "# as with numpy\n").ok
        assert pool._idle[-1] is full


def test_a_worker_that_is_started_early_is_the_one_that_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []

    def start(*, numpy: bool = False) -> Worker:
        started.append(sandbox_module.start_worker(numpy=numpy))
        return started[-1]

    monkeypatch.setattr(pool_module, "start_worker", start)
    with Builders(2) as pool:
        pool.get_ready()
        pool.get_ready()
        assert pool.build(GAME).ok
        pool.get_ready()
        assert pool.build(GAME).ok
        assert len(started) == 1
    assert not started[0].alive


def test_a_pool_that_is_closed_before_its_worker_has_started_keeps_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []
    closed = threading.Event()

    def start(*, numpy: bool = False) -> Worker:
        started.append(sandbox_module.start_worker(numpy=numpy))
        closed.wait(10)
        return started[-1]

    monkeypatch.setattr(pool_module, "start_worker", start)
    pool = Builders(1)
    pool.get_ready()
    early = pool._early
    assert early is not None
    pool.close()
    closed.set()
    early.join(10)
    assert not started[0].alive
    assert pool._idle == []


def test_what_keeps_an_early_worker_from_starting_is_said_by_the_first_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox_module, "STRONG", Layer(0))
    with Builders(1) as pool:
        pool.get_ready()
        with pytest.raises(SandboxError, match="neither seccomp nor namespaces"):
            pool.build(GAME)


def test_compiling_starts_a_worker_before_the_model_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = coin_model()
    asked_before = []
    ready = sample.can_run_code

    def can_run_code() -> bool:
        asked_before.append(len(model.asked))
        return ready()

    monkeypatch.setattr(sample, "can_run_code", can_run_code)
    assert nl2efg.compile(TEXT, model=model, solve=False).tree
    assert asked_before == [0]


def test_terms_that_change_from_job_to_job(pool: Builders) -> None:
    for nodes in (500, 1000, 500, 2, 500):
        built = pool.build(GAME, Limits(nodes=nodes))
        assert built.ok == (nodes > 2)
    slow = "x = sum(range(10**9))"
    assert codes(pool.build(slow, Limits(cpu=1))) == ["X202"]
    assert codes(pool.build(slow, Limits(wall=0.5))) == ["X201"]


def test_threads_share_a_pool(pool: Builders) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert all(built.ok for built in threads.map(pool.build, [GAME] * 40))


def test_tasks_share_a_pool(pool: Builders) -> None:
    async def several() -> list[Built]:
        return await asyncio.gather(*(pool.abuild(GAME) for _ in range(20)))

    assert all(built.ok for built in asyncio.run(several()))


def _build_in_child(queue: multiprocessing.Queue[bool]) -> None:
    queue.put(bool(build(GAME).ok))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_starts_workers_of_its_own() -> None:
    assert build(GAME).ok
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[bool] = context.Queue()
    children = [context.Process(target=_build_in_child, args=(queue,)) for _ in range(2)]
    for child in children:
        child.start()
    assert [queue.get(timeout=60) for _ in children] == [True, True]
    for child in children:
        child.join(10)
    assert build(GAME).ok


def test_workers_end_with_the_application_even_if_it_is_killed() -> None:
    program = (
        "import os, sys, threading, time\n"
        "from nl2efg.sandbox import Builders\n"
        "pool = Builders(1)\n"
        "print(pool.start().pid, flush=True)\n"
        "threading.Thread(target=pool.build, args=('while True: pass',)).start()\n"
        "time.sleep(0.7)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    pid = int(done.stdout)
    for _ in range(50):
        if has_ended(pid):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its application")


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or dead and only waits for its parent to ask."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state in "ZX"


def test_an_interrupt_leaves_no_answer_for_the_next_job() -> None:
    with Builders(1) as pool:
        pool.start()
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            pool.build("while True: pass")
        built = pool.build(GAME)
        assert built.tree is not None
        assert built.tree.title == "harmless"
