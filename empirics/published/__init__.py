"""Margins that others have published: fetched, and read. Needs no torch but for tensors."""
