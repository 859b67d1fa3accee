"""Calibration: public figures and priors to an ensemble of weighted sets, and what that ensemble says.

from analysis.calibration import fit, load_ensemble, load_targets
found = fit(load_targets("sora"), Path("runs/calibration"))
ensemble = load_ensemble("sora")                  # the one that comes with the package
"""

from analysis.calibration.across import jobs_across, outcome_table, run_across
from analysis.calibration.ensemble import Ensemble, load_ensemble, shipped_ensembles
from analysis.calibration.fitting import Fit, fit
from analysis.calibration.sampler import Plan, Posterior, sample
from analysis.calibration.target_file import Targets, load_targets, shipped_targets

__all__ = [
    "Ensemble",
    "Fit",
    "Plan",
    "Posterior",
    "Targets",
    "fit",
    "jobs_across",
    "load_ensemble",
    "load_targets",
    "outcome_table",
    "run_across",
    "sample",
    "shipped_ensembles",
    "shipped_targets",
]
