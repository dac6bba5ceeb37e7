"""How forget and retain data depend on each other, and what descent-ascent will do to a linear head on them."""
