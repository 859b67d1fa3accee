"""Every block of README.md does what it says: commands, scenario, Python, and the changes, which are applied to a copy of the project."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = {
    "run": ("--seeds", "2", "--agents", "600", "--days", "120"),
    "compare": ("--seeds", "2", "--agents", "300", "--days", "60"),
    "frontier": ("--budget", "8", "--agents", "300", "--days", "60"),
    "explain": ("--seeds", "2", "--agents", "300", "--days", "180"),
    "rescue": ("--seeds", "5", "--agents", "300", "--days", "180", "--most-runs", "100"),
    "deadline": ("--seeds", "2", "--agents", "300", "--judged-after", "180"),
    "warn": ("--worlds", "100", "--agents", "300"),
    "sensitivity screen": ("--trajectories", "5", "--agents", "200", "--days", "180"),
    "sensitivity indices": ("--trajectories", "5", "--points", "4", "--top", "2", "--agents", "200", "--days", "180"),
    "sensitivity ablate": ("--draws", "2", "--agents", "300", "--days", "180"),
    "sensitivity region": ("--points", "128", "--agents", "300", "--days", "180"),
}


def blocks(language: str) -> list[str]:
    """The fenced blocks of README.md in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def run(arguments: list[str], folder: Path) -> str:
    """Run Python with these arguments in a folder; returns what it printed."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def flywheel(line: str, folder: Path) -> str:
    """Run a `flywheel` command line of the README, small where it runs a world."""
    words = shlex.split(line, comments=True)[1:]
    small = SMALL.get(words[0], SMALL.get(" ".join(words[:2]), ()))
    return run(["-m", "analysis.cli", *words, *small], folder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean folder of a new user; the package is found as if it were installed."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def test_the_commands_of_the_ten_minutes_run_one_after_another(folder: Path) -> None:
    (ten_minutes,) = [block for block in blocks("sh") if "flywheel new" in block]
    for line in ten_minutes.splitlines():
        flywheel(line, folder)
    assert len(list((folder / "runs").iterdir())) == 2


def test_the_commands_of_a_fresh_machine_name_targets_and_files_that_exist() -> None:
    fresh = "".join(block for block in blocks("sh") if "make " in block or ".venv" in block)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", fresh):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
    assert (ROOT / "scenarios" / "sora.yaml").is_file()
    assert "flywheel run scenarios/sora.yaml" in fresh
    assert "flywheel run scenarios/sora.yaml" in makefile


@pytest.mark.slow
def test_the_five_questions_are_told_in_one_report(folder: Path) -> None:
    (commands,) = [block for block in blocks("sh") if "flywheel explain" in block]
    for line in commands.splitlines():
        flywheel(line, folder)
    page = (folder / "runs" / "sora" / "report.html").read_text(encoding="utf-8")
    assert [verb for verb in ("explain", "rescue", "deadline", "warn", "economics") if f'<section id="{verb}">' not in page] == []


@pytest.mark.slow
def test_the_commands_of_a_sensitivity_analysis_work(folder: Path) -> None:
    (commands,) = [block for block in blocks("sh") if "flywheel sensitivity" in block]
    for line in commands.splitlines():
        flywheel(line, folder)
    assert len(list((folder / "runs").iterdir())) == 3, "indices stand beside their screening"


@pytest.mark.slow
def test_the_sweep_file_and_the_commands_of_many_runs_work(folder: Path) -> None:
    (sweep,) = [block for block in blocks("yaml") if "vary:" in block]
    (folder / "mine.yaml").write_text(sweep, encoding="utf-8")
    assert "mine: 12 runs at 6 points" in flywheel("flywheel sweep mine.yaml", folder)
    (commands,) = [block for block in blocks("sh") if "flywheel sweep" in block]
    said = [flywheel(line, folder) for line in commands.splitlines()]
    assert "to make: 18 runs" in said[0]
    assert "nothing to make" in said[1]
    assert "series.csv" in said[3]
    assert len(list((folder / "runs").iterdir())) == 4


def test_the_commands_of_a_calibration_work(folder: Path) -> None:
    (commands,) = [block for block in blocks("sh") if "flywheel calibrate" in block]
    lines = commands.splitlines()
    small = shlex.split(lines[0].replace("--draws 60", "--draws 4"), comments=True)[1:]
    assert "over the ensemble 'sora': 4 draws" in run(["-m", "analysis.cli", *small, "--agents", "400", "--days", "60"], folder)
    assert "20 of 20 strong figures" in flywheel(lines[1], folder)
    for line in lines[2:]:
        verb = shlex.split(line, comments=True)[1:3]
        assert "Usage" in run(["-m", "analysis.cli", *verb, "--help"], folder)


def test_the_scenario_runs(folder: Path) -> None:
    (scenario,) = [block for block in blocks("yaml") if "vary:" not in block]
    (folder / "christmas.yaml").write_text(scenario, encoding="utf-8")
    assert "christmas_fund" in flywheel("flywheel check christmas.yaml", folder)
    assert "christmas" in flywheel("flywheel run christmas.yaml", folder)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_the_python_runs(folder: Path, number: int) -> None:
    (folder / "block.py").write_text(blocks("python")[number], encoding="utf-8")
    assert run(["block.py"], folder).strip()


def apply(diff: str, copy: Path) -> None:
    """Apply a README diff: each hunk's old lines must stand in the file exactly once."""
    for hunk in re.split(r"^--- ", diff, flags=re.MULTILINE)[1:]:
        name, *lines = hunk.splitlines()
        old = "\n".join(line[1:] for line in lines if line[:1] in (" ", "-") or not line)
        new = "\n".join(line[1:] for line in lines if line[:1] in (" ", "+") or not line)
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        (copy / name).write_text(text.replace(old, new), encoding="utf-8")


ASK = """
from sim import Ecosystem
world = Ecosystem("sora", agents=400, days=10, rules__watching_reward="root").run()
daily = world.tables()["daily"]
assert (daily["readers"] == daily["dau"] - daily["makers"]).all() and daily["readers"].any()
other = Ecosystem("sora", agents=400, days=10).run()
assert world.digest() != other.digest()
print("both changes work")
"""


@pytest.mark.slow
def test_the_changes_apply_and_work(tmp_path: Path) -> None:
    for name in ("sim", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for diff in blocks("diff"):
        apply(diff, tmp_path)
    assert "both changes work" in run(["-c", ASK], tmp_path)
