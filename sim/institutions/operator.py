"""The operator: reserves capacity behind demand and refuses what no machine can serve (M7)."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa

from sim.rules.compute import admitted_share_tomorrow, reservation_tomorrow


class OperatorBrief(NamedTuple):
    """What the operator knows at close, in attempts and sessions a day of all people."""

    reserved: float
    attempts: float
    sessions: float
    refused_sessions: float
    hard_limit: float
    capacity_adjust_per_day: float


class Plan(NamedTuple):
    """What the operator arranges for tomorrow: attempts reserved, share of sessions admitted."""

    reserved: float
    admitted_share: float


class Operator(mesa.Agent):  # type: ignore[misc]
    """The company that runs the product. attempts_per_session: of the last day with sessions, by which it reads what was refused."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.attempts_per_session = 0.0

    def decide(self, brief: OperatorBrief) -> Plan:
        """Follow demand with a lag; beyond the hard limit refuse in proportion to what was wanted, refused sessions included."""
        if brief.sessions > 0.0:
            self.attempts_per_session = brief.attempts / brief.sessions
        demand = self.attempts_per_session * (brief.sessions + brief.refused_sessions)
        return Plan(
            reservation_tomorrow(brief.reserved, brief.attempts, brief.capacity_adjust_per_day),
            admitted_share_tomorrow(demand, brief.hard_limit),
        )
