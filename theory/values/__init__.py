"""What claims say at a point: one module for each claim, called as its id is, imported when its values are asked for."""
