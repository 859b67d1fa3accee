"""M2. Without control hardly any learning: ten sessions leave a maker about where one did (claim C2).

At the end of a session s ← s + (1-s)(1 - e^(-λ(n_ctrl + ι·n_fresh))); at the start of the next s ← carry·s, carry = steerability unless
set.
Exponential for one maker, so that a group's curve may look like a power law (Heathcote, Brown & Mewhort 2000, Psychon. Bull. Rev. 7,
185-207).
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp
from sim.foundation.parameters import Parameter, assumed, measured

PARAMETERS = (
    Parameter("learning.rate", 0.3, "1/attempt", "learning from a controlled attempt (λ)", assumed("vary"), low=0),
    Parameter(
        "learning.uncontrolled_share",
        0.1,
        "1",
        "learning from an uncontrolled attempt, relative (ι)",
        measured("users do learn when the model answers: 49 % of a better model's gain came from adapted prompts (OpenReview qGYJKNsAFe)"),
        low=0,
        high=1,
    ),
    Parameter(
        "learning.carry_over",
        0.5,
        "1",
        "share of skill that lives to the next session",
        assumed("equal to steerability: what cannot be steered cannot be carried over"),
        low=0,
        high=1,
        derived_from="dials.steerability",
    ),
    Parameter("learning.skill_effect", 1.0, "1", "how far full skill shrinks the mean miss: e^-k (k)", assumed("vary"), low=0),
)


@compiled
def skill_after_session(skill: float, rate: float, controlled: float, uncontrolled_share: float, uncontrolled: float) -> float:
    """Skill in [0, 1] at the end of a session with these numbers of controlled and uncontrolled attempts."""
    return skill + (1.0 - skill) * (1.0 - exp(-rate * (controlled + uncontrolled_share * uncontrolled)))


@compiled
def skill_at_start(skill: float, carry_over: float) -> float:
    """Skill that is left when the next session starts."""
    return carry_over * skill
