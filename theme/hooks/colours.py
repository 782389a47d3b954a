"""MkDocs hook: the figures' colours, as style sheets have them.

One table, that of the figures, has the colours of series and maps; the home page and
the explorers take them from it, light or dark as the page is.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from pagecheck.config import load_config

STYLE = "assets/css/site.css"


def on_post_build(config: MkDocsConfig) -> None:
    """Give every page the colours."""
    file = Path(config.site_dir) / STYLE
    house = load_config(Path(config.config_file_path).parent).figures
    light, dark = (
        "".join(f"--{name}:{pair[scheme]};" for name, pair in house.palette.items())
        for scheme in (0, 1)
    )
    # Not by light-dark(), which browsers of 2023 do not know.
    colours = f":root{{{light}}}@media screen{{[data-scheme=slate]{{{dark}}}}}"
    file.write_text(f"{colours}\n{file.read_text('utf-8')}", "utf-8")
