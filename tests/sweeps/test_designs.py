"""Designs cover what they say, distributions have the quantiles they say, and replicates share the draws they say."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.experiments import Sweep, load_sweep
from analysis.experiments.designs import Design, latin_hypercube
from analysis.experiments.variables import Variable, read_variable
from sim import Block, ProblemList, override_declaration
from sim.foundation.errors import InputError
from sim.scenario.yaml_tree import parse_tree

HEAD = "schema: 1\nbase: sora\nset: {agents: 500, days: 200}\n"


def loaded(folder: Path, text: str) -> Sweep:
    path = folder / "drawn.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_sweep(path)


def variable(path: str, written: str) -> Variable:
    problems = ProblemList()
    root = parse_tree(f"it: {written}", "here", problems)
    declared = override_declaration(path)
    assert isinstance(root, Block)
    assert declared is not None
    found = read_variable(path, "uncertain", declared, root.entries[0].node, problems)
    assert found is not None, problems.found
    return found


def test_a_grid_has_every_value_with_every_other(tmp_path: Path) -> None:
    sweep = loaded(
        tmp_path, "vary: {dials: {steerability: [0.9, 0.1], monetization: {from: 0, to: 1, steps: 3}}}\ndesign: grid\nreplicates: 2\n"
    )
    assert [tuple(point.values()) for point in sweep.points] == list(itertools.product((0.9, 0.1), (0.0, 0.5, 1.0)))
    assert [(job.point, job.replicate, job.seed) for job in sweep.jobs[:4]] == [(0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 2)]
    assert sweep.jobs[3].scenario.values["dials.monetization"] == 0.5
    assert len(sweep.jobs) == 12


def test_zip_takes_values_that_stand_at_the_same_place(tmp_path: Path) -> None:
    sweep = loaded(tmp_path, "vary: {dials: {steerability: [0.9, 0.1], monetization: [0, 1]}}\ndesign: zip\n")
    assert [tuple(point.values()) for point in sweep.points] == [(0.9, 0.0), (0.1, 1.0)]


def test_a_list_has_the_points_written_out(tmp_path: Path) -> None:
    text = "vary:\n- {dials: {steerability: 0.1}, policies: {interventions.quota_cut.date: 2025-12-01}}\n"
    text += "- {dials: {steerability: 0.2}, policies: {interventions.quota_cut.date: 2026-01-05}}\ndesign: list\n"
    sweep = loaded(tmp_path, text)
    assert [tuple(point.values()) for point in sweep.points] == [(0.1, "2025-12-01"), (0.2, "2026-01-05")]
    assert sweep.groups == {"dials.steerability": "dials", "interventions.quota_cut.date": "policies"}
    days = [{one.name: one.day for one in sweep.jobs[place].scenario.interventions}["quota_cut"] for place in (0, 10)]
    assert days == [62, 97]


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_axis() -> None:
    sample = latin_hypercube(3, 50, 4)
    assert all(sorted((column * 50).astype(int)) == list(range(50)) for column in sample.T)
    assert not np.allclose(sample, latin_hypercube(4, 50, 4))


def test_sobol_points_have_one_in_each_cell_of_a_dyadic_grid(tmp_path: Path) -> None:
    text = "vary: {dials: {steerability: {uniform: [0, 1]}, monetization: {uniform: [0, 1]}}}\ndesign: {name: sobol, points: 64, seed: 5}\n"
    cells = Counter((int(8 * a), int(8 * b)) for a, b in (point.values() for point in loaded(tmp_path, text).points))
    assert len(cells) == 64


@pytest.mark.parametrize(
    ("name", "options"), [("saltelli", {"points": 8, "seed": 1}), ("morris", {"trajectories": 5, "levels": 4, "seed": 1})]
)
def test_designs_for_sensitivity_are_those_that_salib_analyses(name: str, options: dict[str, int]) -> None:
    pytest.importorskip("SALib")
    from SALib.analyze import morris, sobol  # noqa: PLC0415

    design = Design(name, options)
    variables = [variable(f"dials.{dial}", "{uniform: [0, 1]}") for dial in ("steerability", "monetization", "export_leakage")]
    cube = np.array([list(point.values()) for point in design.points(variables)])
    assert len(cube) == design.count(variables)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    answer = cube @ np.array([3.0, 1.0, 0.0])
    if name == "morris":
        effects = morris.analyze(problem, cube, answer, num_levels=4)["mu_star"]
        np.testing.assert_allclose(effects, [3.0, 1.0, 0.0], atol=1e-9)
    else:
        indices: Any = sobol.analyze(problem, answer, calc_second_order=False, print_to_console=False)
        assert indices["ST"][0] > indices["ST"][1] > 0.0
        assert indices["ST"][2] == pytest.approx(0.0, abs=1e-12)


def test_a_missing_salib_is_told_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(InputError, match=r"design morris: needs the library SALib.*\n.*flywheel-sim\[sensitivity\]"):
        loaded(tmp_path, "vary: {dials: {steerability: {uniform: [0, 1]}}}\ndesign: {name: morris, trajectories: 4}\n")


@pytest.mark.parametrize(
    ("path", "written", "expected"),
    [
        ("creators.status_usd", "{uniform: [1, 3]}", stats.uniform(1, 2)),
        ("creators.status_usd", "{log_uniform: [0.01, 10]}", stats.loguniform(0.01, 10)),
        ("creators.status_usd", "{triangular: [1, 2, 5]}", stats.triang(0.25, 1, 4)),
        ("creators.making_outside_usd", "{normal: [2, 0.5]}", stats.norm(2, 0.5)),
        ("dials.steerability", "{normal: [0.2, 0.4]}", stats.truncnorm(-0.5, 2, 0.2, 0.4)),
        ("creators.status_usd", "{log_normal: [2, 0.7]}", stats.lognorm(0.7, scale=2)),
    ],
)
def test_distributions_have_the_quantiles_of_their_names(path: str, written: str, expected: Any) -> None:
    quantile = variable(path, written).quantile
    assert quantile is not None
    for u in (0.01, 0.2, 0.5, 0.8, 0.99):
        assert quantile(u) == pytest.approx(expected.ppf(u), rel=1e-6)


@pytest.mark.parametrize(
    ("path", "written", "values"),
    [
        ("niches", "{uniform: [3, 6]}", [3, 4, 5, 6]),
        ("rules.watching_reward", "{choice: [any_view, share]}", ["any_view", "share"]),
        ("publishing.exclusive", "{choice: [true, false]}", [True, False]),
        ("interventions.quota_cut.date", "{uniform: [2025-11-29, 2025-12-02]}", ["2025-11-29", "2025-11-30", "2025-12-01", "2025-12-02"]),
    ],
)
def test_whole_numbers_days_and_choices_are_equally_likely(path: str, written: str, values: list[Any]) -> None:
    quantile = variable(path, written).quantile
    assert quantile is not None
    drawn = Counter(quantile((step + 0.5) / 1000) for step in range(1000))
    assert list(drawn) == values
    assert set(drawn.values()) == {1000 // len(values)}


def test_levels_are_evenly_spaced_in_numbers_ratios_and_days() -> None:
    assert variable("dials.steerability", "{from: 0, to: 0.3, steps: 4}").levels == (0.0, 0.1, 0.2, 0.3)
    assert variable("creators.status_usd", "{from: 0.01, to: 1, steps: 3, scale: log}").levels == (0.01, 0.1, 1.0)
    assert variable("niches", "{from: 2, to: 6, steps: 3}").levels == (2, 4, 6)
    dates = variable("interventions.quota_cut.date", "{from: 2025-12-30, to: 2026-01-03, steps: 3}").levels
    assert dates == ("2025-12-30", "2026-01-01", "2026-01-03")


UNCERTAIN_GRID = """
vary:
  dials: {steerability: [0.1, 0.9]}
  uncertain: {creators.status_usd: {uniform: [0, 1]}, rules.watching_reward: {choice: [share, any_view]}}
