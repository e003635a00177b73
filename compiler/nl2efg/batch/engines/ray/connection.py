"""Ray itself: loaded, and connected to a cluster or to one of this machine alone."""

from __future__ import annotations

import atexit
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from secrets import token_hex
from typing import Any

from nl2efg.errors import UserError
from nl2efg.given_up import give_up_after

OBJECT_BYTES = 128 * 2**20
"""For objects of a cluster that is started here; units travel one by one and are small."""

OWN_CLUSTER = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token"}
"""A cluster that is started here reports to nobody, and does the work of nobody else."""

REACHED = 10.0
"""Seconds in which a cluster must accept a connection."""


@contextmanager
def loaded(address: str) -> Iterator[Any]:
    """The module, with what it is to know from the environment.

    Args:
        address: of a cluster; empty for one of this machine alone.

    Raises:
        UserError: Ray is not installed.
    """
    with _environment({} if address else OWN_CLUSTER | {"RAY_AUTH_TOKEN": token_hex(32)}):
        try:
            ray = import_module("ray")
            import_module("ray.exceptions")
        except ImportError as error:
            raise UserError(
                f"the Ray engine needs Ray: {error}", hint="pip install 'nl2efg[ray]'"
            ) from None
        yield ray


@dataclass
class Connection:
    """A connection to a cluster.

    Args:
        lost: whether the cluster's head has gone, so that nobody answers a farewell.
    """

    lost: bool = False


@contextmanager
def connected(ray: Any, address: str) -> Iterator[Connection]:
    """A connection, let go of at the end, unless somebody else had made it.

    Raises:
        UserError: there is no such cluster.
    """
    connection = Connection()
    if ray.is_initialized():
        yield connection
        return
    _connect(ray, address)
    try:
        yield connection
    finally:
        if connection.lost:
            _abandon(ray)
        else:
            ray.shutdown()


def _abandon(ray: Any) -> None:
    """Let go of a cluster whose head has gone; Ray's own farewell waits for it."""
    with suppress(AttributeError):
        atexit.unregister(ray._private.worker.shutdown)
    give_up_after(ray.shutdown, REACHED)


@contextmanager
def _environment(added: dict[str, str]) -> Iterator[None]:
    """Variables that Ray and its processes read; what is set already stays as it is."""
    added = {name: value for name, value in added.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _connect(ray: Any, address: str) -> None:
    options: dict[str, Any] = {
        "configure_logging": False,
        "log_to_driver": False,
        "logging_level": logging.ERROR,
    }
    if address:
        _probe(address)
        options["address"] = address
    else:
        options |= {"address": "local", "include_dashboard": False}
        options["object_store_memory"] = OBJECT_BYTES
    try:
        with chdir(os.sep):  # workers import from the folder of whoever connects: a run's, perhaps
            ray.init(**options)
    except SystemExit:
        raise UserError(
            f"the Ray cluster {address} does not answer" if address else "Ray does not start",
            hint="Ray's own messages say more",
        ) from None
    except (OSError, ValueError, RuntimeError, ImportError, ray.exceptions.RayError) as error:
        where = f"the Ray cluster {address} cannot be used" if address else "Ray does not start"
        raise UserError(f"{where}: {error}") from None


def _probe(address: str) -> None:
    """Ray itself tries an address that nobody answers for two minutes, and then exits."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.rpartition("//")[2], int(port)), REACHED).close()
    except (OSError, OverflowError) as error:
        raise UserError(
            f"no Ray cluster answers at {address}: {error}",
            hint="`ray start --head` shows a cluster's address; leave --ray-address out for a "
            "cluster of this machine alone",
        ) from None
