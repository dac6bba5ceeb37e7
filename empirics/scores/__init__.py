"""Scores of unlearned models beside KLoM, one a module. All take margins [models, points], and none needs torch."""
