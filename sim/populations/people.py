"""Who there is: everyone in the market (they watch), and the creators among them (they also make). Row i of creators is row i of people."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.columns import Column, new_table, rows_of, table_type
from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, log, normal_quantile, power
from sim.foundation.streams import stratified_blocks
from sim.foundation.sums import QUALITY_SCALE, WEIGHT_LIMIT, fixed

PEOPLE = (
    Column("uid", "i4", 0, "1", "identity, by which all draws are keyed; not the row"),
    Column("niche", "i2", 0, "1", "what she makes and watches"),
    Column("threshold", "f4", np.inf, "1", "cumulated hazard at which she joins (E of M0)"),
    Column("adopted_day", "i2", -1, "day", "day she joined, -1 before"),
    Column("channel", "i1", -1, "1", "what brought her in, index into CHANNELS"),
    Column("x_watch", "f4", 0, "share", "readiness to come and watch"),
    Column("outside_attention", "f4", 0, "logit", "pull of everything else on her attention (o_watch)"),
    Column("activity", "u4", 0, "bits", "active days of the last 28, today the lowest bit"),
    Column("last_active", "i2", -1, "day", "last day she made or watched"),
    Column("return_at", "f8", np.inf, "1", "cumulated return hazard at which she comes back once lapsed"),
    Column("drawn", "u1", 0, "flag", "whether she is on the roster of those drawn every day"),
    Column("came", "u1", 0, "bits", "today: 1 came to make, 2 to watch, 4 was active"),
    Column("watch_reward", "f4", 0, "share", "today: what watching left behind"),
)

CREATORS = (
    Column("talent", "f4", 0, "sd of z", "mean quality of her clips"),
    Column("acceptable_miss", "f4", 0, "1", "miss she accepts (a)"),
    Column("value", "f4", 0, "USD/clip", "worth of a usable clip to her (v)"),
    Column("making_outside", "f4", 0, "USD/session", "worth of her time elsewhere (o_make)"),
    Column("income_motive", "f4", 0, "1", "how far income moves her (mot)"),
    Column("willing", "u1", 0, "flag", "pays for attempts at all"),
    Column("entitled", "u1", 0, "flag", "has a quota by another subscription"),
    Column("subscribed", "u1", 0, "flag", "holds a subscription"),
    Column("paid_ever", "u1", 0, "flag", "has bought a credit or a subscription"),
    Column("session_price", "f4", 0, "USD/session", "her subscription spread over the sessions she expects"),
    Column("x_make", "f4", 0, "share", "readiness to come and make"),
    Column("skill", "f4", 0, "share", "skill at the end of her last session"),
    Column("make_reward", "f4", 0, "share", "today: what making left behind"),
    Column("attempts", "i4", 0, "attempts", "attempts since launch"),
    Column("credit_attempts", "i4", 0, "attempts", "of which bought"),
    Column("pay_micro", "i8", 0, "micro-USD", "paid by the product since launch, to all people of the row"),
    Column("outside_pay_micro", "i8", 0, "micro-USD", "paid by outside platforms since launch, to all people of the row"),
    Column("views", "i8", 0, "views", "views of her clips here since launch"),
)

MAKES, WATCHES, ACTIVE = 1, 2, 4
"""Bits of the column `came`."""

People = table_type("People", PEOPLE, __name__)
Creators = table_type("Creators", CREATORS, __name__)

_CREATOR_BLOCK, _VIEWER_BLOCK = 0, 1
_TRAITS = ("talent", "acceptable_miss", "value", "making_outside", "income_motive", "willing", "entitled")
_BETA_CELLS = 4096


class Populations(NamedTuple):
    """The two tables at launch and the mean of e^(β·z) over launch clips, by which Q is measured."""

    people: Any
    creators: Any
    mean_clip_worth: float


@compiled
def _normal(uniforms: NDArray[np.float64], mean: float, sd: float, out: NDArray[np.float32]) -> None:
    for i in range(uniforms.size):
        out[i] = mean + sd * normal_quantile(uniforms[i])


@compiled
def _log_normal(uniforms: NDArray[np.float64], median: float, ln_sd: float, out: NDArray[np.float32]) -> None:
    for i in range(uniforms.size):
        out[i] = median * exp(ln_sd * normal_quantile(uniforms[i]))


@compiled
def _exponential(uniforms: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    for i in range(uniforms.size):
        out[i] = -log(uniforms[i])


@compiled
def _beta(uniforms: NDArray[np.float64], a: float, b: float, cells: int, out: NDArray[np.float32]) -> None:
    """Quantiles of Beta(a, b) from its density at the middle of each of `cells` cells.

    Within one cell for shapes of 1 and more, within about ten at one half, the smallest that is legal.
    """
    cumulated = np.zeros(cells + 1)
    for k in range(cells):
        x = (k + 0.5) / cells
        cumulated[k + 1] = cumulated[k] + power(x, a - 1.0) * power(1.0 - x, b - 1.0)
    for i in range(uniforms.size):
        target = uniforms[i] * cumulated[cells]
        low, high = 0, cells
        while high - low > 1:
            middle = (low + high) // 2
            if cumulated[middle] <= target:
                low = middle
            else:
                high = middle
        out[i] = (low + (target - cumulated[low]) / (cumulated[low + 1] - cumulated[low])) / cells


@compiled
def _mean_worth(talent: NDArray[np.float32], quality_slope: float, noise_sd: float) -> float:
    """Mean of e^(βz) over clips of these makers at capability 1."""
    total = 0
    for i in range(talent.size):
        total += fixed(min(exp(quality_slope * talent[i]), WEIGHT_LIMIT), QUALITY_SCALE)
    return total / QUALITY_SCALE / talent.size * exp(0.5 * (quality_slope * noise_sd) ** 2)


@compiled
def column_sums(
    pay_micro: NDArray[np.int64],
    outside_pay_micro: NDArray[np.int64],
    attempts: NDArray[np.int32],
    credit_attempts: NDArray[np.int32],
    subscribed: NDArray[np.uint8],
) -> tuple[int, int, int, int, int]:
    """Sums of these columns of the creators, for the checks of the books."""
    pay = outside = made = bought = subscribers = 0
    for row in range(pay_micro.size):
        pay += pay_micro[row]
        outside += outside_pay_micro[row]
        made += attempts[row]
        bought += credit_attempts[row]
        subscribers += subscribed[row]
    return pay, outside, made, bought, subscribers


def populate(settings: Any, seed: int) -> Populations:
    """Creators and viewers at launch from the day-0 settings; traits are stratified, so that heavy tails do not depend on the number of
    rows.

    Rows stand in the order of their thresholds, creators before viewers, so that those who are in lie together in memory. The order leaves
    no trace in what happens: draws go by uid.
    """
    rows, niches = int(settings.agents), int(settings.niches)
    makers = round(settings.creators_share * rows)
    people, creators = new_table(People, PEOPLE, rows), new_table(Creators, CREATORS, makers)
    people.uid[:] = np.arange(rows)
    for block, start, end, traits in ((_CREATOR_BLOCK, 0, makers, 10), (_VIEWER_BLOCK, makers, rows, 3)):
        for first, u in stratified_blocks(seed, end - start, traits, block):
            here = slice(start + first, start + first + u.shape[1])
            people.niche[here] = np.minimum((u[0] * niches).astype(np.int16), niches - 1)
            _exponential(u[1], people.threshold[here])
            _normal(u[2], settings.watching_outside_logit, settings.watching_outside_logit_sd, people.outside_attention[here])
            if block == _CREATOR_BLOCK:
                _give_traits(rows_of(creators, here), u[3:], settings)
        order = people.threshold[start:end].argsort(kind="stable")
        drawn = [people.uid[start:end], people.niche[start:end], people.threshold[start:end], people.outside_attention[start:end]]
        for column in drawn + (_traits(creators) if block == _CREATOR_BLOCK else []):
            column[:] = column[order]
    return Populations(people, creators, _mean_worth(creators.talent, settings.watching_quality_slope, settings.creators_clip_noise_sd))


def _traits(creators: Any) -> list[NDArray[Any]]:
    """The columns that `_give_traits` fills."""
    return [getattr(creators, name) for name in _TRAITS]


def _give_traits(creators: Any, u: NDArray[np.float64], settings: Any) -> None:
    _normal(u[0], 0.0, settings.creators_talent_sd, creators.talent)
    _log_normal(u[1], settings.making_acceptable_miss, settings.making_acceptable_miss_ln_sd, creators.acceptable_miss)
    _log_normal(u[2], settings.creators_value_usd, settings.creators_value_ln_sd, creators.value)
    _normal(u[3], settings.creators_making_outside_usd, settings.creators_making_outside_usd_sd, creators.making_outside)
    _beta(u[4], settings.creators_income_motive_a, settings.creators_income_motive_b, _BETA_CELLS, creators.income_motive)
    creators.willing[:] = u[5] < settings.charging_willing_to_pay_share
    creators.entitled[:] = u[6] < settings.charging_entitled_share
