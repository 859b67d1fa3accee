"""The Sora ensemble that comes with the package: whole, legal, and what it says of the public figures."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.calibration import Ensemble, Targets, load_ensemble, load_targets, shipped_ensembles, shipped_targets
from analysis.calibration.checks import predicted, widths
from analysis.calibration.sampler import effective_size


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return load_ensemble("sora")


@pytest.fixture(scope="module")
def targets() -> Targets:
    return load_targets("sora")


def test_it_is_found_by_name_and_holds_two_hundred_sets_or_more(ensemble: Ensemble, targets: Targets) -> None:
    assert shipped_ensembles() == ("sora",)
    assert shipped_targets() == ("sora",)
    assert len(ensemble) >= 200
    assert set(targets.priors.paths) | set(targets.priors.settled) == set(ensemble.sets.columns)
    assert {target.name for target in targets.targets if target.use == "fit" or not target.world} == set(ensemble.observed.columns)
    assert effective_size(ensemble.weights) > 20.0


def test_every_set_makes_a_legal_world_inside_its_priors(ensemble: Ensemble, targets: Targets) -> None:
    family = sim.ScenarioFamily("sora")
    for place in range(0, len(ensemble), 10):
        family.member(ensemble.values(place), agents=500)
    for variable in targets.priors.variables:
        assert variable.quantile is not None
        ends = variable.quantile(0.0), variable.quantile(1.0)
        if isinstance(ends[0], float):
            column = ensemble.sets[variable.path].to_numpy(np.float64)
            assert ends[0] * (1 - 1e-5) - 1e-9 <= column.min() <= column.max() <= float(ends[1] or 0) * (1 + 1e-5)


def test_the_figures_kept_with_it_are_those_of_its_runs_where_the_model_is_the_same(ensemble: Ensemble, targets: Targets) -> None:
    if ensemble.model_digest != sim.model_digest():
        pytest.skip("fitted with another version of the model")
    place = int(ensemble.weights.argmax())
    values = ensemble.values(place) | {"parent.stop_loss_usd": None}
    daily, _ = sim.simulate_daily(sim.load_scenario("sora", values, days=176, agents=ensemble.agents), ensemble.seeds[place])
    assert daily["installs_total"].iloc[151] == pytest.approx(ensemble.observed["installs_day_151"].iloc[place], rel=1e-4)


def test_the_figures_of_the_same_sets_have_not_moved_far_since_it_was_fitted(ensemble: Ensemble) -> None:
    places = np.argsort(-ensemble.weights)[:6]
    ratios = []
    for place in places.tolist():
        values = ensemble.values(place) | {"parent.stop_loss_usd": None}
        daily, _ = sim.simulate_daily(sim.load_scenario("sora", values, days=152, agents=ensemble.agents), ensemble.seeds[place])
        ratios.append(daily["installs_total"].iloc[151] / ensemble.observed["installs_day_151"].iloc[place])
    assert np.exp(np.mean(np.log(ratios))) == pytest.approx(1.0, abs=0.1), "the model has moved: fit the ensemble again"


def test_what_no_figure_tells_is_said_to_be_unidentified(ensemble: Ensemble, targets: Targets) -> None:
    table = widths(ensemble, targets.priors).set_index("parameter")
    assert table.loc["creators.status_usd", "identified"] != "yes"
    assert table.loc["publishing.overlap", "identified"] != "yes"


def test_the_strongest_public_figures_are_twenty(ensemble: Ensemble, targets: Targets) -> None:
    table = predicted(ensemble, tuple(target for target in targets.targets if target.is_strong))
    assert len(table) == 20
    assert table["inside"].sum() >= 18, table.loc[~table["inside"], "target"].tolist()
