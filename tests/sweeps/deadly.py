"""A scenario that kills whoever runs it, but the process it was made in."""

from __future__ import annotations

import dataclasses
import os
import signal

from sim.scenario import Scenario

_HOME = os.environ.setdefault("FLYWHEEL_TEST_HOME", str(os.getpid()))


class Deadly(Scenario):
    """As the scenario it is made of, until a process that was started from here asks for its length."""

    @classmethod
    def like(cls, scenario: Scenario) -> Deadly:
        """The deadly likeness of a scenario."""
        return cls(**{field.name: getattr(scenario, field.name) for field in dataclasses.fields(scenario)})

    @property
    def days(self) -> int:
        """Days of the run."""
        if str(os.getpid()) != _HOME:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().days
