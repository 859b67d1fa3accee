"""`flywheel run SCENARIO --ensemble NAME`: a scenario over the parameter sets of an ensemble."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

import sim
from analysis.printing import console
from analysis.verbs.calibrating import going_on, note_model
from analysis.verbs.common import refusal

_FIGURES = (
    ("dau_end", "daily users on the last day"),
    ("dau_peak", "daily users at the peak"),
    ("retention.d30", "retention D30"),
    ("payers_share", "adopters who ever paid"),
    ("operating_profit_usd", "operating profit"),
    ("outcome_day", "closing day, where it closes"),
)
_UNITS = {figure.key: figure.unit for figure in sim.FIGURES}


def run_over(given: Mapping[str, Any], err: Console, *, as_json: bool, quiet: bool) -> None:
    """Run what is given over an ensemble, print how probable each outcome is, and keep the runs in a store.

    given: the arguments of `run` by name. Raises InputError for those that do not go with an ensemble.
    """
    from analysis.calibration import jobs_across, load_ensemble, outcome_table, run_across  # noqa: PLC0415
    from analysis.calibration.across import DRAWS, figure_bands  # noqa: PLC0415
    from analysis.calibration.study import Standing  # noqa: PLC0415
    from analysis.printing_calibration import StudyWatch, print_outcomes  # noqa: PLC0415

    if "--ensemble" not in given:
        raise refusal("--draws", "says how many sets are drawn from an ensemble, and none is named", "add `--ensemble sora`")
    for option in ("--seeds", "--seed"):
        if option in given:
            raise refusal(option, "each set of an ensemble has a seed of its own", "say how many sets with --draws")
    if "--from" in given:
        raise refusal("--from", "a run that is taken up has its own parameters; --ensemble cannot be given too", "leave it out")
    if "SCENARIO" not in given:
        raise refusal("SCENARIO", "which scenario?", "for example `flywheel run sora --ensemble sora`")
    loaded = load_ensemble(given["--ensemble"])
    note_model(loaded, err)
    scenario, draws = given["SCENARIO"], given.get("--draws", DRAWS)
    jobs = jobs_across(
        loaded,
        scenario,
        loaded.drawn(draws),
        overrides=given.get("--set", ()),
        days=given.get("--days"),
        agents=given.get("--agents"),
    )
    name = jobs[0].scenario.name
    folder = given.get("--out") or Path("runs") / f"{name}-over-{loaded.name}-{sim.model_digest()[:8]}"
    with StudyWatch(err, quiet=quiet) as watch, going_on(folder, err), Standing(None) as executor:
        runs = run_across(jobs, folder, name, executor, tell=watch)
    outcomes, bands = outcome_table(runs), figure_bands(runs, [key for key, _ in _FIGURES])
    if as_json:
        document = {
            "scenario": name,
            "ensemble": loaded.name,
            "draws": draws,
            "folder": str(folder),
            "outcomes": json.loads(outcomes.to_json(orient="records")),
            "figures": {key: [None if math.isnan(number) else float(number) for number in band] for key, band in bands.items()},
        }
        print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        return
    print_outcomes(console(), name, loaded.name, outcomes, [(label, _UNITS[key], bands[key]) for key, label in _FIGURES])
    if not quiet:
        err.print(f"runs: {folder}", markup=False, soft_wrap=True)
