"""Ways to decide any claim: exact proofs, derivation steps, certificates, witnesses, sampling, mutants."""
