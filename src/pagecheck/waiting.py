"""Imported before anything heavy: threads that have nothing to do sleep.

OpenMP's threads spin by default while they wait for work. That pays for a program that
has the machine to itself; runs side by side take each other's time with it, threefold
on some pages. How threads wait changes nothing that they compute. Every process that
is started from here, a page's or a script's, inherits it.
"""

import os

VARIABLE = "OMP_WAIT_POLICY"

os.environ.setdefault(VARIABLE, "PASSIVE")
