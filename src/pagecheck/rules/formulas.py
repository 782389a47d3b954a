"""A formula equals what its directive names, at every point of a grid.

A displayed formula has a directive. So has inline mathematics that is more than a name;
an expression that a formula of the page holds as a part of it, and a formula whose
number is bound, need none.
"""
