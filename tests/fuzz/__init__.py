"""Fuzzers, run by hand: they need atheris, which is not among the test dependencies."""
