"""Libraries that come with extras of the package: what to say where one is not installed."""

from __future__ import annotations

import sim


def not_installed(what: str, library: str, extra: str) -> sim.InputError:
    """The error to raise when `what` needs a library that is not there. extra: of this package, which brings it."""
    hint = f'install it with `pip install "flywheel-sim[{extra}]"`'
    return sim.InputError([sim.Problem(what, f"needs the library {library}, which is not installed", hint)])
