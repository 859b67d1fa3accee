"""Every case run from what was known before its outcome, and what came out held against what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from analysis.experiments import Job, Local, Progress, execute, paired_seed
from analysis.retrodiction import scores
from analysis.retrodiction.coding import BASE, case_scenario
from analysis.retrodiction.guide import Question
from analysis.retrodiction.scores import SUSTAINED, Interval
from analysis.retrodiction.sheet import Sheet

CASE, SET = "case", "set"
"""Columns of the table of runs: the sheet, and which set of shared values, from 0."""

_D30 = "retention.d30"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the runs of a case came to. shares: outcome -> share of runs. closing: 5, 50 and 95 % points of the closing days, None where no
    run was closed. d30: median simulated share of adopters active after 30 days.
    """

    sheet: Sheet
    shares: dict[str, float]
    closing: tuple[float, float, float] | None
    d30: float | None

    @property
    def outcome(self) -> str:
        """The outcome of most runs; of equals the first in the order of outcomes."""
        return max(self.shares, key=lambda name: self.shares[name])

    @property
    def is_right(self) -> bool:
        """Whether that fits what happened."""
        return self.outcome in self.sheet.outcomes

    @property
    def sustained(self) -> float:
        """The share of runs in which the product sustains itself."""
        return self.shares.get(SUSTAINED, 0.0)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How well a rule tells whether a product sustains itself: balanced accuracy, 95 % interval over cases, what it said of each."""

    rule: str
    accuracy: float
    interval: Interval
    said: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Retrodiction:
    """The scores over all cases. accuracy: balanced over outcomes; majority: of the rule that says what most other cases were."""

    predictions: tuple[Prediction, ...]
    accuracy: float
    interval: Interval
    majority: float
    brier: float
    brier_sustained: float
    reliability: list[tuple[float, float, int, float, float]]
    rules: tuple[RuleScore, ...]


def jobs_of(
    sheets: Sequence[Sheet],
    questions: tuple[Question, ...],
    sets: Sequence[Mapping[str, sim.Value]],
    *,
    seeds: int,
    agents: int,
) -> list[Job]:
    """The runs of every case under every set of shared values, each with the same seeds. sets: what each differs in from the base.

    Raises InputError with what is wrong with any case, such as rows too few for the few makers of one.
    """
    family = sim.ScenarioFamily(BASE)
    jobs: list[Job] = []
    problems: list[sim.Problem] = []
    for place, sheet in enumerate(sheets):
        for number, changes in enumerate(sets):
            try:
                scenario = case_scenario(sheet, questions, family, changes, agents=agents)
            except sim.InputError as error:
                problems += [sim.Problem(f"case {sheet.name}, {one.place}", one.message, one.hint) for one in error.problems]
                continue
            jobs += [
                Job(place * len(sets) + number, replicate, {CASE: sheet.name, SET: number}, scenario, paired_seed(replicate))
                for replicate in range(seeds)
            ]
    if problems:
        raise sim.InputError(problems)
    return jobs


def run_jobs(jobs: Sequence[Job], folder: Path, *, workers: int | None, progress: Callable[[Progress], None]) -> pd.DataFrame:
    """The table of runs, a row a job; those that are in the folder already are not made again."""
    return execute(jobs, folder, name="retrodict", series=("dau",), executor=Local(workers), progress=progress).runs()


def predictions_of(sheets: Sequence[Sheet], runs: pd.DataFrame) -> tuple[Prediction, ...]:
    """What the runs of each sheet came to."""
    return tuple(_prediction(sheet, runs[runs[CASE] == sheet.name]) for sheet in sheets)


def _prediction(sheet: Sheet, runs: pd.DataFrame) -> Prediction:
    shares = {name: row["share"] for name, row in sim.share_table(runs["outcome"].tolist()).items()}
    days = runs.loc[runs["outcome"] == "shutdown", "outcome_day"].to_numpy(np.float64)
    closing = tuple(float(day) for day in np.percentile(days, (5, 50, 95))) if len(days) else None
    kept = runs[_D30].dropna().to_numpy(np.float64)
    return Prediction(sheet, shares, closing, float(np.median(kept)) if len(kept) else None)  # type: ignore[arg-type]


def retrodiction(predictions: Sequence[Prediction], questions: tuple[Question, ...]) -> Retrodiction:
    """Score the predictions, and rules of thumb beside them."""
    known = [" or ".join(one.sheet.outcomes) for one in predictions]
    right = [one.is_right for one in predictions]
    others = scores.leave_one_out(len(known), lambda learned, _: scores.majority([known[place] for place in learned]))
    happened = [SUSTAINED in one.sheet.outcomes for one in predictions]
    chances = [one.sustained for one in predictions]
    return Retrodiction(
        predictions=tuple(predictions),
        accuracy=scores.balanced_accuracy(known, right),
        interval=scores.bootstrap_interval(known, right),
        majority=scores.balanced_accuracy(known, [said == truth for said, truth in zip(others, known, strict=True)]),
        brier=scores.brier([one.shares for one in predictions], [one.sheet.outcomes for one in predictions]),
        brier_sustained=scores.brier_of_event(chances, happened),
        reliability=scores.reliability(chances, happened),
        rules=_rules(predictions, questions, happened),
    )


def _rules(predictions: Sequence[Prediction], questions: tuple[Question, ...], happened: Sequence[bool]) -> tuple[RuleScore, ...]:
    n = len(predictions)
    truth = [str(one) for one in happened]

    def learned(rule: Callable[[list[int], int], bool]) -> list[bool]:
        return [rule([other for other in range(n) if other != place], place) for place in range(n)]

    most = scores.leave_one_out(n, lambda others, _: scores.majority([truth[place] for place in others]))
    said = {
        "the model": [one.outcome == SUSTAINED for one in predictions],
        "what most others did": [one == "True" for one in most],
        "makers pay": [makers_pay(one.sheet, questions) for one in predictions],
        "published D30 alone": learned(scores.by_threshold([one.sheet.published_d30 for one in predictions], happened)),
        "simulated D30 alone": learned(scores.by_threshold([one.d30 for one in predictions], happened)),
    }
    return tuple(_rule_score(rule, truth, answers, happened) for rule, answers in said.items())


def _rule_score(rule: str, truth: Sequence[str], said: Sequence[bool], happened: Sequence[bool]) -> RuleScore:
    right = [one == other for one, other in zip(said, happened, strict=True)]
    return RuleScore(rule, scores.balanced_accuracy(truth, right), scores.bootstrap_interval(truth, right), tuple(said))


def makers_pay(sheet: Sheet, questions: tuple[Question, ...]) -> bool:
    """Whether makers are sold anything: a subscription or attempts by the piece."""
    steps = {question.name: question.steps[sheet.coding[question.name].step - 1] for question in questions}
    return any(value for name in ("subscription", "by_piece") for value in steps[name].sets.values())
