"""Every key a scenario may set: the declarations gathered from beside the rules that use them, and those of the world itself."""

from __future__ import annotations

from sim.foundation.parameters import Parameter, assumed, calibrated
from sim.rules import adoption, charging, compute, habit, learning, making, parent, publishing, viewing, worth

SCHEMA = 1
"""The version of the scenario format this package reads."""

WORLD = (
    Parameter("launch_date", "2025-09-30", "date", "calendar date of day 0", assumed("Sora's launch"), kind="date", mid_run=False),
    Parameter("days", 365, "days", "length of the run", assumed("a year"), kind="whole", low=1, high=10_000, mid_run=False),
    Parameter(
        "people",
        47e6,
        "people",
        "size of the market",
        calibrated("installs of the Sora app; trades off with buzz"),
        low=1,
        high=1e10,
        mid_run=False,
    ),
    Parameter(
        "agents",
        20_000,
        "rows",
        "rows that stand for the people",
        assumed("results must not depend on it"),
        kind="whole",
        low=1,
        mid_run=False,
    ),
    Parameter(
        "niches", 6, "1", "tastes and topics", assumed("results must not depend on it"), kind="whole", low=1, high=100, mid_run=False
    ),
    Parameter(
        "creators_share",
        0.40,
        "share",
        "share of the market that would make",
        calibrated("daily users of the Sora app making"),
        low=0,
        high=1,
        mid_run=False,
    ),
)

PARAMETERS: dict[str, Parameter] = {
    parameter.key: parameter
    for block in (
        WORLD,
        adoption.PARAMETERS,
        making.PARAMETERS,
        learning.PARAMETERS,
        publishing.PARAMETERS,
        viewing.PARAMETERS,
        worth.PARAMETERS,
        habit.PARAMETERS,
        compute.PARAMETERS,
        charging.PARAMETERS,
        parent.PARAMETERS,
    )
    for parameter in block
}

NAMED_GROUPS: dict[str, tuple[Parameter, ...]] = {
    "external_platforms": publishing.EXTERNAL_PLATFORM,
    "rival_tools": worth.RIVAL_TOOL,
}
