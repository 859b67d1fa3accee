"""The same bits on every machine and Python version. Renewed on purpose only: `python -m tests.golden.renew`."""

from __future__ import annotations

import json

import pytest

from tests.golden.renew import DIGESTS, WORLDS


@pytest.mark.parametrize("name", WORLDS)
def test_a_small_world_ends_with_the_bits_on_record(name: str) -> None:
    recorded = json.loads(DIGESTS.read_text(encoding="utf-8"))[name]
    what, make = WORLDS[name]
    assert recorded["world"] == what
    assert make().run().digest() == recorded["sha256"], "if numbers moved on purpose: python -m tests.golden.renew"