design: grid
replicates: 6
"""


def test_paired_draws_give_every_point_the_same_worlds_and_luck(tmp_path: Path) -> None:
    jobs = list(loaded(tmp_path, UNCERTAIN_GRID).jobs)
    worlds = [
        [(job.seed, job.parameters["creators.status_usd"], job.parameters["rules.watching_reward"]) for job in jobs if job.point == point]
        for point in (0, 1)
    ]
    assert worlds[0] == worlds[1]
    assert len(set(worlds[0])) == 6
    assert jobs[2].scenario.values["creators.status_usd"] == jobs[2].parameters["creators.status_usd"]
    assert sorted(int(6 * status) for _, status, _ in worlds[0]) == list(range(6))


def test_independent_draws_share_nothing(tmp_path: Path) -> None:
    jobs = list(loaded(tmp_path, f"{UNCERTAIN_GRID}draws: independent\n").jobs)
    assert len({job.seed for job in jobs}) == len({job.parameters["creators.status_usd"] for job in jobs}) == 12


def test_a_sampled_design_draws_what_is_uncertain_too(tmp_path: Path) -> None:
    vary = "vary: {dials: {steerability: {uniform: [0, 1]}}, uncertain: {creators.status_usd: {uniform: [0, 1]}}}\n"
    sweep = loaded(tmp_path, f"{vary}design: {{name: lhs, points: 20}}\nreplicates: 2\n")
    assert all(set(point) == {"dials.steerability", "creators.status_usd"} for point in sweep.points)
    assert sweep.jobs[0].parameters == sweep.jobs[1].parameters
    assert len({job.run for job in sweep.jobs}) == 40


def test_a_base_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("schema: 1\nquestion: Mine?\nextends: sora\npeople: 1e6\n")
    (tmp_path / "it.yaml").write_text("schema: 1\nbase: mine.yaml\nvary: {dials: {steerability: [0.1, 0.9]}}\ndesign: grid\n")
    assert load_sweep(tmp_path / "it.yaml").base.people == 1e6


def test_the_shipped_sweeps_load() -> None:
    sweep = load_sweep("three_dials")
    assert (len(sweep.points), len(sweep.jobs), sweep.base.agents) == (245, 2450, 10_000)
    assert load_sweep("quota_dates").groups["interventions.quota_cut.date"] == "policies"


def test_a_sweep_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"three_dails: there is no such sweep file\n  did you mean 'three_dials'"):
        load_sweep("three_dails")


def test_a_million_runs_need_a_yes(tmp_path: Path) -> None:
    text = "vary: {dials: {steerability: [0.1, 0.9]}}\ndesign: grid\nreplicates: 500000\n"
    with pytest.raises(InputError, match=r"makes 1,000,000 runs\n.*--yes"):
        loaded(tmp_path, text)
    assert len(load_sweep(tmp_path / "drawn.yaml", many=True).jobs) == 1_000_000
