"""Mistakes made on purpose, one at a time in a copy, to see which the tests notice."""
