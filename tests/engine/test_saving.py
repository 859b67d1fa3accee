"""A world that is saved, resumed or branched goes on bit by bit as if it had never stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.foundation.errors import InputError
from tests.worlds import BUSY, busy, differing, scenario_from, sora, state_of, steps

WORLDS: dict[str, Any] = {"busy": busy, "sora": lambda: sora(days=60)}


def resumed(model: sim.Ecosystem, folder: Path, *overrides: Any, **options: Any) -> sim.Ecosystem:
    sim.save(model, folder / "world.npz")
    return sim.resume(folder / "world.npz", *overrides, **options)


@pytest.mark.parametrize("day", [0, 1, 19, 20, 27, 45, 60])
@pytest.mark.parametrize("name", WORLDS)
def test_a_world_resumed_from_a_file_is_the_one_that_never_stopped(name: str, day: int, tmp_path: Path) -> None:
    whole, stopped = WORLDS[name]().run(), steps(WORLDS[name](), day)
    again = resumed(stopped, tmp_path).run()
    assert differing(state_of(whole.world), state_of(again.world)) == []
    assert again.digest() == whole.digest()
    assert again.tables()["cohorts"].equals(whole.tables()["cohorts"])


def test_saving_and_branching_leave_the_world_as_it_was(tmp_path: Path) -> None:
    plain, saved = busy().run(), steps(busy(), 25)
    sim.save(saved, tmp_path / "world.npz")
    sim.branch(saved, {"dials.steerability": 0.9}).run()
    assert saved.run().digest() == plain.digest()


@pytest.mark.parametrize("through_a_file", [True, False])
def test_a_branch_is_the_run_with_an_intervention_on_that_day(tmp_path: Path, through_a_file: bool) -> None:
    changes = {"dials.steerability": 0.9, "making.free_quota_per_day": 2, "external_platforms.long_video.payout_usd_per_1000_views": 1.5}
    interventions = {**BUSY["interventions"], "from_day_30": {"day": 30, "set": changes}}
    whole = sim.Ecosystem(scenario_from({**BUSY, "interventions": interventions}), run_seed=1).run()
    stopped = steps(busy(), 30)
    branch = resumed(stopped, tmp_path, changes) if through_a_file else sim.branch(stopped, changes)
    assert branch.run().digest() == whole.digest()
    assert branch.digest() != stopped.run().digest()


def test_a_branch_may_last_longer_than_the_world_was_meant_to(tmp_path: Path) -> None:
    short, whole = (sim.Ecosystem("paid_tool", agents=600, days=days).run() for days in (40, 300))
    longer = resumed(short, tmp_path, days=300).run()
    assert longer.world.day == 300
    assert longer.digest() == whole.digest()
    assert longer.tables()["cohorts"].equals(whole.tables()["cohorts"])


def test_a_world_whose_later_interventions_were_cut_off_is_not_made_longer(tmp_path: Path) -> None:
    assert "intervention 'quota_cut' on day 59 is cut off" in message_of(lambda: resumed(sora(days=40).run(), tmp_path, days=300))


def test_a_closed_world_stays_closed(tmp_path: Path) -> None:
    closed = sora(days=100, parent__stop_loss_usd=1e6).run()
    assert closed.closed_cause == "stop_loss"
    again = resumed(closed, tmp_path)
    assert not again.running
    assert again.run().digest() == closed.digest()


def message_of(call: Any) -> str:
    with pytest.raises(InputError) as raised:
        call()
    return str(raised.value)


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({"agents": 10}, {}, "'agents' cannot change while the world runs"),
        ({"dials.steerabilty": 0.5}, {}, "did you mean 'dials.steerability'?"),
        ({"dials.steerability": 2}, {}, "must be a number from 0 to 1"),
        ({"external_platforms.nowhere.open": True}, {}, "there is no 'nowhere' in 'external_platforms'"),
        ({"making.effort_usd": 0.1}, {"days": 5}, "day 20: the run has the days 0 to 4"),
        ({"making.effort_usd": 0.1}, {}, "'making.effort_usd' is set on day 20 by the intervention 'cheaper' already"),
    ],
)
def test_a_branch_that_cannot_be_says_why(changes: dict[str, Any], options: dict[str, Any], said: str) -> None:
    model = steps(busy(), 20)
    assert said in message_of(lambda: sim.branch(model, changes, **options))


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def _of_another_model(path: Path) -> None:
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    document = json.loads(arrays["document"].tobytes()) | {"model_digest": "0" * 64}
    arrays["document"] = np.frombuffer(json.dumps(document).encode(), dtype=np.uint8)
    np.savez(path, **arrays)


DAMAGES: dict[str, tuple[Any, str]] = {
    "missing": (lambda path: path.unlink(), "is missing"),
    "cut off": (_truncated, "is not a saved world"),
    "another file": (lambda path: path.write_text("schema: 1"), "is not a saved world"),
    "without a state": (lambda path: np.savez(path, document=np.zeros(3, dtype=np.uint8)), "is not a saved world"),
    "of another model": (_of_another_model, "was written by another version of the model"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_with_its_name(damage: str, tmp_path: Path) -> None:
    path, (harm, said) = tmp_path / "world.npz", DAMAGES[damage]
    sim.save(steps(sora(), 3), path)
    harm(path)
    message = message_of(lambda: sim.resume(path))
    assert str(path) in message
    assert said in message
