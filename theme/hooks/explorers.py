"""MkDocs hook: the live explorers as they are served.

Their colours are those of the figures, taken from the figures' own table, and what
only we read, comments and long names, does not travel. Scripts of the site that opens
without a server stay as they are: they do not travel, and offline.py reads them.
"""

import os
from pathlib import Path

import minify
from mkdocs.config.defaults import MkDocsConfig

from pagecheck.house import COLOURS

SCRIPTS = ("assets/js/explorers.js", "assets/js/explorers/*.js")
STYLE = "assets/css/explorers.css"


def on_post_build(config: MkDocsConfig) -> None:
    """Shrink the explorers' scripts and style sheet, and give that the colours."""
    site = Path(config.site_dir)
    scripts = () if os.environ.get("OFFLINE") else SCRIPTS
    for script in (path for pattern in scripts for path in site.glob(pattern)):
        shorter = minify.string("application/javascript", script.read_text("utf-8"))
        script.write_text(shorter, "utf-8")
    style = site / STYLE
    style.write_text(
        minify.string("text/css", colours() + style.read_text("utf-8")), "utf-8"
    )


def colours() -> str:
    """Return the figures' colours as style sheets have them, light and dark."""
    light = "".join(f"--{one.variable}:{one.light};" for one in COLOURS.values())
    dark = "".join(f"--{one.variable}:{one.dark};" for one in COLOURS.values())
    return (
        f".explorer{{{light}}}"
        f'@media screen{{[data-md-color-scheme="slate"] .explorer{{{dark}}}}}'
    )
