"""What is printed of a calibration: progress on stderr; tables on stdout, at most 100 columns wide."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from analysis.wording import amount, band

if TYPE_CHECKING:
    import pandas as pd

    from analysis.calibration.sampler import Posterior

_SECONDS_A_LINE = 15.0
_MOST_PARAMETERS = 50


class StudyWatch:
    """Progress on stderr: a bar on a terminal, now and then a line elsewhere, nothing when quiet."""

    def __init__(self, err: Console, *, quiet: bool) -> None:
        self._err, self._quiet = err, quiet
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
        self._task = self._bar.add_task("", total=None)
        self._start = self._told = time.monotonic()
        self._runs = 0

    def __enter__(self) -> StudyWatch:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """So many runs of a step are done."""
        self._bar.update(self._task, total=total, completed=done, description=what)
        self._runs += done == total
        now = time.monotonic()
        if not self._quiet and not self._err.is_terminal and now - self._told >= _SECONDS_A_LINE:
            self._told = now
            self._err.print(f"{what}: {done:,} of {total:,} runs, {now - self._start:.0f} s so far", soft_wrap=True, markup=False)


def _table(title: str, *columns: str, left: int = 1) -> Table:
    """A plain table; the first columns are text and stand left, the others are numbers and stand right."""
    table = Table(title=title, box=None, title_justify="left", padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right", no_wrap=place >= left)
    return table


def print_fit(out: Console, posterior: Posterior, sets: int) -> None:
    """How the sampler came to its end."""
    out.print(Text(f"{sets} weighted sets, worth {posterior.effective:.0f} equal ones, from {posterior.runs:,} sets tried", style="bold"))
    if posterior.power < 1.0:
        said = f"tolerance: runs decide at the power {posterior.power:.2f} (1: wholly) beside the emulator, so that luck leaves enough sets"
        out.print(said, soft_wrap=True)
    shown = _table("", "round", "least Σz²", "median Σz²", "worth", "error of the emulator", left=0)
    for number, one in enumerate(posterior.rounds, start=1):
        numbers = (f"{one.least:.1f}", f"{one.median:.1f}", f"{one.effective:.0f}", f"{one.emulator_error:.2f} sd")
        shown.add_row(str(number), *numbers)
    out.print(shown)


def print_predicted(out: Console, table: pd.DataFrame, product: str) -> None:
    """Predicted beside public, the strong figures first."""
    shown = _table(f"Predicted beside public: {product}", "figure", "public", "range", "predicted", "90 % band", "inside")
    for is_strong, title in ((True, "the strongest figures"), (False, "others")):
        shown.add_row(Text(title, style="italic"))
        for row in table[table["strong"] == is_strong].to_dict("records"):
            shown.add_row(f"  {row['label']}", *_predicted_cells(row))
    out.print(shown)
    strong = table[table["strong"]]
    out.print(
        f"{int(strong['inside'].sum())} of {len(strong)} strong figures lie inside the 90 % band (of the model and the figure's own error)"
    )


def _predicted_cells(row: dict[Any, Any]) -> tuple[str, ...]:
    unit = row["unit"]
    public = amount(row["value"], unit) if math.isfinite(row["low"]) else "–"
    return (
        public,
        band(row["low"], row["high"], unit),
        amount(row["model"], unit),
        band(row["band_low"], row["band_high"], unit),
        "yes" if row["inside"] else "NO",
    )


def print_widths(out: Console, table: pd.DataFrame) -> None:
    """Prior against posterior, the best identified first."""
    shown = _table("Prior and posterior (90 % intervals)", "parameter", "prior", "posterior", "width", "identified")
    for row in table.head(_MOST_PARAMETERS).to_dict("records"):
        if row["shares"]:
            shown.add_row(row["parameter"], "even", row["shares"], f"{row['width']:.0%}", row["identified"])
        else:
            before, after = (_interval(row[low], row[high]) for low, high in (("prior_low", "prior_high"), ("low", "high")))
            shown.add_row(row["parameter"], before, after, f"{row['width']:.0%}", row["identified"])
    out.print(shown)
    counts = table["identified"].value_counts()
    out.print(f"identified {counts.get('yes', 0)}, partly {counts.get('partly', 0)}, not {counts.get('no', 0)} of {len(table)} parameters")


def _interval(low: float, high: float) -> str:
    return f"{low:.3g}–{high:.3g}"


def print_trade_offs(out: Console, table: pd.DataFrame) -> None:
    """The strongest correlations between parameters."""
    shown = _table("Strongest trade-offs (rank correlation)", "one", "other", "correlation", left=2)
    for row in table.to_dict("records"):
        shown.add_row(row["one"], row["other"], f"{row['correlation']:+.2f}")
    out.print(shown)


def print_believed(out: Console, table: pd.DataFrame, labels: dict[str, tuple[str, str]]) -> None:
    """What follows if each source is right. labels: figure -> (label, unit)."""
    shown = _table("If one source is right", "source", "sets left", *(label for label, _ in labels.values()))
    for row in table.to_dict("records"):
        cells = (amount(row[name], unit) for name, (_, unit) in labels.items())
        shown.add_row(row["source"], f"{row['effective']:.0f}", *cells)
    out.print(shown)
    for row in table.to_dict("records"):
        if row["effective"] < 10:
            out.print(f"'{row['source']}' leaves {row['effective']:.0f} sets: the model can hardly have it so", soft_wrap=True)


def print_outcomes(out: Console, name: str, ensemble: str, table: pd.DataFrame, figures: Sequence[tuple[str, str, Any]]) -> None:
    """Outcomes with their probability over an ensemble, and bands of figures: (label, unit, (low, median, high))."""
    out.print(Text(f"{name} over the ensemble '{ensemble}': {int(table['count'].sum())} draws", style="bold"))
    shown = _table("", "outcome", "probability", "95 % interval")
    for row in table.to_dict("records"):
        shown.add_row(row["outcome"].replace("_", "-"), f"{row['probability']:.0%}", f"{row['low']:.0%}–{row['high']:.0%}")
    out.print(shown)
    shown = _table("", "figure", "median", "5–95 % of draws")
    for label, unit, (low, middle, high) in figures:
        shown.add_row(label, amount(middle, unit), band(low, high, unit))
    out.print(shown)


def print_conclusions(out: Console, table: pd.DataFrame) -> None:
    """How probable it is that each changed world sustains itself."""
    shown = _table("P(self-sustaining) over the ensemble", "changed", "P", "95 %", "daily users at the end", "robust")
    for row in table.to_dict("records"):
        robust = "yes" if not row["hangs_on"] else "no"
        users = f"{amount(row['dau'], 'people')} ({band(row['dau_low'], row['dau_high'], 'people')})"
        shown.add_row(row["change"], f"{row['probability']:.0%}", f"{row['low']:.0%}–{row['high']:.0%}", users, robust)
    out.print(shown)
    for row in table.to_dict("records"):
        hangs = f"; it hangs on {row['hangs_on']}" if row["hangs_on"] else ""
        out.print(f"{row['change']}: {row['outcomes']}{hangs}", soft_wrap=True, markup=False)


def print_forecast(out: Console, scores: pd.DataFrame, summary: pd.DataFrame, until: int) -> None:
    """What was forecast beside what came, and the scores."""
    shown = _table(f"Fitted to day {until}: what came after", "figure", "public", "model, 90 %", "no change, 90 %", "exp. decay, 90 %")
    for _, rows in scores.groupby("target", sort=False):
        cells = [f"{band(row['low'], row['high'], row['unit'])}{'' if row['inside'] else ' *'}" for row in rows.to_dict("records")]
        shown.add_row(rows["label"].iloc[0], amount(rows["value"].iloc[0], rows["unit"].iloc[0]), *cells)
    out.print(shown)
    out.print("* the public figure lies outside")
    shown = _table("Mean CRPS of the logarithm (less is better), figures inside the 90 % band", "forecast", "score", "inside")
    for row in summary.to_dict("records"):
        shown.add_row(row["forecast"], f"{row['score']:.3f}", f"{row['inside']} of {row['targets']}")
    out.print(shown)


def print_recovery(out: Console, table: pd.DataFrame) -> None:
    """How often the truth lay in the stated interval."""
    shown = _table("Truth inside its 90 % interval", "parameter", "worlds", "inside", "width", "identified")
    for row in table.to_dict("records"):
        identified = "yes" if row["identified"] else "no"
        shown.add_row(row["parameter"], str(row["worlds"]), f"{row['inside']:.0%}", f"{row['width']:.0%}", identified)
    out.print(shown)
    told = table[table["identified"]]
    if len(told):
        share = float((told["inside"] * told["worlds"]).sum() / told["worlds"].sum())
        out.print(Text(f"identified parameters: {share:.0%} of {int(told['worlds'].sum())} intervals cover the truth", style="bold"))
    share = float((table["inside"] * table["worlds"]).sum() / table["worlds"].sum())
    out.print(f"all parameters: {share:.0%} of {int(table['worlds'].sum())}")


def print_facts(out: Console, table: pd.DataFrame) -> None:
    """Stylised facts beside their public ranges."""
    shown = _table("Stylised facts, none of them fitted", "fact", "public", "ensemble", "5–95 %", "within")
    for row in table.to_dict("records"):
        unit = row["unit"]
        public = (
            f"over {amount(row['low'], unit)}"
            if math.isnan(row["high"]) and not math.isnan(row["low"])
            else band(row["low"], row["high"], unit)
        )
        within = "–" if math.isnan(row["within"]) else f"{row['within']:.0%}"
        shown.add_row(row["fact"], public, amount(row["sim"], unit), band(row["sim_low"], row["sim_high"], unit), within)
    out.print(shown)
