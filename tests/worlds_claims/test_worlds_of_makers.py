"""What keeps makers: being watched, and being obeyed (creators_only, capable_but_unsteerable)."""

from __future__ import annotations

import pytest
from paired_worlds import Changes, Life, Size, gain, lives, of

pytestmark = pytest.mark.slow

WATCHED: Changes = {"watching.outside_logit": 1.8}
"""The baseline's taste for the feed."""


def makers_kept(life: Life) -> float:
    """Makers a day over the last 28 days, relative to the best 28 days."""
    makers = life.daily["makers"].rolling(28).mean()
    return float(makers.iloc[-1] / makers.max())


def habit(life: Life) -> float:
    """Mean readiness to make, at the end, of those who joined in the first eight weeks."""
    return float(life.makers["x_make"][life.makers["adopted_day"] < 56].mean())


def quality(life: Life) -> float:
    """Mean Q of the usable clips."""
    return life.total("quality_made") / life.total("accepted_sessions")


def attempts_per_clip(life: Life) -> float:
    """Attempts per usable clip."""
    return life.total("attempts") / life.total("accepted_sessions")


def skill(life: Life) -> float:
    """Skill at the end of a session, last 28 days."""
    return life.total("skill", -28) / 28


def makers_d30(life: Life) -> float:
    """Share of makers active 30 days after they joined."""
    return life.retention(30, side="creator")


def test_makers_drift_off_where_nobody_watches_and_stay_where_they_are_watched() -> None:
    size = Size(days=180, agents=800)
    alone = lives("creators_only", size)
    watched = lives("creators_only", size, WATCHED)
    with_viewers = lives("creators_only", Size(days=180, agents=2000), WATCHED | {"creators_share": 0.4, "people": 117.5e6})

    assert of(alone, makers_kept).high < 0.95
    assert of(watched, makers_kept).low > 0.97
    assert gain(watched, alone, makers_kept).low > 0.04
    assert gain(watched, alone, habit).low > 0.02

    # The essay has it that a community of creators needs others to watch. Here they can be each other's audience: three viewers more for
    # every two creators change next to nothing for those who make.
    assert abs(gain(with_viewers, watched, makers_kept).mean) < 0.02
    assert gain(with_viewers, watched, habit).high < 0.02


def test_being_watched_makes_no_habit_where_it_is_worth_nothing_to_makers() -> None:
    indifferent: Changes = {"creators.status_usd": 0}
    size = Size(days=180, agents=800)
    alone = lives("creators_only", size, indifferent)
    watched = lives("creators_only", size, indifferent | WATCHED)
    assert gain(watched, alone, habit).high < 0.02
    assert gain(watched, alone, habit).low > -0.02


def test_a_capable_model_that_does_not_obey_makes_better_clips_and_hardly_better_makers() -> None:
    size = Size(days=60, agents=1500)
    world = lives("capable_but_unsteerable", size)
    plain = lives("capable_but_unsteerable", size, {"making.capability": 1})
    plain_and_steerable = lives("capable_but_unsteerable", size, {"making.capability": 1, "dials.steerability": 0.5})

    assert gain(world, plain, quality).low > 0.3
    assert abs(gain(world, plain, attempts_per_clip).mean) < 0.2
    assert gain(world, plain, skill).high < 0.01

    # Not nothing, as the essay has it: better clips are seen more, and that brings some makers back. It is less than a fifth of what the
    # baseline's steerability does for the same makers without any better clips.
    assert gain(world, plain, makers_d30).low > 0
    assert gain(world, plain, makers_d30).high < 0.05
    assert gain(plain_and_steerable, plain, makers_d30).low > 5 * gain(world, plain, makers_d30).mean
    assert abs(gain(plain_and_steerable, plain, quality).mean) < 0.1
    assert gain(plain_and_steerable, plain, attempts_per_clip).high < -3
    assert gain(plain_and_steerable, plain, skill).low > 0.3
