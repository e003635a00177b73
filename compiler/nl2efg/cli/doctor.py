"""``nl2efg doctor``: what protects this machine from generated code."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.terminal import print_json

if TYPE_CHECKING:
    from nl2efg.sandbox.protocol.frames import Layer

_MEANING = {
    "policy": "code is read before it runs",
    "user": "no rights of root",
    "limits": "memory, processor, files and processes",
    "landlock": "no files, TCP ports or signals to others",
    "seccomp": "no system calls but those of computing",
    "seatbelt": "macOS's profile that denies everything",
    "namespaces": "no network and a read-only view of the disk",
}


def doctor(
    json: Annotated[
        bool, typer.Option("--json", help="print one JSON object on stdout, and nothing else")
    ] = False,
) -> None:
    """Show which layers of protection hold on this machine; each is tried, none assumed.

    Exit codes: 0 generated code runs isolated; 1 it does not run here, or only behind limits.

    Example:

        nl2efg doctor
    """
    from nl2efg.sandbox.host import ALLOW_WEAK, STRONG

    held, threads, problem = _look()
    isolated = bool(held & STRONG)
    layers = {layer.word: layer in held for layer in type(held)}
    allowed = os.environ.get(ALLOW_WEAK) == "1"
    if json:
        found = {
            "isolated": isolated,
            "layers": layers,
            "worker_threads": threads,
            "system": platform.platform(),
            "weak_sandbox_allowed": allowed,
            "problem": problem,
        }
        print_json(found)
    else:
        print(f"system      {platform.platform()}, Python {platform.python_version()}")
        for name, holds in layers.items():
            print(f"{name:11} {'holds' if holds else 'not here':9} {_MEANING[name]}")
        print(f"in all      {_outcome(isolated, allowed, problem)}")
        if threads > 1:
            print(f"note        the worker has {threads} threads; a library started them")
    if not isolated:
        raise typer.Exit(1)


def _look() -> tuple[Layer, int, str]:
    """The layers that hold, the worker's threads, and what is wrong, if anything is."""
    from nl2efg.errors import SandboxError
    from nl2efg.sandbox.host import Worker, start_worker
    from nl2efg.sandbox.protocol.frames import Layer

    problem = ""
    for start in (start_worker, Worker):
        try:
            worker = start()
        except SandboxError as error:
            problem = problem or error.message
            continue
        worker.close()
        return worker.hello.layers, worker.hello.threads, problem
    return Layer(0), 0, problem


def _outcome(isolated: bool, allowed: bool, problem: str) -> str:
    if isolated:
        return "generated code runs isolated"
    if allowed and not problem:
        return "generated code runs behind limits and the policy alone, as you allowed"
    return problem or "generated code does not run"
