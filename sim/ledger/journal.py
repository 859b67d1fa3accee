"""The journal: lines in columns, cash kept beside them, and the audit at the close of each day.

A posting is rounded to whole micro-dollars once and split over adoption cohorts by largest remainder, so that no micro-dollar appears
or is lost. Cash is moved by the whole posting and not by its lines: the audit adds the lines up again and compares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.foundation.compiled import compiled
from sim.ledger import entries
from sim.ledger.accounts import HOLDER_NAMES, HOLDERS
from sim.ledger.split import LARGEST_WEIGHTS, NEGATIVE, WEIGHTS_TOO_LARGE, Whole, largest_remainder, whole_total
from sim.ledger.statements import COST_KINDS, MICRO_PER_USD, RECEIVED_AND_PAID, REVENUE_KINDS

NO_COHORT = -1
LARGEST_MICRO = 2**60
"""The largest single posting, 1.15e12 USD: a day's total of a kind then stays within an int64."""

_FIRST_ROOM = 4096
_INT64 = np.dtype(np.int64)

_REFUSALS = {
    NEGATIVE: "a cohort's amount or weight is below zero",
    WEIGHTS_TOO_LARGE: f"the cohorts' weights sum to more than {LARGEST_WEIGHTS}",
}


class BooksBroken(RuntimeError):  # noqa: N818 - what happened, as the reader is told it
    """A breach of the books: the day, the entry kind (or holder, or count) it concerns, what was found against what was expected."""

    def __init__(self, day: int, entry: str, message: str) -> None:
        super().__init__(day, entry, message)
        self.day = day
        self.entry = entry
        self.message = message

    def __str__(self) -> str:
        return f"books broken on day {self.day}: {self.entry}: {self.message}"


@compiled
def _write(
    amount: int,
    weights: Whole,
    kind: int,
    line: int,
    kinds: npt.NDArray[np.int16],
    amounts: Whole,
    cohorts: npt.NDArray[np.int32],
) -> int:
    """Write the lines of one posting from `line` on; the number of lines then, or a negative refusal with nothing written."""
    shares = np.empty(weights.size, dtype=np.int64)
    total = largest_remainder(amount, weights, shares)
    if total < 0:
        return total
    if total == 0:
        kinds[line] = kind
        amounts[line] = amount
        cohorts[line] = NO_COHORT
        return line + 1
    for i in range(weights.size):
        if shares[i] > 0:
            kinds[line] = kind
            amounts[line] = shares[i]
            cohorts[line] = i
            line += 1
    return line


@compiled
def _sums_by_kind(kinds: npt.NDArray[np.int16], amounts: Whole, first: int, end: int, number: int) -> Whole:
    """(number of kinds,) sums of the lines from `first` to before `end`."""
    sums = np.zeros(number, dtype=np.int64)
    line = first
    while line < end:
        kind, total = kinds[line], 0
        while line < end and kinds[line] == kind:
            total += amounts[line]
            line += 1
        sums[kind] += total
    return sums


@compiled
def _is_sound(
    kinds: npt.NDArray[np.int16], amounts: Whole, first: int, end: int, today: Whole, change: Whole, effects: npt.NDArray[np.int64]
) -> bool:
    """Whether the lines add up to today's postings (kinds,) and, by both tables of effects (2, holders, kinds), to the change in cash."""
    sums = _sums_by_kind(kinds, amounts, first, end, today.size)
    for kind in range(today.size):
        if sums[kind] != today[kind]:
            return False
    for table in range(2):
        for holder in range(change.size):
            moved = 0
            for kind in range(today.size):
                moved += effects[table, holder, kind] * sums[kind]
            if moved != change[holder]:
                return False
    return True


