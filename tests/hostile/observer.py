"""The observer: attacks a caller with a program, and looks from outside at what came of it."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unicodedata
from pathlib import Path
from typing import Any, Self

from nl2efg.errors import NotFoundError
from nl2efg.sandbox.protocol.frames import Layer
from tests.hostile.programs import GAME, Program

TOP = Path(__file__).parents[2]
SECRET = "sk-observed-7f3a91"
LIMITS = {"wall": 4.0, "cpu": 1.0, "memory": 256 << 20, "nodes": 20_000}
_SLACK = 3.0
_MAX_MEMORY = 900 << 20
_MAX_PROCESSES = 20  # two workers, each with a job and the waiting children of the next
_KEPT = "kept"
_VISIBLE = "\n\t\u200c\u200d"  # of the control and format characters
_STARTS_ANOTHER = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import json'], check=True)"
)


def interpreter_for_nobody() -> str:
    """An interpreter of this version that an ordinary user may start.

    Raises:
        NotFoundError: there is none.
    """
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for candidate in (
        sys.executable,
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
    ):
        with contextlib.suppress(OSError):
            trial = _as_nobody([candidate, "-c", _STARTS_ANOTHER])
            if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
                return candidate
    raise NotFoundError("no interpreter that an ordinary user may start")


def _as_nobody(command: list[str]) -> list[str]:
    return ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *command]


class Observer:
    """A caller under attack, and everything that watches it.

    Args:
        layers: the layers around each job.
        nobody: run the caller as an ordinary user.
        numpy: let every program name numpy, so that it runs in a worker that has it loaded.
        fence: put the caller into a process namespace, so that attacks without layers end there.
    """

    def __init__(
        self, layers: Layer, *, nobody: bool = False, numpy: bool = False, fence: bool = False
    ) -> None:
        self._layers, self.nobody, self._fence = layers, nobody, fence
        self._suffix = "\n# numpy\n" if numpy else ""
        self._caller: subprocess.Popen[str] | None = None
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # orphans of the caller become ours

    def __enter__(self) -> Self:
        self._not_ours = set(_children(os.getpid()))
        self._folder = Path(tempfile.mkdtemp(prefix="arena-"))
        self._folder.chmod(0o777)
        self._arena = self._folder / "arena"
        self._secret = self._folder / "secret.txt"
        self._secret.write_text(SECRET)
        self._secret.chmod(0o644)
        self._listeners = self._listen()
        self._lay_out()
        return self

    def __exit__(self, *_: object) -> None:
        self._end_caller()
        for listener in self._listeners.values():
            listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _listen(self) -> dict[str, socket.socket]:
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        path = socket.socket(socket.AF_UNIX)
        for listener in (tcp, udp):
            listener.bind(("127.0.0.1", 0))
        path.bind(str(self._folder / "s"))
        os.chmod(self._folder / "s", 0o777)
        tcp.listen()
        path.listen()
        return {"TCP": tcp, "UDP": udp, "UNIX": path}

    def _lay_out(self) -> None:
        shutil.rmtree(self._arena, ignore_errors=True)
        self._arena.mkdir()
        self._arena.chmod(0o777)
        for name in (_KEPT, f"{_KEPT}.py"):
            kept = self._arena / name
            kept.write_text(f"open({str(self._arena / 'imported')!r}, 'w')")
            os.utime(kept, (10, 10))
            kept.chmod(0o666)
            if os.geteuid() == 0:
                os.chown(kept, 65534, 65534)
        self._before = self._picture()

    def _picture(self) -> object:
        return sorted(
            (entry.name, entry.lstat().st_mode, entry.lstat().st_mtime, entry.lstat().st_size,
             tuple(os.listxattr(entry, follow_symlinks=False)))
            for entry in self._arena.iterdir()
        )  # fmt: skip

    def _start_caller(self) -> subprocess.Popen[str]:
        python = interpreter_for_nobody() if self.nobody else sys.executable
        command = [python, "-m", "tests.hostile.caller", str(self._layers.value)]
        if self.nobody:
            command = _as_nobody(command)
        if self._fence:
            command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", *command]
        folders = [str(TOP / "compiler"), str(TOP), *(p for p in sys.path if "site-packages" in p)]
        return subprocess.Popen(
            command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, start_new_session=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(folders),
                 "PYTHONDONTWRITEBYTECODE": "1", "NL2EFG_TEST_SECRET": SECRET},
        )  # fmt: skip

    def _start(self) -> None:
        self._caller = self._start_caller()
        said = self._ask(GAME, [])
        if not said or not said.get("tree"):
            raise RuntimeError(f"the caller does not even build a harmless game: {said}")

    def _end_caller(self) -> None:
        if self._caller is None:
            return
        assert self._caller.stdin
        with contextlib.suppress(BrokenPipeError):
            self._caller.stdin.close()
        try:
            self._caller.wait(5)
        except subprocess.TimeoutExpired:
            for pid in _descendants(self._caller.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            self._caller.kill()
            self._caller.wait()
        self._caller = None

    def attack(self, program: Program) -> list[str]:
        """Everything by which the program won; nothing if it lost."""
        if self._caller is None:
            self._start()
        wins: list[str] = []
        said = self._ask(self._aimed(program.code), wins)
        if said is not None:
            wins += _seen_in_answer(said)
        if not wins and self._caller is not None:
            after = self._ask(GAME, wins)
            if after is not None and (after.get("tree") or [None])[0] != "harmless":
                wins.append(f"the next job is poisoned: {after}")
        wins += self._seen_outside()
        if wins:
            self._end_caller()
        wins += self._left_behind()
        self._lay_out()
        return wins

    def build(self, code: str) -> dict[str, Any] | None:
        """What the caller says of a harmless program."""
        if self._caller is None:
            self._start()
        return self._ask(code, [])

    def _aimed(self, code: str) -> str:
        assert self._caller
        pid = 1 if self._fence else self._caller.pid
        words = {"ARENA": str(self._arena), "SECRET_FILE": str(self._secret), "CALLER": str(pid),
                 "TCP": str(self._listeners["TCP"].getsockname()[1]),
                 "UDP": str(self._listeners["UDP"].getsockname()[1]),
                 "UNIX": str(self._folder / "s")}  # fmt: skip
        for word, meaning in words.items():
            spelled = f"socket.AF_{word}"
            code = code.replace(spelled, "\0").replace(word, meaning).replace("\0", spelled)
        return code

    def _ask(self, code: str, wins: list[str]) -> dict[str, Any] | None:
        caller = self._caller
        assert caller is not None
        assert caller.stdin is not None
        assert caller.stdout is not None
        watch = _Watch(caller.pid)
        try:
            caller.stdin.write(json.dumps({"code": code + self._suffix, "limits": LIMITS}) + "\n")
            caller.stdin.flush()
            ready, _, _ = select.select([caller.stdout], [], [], LIMITS["wall"] + _SLACK + 10)
            line = caller.stdout.readline() if ready else ""
        except BrokenPipeError:
            ready, line = [caller.stdout], ""
        wins += watch.end()
        if not ready:
            wins.append("the caller hangs")
        elif not line:
            wins.append("the caller died")
        else:
            said: dict[str, Any] = json.loads(line)
            if said["seconds"] > LIMITS["wall"] + _SLACK:
                wins.append(f"it took {said['seconds']:.1f} s")
            return said
        return None

    def _seen_outside(self) -> list[str]:
        wins = []
        if self._picture() != self._before:
            wins.append("files changed")
        for name, listener in self._listeners.items():
            if select.select([listener], [], [], 0)[0]:
                wins.append(f"a message by {name}")
                if name == "UDP":
                    listener.recv(100)
                else:
                    listener.accept()[0].close()
        return wins

    def _left_behind(self) -> list[str]:
        """Processes that came to us when their parents ended."""
        own = self._not_ours | ({self._caller.pid} if self._caller else set())
        strays = [pid for pid in _children(os.getpid()) if pid not in own and _is_running(pid)]
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, 9)
                os.waitpid(pid, 0)
        return [f"{len(strays)} processes left behind"] if strays else []


class _Watch:
    """Samples memory and number of the caller's descendants."""

    def __init__(self, pid: int) -> None:
        self._pid, self._memory, self._count = pid, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(0.03):
            family = _descendants(self._pid)
            self._count = max(self._count, len(family))
            self._memory = max(self._memory, sum(map(_own_memory, family)))

    def end(self) -> list[str]:
        """What was too much."""
        self._over.set()
        self._thread.join()
        wins = []
        if self._memory > _MAX_MEMORY:
            wins.append(f"{self._memory >> 20} MiB in use")
        if self._count > _MAX_PROCESSES:
            wins.append(f"{self._count} processes")
        return wins


def _seen_in_answer(said: dict[str, Any]) -> list[str]:
    wins = []
    text = json.dumps(said, ensure_ascii=False)
    if SECRET in text:
        wins.append("the secret is in the answer")
    if "-WON" in said.get("output", "") or "URING-OPENED" in said.get("output", ""):
        wins.append(said["output"].strip())
    if said.get("tree") and said["tree"][0] == "FORGED":
        wins.append("a forged result")
    if "error" in said:
        wins.append(f"the machinery broke: {said['error']}")
    shown = [*said.get("diagnostics", ()), said.get("output", ""), *_texts(said.get("tree"))]
    if any(unicodedata.category(c)[0] == "C" and c not in _VISIBLE for text in shown for c in text):
        wins.append("control characters")
    return wins


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _children(pid: int) -> list[int]:
    try:
        found = []
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split()]
        return found
    except OSError:
        return []


def _descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += _children(one)
    return found


def _own_memory(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
        return int(fields[1]) * 4096
    except (OSError, IndexError):
        return 0


def _is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
