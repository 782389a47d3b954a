"""Mutants: change one thing that a reader sees, and see whether the checks notice.

``kinds`` says what is changed, ``candidates`` finds every place and chooses among them,
``trials`` makes each change in a copy of the project, ``outcome`` keeps the record.
"""
