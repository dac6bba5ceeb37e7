"""What is beyond the paper: theorems of ours, in the words of the claims, each listed here."""

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.theorems import (
    all_coordinates,
    any_loss,
    finite_steps,
    first_step,
    npo,
    overshoot,
    pair_harm,
)

THEOREMS: tuple[Claim, ...] = (
    first_step.CLAIM,
    overshoot.CLAIM,
    pair_harm.CLAIM,
    any_loss.CLAIM,
    all_coordinates.CLAIM,
    finite_steps.CLAIM,
    npo.CLAIM,
)
