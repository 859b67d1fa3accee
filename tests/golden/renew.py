"""Digests of two small worlds, by which every machine and Python version is held to the same bits.

After a change that moves numbers on purpose, renew them from the repository's root: `python -m tests.golden.renew`, and say in the
changelog what moved and why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sim.ecosystem import Ecosystem
from tests.worlds import busy, sora

DIGESTS = Path(__file__).with_name("digests.json")
WORLDS: dict[str, tuple[str, Callable[[], Ecosystem]]] = {
    "sora": ("scenarios/sora.yaml, 600 rows, 120 days, seed 1, no stop-loss", lambda: sora(days=120)),
    "busy": ("tests.worlds.BUSY, 600 rows, 60 days, seed 1", busy),
}


def digests() -> dict[str, dict[str, str]]:
    """What each world is, and the SHA-256 of the bytes it ends with (`Ecosystem.digest`)."""
    return {name: {"world": what, "sha256": make().run().digest()} for name, (what, make) in WORLDS.items()}


if __name__ == "__main__":
    DIGESTS.write_text(json.dumps(digests(), indent=2) + "\n", encoding="utf-8")
