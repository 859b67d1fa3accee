"""A world with three unknowns that is fitted in seconds."""

from __future__ import annotations

from pathlib import Path

from analysis.calibration import Plan, Targets, load_targets

PRIORS = """schema: 1
base: sora
set: {parent.stop_loss_usd: null}
priors:
  adoption.buzz_per_day: {log_uniform: [0.001, 0.02], source: a guess}
  creators_share: {uniform: [0.2, 0.6], source: a guess}
  rules.watching_reward: {choice: [share, any_view], source: a guess}
settled:
  parent.stop_loss_usd: {metric: cumulated_loss_usd, day: 20, source: a date}
"""

TARGETS = """schema: 1
product: a small app
priors: small_priors.yaml
days: 25
worlds:
  mended: {scenario: sora_three_gates, days: 20}
targets:
  installs:
    observable: {last: installs_total}
    days: [20, 20]
    value: 4e6
    error: {range: [3e6, 5.3e6]}
    unit: people
    strong: true
    source: a tracker
    confidence: high
  users:
    observable: {mean: dau}
    days: [15, 24]
    value: 700e3
    error: {log_sd: 0.4}
    unit: people
    source: a tracker
    confidence: low
  mended_views:
    observable: {ratio: [views_here, dau]}
    in: mended
    days: [10, 19]
    value: 100
    error: {below: 300}
    source: a bound
    confidence: low
conflicts:
  installs:
    few: {installs: {value: 3e6, error: {log_sd: 0.1}}}
    many: {installs: {value: 5e6, error: {log_sd: 0.1}}}
"""

PLAN = Plan(search=32, rounds=2, sets=16, last=48)
AGENTS = 400


def write(folder: Path, targets: str = TARGETS, priors: str = PRIORS) -> Path:
    """The two files; returns the target file."""
    (folder / "small_priors.yaml").write_text(priors, encoding="utf-8")
    path = folder / "small_targets.yaml"
    path.write_text(targets, encoding="utf-8")
    return path


def small_targets(folder: Path) -> Targets:
    """The targets, loaded."""
    return load_targets(write(folder))
