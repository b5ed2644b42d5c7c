"""Hypothesis here: a busy machine is no failure, and nothing is left behind in the tree."""

from hypothesis import settings

settings.register_profile("domain", deadline=None, database=None)
settings.load_profile("domain")
