"""How much memory this machine has to give."""

from __future__ import annotations

import os
from pathlib import Path


def available_memory_bytes() -> int | None:
    """Bytes that can be allocated without swapping, as far as the system tells; None where it does not."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
