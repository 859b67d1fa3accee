"""The sentences and small tables of the report that are not figures."""

from __future__ import annotations

from typing import Any

from analysis.figures.series import date_words
from analysis.reference.layout import source_counts
from analysis.reference.parameters import all_declared
from analysis.report.exhibit import Story
from analysis.wording import MEANINGS, amount, band
from sim import Run
from sim.summary import FIGURES

_ENOUGH_SEEDS = 20
_WHOLE = 0.999

_KEY_NUMBERS = (
    ("installs_total", "installs"),
    ("dau_peak", "daily users at the peak"),
    ("retention.d30", "adopters active after 30 days"),
    ("attempts_per_accepted", "attempts per usable clip"),
    ("leaked_view_share", "views that happen outside"),
    ("revenue_usd.total", "revenue"),
    ("cost_usd.total", "cost"),
    ("operating_profit_usd", "operating profit"),
)


def closing(story: Story) -> str:
    """Day and date of the closure, or the last day of a product that lives on."""
    run, days = story.run, story.run.ensemble["closing_day"]
    launch = f"launched on {date_words(run, 0)}, day 0"
    if days is None:
        last = max(int(summary["days_run"]) for summary in run.summaries) - 1
        return f"It is open on the last day simulated, day {last}, {date_words(run, last)} ({launch})."
    where = "" if days["n"] == len(run.seeds) else f"In {days['n']} of {len(run.seeds)} runs it is closed: "
    spread = ""
    if days["n"] > 1:
        spread = (
            f"; 5–95 %: day {days['q05']:.0f}, {date_words(run, days['q05'])}, to day {days['q95']:.0f}, {date_words(run, days['q95'])}"
        )
    text = f"{where}Its last day is day {days['q50']:.0f}, {date_words(run, days['q50'])}{spread} ({launch})."
    return text if not where else text.replace("Its last day is", "its last day is")


def how_sure(story: Story) -> list[str]:
    """What the verdict rests on, a sentence each."""
    run, sentences = story.run, []
    n = len(run.seeds)
    runs = "One run" if n == 1 else f"{n} runs"
    if n < _ENOUGH_SEEDS:
        sentences.append(f"{runs} only: the interval is wide, and a world is judged by {_ENOUGH_SEEDS} or more seeds.")
    agreement = run.ensemble["figures"].get("outcome_agreement", {})
    if agreement.get("n"):
        share = agreement["q50"]
        how = "all nine" if share >= _WHOLE else f"only {share:.0%} of the nine"
        sentences.append(f"In the median run {how} windows and thresholds tried give the same outcome.".replace("%", " %"))
    if story.comparison is not None:
        sentences.append(_met_words(story))
    sentences.append(
        f"Bands and intervals are the luck of the draw among seeds. They do not say that the numbers put in are right: of "
        f"{len(all_declared())} parameters the defaults are {source_counts(all_declared())}."
    )
    return sentences


def _met_words(story: Story) -> str:
    assert story.comparison is not None
    parts = []
    for fitted, title in ((True, "that the settings were fitted to"), (False, "that they were not")):
        rows = story.comparison[story.comparison["fitted"] == fitted]
        parts.append(f"{int(rows['met'].eq(True).sum())} of {len(rows)} public figures {title}")
    return f"The median run meets {parts[0]} and {parts[1].replace('public figures ', '')}."


def outcome_rows(run: Run) -> list[dict[str, str]]:
    """Each outcome that occurs: its meaning, how many runs have it, and the interval of their share."""
    rows = []
    for name, one in run.ensemble["outcomes"].items():
        meaning = MEANINGS.get(name, "it was closed")
        interval = band(one["low"], one["high"], "share")
        count = f"{one['count']} of {len(run.seeds)}"
        rows.append({"name": name.replace("_", "-"), "meaning": meaning, "count": count, "interval": interval})
    return rows


def key_numbers(story: Story) -> list[dict[str, str]]:
    """The figures one asks for first: label, median, band."""
    rows = []
    for key, label in _KEY_NUMBERS:
        row = story.run.ensemble["figures"].get(key, {})
        unit = row.get("unit", "1")
        spread = band(row.get("q05"), row.get("q95"), unit) if story.many else ""
        rows.append({"label": label, "median": amount(row.get("q50"), unit), "band": spread})
    return rows


def summary_rows(run: Run) -> list[dict[str, Any]]:
    """Every figure of the summary: key, meaning, unit, median, band and how many seeds have it."""
    rows = []
    for figure in FIGURES:
        found = run.ensemble["figures"].get(figure.key, {})
        rows.append(
            {
                "key": figure.key,
                "meaning": figure.meaning,
                "unit": "" if figure.unit in ("1", "share") else figure.unit,
                "median": amount(found.get("q50"), figure.unit),
                "band": band(found.get("q05"), found.get("q95"), figure.unit),
                "n": found.get("n", 0),
            }
        )
    return rows
