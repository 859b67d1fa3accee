"""Over an ensemble, cases share what its sets say; what the guide sets, and what is of the one product alone, stays."""

from __future__ import annotations

import sim
from analysis.retrodiction.coding import OF_ONE_PRODUCT, coded, shared_changes, shared_values
from analysis.retrodiction.guide import FOLDER, load_guide
from analysis.retrodiction.retrodict import SET, jobs_of
from analysis.retrodiction.sheet import load_sheets
from tests.retrodiction.test_retrodict import flywheel

GUIDE = load_guide()
SHEETS = load_sheets(sim.shipped_folder() / FOLDER, GUIDE)[:2]
FITTED: dict[str, sim.Value] = {
    "habit.initial": 0.3,
    "creators.value_usd": 1.0,
    "dials.steerability": 0.09,
    "adoption.open_share": 0.4,
    "charging.entitled_share": 0.5,
}


def test_every_case_is_run_under_every_set() -> None:
    jobs = jobs_of(SHEETS, GUIDE, [{}, shared_changes(FITTED)], seeds=3, agents=1000)
    assert [(job.point, job.replicate, job.parameters[SET]) for job in jobs[:6]] == [
        (0, 0, 0),
        (0, 1, 0),
        (0, 2, 0),
        (1, 0, 1),
        (1, 1, 1),
        (1, 2, 1),
    ]
    assert len({job.run for job in jobs}) == len(jobs) == 12


def test_a_set_moves_what_is_shared_and_nothing_else() -> None:
    base, other = (
        jobs[0].scenario for jobs in (jobs_of(SHEETS, GUIDE, [one], seeds=1, agents=1000) for one in ({}, shared_changes(FITTED)))
    )
    moved = {key for key, value in other.values.items() if value != base.values[key]}
    assert moved == {"habit.initial", "creators.value_usd"}
    assert not moved & set(OF_ONE_PRODUCT)
    factor = coded(SHEETS[0], GUIDE, shared_values({"creators.value_usd": 1.0}))["creators.value_usd"]
    assert other.values["creators.value_usd"] == factor


def test_draws_without_an_ensemble_are_refused() -> None:
    code, _, err = flywheel("retrodict", sim.shipped_folder() / FOLDER, "--draws", 3)
    assert code == 2
    assert "none is named" in err


def test_an_unknown_ensemble_is_refused() -> None:
    code, _, err = flywheel("retrodict", sim.shipped_folder() / FOLDER, "--ensemble", "no_such")
    assert code == 2
    assert "there is no such ensemble" in err
