"""Where work and makers go: out of a camera that does not pay, and over to a rival (no_pay_leak, rival_arrives)."""

from __future__ import annotations

import pytest
from paired_worlds import Life, Size, gain, lives, of, ratio

pytestmark = pytest.mark.slow


def exported(life: Life) -> float:
    """Share of the clips that also or only go outside."""
    return 1 - life.total("clips_here") / life.total("accepted_sessions")


def skimmed(life: Life) -> float:
    """How much larger the exported share is by quality than by number."""
    return life.total("quality_exported") / life.total("quality_made") - exported(life)


def lead_of_the_gifted(life: Life) -> float:
    """Readiness to make of the tenth with most talent, less that of the others."""
    gifted = life.makers["talent"] >= life.makers["talent"].quantile(0.9)
    return float(life.makers["x_make"][gifted].mean() - life.makers["x_make"][~gifted].mean())


def makers_after_the_rival(life: Life) -> float:
    """Makers of the days 90 to 119."""
    return life.total("makers", 90, 120)


def test_the_best_clips_leave_a_camera_that_pays_nothing_and_pay_keeps_more_of_them() -> None:
    size = Size(days=150, agents=1000)
    world = lives("no_pay_leak", size)
    paid = lives("no_pay_leak", size, {"dials.monetization": 1})
    indispensable = lives("no_pay_leak", size, {"rival.edge": 1})

    assert of(world, skimmed).low > 0.01
    assert of(paid, skimmed).high < 0.005
    assert gain(paid, world, exported).high < -0.02

    # Where any camera will do, what the gifted could earn outside keeps them from coming here.
    assert gain(world, indispensable, lead_of_the_gifted).high < 0

    # The essay has such an app die. Here its audience stays and grows within the time; what it lacks is income, not users.
    assert of(world, lambda life: life.total("dau", -28) / life.total("dau", -56, -28)).low > 1
    assert of(world, lambda life: life.total("operating_profit_usd", -28)).high < 0


def test_a_steerable_rival_takes_makers_from_the_day_it_opens_few_if_it_asks_a_price_and_many_if_it_asks_none() -> None:
    size = Size(days=120, agents=1500)
    free_of_charge = {"rival_tools.steerable.price_usd_per_attempt": 0}
    world = lives("rival_arrives", size)
    twin = lives("rival_arrives", size, {"interventions.rival_opens": None})
    free = lives("rival_arrives", size, free_of_charge)
    free_and_harmless = lives("rival_arrives", size, free_of_charge | {"rival_tools.steerable.steerability": 0.05})

    assert all(life.daily.iloc[:90].equals(other.daily.iloc[:90]) for life, other in zip(world, twin, strict=True))
    # Only makers who pay at all can go over to one that sells by the attempt.
    assert ratio(world, twin, makers_after_the_rival).high < 0
    assert ratio(world, twin, makers_after_the_rival).low > -0.1
    assert ratio(free, twin, makers_after_the_rival).high < -0.1
    assert ratio(free, free_and_harmless, makers_after_the_rival).high < -0.05
