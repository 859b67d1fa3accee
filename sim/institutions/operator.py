"""The operator: reserves capacity behind demand and refuses what no machine can serve (M7)."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa

from sim.rules.compute import admitted_share_tomorrow, reservation_tomorrow


class OperatorBrief(NamedTuple):
    """What the operator knows at close, in attempts a day of all people."""

    reserved: float
    attempts: float
    admitted_share: float
    hard_limit: float
    capacity_adjust_per_day: float


class Plan(NamedTuple):
    """What the operator arranges for tomorrow: attempts reserved, share of sessions admitted."""

    reserved: float
    admitted_share: float


class Operator(mesa.Agent):  # type: ignore[misc]
    """The company that runs the product."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)

    def decide(self, brief: OperatorBrief) -> Plan:
        """Follow demand with a lag; beyond the hard limit refuse in proportion to what was wanted, refused sessions included."""
        demand = brief.attempts / brief.admitted_share
        return Plan(
            reservation_tomorrow(brief.reserved, brief.attempts, brief.capacity_adjust_per_day),
            admitted_share_tomorrow(demand, brief.hard_limit),
        )
