"""Who can hold money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder of cash. Those who stand for the rest of the world may go below zero, the others never at the close of a day."""

    name: str
    meaning: str
    may_go_below_zero: bool


HOLDERS: tuple[Holder, ...] = (
    Holder("equity", "investors: the source of the opening entries", True),
    Holder("operator", "the company that runs the product", False),
    Holder("parent", "the operator's parent, which pays deficits from its budget", False),
    Holder("creators", "people who make clips, and the rest of their purses", True),
    Holder("viewers", "people who only watch, and the rest of their purses", True),
    Holder("advertisers", "who buys advertising, here and outside", True),
    Holder("cloud", "who sells compute", False),
    Holder("suppliers", "who is paid for delivery, moderation, marketing and fixed cost", False),
    Holder("app_store", "the shop that takes a share of what users pay", False),
    Holder(
        "external_platforms",
        "platforms outside that carry exported clips; who funds those that pay more than they earn is not modelled",
        True,
    ),
)

HOLDER_NAMES: tuple[str, ...] = tuple(holder.name for holder in HOLDERS)
