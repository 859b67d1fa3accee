"""`flywheel describe`, `evidence`, `list` and `schema`: what they print, where, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis.cli import app


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_describe_alone_says_what_there_is() -> None:
    result = flywheel("describe")
    assert result.exit_code == 0
    assert "flywheel describe parameters" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("topic", "line"),
    [
        ("parameters", "adoption.buzz_per_day = 0.0053"),
        ("day", " 2  arrive  (M0)"),
        ("accounts", "credits: creators → operator"),
        ("metrics", "dau [people] mean"),
        ("claims", "C5  Novelty brings a wave, then it fades"),
    ],
)
def test_each_topic_is_a_page_of_80_columns(topic: str, line: str) -> None:
    result = flywheel("describe", topic)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert line in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ("adoption.buzz_days", ["adoption.buzz_days"]),
        ("adoption.buzz", ["adoption.buzz_per_day", "adoption.buzz_days"]),
        ("buzz_days", ["adoption.buzz_days"]),
        ("steerability", ["dials.steerability", "rival_tools.<name>.steerability"]),
        ("external_platforms.tiktok.views_per_clip", ["external_platforms.<name>.views_per_clip"]),
        ("people", ["people"]),
    ],
)
def test_one_key_or_those_that_begin_so_can_be_described(wanted: str, keys: list[str]) -> None:
    result = flywheel("describe", "parameters", wanted)
    assert result.exit_code == 0, result.stderr
    assert [line.split(" = ")[0] for line in result.stdout.splitlines() if " = " in line and not line.startswith(" ")] == keys


def test_a_key_is_described_with_the_value_of_a_scenario_in_either_order() -> None:
    result = flywheel("describe", "parameters", "dials.steerability", "sora")
    assert "dials.steerability = 0.05" in result.stdout
    assert "set by scenarios/sora.yaml:" in result.stdout
    assert flywheel("describe", "parameters", "sora", "dials.steerability").stdout == result.stdout


def test_a_scenario_is_named_as_argument_or_option() -> None:
    result = flywheel("describe", "claims", "sora")
    assert "in 'sora': dials.export_leakage 0.8" in result.stdout
    assert flywheel("describe", "claims", "--scenario", "sora").stdout == result.stdout


def test_the_document_can_be_written_to_a_file() -> None:
    result = flywheel("describe", "odd", "baseline", "--out", "odd.md")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "written: odd.md" in result.stderr
    assert Path("odd.md").read_text(encoding="utf-8") == flywheel("describe", "odd", "baseline").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("describe", "nothing"), "nothing"),
        (("describe", "odd"), "which scenario?"),
        (("describe", "odd", "soar"), "did you mean 'sora'?"),
        (("describe", "metrics", "sora"), "the same for every scenario"),
        (
            ("describe", "parameters", "steerabilty"),
            "'steerabilty' is neither a key nor a shipped scenario\n  did you mean 'steerability'?",
        ),
        (("describe", "parameters", "dials", "people"), "one word too many: 'people'"),
        (("describe", "day", "sora", "baseline"), "one word too many: 'baseline'"),
        (("describe", "parameters", "nowhere.yaml"), "there is no such file"),
        (("describe", "day", "sora", "--scenario", "baseline"), "given twice"),
        (("describe", "day", "--out", "/proc/none/day.txt"), "cannot be written"),
        (("evidence", "soar"), "did you mean 'sora'?"),
        (("schema", "--out", "/proc/none/schema.json"), "cannot be written"),
    ],
)
def test_bad_input_is_exit_2_without_a_traceback(arguments: tuple[str, ...], message: str) -> None:
    result = flywheel(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_list_names_every_shipped_scenario_with_its_question() -> None:
    result = flywheel("list")
    assert result.exit_code == 0
    firsts = [line.split()[0] for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert firsts == [*sim.shipped_names(), "public"]
    assert "half way?" in result.stdout
    assert "public figures: sora" in result.stdout


def test_evidence_lists_figures_and_conflicts_and_alone_what_there_is() -> None:
    assert "18 figures, 7 known disagreements of sources" in flywheel("evidence").stdout
    text = flywheel("evidence", "sora").stdout
    assert "installs to 31 Oct: 4.5 M (3.15 M–5.85 M) [people]" in text
    assert "revenue_january: sum of revenue_usd, 2026-01-01 to 2026-01-31" in text
    assert "used: 1 M USD a day within 0.3 to 3 M" in text


def test_the_schema_is_json_and_can_be_written_to_a_file() -> None:
    result = flywheel("schema")
    assert json.loads(result.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert flywheel("schema", "--out", "scenario.schema.json").exit_code == 0
    assert Path("scenario.schema.json").read_text(encoding="utf-8") == result.stdout
