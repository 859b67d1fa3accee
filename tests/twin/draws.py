"""What chance decides, one method a decision: with the engine's own numbers (`KeyedDraws`), or as a Mesa user would draw (`MesaDraws`)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol

from sim.foundation import streams
from sim.foundation.elementary import log, normal_quantile

if TYPE_CHECKING:
    from tests.twin.creator import Creator
    from tests.twin.person import Person


class Draws(Protocol):
    """Uniform in (0, 1) unless said otherwise."""

    def channel(self, person: Person) -> float:
        """Which of the terms of her hazard brought her in."""

    def coming_to_watch(self, person: Person) -> float:
        """Against her readiness to watch."""

    def coming_to_make(self, maker: Creator) -> float:
        """Against her readiness to make."""

    def admission(self, maker: Creator) -> float:
        """Against the share of sessions admitted."""

    def attempt(self, maker: Creator, number: int) -> tuple[float, float]:
        """Of the attempt after this many: whether it is controlled, and its miss if it is a fresh one."""

    def clip_noise(self, maker: Creator) -> float:
        """A standard normal number: how her clip differs from her talent."""

    def outlet(self, maker: Creator) -> tuple[float, float]:
        """Whether her clip can leave, and where it goes."""

    def renewal(self, maker: Creator) -> float:
        """Against her chance to hold a subscription."""

    def patience_away(self, person: Person) -> float:
        """A standard exponential number: the hazard of return that a lapsed person lets pass."""


class KeyedDraws:
    """The engine's numbers: each a function of seed, person, day and decision (Philox4x32-10 with that counter)."""

    def __init__(self, seed: int) -> None:
        self._key = streams.key_of(seed, streams.BEHAVIOUR)

    def _of(self, person: Person, decision: int) -> tuple[float, float, float, float]:
        return streams.draw(self._key, person.uid, person.model.day, decision)

    def channel(self, person: Person) -> float:
        return self._of(person, streams.CHANNEL)[0]

    def coming_to_make(self, maker: Creator) -> float:
        return self._of(maker, streams.COME)[0]

    def coming_to_watch(self, person: Person) -> float:
        return self._of(person, streams.COME)[1]

    def admission(self, maker: Creator) -> float:
        return self._of(maker, streams.COME)[2]

    def attempt(self, maker: Creator, number: int) -> tuple[float, float]:
        return self._of(maker, streams.MAKE + number)[:2]

    def clip_noise(self, maker: Creator) -> float:
        return normal_quantile(self._of(maker, streams.PUBLISH)[0])

    def outlet(self, maker: Creator) -> tuple[float, float]:
        return self._of(maker, streams.PUBLISH)[1:3]

    def renewal(self, maker: Creator) -> float:
        return self._of(maker, streams.RENEW)[0]

    def patience_away(self, person: Person) -> float:
        return -log(self._of(person, streams.RETURN)[0])


class MesaDraws:
    """The model's own generator, as Mesa hands it out."""

    def __init__(self, random: Random) -> None:
        self._uniform = random.random
        self._random = random

    def channel(self, person: Person) -> float:
        return self._uniform()

    def coming_to_watch(self, person: Person) -> float:
        return self._uniform()

    def coming_to_make(self, maker: Creator) -> float:
        return self._uniform()

    def admission(self, maker: Creator) -> float:
        return self._uniform()

    def attempt(self, maker: Creator, number: int) -> tuple[float, float]:
        return self._uniform(), 1.0 - self._uniform()

    def clip_noise(self, maker: Creator) -> float:
        return self._random.gauss(0.0, 1.0)

    def outlet(self, maker: Creator) -> tuple[float, float]:
        return self._uniform(), self._uniform()

    def renewal(self, maker: Creator) -> float:
        return self._uniform()

    def patience_away(self, person: Person) -> float:
        return self._random.expovariate(1.0)
