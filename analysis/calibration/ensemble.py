"""An ensemble: weighted sets of parameters, as a JSON file with a set a line, and what it was made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.calibration.reading import folder
from analysis.calibration.targets import Floats

SCHEMA = 1
_ENDING = "_ensemble.json"
_HEAD = ("schema", "holds", "name", "base", "targets", "command", "seed", "agents", "runs", "model_digest", "parameters", "observables")
HOLDS = "flywheel ensemble"


@dataclass(frozen=True)
class Ensemble:
    """Weighted sets of parameters of a base scenario.

    sets: a row a set, a column a parameter by path. seeds: of the run that each set was kept for. observed: the figures of those runs.
    settled: paths among the parameters that were set after the fit. weights: sum to one.
    """

    name: str
    base: str
    targets: str
    command: str
    seed: int
    agents: int
    runs: int
    model_digest: str
    sets: pd.DataFrame
    settled: tuple[str, ...]
    seeds: tuple[int, ...]
    weights: Floats
    observed: pd.DataFrame

    def __len__(self) -> int:
        return len(self.weights)

    def values(self, place: int) -> dict[str, sim.Value]:
        """The parameters of one set, in the types of their kinds."""
        return {str(path): _plain(value) for path, value in self.sets.iloc[place].items()}

    def drawn(self, draws: int, seed: int = 1) -> list[int]:
        """Places of so many sets, as their weights have it: systematic, so that equal weights take each set once before any twice."""
        ticks = (np.arange(draws) + np.random.default_rng(seed).random()) / draws
        return [int(place) for place in np.searchsorted(np.cumsum(self.weights)[:-1], ticks)]

    def write(self, path: Path) -> None:
        """Write it as JSON, a set a line. Raises OSError."""
        head: dict[str, Any] = {
            "schema": SCHEMA,
            "holds": HOLDS,
            **{name: getattr(self, name) for name in _HEAD[2:-2]},
            "parameters": list(self.sets.columns),
            "settled": list(self.settled),
            "observables": list(self.observed.columns),
        }
        lines = [
            json.dumps(
                [_short(weight), seed, [_short(v) for v in self.values(place).values()], [_short(v) for v in self.observed.iloc[place]]]
            )
            for place, (weight, seed) in enumerate(zip(self.weights, self.seeds, strict=True))
        ]
        text = json.dumps(head, indent=1, ensure_ascii=False)[:-2] + ',\n "sets": [\n' + ",\n".join(lines) + "\n ]\n}\n"
        sim.write_bytes(path, text.encode())


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return None if np.isnan(value) else float(f"{value:.6g}")
    return value


def _plain(value: Any) -> sim.Value:
    found: sim.Value = value.item() if isinstance(value, np.generic) else value
    return found


def shipped_ensembles() -> tuple[str, ...]:
    """The names of the ensembles that come with the package."""
    return tuple(sorted(path.name.removesuffix(_ENDING) for path in folder().glob(f"*{_ENDING}")))


def load_ensemble(source: str | Path) -> Ensemble:
    """An ensemble: the name of a shipped one, or a file. Raises InputError when it is none."""
    known = shipped_ensembles()
    path = folder() / f"{source}{_ENDING}" if str(source) in known else Path(source)
    if not path.exists():
        hint = sim.did_you_mean(str(source), known) or f"shipped: {', '.join(known) or 'none'}; `flywheel calibrate fit` makes one"
        raise sim.InputError([sim.Problem(str(source), "there is no such ensemble", hint)])
    document = sim.read_json(path)
    if document.get("holds") != HOLDS or document.get("schema") != SCHEMA:
        raise sim.refuse(path, "is not an ensemble of this version", "`flywheel calibrate fit` makes one")
    try:
        return _of_document(document)
    except (KeyError, TypeError, ValueError) as error:
        raise sim.refuse(path, f"is not a whole ensemble: {error}", "it was cut off or changed by hand") from error


def _of_document(document: Mapping[str, Any]) -> Ensemble:
    for name in ("parameters", "observables"):
        if not isinstance(document[name], list) or not all(isinstance(one, str) for one in document[name]):
            raise ValueError(f"'{name}' is not a list of names")
    if unknown := [name for name in document["parameters"] if sim.override_declaration(name) is None]:
        raise ValueError(f"there is no parameter '{unknown[0]}'")
    if wrong := [name for name in ("targets", "base") if not isinstance(document[name], str)]:
        raise ValueError(f"'{wrong[0]}' is not a name")
    weights, seeds, values, observed = zip(*document["sets"], strict=True)
    head = {name: document[name] for name in _HEAD[2:-2]}
    sets = pd.DataFrame(list(values), columns=document["parameters"]).convert_dtypes()
    total = np.asarray(weights, dtype=np.float64)
    if not (total > 0.0).all():
        raise ValueError("a weight is not above 0")
    figures = pd.DataFrame(list(observed), columns=document["observables"], dtype=np.float64)
    return Ensemble(
        **head, sets=sets, settled=tuple(document["settled"]), seeds=tuple(seeds), weights=total / total.sum(), observed=figures
    )


def weighted_quantiles(values: Sequence[float] | Floats, weights: Floats, points: Sequence[float]) -> Floats:
    """Quantiles of weighted numbers: linear between the middles of their shares; NaN where there are none. Missing values are left out."""
    array = np.asarray(values, dtype=np.float64)
    there = ~np.isnan(array)
    if not there.any():
        return np.full(len(points), np.nan)
    order = np.argsort(array[there], kind="stable")
    ordered, shares = array[there][order], weights[there][order]
    middles = (np.cumsum(shares) - 0.5 * shares) / shares.sum()
    return np.asarray(np.interp(points, middles, ordered))
