"""A part of the CIFAR-10 study within a budget of minutes on one card, and a record of it small enough to keep.

Every ensemble grows ten members at a time, all kinds of models in turn, so that a stop at any moment leaves as many of
each. What is kept of a model is its margins at chosen points, in half precision; models are not kept.
"""