class Books:
    """The books of one run: arrays and plain fields only, so that they can be saved, resumed and branched.

    A day: `open_day`, postings in any order, `close_day`. Amounts of today stay readable until the next day is opened.
    """

    def __init__(self, days: int, cohorts: int) -> None:
        """days: length of the run (day -1 is the opening). cohorts: most adoption cohorts that a posting may be split over."""
        self.days = days
        self.cohorts = cohorts
        self.day = -2
        self.attempts_checked = 0
        self.credit_attempts_checked = 0
        holder_at = {name: position for position, name in enumerate(HOLDER_NAMES)}
        self._holder_at = holder_at
        self._kind_at = {entry.name: kind for kind, entry in enumerate(entries.ENTRIES)}
        self.payers = [holder_at[entry.payer] for entry in entries.ENTRIES]
        self.payees = [holder_at[entry.payee] for entry in entries.ENTRIES]
        self._effects = _effects(self.payers, self.payees, self._kind_at)
        self._bounded = [position for position, holder in enumerate(HOLDERS) if not holder.may_go_below_zero]
        self._today = [0] * len(self._kind_at)
        self._since_launch = self._today.copy()
        self._cash = [0] * len(HOLDERS)
        self._cash_at_open = self._cash.copy()
        self._is_open = False
        self._first = self._count = 0
        self._room = _FIRST_ROOM
        self._days = np.zeros(self._room, dtype=np.int32)
        self._kinds = np.zeros(self._room, dtype=np.int16)
        self._amounts: Whole = np.zeros(self._room, dtype=np.int64)
        self._cohorts = np.zeros(self._room, dtype=np.int32)

    def open_day(self, day: int) -> None:
        """Start a day: -1 for the opening entries, then days in rising order. Raises BooksBroken."""
        if self._is_open or not max(self.day, -2) < day < self.days:
            state = "open" if self._is_open else "closed"
            raise BooksBroken(day, "open_day", f"cannot be opened: the last day is {self.day}, {state}, of {self.days} days")
        self.day = day
        self._is_open = True
        self._first = self._count
        self._today = [0] * len(self._today)
        self._cash_at_open = self._cash.copy()

    def post(self, kind: str, usd: float, by_cohort: Whole | None = None) -> None:
        """Post an amount in USD, rounded once to whole micro-dollars (half to even); see `post_micro`."""
        scaled = usd * MICRO_PER_USD
        if not 0 <= scaled <= LARGEST_MICRO:
            raise BooksBroken(self.day, kind, f"{usd} USD cannot be posted: an amount is from 0 to {LARGEST_MICRO / MICRO_PER_USD:.3g} USD")
        self.post_micro(kind, round(scaled), by_cohort)

    def post_micro(self, kind: str, micro: int, by_cohort: Whole | None = None) -> None:
        """Post whole micro-dollars, split over cohorts by largest remainder in proportion to `by_cohort`.

        by_cohort: int64 (at most `cohorts`,), weights >= 0; None or all zero: one line without a cohort. No line has a zero amount.
        Raises BooksBroken for an amount below zero, weights that are not int64, below zero or too many, a closed day, an unknown kind.
        """
        position = self._kind_at.get(kind)
        if position is None or not self._is_open or not 0 <= micro <= LARGEST_MICRO:
            raise BooksBroken(self.day, kind, self._refusal(kind, micro))
        if micro == 0:
            return
        line = self._count
        if line + self.cohorts >= self._room:
            self._grow()
        if by_cohort is None:
            self._kinds[line] = position
            self._amounts[line] = micro
            self._cohorts[line] = NO_COHORT
            self._count = line + 1
        else:
            self._check_cohorts(kind, by_cohort)
            count = _write(micro, by_cohort, position, line, self._kinds, self._amounts, self._cohorts)
            if count < 0:
                raise BooksBroken(self.day, kind, f"{micro} micro-dollars cannot be posted: {_REFUSALS[count]}")
            self._count = count
        self._today[position] += micro
        self._since_launch[position] += micro
        self._cash[self.payers[position]] -= micro
        self._cash[self.payees[position]] += micro

    def post_cohorts(self, kind: str, micro_by_cohort: Whole) -> None:
        """Post whole micro-dollars (int64, not below zero) that are known for each cohort. Raises BooksBroken as `post_micro`."""
        self._check_cohorts(kind, micro_by_cohort)
        self.post_micro(kind, whole_total(micro_by_cohort), micro_by_cohort)

    def today_micro(self, kind: str) -> int:
        """Posted today so far (after the close: in the day just closed), micro-dollars."""
        return self._today[self._kind_at[kind]]

    def today_usd(self, kind: str) -> float:
        """Posted today so far, USD."""
        return self._today[self._kind_at[kind]] / MICRO_PER_USD

    def since_launch_micro(self, kind: str) -> int:
        """Posted since the opening, today included, micro-dollars."""
        return self._since_launch[self._kind_at[kind]]

    def cash_micro(self, holder: str) -> int:
        """A holder's cash now, micro-dollars."""
        return self._cash[self._holder_at[holder]]

    def cash_at_open_micro(self, holder: str) -> int:
        """A holder's cash when the day was opened, micro-dollars."""
        return int(self._cash_at_open[self._holder_at[holder]])

    def operating_profit_micro(self) -> int:
        """Revenue less cost of today so far, by the lists of `sim.ledger.statements`; outside funding not counted. Micro-dollars."""
        return self._stated(REVENUE_KINDS, COST_KINDS)

    def close_day(self, insolvent: bool = False) -> None:
        """Audit the day's lines and close the day. Raises BooksBroken with the entry kind or the holder unless

        the lines of each kind add up to what was posted; the columns of the flow matrix of the lines (whose rows are zero, as each line has
        a payer and a payee) are the holders' changes in cash; cash of operator, parent and external platforms changed by what the
        statements say they received and paid; nobody who may not is below zero. insolvent: the operator alone may close below zero, on
        the day that ends it.
        """
        if not self._is_open:
            raise BooksBroken(self.day, "close_day", "no day is open")
        change = np.array([now - before for now, before in zip(self._cash, self._cash_at_open, strict=True)])
        today = np.array(self._today)
        if not _is_sound(self._kinds, self._amounts, self._first, self._count, today, change, self._effects):
            raise self._breach(change.tolist())
        for holder in self._bounded:
            if self._cash[holder] < 0 and not (insolvent and HOLDERS[holder].name == "operator"):
                raise BooksBroken(self.day, HOLDERS[holder].name, f"closes with {self._cash[holder]} micro-dollars, below 0")
        self._days[self._first : self._count] = self.day
        self._is_open = False

    def lines(self) -> dict[str, npt.NDArray[Any]]:
        """Lines of all closed days: day (int32), kind (int16, position in ENTRIES), amount_micro_usd (int64), cohort (int32, -1 none)."""
        end = self._first if self._is_open else self._count
        columns: dict[str, npt.NDArray[Any]] = {
            "day": self._days,
            "kind": self._kinds,
            "amount_micro_usd": self._amounts,
            "cohort": self._cohorts,
        }
        return {name: column[:end].copy() for name, column in columns.items()}

    def _grow(self) -> None:
        """Double the room, or more where the cohorts need it."""
        self._room = max(2 * self._room, self._room + self.cohorts + 1)
        for name in ("_days", "_kinds", "_amounts", "_cohorts"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate((column, np.zeros(self._room - column.size, dtype=column.dtype))))

    def _stated(self, received: tuple[str, ...], paid: tuple[str, ...]) -> int:
        """Today's amounts of the kinds received less those of the kinds paid, micro-dollars."""
        today, position = self._today, self._kind_at
        return sum([today[position[kind]] for kind in received]) - sum([today[position[kind]] for kind in paid])

    def _check_cohorts(self, kind: str, by_cohort: npt.NDArray[Any]) -> None:
        """Raises BooksBroken unless the array is int64 and no longer than these books have cohorts."""
        if by_cohort.dtype != _INT64:
            raise BooksBroken(self.day, kind, f"cohorts are {by_cohort.dtype}, not int64")
        if len(by_cohort) > self.cohorts:
            raise BooksBroken(self.day, kind, f"{len(by_cohort)} cohorts, but these books have {self.cohorts}")

    def _refusal(self, kind: str, micro: int) -> str:
        """Why a posting is refused before it is written."""
        if kind not in self._kind_at:
            return f"no such entry kind; there are {', '.join(self._kind_at)}"
        if not self._is_open:
            return "posted while no day is open"
        return f"{micro} micro-dollars cannot be posted: an amount is from 0 to {LARGEST_MICRO}"

    def _breach(self, change: list[int]) -> BooksBroken:
        """What is not sound: the kind whose lines or sides are wrong, or else the holder whose cash the lines do not explain."""
        in_lines = _sums_by_kind(self._kinds, self._amounts, self._first, self._count, len(self._today)).tolist()
        for kind, found, posted in zip(self._kind_at, in_lines, self._today, strict=True):
            if found != posted:
                return BooksBroken(self.day, kind, f"the lines add up to {found} micro-dollars, {posted} were posted")
        by_entries, by_statements = self._effects
        for position, kind in enumerate(self._kind_at):
            for holder, name in enumerate(HOLDER_NAMES):
                moved, stated = (int(table[holder, position]) * in_lines[position] for table in (by_entries, by_statements))
                if moved != stated:
                    message = f"moves {moved} micro-dollars into {name}, the statements say {stated}; entries.py and statements.py disagree"
                    return BooksBroken(self.day, kind, message)
        flows = (by_entries @ np.array(in_lines)).tolist()
        name, moved, kept = next(row for row in zip(HOLDER_NAMES, flows, change, strict=True) if row[1] != row[2])
        return BooksBroken(self.day, name, f"the lines change its cash by {moved} micro-dollars, its purse changed by {kept}")


def _effects(payers: list[int], payees: list[int], kind_at: dict[str, int]) -> npt.NDArray[np.int64]:
    """(2, holders, kinds): +1 where the holder is paid by a kind, -1 where it pays, by the entries table and by the statements.

    The statements say nothing of holders that stand for others; there both tables are the entries'.
    """
    by_entries = np.zeros((len(HOLDERS), len(kind_at)), dtype=np.int64)
    by_entries[payees, range(len(kind_at))] += 1
    by_entries[payers, range(len(kind_at))] -= 1
    by_statements = by_entries.copy()
    for name, (received, paid) in RECEIVED_AND_PAID.items():
        holder = by_statements[HOLDER_NAMES.index(name)]
        holder[:] = 0
        holder[[kind_at[kind] for kind in received]] = 1
        holder[[kind_at[kind] for kind in paid]] = -1
    return np.stack((by_entries, by_statements))
