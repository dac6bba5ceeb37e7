"""What the paper claims, and whether it is true. Imports no torch."""
