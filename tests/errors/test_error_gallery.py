"""The gallery: every bad file in this folder says exactly what stands in the text file beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.calibration import load_targets
from analysis.experiments import load_sweep
from analysis.rescuing.levers import load_levers
from sim.foundation.errors import InputError, ScenarioErrors
from sim.scenario import load_scenario, population
from tests.errors.table import TABLE, table

FOLDER = Path(__file__).parent
BAD_FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))
BAD_SWEEPS = sorted(path.name for path in (FOLDER / "sweeps").glob("*.yaml"))
BAD_TARGETS = sorted(path.name for path in (FOLDER / "calibration").glob("*.yaml"))
BAD_LEVERS = sorted(path.name for path in (FOLDER / "levers").glob("*.yaml"))


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_says_exactly_this(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(population, "available_memory_bytes", lambda: 8 * 10**9)
    with pytest.raises(ScenarioErrors) as raised:
        load_scenario(name)
    assert f"{raised.value}\n" == (FOLDER / name).with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BAD_SWEEPS)
def test_a_bad_sweep_file_says_exactly_this(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER / "sweeps")
    with pytest.raises(InputError) as raised:
        load_sweep(name)
    assert f"{raised.value}\n" == Path(name).with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BAD_TARGETS)
def test_a_bad_target_file_says_exactly_this(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER / "calibration")
    with pytest.raises(InputError) as raised:
        load_targets(name)
    assert f"{raised.value}\n" == Path(name).with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BAD_LEVERS)
def test_a_bad_lever_file_says_exactly_this(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER / "levers")
    with pytest.raises(InputError) as raised:
        load_levers(name)
    assert f"{raised.value}\n" == Path(name).with_suffix(".txt").read_text(encoding="utf-8")


def test_the_gallery_is_complete_and_has_nothing_left_over() -> None:
    assert len(BAD_FILES) > 80
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == [Path(name).stem for name in BAD_FILES]
    assert len(BAD_SWEEPS) > 40
    assert sorted(path.stem for path in (FOLDER / "sweeps").glob("*.txt")) == [Path(name).stem for name in BAD_SWEEPS]
    assert len(BAD_TARGETS) > 10
    assert len(BAD_LEVERS) >= 5
    assert sorted(path.stem for path in (FOLDER / "levers").glob("*.txt")) == [Path(name).stem for name in BAD_LEVERS]
    assert sorted(path.stem for path in (FOLDER / "calibration").glob("*.txt")) == [Path(name).stem for name in BAD_TARGETS]


def test_the_table_of_messages_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "python -m tests.errors.table"
