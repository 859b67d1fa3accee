"""Mutated scenario files: every one is a scenario or a message, soon and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from sim.foundation.errors import InputError
from sim.scenario import load_scenario
from sim.scenario.yaml_tree import MOST_CHARACTERS, MOST_MARKS
from tests.fuzz.fuzzing import file_of
from tests.fuzz.long import LARGEST_MB, SLOWEST_S, main

HEAD = "schema: 1\nquestion: Is this too much?\n"
CASES = 300


def test_mutated_files_are_scenarios_or_messages() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-m", "tests.fuzz.long", str(CASES)], cwd=root, capture_output=True, text=True, check=False)
    figures = json.loads(done.stdout)
    assert figures["failures"] == {}
    assert done.returncode == 0, figures
    assert figures["cases"] == CASES
    assert figures["outcomes"]["scenario"] > CASES / 20, "mutations that leave nothing legal test only the scanner"
    assert figures["slowest_s"] < SLOWEST_S
    assert figures["peak_memory_mb"] < LARGEST_MB


def test_a_case_is_the_same_file_every_time() -> None:
    assert file_of(7) == file_of(7)
    assert len({file_of(case) for case in range(20)}) > 15


def test_a_failure_is_told_and_not_hidden(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no loader today")

    monkeypatch.setattr("tests.fuzz.fuzzing.load_scenario", broken)
    assert main(3) == 1
    figures = json.loads(capsys.readouterr().out)
    assert figures["outcomes"] == {"failure": 3}
    assert "no loader today" in figures["failures"]["0"]


def test_the_command_exits_with_0_or_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    codes = set()
    for case in range(40):
        Path("drawn.yaml").write_bytes(file_of(case))
        result = CliRunner().invoke(app, ("check", "drawn.yaml"))
        assert "Traceback" not in result.stderr
        codes.add(result.exit_code)
    assert codes == {0, 2}


JUNK = {
    "keys": "".join(f"k{number}: 1\n" for number in range(200_000)),
    "the same key": "a: 1\n" * 200_000,
    "a list": "x: [" + "a, " * 300_000 + "]",
    "a mapping in a line": "x: {" + "a: b, " * 150_000 + "}",
    "aliases": "x: [" + "*a," * 300_000,
    "dashes": "- a\n" * 250_000,
    "quotes": "x: [" + '"",' * 300_000,
    "a long text": "x: " + "a " * 500_000,
    "a long quoted text": 'x: "\n#' + "a b " * 250_000 + '"',
    "empty lines": "\n" * 1_000_000,
    "spaces": " " * 1_000_000,
    "open brackets": "[" * 1_000_000,
    "other line ends": "a\u2028" * 250_000,
}


@pytest.mark.parametrize("kind", JUNK)
def test_a_large_file_of_junk_is_answered_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "junk.yaml"
    path.write_text(HEAD + JUNK[kind], encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InputError):
        load_scenario(path)
    assert time.process_time() - start < SLOWEST_S


WITHIN = {
    "marks": "x: [" + "a: b, " * 4_900 + "]",
    "words": "x: " + "a " * 49_000,
    "quoted words": 'x: "' + "a " * 49_000 + '"',
    "lines": "- a\n" * 4_900,
    "empty texts": "x: [" + '"",' * 3_300 + "]",
}


@pytest.mark.parametrize("kind", WITHIN)
def test_what_is_just_within_the_bounds_is_answered_in_time(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "junk.yaml"
    path.write_text(HEAD + WITHIN[kind], encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InputError) as raised:
        load_scenario(path)
    assert "too much" not in str(raised.value)
    assert time.process_time() - start < SLOWEST_S


def test_a_text_beyond_the_bounds_says_by_how_much(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(HEAD + "a: 1\n" * MOST_MARKS, encoding="utf-8")
    with pytest.raises(InputError, match=r"long.yaml:1:1: too much for a scenario: 20005 line ends and punctuation marks; at most 10000"):
        load_scenario(path)
    path.write_text(HEAD + "a" * MOST_CHARACTERS, encoding="utf-8")
    with pytest.raises(InputError, match=r"too much for a scenario: 100038 characters beside comments; at most 100000 are read"):
        load_scenario(path)


def test_comments_count_for_nothing_and_leave_places_right(tmp_path: Path) -> None:
    path = tmp_path / "talkative.yaml"
    path.write_text(HEAD + "  # why, how: and - what\n" * 9_000 + "dayz: 3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"talkative.yaml:9003:1: unknown key 'dayz'"):
        load_scenario(path)


def test_a_thousand_interventions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "busy.yaml"
    lines = (f"  step_{day}: {{day: {day}, set: {{adoption.news_per_day: {day % 7}}}}}\n" for day in range(900))
    path.write_text(HEAD + "days: 1000\ninterventions:\n" + "".join(lines), encoding="utf-8")
    assert len(load_scenario(path).interventions) == 900


def test_a_thousand_misspelt_names_are_answered_soon(tmp_path: Path) -> None:
    names = "".join(f"  some_name_{number}: {{close: true, day: {number % 300}}}\n" for number in range(1000))
    (tmp_path / "base.yaml").write_text(HEAD + "interventions:\n" + names, encoding="utf-8")
    path = tmp_path / "many.yaml"
    removed = "".join(f"  other_name_{number}: null\n" for number in range(2000))
    path.write_text(HEAD + "extends: base.yaml\ninterventions:\n" + removed, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InputError, match="there is no 'other_name_0' in 'interventions'"):
        load_scenario(path)
    assert time.process_time() - start < 2 * SLOWEST_S
