"""Solvers that misbehave: the call comes back in time, and says what happened."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from time import perf_counter

import pytest

from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import Claim, solve
from nl2efg.solving import method_choice as methods
from nl2efg.solving.pygambit import process
from nl2efg.solving.pygambit import proposals as gambit
from nl2efg.solving.pygambit.process import ProcessFailedError, WarmProcess
from tests.catalogue import catalogue

pytestmark = pytest.mark.process

READY = "import sys, os; print('{}', flush=True); line = sys.stdin.readline(); "
HANGS = READY + "import time; time.sleep(600)"
NEVER_READY = "import time; time.sleep(600)"
SEGFAULTS = READY + "import ctypes; ctypes.string_at(0)"
EATS_MEMORY = READY + (
    "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28)); "
    "held = []\nwhile True: held.append(bytearray(1 << 24))"
)
TALKS_NONSENSE = READY + "print('no json', flush=True); sys.stdin.readline()"
HALF_A_LINE = READY + "sys.stdout.write('{\"profiles\"'); sys.stdout.flush(); os._exit(0)"
REPORTS = READY + 'print(\'{"error": "RuntimeError: numerically unstable"}\', flush=True)'

MISBEHAVIOUR = {
    "hangs": (HANGS, "out of time"),
    "never ready": (NEVER_READY, "out of time"),
    "segfault": (SEGFAULTS, "crashed"),
    "memory": (EATS_MEMORY, "crashed"),
    "nonsense": (TALKS_NONSENSE, "cannot be read"),
    "half a line": (HALF_A_LINE, "crashed"),
    "error": (REPORTS, "numerically unstable"),
}


@pytest.fixture
def warm(request: pytest.FixtureRequest) -> Iterator[WarmProcess]:
    found = WarmProcess([sys.executable, "-c", request.param])
    yield found
    found.kill()


def no_pure_equilibrium() -> GameTree:
    """Three players, each of whom wants to differ from the next or to match; no pure solution."""
    payoffs = {
        (0, 0, 0): (3, 0, 2), (0, 0, 1): (0, 2, 5), (0, 1, 0): (1, 3, 0), (0, 1, 1): (4, 1, 1),
        (1, 0, 0): (0, 5, 1), (1, 0, 1): (2, 0, 0), (1, 1, 0): (5, 1, 3), (1, 1, 1): (0, 4, 0),
    }  # fmt: skip
    builder = TreeBuilder(["A", "B", "C"])
    sets = [builder.information_set(i, ["0", "1"]) for i in range(3)]
    for a, after_a in enumerate(builder.move(0, sets[0])):
        for b, after_b in enumerate(builder.move(after_a, sets[1])):
            for c, leaf in enumerate(builder.move(after_b, sets[2])):
                builder.pay(leaf, payoffs[a, b, c])
    return builder.build()


@pytest.mark.parametrize(
    ("warm", "reason"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys(), indirect=["warm"]
)
def test_misbehaviour_is_an_error(warm: WarmProcess, reason: str) -> None:
    allowed = 1.5 if reason == "out of time" else 30  # crashes are told long before
    with pytest.raises(ProcessFailedError, match=reason):
        warm.ask({"method": "ipa", "efg": ""}, perf_counter() + allowed)


@pytest.mark.parametrize("warm", [HANGS], indirect=True)
def test_a_killed_process_is_gone_and_the_next_one_is_new(warm: WarmProcess) -> None:
    with pytest.raises(ProcessFailedError):
        warm.ask({}, perf_counter() + 0.5)
    assert warm._process is None
    with pytest.raises(ProcessFailedError, match="out of time"):
        warm.ask({}, perf_counter() + 0.5)


@pytest.mark.parametrize("code", [HANGS, SEGFAULTS, EATS_MEMORY, NEVER_READY])
def test_solve_comes_back_from_a_broken_solver(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = WarmProcess([sys.executable, "-c", code])
    monkeypatch.setattr(gambit, "GAMBIT", broken)
    monkeypatch.setattr(methods, "two_mix", lambda _: None)
    monkeypatch.setattr(methods, "averages", lambda *_: iter(()))
    monkeypatch.setattr(methods, "annealed", lambda *_: iter(()))
    monkeypatch.setattr(methods, "logit_tracing", lambda _: None)
    solution = solve(no_pure_equilibrium(), budget=2, all=False)
    assert not solution.equilibria
    assert solution.completeness.claim is Claim.NONE
    assert any("pygambit" in line for line in solution.tried)
    broken.kill()


def test_pygambit_in_its_process_finds_a_mixed_equilibrium(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(methods, "two_mix", lambda _: None)
    monkeypatch.setattr(methods, "averages", lambda *_: iter(()))
    monkeypatch.setattr(methods, "annealed", lambda *_: iter(()))
    monkeypatch.setattr(methods, "logit_tracing", lambda _: None)
    solution = solve(no_pure_equilibrium(), budget=60)
    assert "pygambit" in solution.equilibria[0].method
    assert solution.equilibria[0].certificate.is_nash
    process.GAMBIT.kill()


def test_two_players_who_mix_are_found_exactly_before_that() -> None:
    found = solve(no_pure_equilibrium()).equilibria[0]
    assert found.method == "two who mix among pure others"
    assert found.certificate.exact
    assert sum(max(row) == 1 for row in found.profile.probabilities) == 1


def test_a_sequential_equilibrium_comes_with_beliefs_everywhere() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    out, left, right = builder.move(0, builder.information_set(0, ["Out", "Left", "Right"]))
    builder.pay(out, [2, 2])
    reply = builder.information_set(1, ["Up", "Down"])
    for node, table in ((left, ([3, 1], [1, 0])), (right, ([0, 1], [0, 2]))):
        for leaf, payoffs in zip(builder.move(node, reply), table, strict=True):
            builder.pay(leaf, payoffs)
    solution = solve(builder.build(), concept="sequential", budget=60)
    assert {found.values for found in solution.equilibria} == {(3, 1), (2, 2)}
    for found in solution.equilibria:
        assert found.assessment is not None
        assert found.assessment.consistent
        assert found.certificate.exact
    quantal = solve(builder.build(), concept="qre", budget=60)
    assert quantal.equilibria
    assert all(not e.certificate.is_nash for e in quantal.equilibria[:1])
    assert all("lambda" in e.method for e in quantal.equilibria)


def test_all_extreme_equilibria_of_a_coordination_game() -> None:
    builder = TreeBuilder(["Row", "Column"])
    second = builder.information_set(1, ["a", "b"])
    for i, node in enumerate(builder.move(0, builder.information_set(0, ["a", "b"]))):
        for j, leaf in enumerate(builder.move(node, second)):
            builder.pay(leaf, [2 - i, 1 + i] if i == j else [0, 0])
    solution = solve(builder.build(), concept="nash", all=True, budget=60)
    assert solution.completeness.claim is Claim.ALL_EXTREME
    assert sorted(e.values for e in solution.equilibria) == [
        (Fraction(2, 3), Fraction(2, 3)),
        (1, 2),
        (2, 1),
    ]


def test_a_certified_profile_goes_to_pygambit_and_keeps_its_regret() -> None:
    pygambit = pytest.importorskip("pygambit")
    found = solve(no_pure_equilibrium(), budget=60).equilibria[0]
    profile = found.to_gambit()
    assert float(profile.max_regret()) < 1e-9
    assert pygambit.__version__


def test_the_worker_loads_what_solvers_leave_alone_only_when_it_is_used() -> None:
    pytest.importorskip("pygambit")
    code = (
        "import sys; from nl2efg.gambit.solvers import spare_imports; spare_imports(); "
        "import pygambit; heavy = {'pandas.core', 'scipy.stats._stats_py'}; "
        "assert not heavy & set(sys.modules); "
        "import scipy.stats; assert scipy.stats.norm.cdf(0) == 0.5; "
        "assert 'scipy.stats._stats_py' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.returncode, done.stderr


def test_importing_the_package_loads_no_solver() -> None:
    code = (
        "import sys, nl2efg.solving; "
        "heavy = {'pygambit', 'scipy', 'highspy', 'pandas', 'numpy'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.returncode, done.stderr


def test_a_game_without_equilibrium_gets_none() -> None:
    solution = solve(catalogue("journals/geb/wichardt2008.efg"), budget=0.5)
    assert not solution.equilibria
    assert solution.completeness.claim is Claim.NONE
    assert any("Wichardt" in remark for remark in solution.remarks)
