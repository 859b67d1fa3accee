"""A rival tool: what makers could use instead (M5)."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa


class ToolOffer(NamedTuple):
    """What the tool offers a maker: steerability in [0, 1], capability relative to ours at launch, USD per attempt."""

    steerability: float
    capability: float
    price_usd_per_attempt: float


class RivalTool(mesa.Agent):  # type: ignore[misc]
    """One rival by name."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model)
        self.name = name

    def decide(self, brief: ToolOffer) -> ToolOffer:
        """Today's offer: rivals do not react to us in this version; interventions move their terms."""
        return brief
