"""Made-up runs for the tests of this folder."""

from tests.made_up import made_up_runs, small  # noqa: F401
