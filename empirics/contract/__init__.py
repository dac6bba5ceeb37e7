"""What every unlearning method is held to, the project's own and those of others.

`pytest --ascentcheck-method my_pkg.my_module:MyConfig` runs it: every parameter of every member moves; what the method
promises to raise rises and what it promises to lower falls; each setting acts; the members are what one model after the
other is, an ordinary module stepped by PyTorch's optimiser; and it costs what it says.
"""

OPTION = "--ascentcheck-method"
"""The option of pytest's that names a method, as a study file does."""
