"""What stands next to what in meaning: to which symbol, relation or comparison a place is changed, and what is left alone."""

from __future__ import annotations

import ast

PREFIX = "_neighbour_"
"""Before the names that a mutant may need and its module has not imported."""
VOCABULARY = ("n_retain", "n_forget", "n_total", "alpha", "epsilon", "ridge")
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "n_retain": ("n_forget", "n_total"),
    "n_forget": ("n_retain", "n_total"),
    "n_total": ("n_retain", "n_forget"),
    "alpha": ("epsilon", "epsilon**2"),
    "epsilon": ("alpha", "epsilon**2"),
    "ridge": ("2*ridge",),
    "W0": ("Wm1",),
    "Wm1": ("W0",),
    "own": ("cross",),
    "cross": ("own",),
    "margin_x": ("margin_y",),
    "margin_y": ("margin_x",),
    "margin_x_da": ("margin_y_da",),
    "margin_y_da": ("margin_x_da",),
    "x_pretrained": ("y_pretrained",),
    "y_pretrained": ("x_pretrained",),
    "x_da": ("y_da",),
    "y_da": ("x_da",),
    "x_retrained": ("y_retrained",),
    "y_retrained": ("x_retrained",),
    "pull_retain": ("pull_forget",),
    "pull_forget": ("pull_retain",),
    "z_pretrained": ("z_retrained",),
    "z_retrained": ("z_pretrained",),
    "z_da": ("z_pretrained",),
    "strength": ("strength_retrained",),
    "strength_retrained": ("strength",),
    "strength_da": ("strength_retrained",),
    "unit_pretrained": ("unit_retrained",),
    "unit_retrained": ("unit_forget",),
    "unit_forget": ("unit_retrained",),
    "retain": ("forget",),
    "forget": ("retain",),
    "beta": ("2*beta",),
    "w_pretrained": ("w_retrained",),
    "w_retrained": ("w_pretrained",),
    "retain_1": ("retain_2",),
    "retain_2": ("retain_1",),
    "forget_1": ("forget_2",),
    "forget_2": ("forget_1",),
    "alpha_1": ("alpha_2",),
    "alpha_2": ("alpha_3",),
    "alpha_3": ("alpha_2",),
    "slope_retain": ("slope_forget",),
    "slope_forget": ("slope_retain",),
    "squared_nothing": ("squared_da",),
    "squared_da": ("squared_nothing",),
    "distance_pretrained": ("distance_da",),
    "distance_da": ("distance_pretrained",),
    "pull_pretrained": ("pull_da",),
    "pull_da": ("pull_pretrained",),
    "turning": ("balance",),
    "balance": ("turning",),
}
RELATIONS = {"ge": ("le",), "gt": ("lt", "ge"), "le": ("ge",), "lt": ("gt", "le"), "eq": ("ge", "le")}
"""Each relation, turned and, where something weaker is left, loosened; of sympy's the same, with a capital."""
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.Lt, ast.GtE),
    ast.GtE: (ast.LtE, ast.Gt),
    ast.Lt: (ast.Gt, ast.LtE),
    ast.LtE: (ast.GtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NUMBERS = {"pair_balls": "fmpq", "tails": "fmpq", "pair_floats": "float"}
"""Modules in which a number that is moved by 1e-6 has to be of another kind than sympy's."""
