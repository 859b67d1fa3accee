"""What the verbs of a calibration share: plans, notes, tables and figures, and how they are kept and printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

import sim
from analysis.printing import console
from analysis.verbs.common import INTERRUPTED, refusal

if TYPE_CHECKING:
    import pandas as pd

    from analysis.calibration import Ensemble, Fit, Plan, Targets

_SHOWN_IF_BELIEVED = ("dau_peak", "retention_d30", "compute_cost_per_day", "installs_day_151")


def plan_of(plain: Plan, seed: int, **given: int | None) -> Plan:
    """The plan with what is given. Raises InputError for a search that is no power of two."""
    plan = replace(plain, seed=seed, **{name: value for name, value in given.items() if value is not None})
    if plan.search & (plan.search - 1):
        below = 1 << (plan.search.bit_length() - 1)
        why = "is no power of two, and a Sobol' search is even only at those"
        raise refusal(f"--search {plan.search}", why, f"give {below} or {2 * below}")
    return plan


def command_of(verb: str, targets: str, **options: object) -> str:
    said = " ".join(f"--{name} {value}" for name, value in options.items() if value is not None)
    return f"flywheel calibrate {verb} {targets} {said}".strip()


@contextmanager
def going_on(folder: Path, err: Console) -> Iterator[None]:
    """Say on Ctrl-C that what was run is kept."""
    try:
        yield
    except KeyboardInterrupt:
        err.print(f"interrupted; what was run is kept in {folder}: the same command goes on", markup=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def note_model(ensemble: Ensemble, err: Console) -> None:
    """Say where an ensemble was fitted with another version of the model."""
    if ensemble.model_digest != sim.model_digest():
        err.print(
            f"note: '{ensemble.name}' was fitted with another version of the model ({ensemble.model_digest[:8]}, now "
            f"{sim.model_digest()[:8]}): what it predicts may have moved; `{ensemble.command}` fits it again",
            markup=False,
            soft_wrap=True,
        )


def report_of(ensemble: Ensemble, targets: Targets) -> dict[str, pd.DataFrame]:
    from analysis.calibration.checks import if_believed, predicted, trade_offs, widths  # noqa: PLC0415

    held = tuple(target for target in targets.targets if target.name in ensemble.observed)
    shown = [name for name in _SHOWN_IF_BELIEVED if name in ensemble.observed]
    return {
        "predicted": predicted(ensemble, held),
        "parameters": widths(ensemble, targets.priors),
        "trade_offs": trade_offs(ensemble, targets.priors),
        "if_believed": if_believed(ensemble, held, targets.conflicts, targets.priors, shown),
    }


def print_report(tables: Mapping[str, pd.DataFrame], targets: Targets) -> None:
    from analysis.printing_calibration import print_believed, print_predicted, print_trade_offs, print_widths  # noqa: PLC0415

    out = console()
    out.print()
    labels = {target.name: (target.label, target.unit) for target in targets.targets if target.name in tables["if_believed"]}
    print_predicted(out, tables["predicted"], targets.product)
    out.print()
    print_widths(out, tables["parameters"])
    out.print()
    print_trade_offs(out, tables["trade_offs"])
    out.print()
    print_believed(out, tables["if_believed"], labels)


def keep(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as CSV. Raises InputError where that cannot be done."""
    for name, table in tables.items():
        try:
            sim.write_bytes(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.6g").encode())
        except OSError as error:
            raise sim.refuse(folder, f"cannot be written: {error.strerror}", "name another folder with --out") from error


def draw(folder: Path, found: Fit, tables: Mapping[str, pd.DataFrame], targets: Targets) -> None:
    from analysis.figures.calibration import draw_predicted, draw_widths  # noqa: PLC0415

    sim.write_bytes(folder / "predicted.png", draw_predicted(tables["predicted"], targets.product))
    sim.write_bytes(folder / "parameters.png", draw_widths(tables["parameters"], found.ensemble, found.prior))


def how_it_went(found: Fit) -> dict[str, Any]:
    posterior = found.posterior
    return {
        "sets": len(found.ensemble),
        "effective": posterior.effective,
        "tried": posterior.runs,
        "power": posterior.power,
        "rounds": [asdict(one) for one in posterior.rounds],
    }


def print_json(document: Mapping[str, Any]) -> None:
    plain = {name: json.loads(one.to_json(orient="records")) if hasattr(one, "to_json") else one for name, one in document.items()}
    print(json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False))
