"""llama.cpp's own server: found on this machine, or built from a package's source."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = "0.3.36"
"""Of llama-cpp-python, whose source distribution holds llama.cpp's."""

VARIABLE = "NL2EFG_LLAMA_SERVER"
FLAGS = (
    # Built in a third of the time without optimisation; what it runs is tiny.
    *("-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_FLAGS=-O1 -g0", "-DCMAKE_CXX_FLAGS=-O0 -g0"),
    *("-DBUILD_SHARED_LIBS=OFF", "-DGGML_NATIVE=OFF", "-DGGML_OPENMP=OFF", "-DLLAMA_OPENSSL=OFF"),
    *("-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_APP=OFF"),
    *("-DLLAMA_BUILD_UI=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF"),
)
START_SECONDS = 60.0


def find_server() -> Path | None:
    """The server that a variable names, that is installed, or that was built before."""
    named = os.environ.get(VARIABLE) or shutil.which("llama-server")
    found = Path(named) if named else built_server()
    return found if found.is_file() else None


def built_server() -> Path:
    """Where a server is kept that was built here."""
    return Path.home() / ".cache" / "nl2efg-tests" / f"llama-server-{VERSION}"


def build_server() -> Path:
    """Build it: about five minutes of one processor.

    Raises:
        subprocess.CalledProcessError: pip, cmake or the compiler failed.
    """
    target = built_server()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        top, name = Path(folder), "llama-cpp-python"
        pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder)
        subprocess.run([*pip, "--no-binary", name, f"{name}=={VERSION}"], check=True)
        with tarfile.open(next(top.glob("*.tar.gz"))) as packed:
            packed.extractall(top, filter="data")
        source = next(top.glob("*/vendor/llama.cpp"))
        cmake = ("nice", "cmake")
        made = ("-S", str(source), "-B", str(top / "build"))
        subprocess.run([*cmake, *made, *FLAGS], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*cmake, "--build", str(top / "build"), "-t", "llama-server"], check=True)
        part = target.with_suffix(".part")
        shutil.copy2(top / "build" / "bin" / "llama-server", part)
        part.replace(target)
    return target


@contextmanager
def running(server: Path, model: Path, context: int = 32_768) -> Iterator[int]:
    """The server with a model, ready to be asked.

    Args:
        server: the program.
        model: a GGUF file.
        context: tokens.

    Yields:
        The port on loopback that it listens at.

    Raises:
        RuntimeError: it ends at once, or is not ready in time.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--host", "127.0.0.1", "--port", str(port), "-c", str(context), "-np", "1")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(server), "-m", str(model), *options, "-t", "1", "--alias", "scripted"],
            stdout=log,
            stderr=log,
        )
        try:
            _await_health(process, port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _await_health(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"llama-server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("llama-server is not ready")
