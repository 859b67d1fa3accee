"""Numbers and verdicts in words, the same in the terminal and in figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import GateTest, Run

MEANINGS = {
    "self_sustaining": "it pays its costs and does not shrink",
    "subsidised": "it does not shrink, and others pay for it",
    "harvest": "it pays its costs and shrinks",
    "fading": "it shrinks and does not pay its costs",
    "vestigial": "hardly anybody is left",
    "undetermined": "a verdict needs 180 days or a shutdown",
}
CAUSES = {
    "stop_loss": "the parent's stop-loss",
    "opportunity_cost": "the parent had a better use for the compute",
    "insolvency": "the money was gone",
    "scenario": "a rule of the scenario",
}


def amount(value: float | None, unit: str) -> str:
    """A number with its unit as short text: 4.5 M, $540 k, 12 %, 0.42; a dash where it is undefined."""
    if value is None or math.isnan(value):
        return "–"
    if unit == "share":
        return f"{100.0 * value:.2g} %" if abs(value) < 0.0995 else f"{100.0 * value:.0f} %"
    if unit in ("day", "days"):
        return f"{value:.0f}"
    if unit.startswith("USD"):
        return ("-$" if value < 0.0 else "$") + _short(abs(value))
    return _short(value)


def band(low: float | None, high: float | None, unit: str) -> str:
    """Two numbers as a range: 3.9 M–5.2 M; a bound from above only: up to 500 k."""
    if high is None or math.isnan(high):
        return "–"
    if low is None or math.isnan(low):
        return f"up to {amount(high, unit)}"
    between = " to " if low < 0.0 else "–"
    return f"{amount(low, unit)}{between}{amount(high, unit)}"


def breaks_when(test: GateTest) -> str:
    """What breaks a gate: attempts per usable clip over 5."""
    return f"{test.figure} {'over' if test.breaks_over else 'under'}\u00a0{amount(test.bound, test.unit)}"


def _short(value: float) -> str:
    for size, mark in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= 0.9995 * size:
            return f"{_three_digits(value / size)}{mark}"
    return _three_digits(value)


def _three_digits(value: float) -> str:
    text = f"{value:#.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def verdict(run: Run) -> str:
    """What happened to the product, in one sentence."""
    ensemble, n = run.ensemble, len(run.seeds)
    runs = "1 run" if n == 1 else f"{n} runs"
    shares = {name: (row["count"], f"{100.0 * row['low']:.0f}–{100.0 * row['high']:.0f} %") for name, row in ensemble["outcomes"].items()}
    if ensemble["verdict"] == "contested":
        parts = ", ".join(f"{_plain(name)} in {count} ({interval})" for name, (count, interval) in shares.items())
        end = f"; {_closing(run)}" if "shutdown" in shares else ""
        return f"{run.name}: contested, no outcome has 80 % of {runs}: {parts} (95 % intervals){end}."
    name = ensemble["verdict"]
    count, interval = shares[name]
    reason = _closing(run) if name == "shutdown" else MEANINGS[name]
    return f"{run.name}: {_plain(name)} in {count} of {runs} (95 % interval {interval}), {reason}."


def _closing(run: Run) -> str:
    """When, why, and the first gate to break."""
    closing, causes, gates = run.ensemble["closing_day"], run.ensemble["causes"], run.ensemble["first_gates"]
    when = f"on day {closing['q50']:.0f}"
    if closing["n"] > 1:
        when += f" (5–95 %: {closing['q05']:.0f}–{closing['q95']:.0f})"
    why = " or ".join(CAUSES.get(cause, _plain(cause)) for cause in causes)
    first = " or ".join(gates)
    gate = (f"broken at once: {first}" if " and " in first else f"the first gate to break was {first}") if gates else "no gate had broken"
    return f"{when}: {why}; {gate}"


def _plain(name: str) -> str:
    return name.replace("_", "-")
