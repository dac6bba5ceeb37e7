"""Stored proofs as scripts for the Rocq proof assistant: see `rocq/` at the top for what they are checked by."""
