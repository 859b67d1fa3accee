"""Draws: the published vectors of Philox4x32-10, an independent plain implementation, and what keys, days and decisions do to them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.foundation import streams
from sim.foundation.streams import BEHAVIOUR, TRAITS, draw, key_of, philox, uniforms

Words = tuple[int, ...]

# Random123 (Salmon et al. 2011), tests/kat_vectors, "philox4x32 10": counter, key, output.
PUBLISHED: list[tuple[Words, Words, Words]] = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def compiled_philox(counter: Words, key: Words) -> Words:
    words = philox(np.array(key, dtype=np.uint64), *(np.uint64(word) for word in counter))
    return tuple(int(word) for word in words)


def plain_philox(counter: Words, key: Words) -> Words:
    """The algorithm as the paper writes it, in whole numbers of any size."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 2**32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


@pytest.mark.parametrize(("counter", "key", "output"), PUBLISHED)
def test_the_published_vectors_come_out(counter: Words, key: Words, output: Words) -> None:
    assert compiled_philox(counter, key) == output
    assert plain_philox(counter, key) == output


def test_any_counter_gives_the_words_of_the_plain_algorithm() -> None:
    random = np.random.default_rng(3)
    for words in random.integers(0, 2**32, size=(300, 6)).tolist():
        assert compiled_philox(tuple(words[:4]), tuple(words[4:])) == plain_philox(tuple(words[:4]), tuple(words[4:]))


def test_a_draw_is_the_word_of_its_seed_stream_person_day_and_decision() -> None:
    for seed, stream, uid, day, decision in [(1, BEHAVIOUR, 0, 0, 0), (2**32 - 1, TRAITS, 12345, 9999, 515)]:
        words = plain_philox((uid, day, decision, 0), (seed, stream))
        assert draw(key_of(seed, stream), uid, day, decision) == tuple((word + 0.5) / 2**32 for word in words)


def test_draws_lie_strictly_between_0_and_1_at_both_ends_of_the_words() -> None:
    assert 0.5 * streams._TO_UNIT > 0.0
    assert (2.0**32 - 0.5) * streams._TO_UNIT < 1.0


def test_changing_any_part_of_the_key_changes_the_draw() -> None:
    base = (1, BEHAVIOUR, 5, 7, 3)
    draws = {draw(key_of(seed, stream), uid, day, decision) for seed, stream, uid, day, decision in [base, *neighbours(base)]}
    assert len(draws) == 6


def neighbours(base: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [tuple(part + (position == changed) for position, part in enumerate(base)) for changed in range(len(base))]


def test_the_four_words_of_a_draw_are_uniform_and_uncorrelated() -> None:
    key = key_of(11, BEHAVIOUR)
    sample = np.array([draw(key, uid, day, 16) for uid in range(400) for day in range(50)])
    for column in sample.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    correlation = np.corrcoef(sample.T)[np.triu_indices(4, 1)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(len(sample))


def test_people_next_to_each_other_and_days_in_a_row_are_uncorrelated() -> None:
    key = key_of(12, BEHAVIOUR)
    grid = np.array([[draw(key, uid, day, 2)[0] for day in range(150)] for uid in range(150)])
    for one, next_one in ((grid[:-1], grid[1:]), (grid[:, :-1], grid[:, 1:])):
        assert abs(np.corrcoef(one.ravel(), next_one.ravel())[0, 1]) < 4.5 / 150.0


def test_uniforms_are_the_first_words_of_the_rows() -> None:
    assert uniforms(9, BEHAVIOUR, 5).tolist() == [draw(key_of(9, BEHAVIOUR), row, 0, 0)[0] for row in range(5)]


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_beyond_32_bits_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="a seed is a whole number"):
        key_of(seed, BEHAVIOUR)
