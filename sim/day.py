"""One simulated day: the phases in order. Read this first; each phase is one function, each rule one file in `sim/rules/`.

Phases are barriers: a phase sees what earlier phases of the day left, and of other people only yesterday's sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim import closing, money, phases
from sim.world import World


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: what it reads, writes and draws, and which money it posts."""

    run: Callable[[World], None]
    rules: str
    reads: str
    writes: str
    draws: str = ""
    posts: str = ""


DAY: tuple[Phase, ...] = (
    Phase(phases.intervene, "", "yesterday's closed books, the date", "today's settings"),
    Phase(phases.arrive, "M0", "thresholds, yesterday's readiness and outside views", "who is in", "channel"),
    Phase(phases.look_around, "M3", "yesterday's exported clips", "what platforms and rivals offer today"),
    Phase(phases.renew, "M8", "readiness, skill, prices", "subscriptions", "renewal"),
    Phase(phases.come, "M6", "readiness", "who makes, who watches", "two a person"),
    Phase(
        phases.make_and_publish, "M1 M2 M3 M5", "skill, quota, offers, V_h", "clips, skill, reward of making", "admission, attempts, outlet"
    ),
    Phase(phases.view, "M4", "fresh clips", "views of clips, reward of watching, V_h"),
    Phase(phases.remember, "M6", "rewards", "readiness, activity, lapses", "threshold of return"),
    Phase(
        money.charge_and_pay,
        "M8",
        "views, attempts bought, subscribers, clips",
        "books",
        posts="revenue, creator pay, running costs, outside",
    ),
    Phase(phases.buy_compute, "M7", "attempts", "unit cost"),
    Phase(money.pay_for_compute, "M7", "attempts, reservation", "books", posts="compute used, idle, overflow"),
    Phase(money.close_books, "books", "books, columns of the populations", "the closed day", posts="parent funding"),
    Phase(closing.record, "observables", "counts and books", "the daily row, mean readiness"),
    Phase(closing.observe, "observables", "who was active", "cohort counts"),
    Phase(closing.decide, "M7 M9", "the daily table", "tomorrow's capacity and admission; whether it goes on"),
)


def live(world: World) -> None:
    """Live one day."""
    for phase in DAY:
        phase.run(world)
    world.day += 1
