"""What the reader of a run should know although nothing is wrong, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.wording import amount
from sim import Run

FEWEST_ROWS = 10_000
"""Rows below which a run says that they are few."""

CEILINGS = (
    ("retention.d30", 0.49, "adopters active after 30 days", "the best social apps keep 32–49 %"),
    ("payers_share", 0.07, "adopters who ever paid", "1–7 % of installs pay for known products"),
)
"""Figures beyond which no product is known to lie: key, ceiling, what it is, what is known."""


def notes_on(run: Run, scenario_notes: Sequence[str]) -> Iterator[str]:
    """What the scenario says of itself, interventions that never happened, implausible figures, few rows. scenario_notes: of the load."""
    yield from scenario_notes
    yield from _never_happened(run)
    yield from _beyond_the_known(run)
    agents = int(run.summaries[0]["agents"])
    if agents < FEWEST_ROWS:
        yield (
            f"{agents} rows are few: with few clips in each niche there is less to watch (20000 rows show 1–4 % fewer views than 80000, "
            f"5000 show 7 % fewer) and runs scatter more; compare worlds of the same rows, and take levels from {FEWEST_ROWS} rows or more"
        )


def _never_happened(run: Run) -> Iterator[str]:
    runs = "the run" if len(run.seeds) == 1 else f"any of {len(run.seeds)} runs"
    for name, one in run.scenario["interventions"].items():
        if happened(run, name) == 0:
            why = f"'{one['when']}' never held" if one["day"] is None else f"the product was closed before day {one['day']}"
            yield f"intervention '{name}' never happened in {runs}: {why}"


def _beyond_the_known(run: Run) -> Iterator[str]:
    for key, ceiling, what, known in CEILINGS:
        found = run.ensemble["figures"].get(key, {}).get("q50")
        if found is not None and found > ceiling:
            yield f"{what}: {amount(found, 'share')} in the median run, where {known}; read directions from this world, not levels"


def happened(run: Run, name: str) -> int:
    """In how many runs an intervention happened."""
    return sum(summary["interventions"][name] is not None for summary in run.summaries)
