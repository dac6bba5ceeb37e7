"""Wrong versions of the claims' source: does `verify` alone object to a formula that was changed at one place?"""
