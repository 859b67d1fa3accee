"""How property tests draw: the same examples everywhere and every time, so that a red build can be repeated.

Examples are shown as drawn: shrinking one costs minutes of small worlds. Run with `--hypothesis-profile=default` to have it shrunk.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("repeatable")
