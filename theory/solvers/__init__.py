"""Where the values of claims come from: roots and tails in balls, and the pair in float64. Whatever they return is compared."""
