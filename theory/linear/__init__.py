"""Linear models on any data: descent on R and ascent on F with any margin loss and a ridge, solved numerically."""
