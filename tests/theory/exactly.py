"""Whether a proof is found that the kernel accepts."""

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.exact import proof_of
from ascentcheck.theory.claim import Proposition


def proved(relation, domain, by=None):
    proposition = Proposition(relation, domain, by=by)
    proof = proof_of(proposition)
    if proof is None:
        return False
    kernel.verify(export.problem(proposition), proof)
    return True
