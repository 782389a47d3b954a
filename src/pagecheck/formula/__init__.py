"""Displayed formulas: parse their LaTeX, evaluate it, compare it with code."""
