"""The page of falsifiers, with what the model predicts for each."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.falsifiers.predicting import Predicted
from analysis.reference import layout
from analysis.wording import amount


def falsifiers_page(predictions: Sequence[Predicted], draws: int, agents: int, width: int, ensemble: str | None = None) -> str:
    """Each falsifier with measure, threshold, prediction and the commands that compute it. ensemble: whose sets are drawn; None: seeds."""
    clear = sum(one.is_clear for one in predictions)
    over = layout.counted(draws, "seed") if ensemble is None else f"{layout.counted(draws, 'set')} of the ensemble '{ensemble}'"
    holds = (
        "The bands hold the luck of a run and not what is unknown about the parameters: `--ensemble sora` does."
        if ensemble is None
        else "The bands hold what is unknown about the parameters, and the luck of a run."
    )
    intro = (
        f"{layout.counted(len(predictions), 'observation')} that would refute the model, each with what the model predicts: median and "
        f"5-95 % of {over} at {agents:,} rows. Of {clear} the whole band lies on the model's side of the "
        "threshold: if you observe the other side there, the model is wrong. Where the band reaches over the threshold, the observation "
        f"would be no verdict yet, and the page says so. {holds}"
    )
    return layout.page("What would refute the model", intro, [_block(one, width) for one in predictions], width)


def _block(one: Predicted, width: int) -> str:
    falsifier = one.falsifier
    threshold = _number(falsifier.threshold, falsifier.unit)
    band = f"{_number(one.low, falsifier.unit)} to {_number(one.high, falsifier.unit)}"
    said = "no number: no draw has one" if not one.draws else f"{_number(one.median, falsifier.unit)} ({band})"
    verdict = "" if one.is_clear else "; its own band does not keep clear of the threshold, so this decides nothing"
    details = (
        falsifier.observation,
        f"measure: {falsifier.measure}; refuted {falsifier.refuted} {threshold}",
        f"predicted: {said}{verdict}",
        *(f"computed from: {world.command()}" for world in falsifier.worlds),
    )
    return layout.item(f"{falsifier.name}  (claims {falsifier.claim})", details, width)


def _number(value: float, unit: str) -> str:
    return amount(value, unit) if unit == "share" else f"{value:.3g}"


def document(predictions: Sequence[Predicted], draws: int, agents: int, ensemble: str | None = None) -> dict[str, object]:
    """The predictions as plain JSON values."""
    rows = [
        {
            "falsifier": one.falsifier.name,
            "claim": one.falsifier.claim,
            "observation": one.falsifier.observation,
            "measure": one.falsifier.measure,
            "unit": one.falsifier.unit,
            "refuted": one.falsifier.refuted,
            "threshold": one.falsifier.threshold,
            "predicted": {"q05": one.low, "q50": one.median, "q95": one.high} if one.draws else None,
            "draws": one.draws,
            "clear": one.is_clear,
            "commands": [world.command() for world in one.falsifier.worlds],
        }
        for one in predictions
    ]
    return {"ensemble": ensemble, "draws": draws, "agents": agents, "falsifiers": rows}
