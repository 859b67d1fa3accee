"""How rules and kernels are compiled: strict IEEE arithmetic (no fast-math), no GIL, cached on disk.

A rule or kernel is plain Python: set NUMBA_DISABLE_JIT=1 to run the very same code interpreted. A kernel takes whole tables, unpacks the
columns
it needs before its loop, and hands single numbers to what it calls: reading a column out of a table inside the loop, or handing a table
on, costs several times the work on the row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a module-level function of scalars and arrays; divisions by zero follow IEEE and do not raise."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
