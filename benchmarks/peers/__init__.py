"""The other tools, each in a module of its own beside the versions that it gets.

Each is set up as its own documentation begins: with its default theme, and with its
cache of executed code where it has one.
"""

from benchmarks.peers import (
    jupyter_book,
    markdown_exec,
    mkdocs_jupyter,
    myst_nb,
    sphinx_gallery,
)

PEERS = (
    mkdocs_jupyter.TOOL,
    myst_nb.TOOL,
    jupyter_book.TOOL,
    sphinx_gallery.TOOL,
    markdown_exec.TOOL,
)
