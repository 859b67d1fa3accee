"""How rules and kernels are compiled: strict IEEE arithmetic (no fast-math), no GIL, cached on disk.

A rule or kernel is plain Python: set NUMBA_DISABLE_JIT=1 to run the very same code interpreted. A kernel takes whole tables, unpacks the
columns
it needs before its loop, and hands single numbers to what it calls: reading a column out of a table inside the loop, or handing a table
on, costs several times the work on the row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., Any])

_COMPILED_PACKAGES = ("foundation", "rules", "populations", "ledger", "observation")


def _cache_folder() -> str:
    """Where compiled code is kept: a folder for these very sources, in NUMBA_CACHE_DIR if set.

    Numba looks only at the file of the kernel itself: after a change of a rule it would go on with a kernel that holds the old one.
    """
    package = Path(__file__).parents[1]
    sources = sorted(path for name in _COMPILED_PACKAGES for path in (package / name).glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return str(Path(os.environ.get("NUMBA_CACHE_DIR") or package / "__pycache__") / f"kernels-{digest[:16]}")


config.CACHE_DIR = _cache_folder()  # type: ignore[attr-defined]
KERNELS_ARE_CACHED = Path(_cache_folder()).is_dir()
"""Whether these very sources were compiled on this machine before this process began."""


def inlined(function: Function) -> Function:
    """The same, copied into the loop that calls it, so that the loop can be vectorised as a whole."""
    return cast(Function, njit(nogil=True, error_model="numpy", inline="always")(function))


def compiled(function: Function) -> Function:
    """Compile a module-level function of scalars and arrays; divisions by zero follow IEEE and do not raise."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
