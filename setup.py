"""The packages of the wheel: all that are found in the folders which pyproject.toml maps into `ascentcheck`."""

from setuptools import find_packages, setup

FOLDERS = ("theory", "empirics", "figures")

found = find_packages(include=[pattern for name in FOLDERS for pattern in (name, f"{name}.*")])
setup(packages=["ascentcheck", *(f"ascentcheck.{name}" for name in found)])
