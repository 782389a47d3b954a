"""Our build and check beside other tools that build pages with executed code.

`benchmarks/run` measures all of them on the same pages, in turn, and records what it
measured in `docs/benchmarks.json`, which the verification page tells of.
"""
