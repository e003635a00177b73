"""The application's side of a worker: start it, hand it jobs, and judge how they ended.

Isolation is required: where neither seccomp nor namespaces nor Seatbelt hold, no code is run,
unless the environment variable ``NL2EFG_ALLOW_WEAK_SANDBOX`` is ``1``. Then processes, limits and
the policy are all there is, and a warning says so once.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import warnings
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from nl2efg.errors import SandboxError
from nl2efg.sandbox.protocol.frames import (
    Answer,
    Hello,
    Layer,
    Request,
    receive_answer,
    receive_hello,
    request_frame,
)

ALLOW_WEAK = "NL2EFG_ALLOW_WEAK_SANDBOX"
STRONG = Layer.SECCOMP | Layer.SEATBELT | Layer.NAMESPACES
EVERY_LAYER = ~Layer(0)

_START_SECONDS = 60.0
_GRACE_SECONDS = 10.0
_BOOT = (
    "import gc, sys; gc.disable(); sys.path[:0] = sys.argv[4:]; "
    "from nl2efg.sandbox.worker.main import main; "
    "main(int(sys.argv[1]), sys.argv[2] == 'namespaces', sys.argv[3] == 'numpy')"
)
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # sets of texts in the same order in every run
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "LD_BIND_NOW": "1",  # what is bound here need not be bound by every job
}
_NEEDED_TO_START = ("PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache")


class Worker:
    """A started worker. Serves one job at a time; the caller sees to that.

    Args:
        numpy: whether it has numpy loaded, which doubles its memory and the time of a fork.
        namespaces: whether to put it into namespaces of its own by bubblewrap.

    Raises:
        SandboxError: it does not start.
    """

    def __init__(self, *, numpy: bool = False, namespaces: bool = False) -> None:
        self.numpy = numpy
        if not hasattr(os, "fork") or not sys.executable:
            raise SandboxError(
                "generated code cannot be run here: there is no fork",
                hint="run nl2efg on Linux or macOS; on Windows, inside WSL",
            )
        own, other = socket.socketpair()
        self._stream = own
        with other:
            command = _command(other.fileno(), numpy, namespaces)
            try:
                self._process = subprocess.Popen(
                    command,
                    env=_environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=(other.fileno(),),
                    start_new_session=True,  # an interrupt from the terminal is for the caller
                )
            except OSError as error:
                own.close()
                raise SandboxError(f"the worker cannot be started: {error}") from error
        self.hello = self._greet()

    def _greet(self) -> Hello:
        self._stream.settimeout(_START_SECONDS)
        complaint = self._process.stderr
        try:
            return receive_hello(self._stream)
        except (EOFError, OSError, ValueError) as error:
            self.close()
            said = complaint.read().decode(errors="replace").strip() if complaint else ""
            last = said.splitlines()[-1] if said else str(error)
            raise SandboxError(f"the worker does not start: {last}") from error
        finally:
            if complaint:
                complaint.close()

    @property
    def pid(self) -> int:
        """Process id of the worker, or of the bubblewrap around it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def run(self, request: Request) -> Answer:
        """Run one job; takes as long as its wall time at most, and a little.

        Raises:
            SandboxError: the worker broke; it is closed.
        """
        self._stream.settimeout(request.limits.wall + _GRACE_SECONDS)
        try:
            self._stream.sendall(request_frame(request))
            return receive_answer(self._stream, request.limits)
        except (EOFError, OSError, ValueError) as error:
            self.close()
            raise SandboxError(f"the worker broke: {error}", hint="try again") from error
        except BaseException:  # interrupted: the answer may still come, and must not be read later
            self.close()
            raise

    def close(self) -> None:
        """End it, and the job it may be running."""
        self._stream.close()
        try:
            self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Let go of a worker that belongs to the parent of this forked process."""
        self._stream.close()
        self._process.returncode = 0  # not ours to wait for


def start_worker(*, numpy: bool = False) -> Worker:
    """A worker whose isolation holds; in namespaces where seccomp does not.

    Args:
        numpy: whether it has numpy loaded.

    Raises:
        SandboxError: no isolation holds here, and ``NL2EFG_ALLOW_WEAK_SANDBOX`` is not set.
    """
    worker = Worker(numpy=numpy)
    if not worker.hello.layers & STRONG and shutil.which("bwrap"):
        with suppress(SandboxError):
            confined = Worker(numpy=numpy, namespaces=True)
            worker.close()
            worker = confined
    if not worker.hello.layers & STRONG:
        if os.environ.get(ALLOW_WEAK) != "1":
            worker.close()
            raise SandboxError(
                "generated code is not run: this machine offers neither seccomp nor namespaces",
                hint=f"see `nl2efg doctor`; {ALLOW_WEAK}=1 runs it behind limits alone",
            )
        _warn_of_weakness()
    return worker


@cache
def _warn_of_weakness() -> None:
    warnings.warn(
        "generated code runs behind limits and a policy alone; it could read your files",
        RuntimeWarning,
        stacklevel=2,
    )


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _NEEDED_TO_START if name in os.environ}
    return {**_ENVIRONMENT, **passed}


@cache
def _import_folders() -> tuple[str, ...]:
    """Where nl2efg and numpy are; the standard library is found by the interpreter."""
    folders = [str(Path(__file__).resolve().parents[2])]
    numpy = find_spec("numpy")
    if numpy and numpy.origin:
        folders.append(str(Path(numpy.origin).resolve().parents[1]))
    return tuple(dict.fromkeys(folders))


def _command(descriptor: int, numpy: bool, namespaces: bool) -> list[str]:
    # No site, no user's packages, no working folder on the path, no cache files, UTF-8. Not -I:
    # it would ignore PYTHONHASHSEED, and the rest of the environment is ours anyway.
    kind = "namespaces" if namespaces else "plain"
    python = [sys.executable, "-P", "-s", "-S", "-B", "-X", "utf8", "-c", _BOOT]
    python += [str(descriptor), kind, "numpy" if numpy else "lean", *_import_folders()]
    if not namespaces:
        return python
    shown = [folder for folder in _SYSTEM_FOLDERS if os.path.exists(folder)]
    shown += [sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent)]
    shown += _import_folders()
    binds = [word for folder in dict.fromkeys(shown) for word in ("--ro-bind", folder, folder)]
    return ["bwrap", "--unshare-all", "--new-session", *binds, "--dev", "/dev", "--proc", "/proc",
            "--remount-ro", "/", "--chdir", "/", "--", *python]  # fmt: skip
