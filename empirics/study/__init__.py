"""A study from its file to its table: settings, jobs, what they compute, the store's results, the rows."""

from ascentcheck.empirics.study.settings import Study, Trajectory, load_study

__all__ = ["Study", "Trajectory", "load_study"]
