"""A world on a day as a file, and back: it goes on bit by bit as if it had never stopped.

What is saved is the state, arrays and plain fields; the rest is built anew from scenario and seed. The file is an npz archive without
pickled objects, so that opening one runs no code.
"""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.ecosystem import Ecosystem
from sim.files import refuse, write_bytes
from sim.foundation.memory import available_memory_bytes
from sim.results import model_digest
from sim.scenario.branching import branched
from sim.scenario.overrides import Overrides
from sim.scenario.scenario import Scenario
from sim.world import Ramp, World

FORMAT = 1
_OWNERS = ("people", "creators", "queue", "roster", "lapsed", "shelf", "books", "recorder", "cohorts", "carried")
_OF_THE_SCENARIO = {"books": ("days", "cohorts"), "shelf": ("niches",), "cohorts": ("cohort_days", "channels")}
"""Fields that the scenario gives; they may differ where a world goes on for longer than it was meant to."""

State = dict[str, Any]


def state_of(world: World) -> State:
    """All that a world carries from one day to the next: copies of its arrays and its plain fields, by dotted name."""
    state: State = {f"{owner}.{name}": value for owner in _OWNERS for name, value in _fields(owner, getattr(world, owner))}
    policy, institutions = world.policy, world.institutions
    state |= {f"policy.{name}": getattr(policy, name) for name in ("values", "is_closing")}
    state |= {"policy.derived": sorted(policy.derived), "policy.fired": dict(sorted(policy.fired.items()))}
    state["policy.ramps"] = [asdict(ramp) for ramp in policy.ramps]
    state["operator.attempts_per_session"] = institutions.operator.attempts_per_session
    state |= {f"parent.{name}": getattr(institutions.parent, name) for name in ("over_limit_days", "better_use_days")}
    state |= {name: getattr(world, name) for name in ("day", "cause", "has_subscribers")}
    return {name: value.copy() if isinstance(value, np.ndarray) else copy.deepcopy(value) for name, value in state.items()}


def restore(world: World, state: Mapping[str, Any]) -> None:
    """Put a world that was just built for the same people and seed where `state` was. Raises KeyError for a state that lacks something."""
    for owner in _OWNERS:
        _restore(world, owner, state)
    policy, institutions = world.policy, world.institutions
    policy.adopt(dict(state["policy.values"]))
    policy.derived, policy.fired = set(state["policy.derived"]), dict(state["policy.fired"])
    policy.ramps = [Ramp(**ramp) for ramp in state["policy.ramps"]]
    policy.is_closing = state["policy.is_closing"]
    institutions.operator.attempts_per_session = state["operator.attempts_per_session"]
    for name in ("over_limit_days", "better_use_days"):
        setattr(institutions.parent, name, state[f"parent.{name}"])
    for name in ("day", "cause", "has_subscribers"):
        setattr(world, name, state[name])


def _fields(owner: str, held: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a part of the world that are its state; a table inside it field by field."""
    for name, value in _named(held).items():
        if name in _OF_THE_SCENARIO.get(owner, ()):
            continue
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            yield from ((f"{name}.{column}", array) for column, array in value._asdict().items())
        else:
            yield name, value


def _named(held: Any) -> dict[str, Any]:
    if is_dataclass(held):
        return {field.name: getattr(held, field.name) for field in fields(held)}
    return dict(held._asdict() if hasattr(held, "_asdict") else vars(held))


def _restore(world: World, owner: str, state: Mapping[str, Any]) -> None:
    held = getattr(world, owner)
    if hasattr(held, "_asdict"):
        for name, array in held._asdict().items():
            array[...] = state[f"{owner}.{name}"]
        return
    for name, now in _named(held).items():
        if name in _OF_THE_SCENARIO.get(owner, ()):
            continue
        if isinstance(now, tuple) and hasattr(now, "_fields"):
            setattr(held, name, type(now)(*(state[f"{owner}.{name}.{column}"].copy() for column in now._fields)))
        elif isinstance(now, np.ndarray):
            setattr(held, name, _grown_like(state[f"{owner}.{name}"], now))
        else:
            setattr(held, name, state[f"{owner}.{name}"])


def _grown_like(saved: np.ndarray[Any, Any], now: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The saved array, with the room of the one built for this scenario where that is larger (a run that goes on for longer)."""
    if all(a >= b for a, b in zip(saved.shape, now.shape, strict=True)):
        return saved.copy()
    room = now.copy()
    room[tuple(slice(length) for length in saved.shape)] = saved
    return room


def write_world(path: Path, scenario: Scenario, seed: int, state: Mapping[str, Any]) -> None:
    """Write a state, whole or not at all. Raises OSError."""
    arrays = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
    plain = {name: value for name, value in state.items() if name not in arrays}
    document = {"format": FORMAT, "model_digest": model_digest(), "seed": seed, "scenario": scenario.as_document(), "plain": plain}
    sink = io.BytesIO()
    contents: dict[str, Any] = {"document": np.frombuffer(json.dumps(document).encode(), dtype=np.uint8), **arrays}
    np.savez_compressed(sink, **contents)
    write_bytes(path, sink.getvalue())


def read_world(path: Path) -> tuple[Scenario, int, State]:
    """Scenario, seed and state of a saved world. Raises InputError when there is none, it is damaged, or another model wrote it."""
    try:
        with zipfile.ZipFile(path) as archive:
            size, available = sum(one.file_size for one in archive.infolist()), available_memory_bytes()
        if available is not None and size > available:
            raise refuse(path, f"needs {size / 1e9:.1f} GB of memory, {available / 1e9:.1f} GB are free", "use a larger machine")
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        document = json.loads(arrays.pop("document").tobytes())
        written_by, seed, plain, scenario = (document[key] for key in ("model_digest", "seed", "plain", "scenario"))
    except FileNotFoundError as error:
        raise refuse(path, "is missing") from error
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise refuse(path, "is not a saved world", "it was cut off or changed by hand") from error
    if document.get("format") != FORMAT or written_by != model_digest():
        raise refuse(path, "was written by another version of the model", "live the run again up to that day")
    return Scenario.from_document(scenario), int(seed), arrays | plain


def resume(path: str | Path, overrides: Overrides = (), *, days: int | None = None) -> Ecosystem:
    """The world that `save` wrote, to go on with: bit by bit as if it had never stopped, or as `branch` says.

    Raises InputError when there is no such file, it is damaged or of another version of the model, or an override is bad.
    """
    scenario, seed, state = read_world(Path(path))
    if overrides or days is not None:
        scenario = branched(scenario, state["day"], overrides, days=days)
    return _going_on(Ecosystem(scenario, seed), state)


def save(model: Ecosystem, path: str | Path) -> None:
    """Write the world as it is this evening; `resume` goes on from it. Raises OSError."""
    write_world(Path(path), model.plan, model.run_seed, state_of(model.world))


def branch(model: Ecosystem, overrides: Overrides = (), *, days: int | None = None) -> Ecosystem:
    """A copy of this world that goes on by itself, with other values from tomorrow on and the same draws.

    overrides: as `load_scenario` takes them, of parameters that may change while the world runs; days: length of the whole run, instead of
    this one's. The copy is, bit by bit, the run of the same scenario with an intervention on that day. Raises InputError.
    """
    return _going_on(Ecosystem(branched(model.plan, model.world.day, overrides, days=days), model.run_seed), state_of(model.world))


def _going_on(model: Ecosystem, state: Mapping[str, Any]) -> Ecosystem:
    """The model, just built, put where `state` was."""
    restore(model.world, state)
    model.running = not model.world.cause and model.world.day < model.plan.days
    return model
