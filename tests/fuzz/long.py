"""Many mutated scenario files, with figures: `python -m tests.fuzz.long 100000 [first case]`. Exit code 1 when one of them fails."""

from __future__ import annotations

import json
import sys

from tests.fuzz.fuzzing import fuzz

SLOWEST_S = 2.0
LARGEST_MB = 500.0


def main(count: int, first: int = 0) -> int:
    """Run so many cases from the first one, print the figures as JSON; 0 if all went as it should."""
    figures = fuzz(range(first, first + count)).as_document()
    print(json.dumps(figures, indent=2))
    went_wrong = figures["failures"] or set(figures["outcomes"]) - {"scenario", "error"}
    return int(bool(went_wrong) or figures["slowest_s"] > SLOWEST_S or figures["peak_memory_mb"] > LARGEST_MB)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
