"""Finish a site that another builder than MkDocs has built from the same settings.

Usage: [SITE_URL=ADDRESS] python -m site_finish SITE
"""

import os
import sys
from pathlib import Path

from site_finish import pages, whole
from site_finish.published import refuse
from site_finish.settings import FILES, ROOT, SiteError, read_language


def main(site: Path) -> None:
    """Finish the pages of each language, and then the whole site."""
    address = os.environ.get("SITE_URL", "").rstrip("/")
    for code in FILES:
        refuse(ROOT / "docs" / code)
    languages = [read_language(c, site, address and f"{address}/") for c in FILES]
    for language in languages:
        pages.finish(language, checked=False)
    whole.finish(site, languages)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]).resolve())
    except SiteError as error:
        sys.exit(str(error))
