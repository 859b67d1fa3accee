"""A fit from its files to its ensemble, in a world of a few hundred rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.calibration import Ensemble, Fit, Plan, fit, load_ensemble, load_targets
from analysis.calibration.checks import believing, if_believed, predicted, trade_offs, widths
from analysis.calibration.recovery import coverage, recover
from analysis.calibration.study import overrides_of
from tests.calibration.small import AGENTS, PLAN, TARGETS, small_targets, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fit")


@pytest.fixture(scope="module")
def found(folder: Path) -> Fit:
    return fit(small_targets(folder), folder / "out", plan=PLAN, agents=AGENTS, workers=1)


def test_an_ensemble_holds_weighted_sets_that_meet_the_targets_better_than_the_prior(found: Fit, folder: Path) -> None:
    ensemble, target = found.ensemble, small_targets(folder).targets[0]
    assert len(ensemble) == PLAN.last
    assert ensemble.weights.sum() == pytest.approx(1.0)
    before = np.abs(target.residuals(found.observed_prior["installs"].to_numpy())).mean()
    assert ensemble.weights @ np.abs(target.residuals(ensemble.observed["installs"].to_numpy())) < 0.5 * before
    assert set(ensemble.sets["rules.watching_reward"]) <= {"share", "any_view"}


def test_a_set_lived_again_gives_the_figures_that_are_kept(found: Fit) -> None:
    ensemble = found.ensemble
    place = int(ensemble.weights.argmax())
    values = ensemble.values(place) | {"parent.stop_loss_usd": None}
    daily, _ = sim.simulate_daily(sim.load_scenario("sora", values, days=25, agents=AGENTS), ensemble.seeds[place])
    assert daily["installs_total"].iloc[20] == pytest.approx(ensemble.observed["installs"].iloc[place], rel=1e-6)
    assert daily["cumulated_loss_usd"].iloc[20] == pytest.approx(ensemble.sets["parent.stop_loss_usd"].iloc[place], rel=1e-3)


def test_the_same_fit_goes_on_from_what_is_stored_and_gives_the_same_bits(found: Fit, folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    parts = sorted(path.stat().st_mtime_ns for path in (folder / "out").rglob("*.parquet"))
    again = fit(small_targets(folder), folder / "out", plan=PLAN, agents=AGENTS, workers=1, tell=lambda *one: told.append(one))
    assert parts == sorted(path.stat().st_mtime_ns for path in (folder / "out").rglob("*.parquet"))
    assert all(done == 0 for _, done, _ in told)
    assert again.ensemble.sets.equals(found.ensemble.sets)
    assert np.array_equal(again.ensemble.weights, found.ensemble.weights)


def test_an_ensemble_is_read_as_it_was_written(found: Fit, folder: Path) -> None:
    path = folder / "ensemble.json"
    found.ensemble.write(path)
    read = load_ensemble(path)
    assert read.weights == pytest.approx(found.ensemble.weights, rel=1e-5)
    assert read.seeds == found.ensemble.seeds
    assert read.values(3)["creators_share"] == pytest.approx(found.ensemble.values(3)["creators_share"], rel=1e-5)
    assert read.values(3)["rules.watching_reward"] == found.ensemble.values(3)["rules.watching_reward"]


def test_targets_that_cannot_be_met_leave_an_empty_posterior_and_it_is_said(tmp_path: Path) -> None:
    impossible = TARGETS.replace("value: 700e3", "value: 100e6").replace("log_sd: 0.4", "log_sd: 0.1")
    targets = load_targets(write(tmp_path, impossible))
    with pytest.raises(sim.InputError, match=r"no set of parameters meets the targets: .* misses by Σz² = "):
        fit(targets, tmp_path / "out", plan=Plan(search=8, rounds=1, sets=8, last=8), agents=200, workers=1)


def test_what_a_scenario_has_otherwise_than_the_base_is_left_to_it() -> None:
    base, mended = sim.load_scenario("sora"), sim.load_scenario("sora_three_gates")
    values = {"dials.steerability": 0.1, "people": 50e6, "compute.first_unit_cost_usd": 0.5}
    assert overrides_of(values, base, mended) == {"people": 50e6}
    assert overrides_of(values, base, base) == values


def test_the_report_tells_bands_widths_trade_offs_and_what_each_source_would_change(found: Fit, folder: Path) -> None:
    targets, ensemble = small_targets(folder), found.ensemble
    bands = predicted(ensemble, targets.used("fit")[:2])
    assert bands["band_low"].lt(bands["model_low"]).all()
    assert bands["band_high"].gt(bands["model_high"]).all()
    parameters = widths(ensemble, targets.priors).set_index("parameter")
    assert parameters.loc["adoption.buzz_per_day", "identified"] == "yes"
    assert parameters.loc["rules.watching_reward", "shares"].startswith("any_view ")
    assert trade_offs(ensemble, targets.priors)["correlation"].abs().le(1.0).all()
    few, many = (believing(ensemble, targets.targets, targets.conflicts["installs"][name]) for name in ("few", "many"))
    assert few @ ensemble.observed["installs"] < many @ ensemble.observed["installs"]
    rows = if_believed(ensemble, targets.targets, targets.conflicts, targets.priors, ["installs"])
    assert rows["source"].tolist() == ["as fitted", "few", "many"]


def test_six_small_worlds_are_recovered(tmp_path: Path) -> None:
    found = recover(small_targets(tmp_path), tmp_path / "out", worlds=6, agents=600, days=25, plan=PLAN, workers=1)
    table = coverage(found)
    assert table["worlds"].eq(6).all()
    assert table.loc[table["parameter"] == "adoption.buzz_per_day", "width"].item() < 0.5
    assert 12 <= found["inside"].sum() <= 18  # of 18; fewer than 12 has a chance of one in a thousand at 90 %


def test_an_unknown_parameter_to_recover_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match="is not in the priors"):
        recover(small_targets(tmp_path), tmp_path / "out", only=["creators_shar"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "is not an ensemble of this version"),
        ("[1]", "is not a JSON object"),
        ('{"schema": 1, "holds": "flywheel ensemble", "sets": []}', "is not a whole ensemble"),
    ],
)
def test_a_file_that_is_no_ensemble_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(sim.InputError, match=said):
        load_ensemble(path)


def test_an_unknown_ensemble_is_refused() -> None:
    with pytest.raises(sim.InputError, match="there is no such ensemble"):
        load_ensemble("soar")


def test_draws_take_sets_as_often_as_their_weights_say(found: Fit) -> None:
    ensemble: Ensemble = found.ensemble
    places = np.bincount(ensemble.drawn(1000), minlength=len(ensemble)) / 1000.0
    assert np.abs(places - ensemble.weights).max() < 0.002


@pytest.mark.slow
def test_twenty_small_worlds_are_recovered_as_often_as_stated(tmp_path: Path) -> None:
    plan = Plan(search=32, rounds=1, sets=16, last=48)
    found = recover(small_targets(tmp_path), tmp_path / "out", worlds=20, agents=500, days=25, plan=plan, workers=2)
    identified = found[found["parameter"].isin(coverage(found).query("identified")["parameter"])]
    assert len(identified) >= 20
    assert 0.8 <= identified["inside"].mean() <= 0.98
