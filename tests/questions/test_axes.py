"""How settings and ranges are written, and what is said where they cannot be read."""

from __future__ import annotations

import pytest

import sim
from analysis import frontier
from analysis.questions.axes import axis_of, facet_of
from analysis.questions.tracing import Axis


def test_a_dial_is_taken_over_its_whole_range_by_either_name() -> None:
    for name in ("steerability", "dials.steerability"):
        assert axis_of(name, "--x", []) == Axis("dials.steerability", 0.0, 1.0, "1")


def test_a_range_is_taken_from_what_is_written() -> None:
    assert axis_of("habit.initial=0.05:0.4", "--x", []) == Axis("habit.initial", 0.05, 0.4, "share")


def test_what_a_platform_outside_pays_can_be_an_axis() -> None:
    path = "external_platforms.short_video.payout_usd_per_1000_views"
    assert axis_of(f"{path}=0:2", "--x", []) == Axis(path, 0.0, 2.0, "USD/1000 views")


def test_a_facet_keeps_its_values_in_order_and_each_once() -> None:
    assert facet_of("export_leakage=0.8,0,0.8", "--facet", []) == ("dials.export_leakage", ("0.8", "0"))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("steerabilty", "--x: there is no parameter 'steerabilty'\n  did you mean 'dials.steerability'?"),
        ("open", "--x: there is no parameter 'open'"),
        ("days", "--x: 'days' is not a number that can be moved smoothly\n  choose another, for example a dial"),
        ("people=1:2:3", "--x: '1:2:3' is no range\n  two numbers with a colon: people=0.1:0.4"),
        ("steerability=0.9:0.1", "--x: the range 0.9:0.1 is empty\n  the lower end comes first"),
        ("steerability=0.5:1.5", "--x: the range 0.5:1.5 goes beyond what is legal for 'dials.steerability'"),
        (
            "making.effort_usd",
            "--x: 'making.effort_usd' has no bounds of its own\n  say from where to where: --x making.effort_usd=0.1:0.4",
        ),
    ],
)
def test_what_is_wrong_with_an_axis_is_said(written: str, message: str) -> None:
    problems: list[sim.Problem] = []
    assert axis_of(written, "--x", problems) is None
    assert "\n".join(map(str, problems)).startswith(message)


def test_all_that_is_wrong_with_a_frontier_is_said_at_once() -> None:
    with pytest.raises(sim.InputError) as raised:
        frontier("sora", "steerabilty", "monetization=1:0", facet="export_leakage=", outcome="alive")
    said = str(raised.value)
    for message in ("no parameter 'steerabilty'", "range 1:0 is empty", "which values?", "no outcome 'alive'"):
        assert message in said


def test_a_setting_moved_twice_and_a_facet_out_of_range_are_refused_before_anything_runs() -> None:
    with pytest.raises(sim.InputError, match="is moved twice"):
        frontier("sora", "steerability", "steerability")
    with pytest.raises(sim.InputError, match=r"export_leakage"):
        frontier("sora", "steerability", "monetization", facet="export_leakage=0,2")


def test_a_threshold_has_no_facets() -> None:
    with pytest.raises(sim.InputError, match="a threshold over one setting has panels of its own"):
        frontier("sora", "steerability", facet="export_leakage=0,1")


def test_a_setting_that_is_also_an_axis_is_refused() -> None:
    with pytest.raises(sim.InputError, match=r"dials\.steerability: is an axis of the frontier too"):
        frontier("sora", "steerability", overrides=["steerability=0.9"])
