"""The two-parameter toy of §5.2: its readings, all its stationary points with proof, and its paths."""
