"""From early indicators of many worlds to what they are worth: scores by day, reliability, the few that carry it, and walls.

Pure: it takes tables of indicators and a yes or no a world, and knows nothing of the simulator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

import sim
from analysis.early_warning.early import BY_NAME, Early
from analysis.early_warning.logistic import Groups, Labels, forward
from analysis.early_warning.telling import BEST, REPEATS, Learner, Rehearsal, best_of, everything, only, rehearse, reliability
from analysis.early_warning.walls import wall
from analysis.wording import amount

ALL, BEST_THREE, BEST_ONE = "all indicators", "best three", "best one"
FEWEST = 20
"""Worlds of either kind below which nothing is learnt."""

_QUARTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class Foretelling:
    """What early indicators are worth, by day.

    scores: a row a day and teller: day, teller (ALL, BEST_THREE, BEST_ONE, or an indicator alone), worlds, share (of yes), auc, brier,
    skill; auc and skill with low and high. reliability: of ALL, a row a day and bin. selection: a row a day and indicator: among_three,
    first (shares of the tellers that chose it), place (1 to 3 where all worlds together choose it, else 0). walls: a row a day and
    indicator, in natural units, with quantiles of both kinds of worlds; holds: whether the shares of yes on its sides differ beyond doubt.
    """

    scores: pd.DataFrame
    reliability: pd.DataFrame
    selection: pd.DataFrame
    walls: pd.DataFrame


def foretell(
    earlies: Mapping[int, Early],
    labels: Labels,
    groups: Groups,
    *,
    repeats: int = REPEATS,
    told: Callable[[int], None] | None = None,
) -> Foretelling:
    """What is visible by each day, held against what came. labels, groups: of all worlds, in their order.

    told: called with each day that is begun. Raises InputError where one kind of worlds is too rare to learn from.
    """
    check_both(labels)
    parts: dict[str, list[pd.DataFrame]] = {"scores": [], "reliability": [], "selection": [], "walls": []}
    for day, one in earlies.items():
        if told is not None:
            told(day)
        places = one.values.index.to_numpy()
        own, group = labels[places], groups[places]
        check_both(own, f"of the worlds that are still open on day {day}, ")
        found = rehearse(one.scaled, own, group, _learners(one), repeats=repeats)
        tables = {
            "scores": _scores(found, own),
            "reliability": reliability(found[ALL].probability, own),
            "selection": _selection(one, found[BEST_THREE], own),
        }
        tables["walls"] = pd.DataFrame([_wall(one, str(name), own, group, repeats) for name in one.values])
        for name, table in tables.items():
            table.insert(0, "day", day)
            parts[name].append(table)
    return Foretelling(**{name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()})


def check_both(labels: Labels, who: str = "") -> None:
    """Raises InputError where yes or no is too rare to learn from."""
    yes, count = int(labels.sum()), len(labels)
    if min(yes, count - yes) >= FEWEST:
        return
    place = "the worlds"
    if yes in (0, count):
        message = f"{who}{'all' if yes else 'none'} of {count} come to that end: they are all alike, and nothing can be learnt"
    else:
        share = amount(yes / count, "share")
        message = f"{who}{yes} of {count} ({share}) come to that end; at least {FEWEST} of either kind are needed to learn from"
    hint = "draw more worlds (--worlds), or widen what is drawn (--wider FILE) until both ends occur; or ask for another --outcome"
    raise sim.InputError([sim.Problem(place, message, hint)])


def _learners(one: Early) -> dict[str, Learner]:
    names = [str(name) for name in one.values]
    alone = {name: only(column) for column, name in enumerate(names)}
    return {ALL: everything, BEST_THREE: best_of(BEST), BEST_ONE: best_of(1), **alone}


def _scores(found: Mapping[str, Rehearsal], labels: Labels) -> pd.DataFrame:
    rows = [{"teller": name, "worlds": len(labels), "share": float(labels.mean()), **asdict(one.score)} for name, one in found.items()]
    return pd.DataFrame(rows)


def _selection(one: Early, three: Rehearsal, labels: Labels) -> pd.DataFrame:
    together = forward(one.scaled, labels, BEST)
    rows = [
        {
            "indicator": str(name),
            "among_three": float(np.mean([column in used for used in three.used])),
            "first": float(np.mean([column == used[0] for used in three.used])),
            "place": together.index(column) + 1 if column in together else 0,
        }
        for column, name in enumerate(one.values)
    ]
    return pd.DataFrame(rows)


def _wall(one: Early, name: str, labels: Labels, groups: Groups, repeats: int) -> dict[str, object]:
    """The wall of an indicator, in natural units, over the worlds that have it."""
    indicator, values = BY_NAME[name], one.values[name].to_numpy(np.float64)
    there = ~np.isnan(values)
    scaled, yes = indicator.scaled(values[there]), labels[there]
    found = asdict(wall(scaled, yes, groups[there], repeats=repeats))
    holds = bool(found["yes_bad_high"] < found["yes_good_low"])
    natural = {end: indicator.natural(found.pop(end)) for end in ("threshold", "low", "high")}
    of_kind = {"yes": values[there][yes], "no": values[there][~yes]}
    quartiles = {f"{kind}_q{q:02d}": float(np.percentile(of, q)) for kind, of in of_kind.items() for q in _QUARTILES}
    return {"indicator": name, "label": indicator.label, "unit": indicator.unit, **natural, **found, "holds": holds, **quartiles}
