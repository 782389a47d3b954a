"""What the button "copy with all the code above" gives: scripts that run by themselves.

tests/site/test_downloads.py shows that the button gives exactly these. Each is the
beginning of its page's script, which rule 9 runs as a whole; here one of each page's,
or with EVERY_SCRIPT set each of them, is run by a fresh interpreter.
"""

import os
import random
from pathlib import Path

import pytest

from pagecheck.config import load_config
from pagecheck.page import read_page
from pagecheck.rules.outputs import same_text
from pagecheck.script import imports, pieces, run_script

ROOT = Path(__file__).parents[1]
CONFIG = load_config(ROOT)
# Twins have the same code but for comments: rule 7.
FOLDER = CONFIG.pages[CONFIG.code_language]


def beginnings():
    """Each page with the numbers of blocks after which it is cut off."""
    for file in sorted(FOLDER.rglob("*.md")):
        counts = range(1, len(list(pieces(read_page(file)))) + 1)
        if counts and "EVERY_SCRIPT" not in os.environ:
            counts = [random.Random(file.stem).choice(counts)]
        for count in counts:
            name = f"{file.relative_to(FOLDER)}-{count}"
            yield pytest.param(file, count, id=name)


@pytest.mark.parametrize(("file", "count"), list(beginnings()))
def test_a_block_copied_with_all_above_it_runs_and_prints_what_the_page_shows(
    file, count
):
    page = read_page(file)
    cells = list(pieces(page))[:count]
    script = "\n\n".join(code for _, code in cells)
    shown = "".join(block.output.text for block, _ in cells if block.output)
    imported = {module for _, module in imports(page)}
    hidden = [each for each in CONFIG.own_packages if each not in imported]
    path = [ROOT / "src"] if len(hidden) < len(CONFIG.own_packages) else []
    run = run_script(script, hidden, path)
    assert run.error == ""
    assert same_text(shown, run.printed), run.printed
