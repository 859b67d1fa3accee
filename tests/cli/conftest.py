"""Made-up runs for the tests of this folder, whose reports are not drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made_up import made_up_runs, small  # noqa: F401


@pytest.fixture(autouse=True)
def _no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing all figures of a report takes seconds; tests/verbs sees that a run asks for one."""

    def write_report(_: object, folder: Path, command: str | None = None) -> Path:
        return folder / "report.html"

    monkeypatch.setattr("analysis.report.write_report", write_report)
