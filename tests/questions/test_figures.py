"""The figures of many runs: they say their finding, show what is there, and are the same each time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from analysis import frontier, plot
from analysis.figures.style import as_png
from analysis.questions.compare import compared
from analysis.questions.frontier import Frontier
from analysis.questions.tipping import FEW, FEW_OFF, MANY, MANY_OFF, STARTS
from tests.questions.test_compare import luck, side
from tests.questions.test_tipping import PULL, traces
from tests.questions.toy_platform import SIDES, launches


def title(figure: Figure) -> str:
    """What stands above the figure, on one line."""
    return " ".join(figure.get_suptitle().split())


def words(figure: Figure) -> str:
    """All panel titles."""
    return " | ".join(axes.get_title(loc="left") for axes in figure.axes)


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    """Five runs at each of nine settings: the more of both, the more of them feed themselves."""
    wins = {(x, y): in_x + in_y for x, in_x in ((0.1, 0), (0.5, 2), (0.9, 4)) for y, in_y in ((0.0, 0), (0.5, 1), (1.0, 1))}
    rows = [(f"{x}-{y}-{seed}", x, y, "self_sustaining" if seed < won else "fading") for (x, y), won in wins.items() for seed in range(5)]
    return pd.DataFrame(rows, columns=["run", "dials.steerability", "dials.monetization", "outcome"])


@pytest.fixture(scope="module")
def series(runs: pd.DataFrame) -> pd.DataFrame:
    """Thirty days of each; products at .1 are closed after ten."""
    lengths = np.where(runs["dials.steerability"] == 0.1, 10, 30)
    parts = [pd.DataFrame({"run": run, "day": range(days), "dau": 1e6}) for run, days in zip(runs["run"], lengths, strict=True)]
    return pd.concat(parts, ignore_index=True)


def test_a_map_of_outcomes_says_how_many_settings_feed_themselves(runs: pd.DataFrame) -> None:
    figure = plot.outcomes(runs, "dials.steerability", "dials.monetization")
    assert "Self-sustaining in at least half of the runs at 5 of 9 settings" in title(figure)
    assert "most often, 100%, at steerability 0.9, monetization 0.5" in title(figure)
    shares = {text.get_text() for text in figure.axes[0].texts}
    assert shares == {"0", "20", "40", "60", "80", "100"}


def test_outcomes_over_one_setting_say_both_ends(runs: pd.DataFrame) -> None:
    figure = plot.outcomes(runs, "dials.steerability")
    assert "At steerability 0.1 most runs are fading" in title(figure)
    assert "at 0.9 self-sustaining" in title(figure)


def test_a_column_that_is_not_there_is_named(runs: pd.DataFrame, series: pd.DataFrame) -> None:
    with pytest.raises(sim.InputError, match="is not in the table"):
        plot.outcomes(runs, "dials.steerabilty")
    with pytest.raises(sim.InputError, match="column cost_usd"):
        plot.curves(series, ["cost_usd"])


def test_curves_are_zero_after_a_closure(runs: pd.DataFrame, series: pd.DataFrame) -> None:
    figure = plot.curves(series, by="dials.steerability", runs=runs)
    assert title(figure) == "Daily users on the last day: 0 at steerability 0.1, 1 M at steerability 0.9"
    assert len([axes for axes in figure.axes if axes.get_visible()]) == 3


def test_a_frontier_shows_its_line_and_every_run() -> None:
    found = frontier(launches(), *SIDES, budget=32, narrow=0.0)
    figure = plot.frontier(found)
    dots = sum(len(one.get_offsets()) for one in figure.axes[0].collections if type(one).__name__ == "PathCollection")
    assert dots == 32
    assert "launches" not in title(figure)
    assert title(figure).startswith("self-sustaining in more than half of the runs at second side 0")


def test_thresholds_stand_beside_their_control() -> None:
    found = Frontier("toy", "self_sustaining", (PULL,), traces(0.7, 0.4, 0.8, 0.8))
    assert set(found.traces) == set(STARTS) == {FEW, MANY, FEW_OFF, MANY_OFF}
    figure = plot.frontier(found)
    assert words(figure) == "network on | network off (control)"
    assert "a tipping point" in title(figure)


def test_a_comparison_says_when_there_is_more_and_what_cannot_be_told_apart() -> None:
    comparison = compared(side("a", dau_peak=luck(1) + 9.0), side("b", last_days=[10] * 20, dau_peak=luck(2) + 9.0))
    figure = plot.compare(comparison)
    assert "Daily users: less on 20 days" in words(figure)
    assert "Revenue: less on 20 days" in words(figure)
    assert title(figure).startswith("b beside a: the outcome is the same in all 20 pairs; 1 of 2 figures differ beyond luck")


def test_the_same_table_gives_the_same_picture(runs: pd.DataFrame) -> None:
    one, other = (as_png(plot.outcomes(runs, "dials.steerability", "dials.monetization")) for _ in range(2))
    assert one == other
