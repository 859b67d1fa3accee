"""What a wave leaves behind: of novelty, and of the charts (hype_wave, app_store_rocket)."""

from __future__ import annotations

import pytest
from paired_worlds import Changes, Life, Size, gain, lives, of

from sim.outcome import judge

pytestmark = pytest.mark.slow

NO_CHART: Changes = {"adoption.chart_per_day": 0}


def left(life: Life) -> float:
    """Monthly users at the end relative to their peak in the first 120 days."""
    return float(life.daily["mau"].iloc[-1] / life.daily["mau"].iloc[:120].max())


def early_installs(life: Life) -> float:
    """Installs of the first 28 days, million."""
    return life.total("installs", 0, 28) / 1e6


def best_week(life: Life) -> float:
    """Installs of the best seven days, million."""
    return float(life.daily["installs"].rolling(7).sum().max()) / 1e6


def d30(life: Life) -> float:
    """Share of the adopters of the first seven weeks who are active 30 days after they joined."""
    return life.retention(30, first_weeks=7)


def test_a_wave_of_novelty_peaks_early_and_leaves_a_vestige() -> None:
    size = Size(days=365, agents=600)
    world = lives("hype_wave", size)
    never_old = lives("hype_wave", size, {"habit.novelty_days": 3650})

    assert all(int(life.daily["dau"].to_numpy().argmax()) < 60 for life in world)
    assert of(world, left).high < 0.1
    assert sum(judge(life.daily).name == "vestigial" for life in world) >= 16

    # The same wave of a product that stays new stays up.
    assert of(never_old, left).low > 0.5
    assert not any(judge(life.daily).name == "vestigial" for life in never_old)


def test_the_chart_speeds_the_first_weeks_and_hardly_touches_what_brings_people_back() -> None:
    size = Size(days=80, agents=1500)
    world = lives("app_store_rocket", size)
    twin = lives("app_store_rocket", size, NO_CHART)

    assert gain(world, twin, early_installs).low > 1
    assert gain(world, twin, best_week).low > 0.2
    assert of(world, d30).high < 0.1

    # Not nothing, as the essay has it: the more have come, the more there is to watch. Two in a hundred stay for that.
    assert gain(world, twin, d30).low > 0
    assert gain(world, twin, d30).high < 0.04


def test_the_chart_leaves_retention_alone_where_more_clips_attract_no_more() -> None:
    saturated: Changes = {"watching.variety_exponent": 0.01}
    size = Size(days=80, agents=1500)
    world = lives("app_store_rocket", size, saturated)
    twin = lives("app_store_rocket", size, saturated | NO_CHART)
    assert gain(world, twin, early_installs).low > 1
    assert gain(world, twin, d30).low < 0
