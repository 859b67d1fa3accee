"""One writer a store: locks that the system takes back when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import sim

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str], *, shared: bool) -> None:
        """Take the lock of a file or raise OSError. Windows has no shared locks: shards take none, and each has a lock of its own."""
        if not shared:
            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[str], *, shared: bool) -> None:
        """Take the lock of a file or raise OSError."""
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(folder: Path, shard: str = "") -> Iterator[None]:
    """Hold the lock of a store; or, for a shard, the lock of that shard, while others hold those of other shards.

    The files stay behind when they are let go of and mean nothing then. Raises InputError when it is held, OSError.
    """
    with contextlib.ExitStack() as stack:
        _hold(stack, folder / ".lock", shared=bool(shard))
        if shard:
            _hold(stack, folder / f".lock-{shard}", shared=False)
        yield


def _hold(stack: contextlib.ExitStack, path: Path, *, shared: bool) -> None:
    file = stack.enter_context(path.open("a+", encoding="utf-8"))
    try:
        _take(file, shared=shared)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip() or "another process"
        message = f"is in use: {holder} is writing to it"
        raise sim.refuse(path.parent, message, "wait until it is done, or name another folder with --out") from error
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
