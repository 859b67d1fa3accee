"""How rules and kernels are compiled: strict IEEE arithmetic (no fast-math), no GIL, cached on disk.

A rule or kernel is plain Python: set NUMBA_DISABLE_JIT=1 to run the very same code interpreted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a module-level function of scalars and arrays; divisions by zero follow IEEE and do not raise."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """As `compiled`, for a part of a kernel that takes whole tables: handing tables on costs more than most rows, so it is merged into its caller."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))
