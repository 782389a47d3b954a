"""Addresses that pages and READMEs quote are those that the project has."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

from pagecheck.config import load_config

ROOT = Path(__file__).parents[1]
FILES = [*load_config(ROOT).page_files(), *ROOT.glob("*.md")]
TEXTS = {file: file.read_text(encoding="utf-8") for file in FILES}
EXPLORERS = ROOT / "theme/assets/js/explorers"


def test_the_local_address_is_that_of_make_serve():
    served = re.search(r"--dev-addr (\S+)", (ROOT / "Makefile").read_text("utf-8"))
    quoted = {
        (str(file.relative_to(ROOT)), address)
        for file, text in TEXTS.items()
        for address in re.findall(r"127\.0\.0\.1:\d+", text)
    }
    assert quoted
    assert {address for _, address in quoted} == {served[1]}, quoted


def test_what_a_link_to_an_explorer_sets_is_what_the_explorer_reads():
    modules = [file.read_text(encoding="utf-8") for file in EXPLORERS.glob("*.js")]
    known = set()
    for module in modules:
        for keys in re.findall(r"addressed\(\[([^\]]*)\]", module):
            known |= set(re.findall(r"\w+", keys))
    links = {
        query
        for text in TEXTS.values()
        for pair in re.findall(r"\.md\?([\w=&,.:+-]+)#|`\?([\w=&,.:-]+)`", text)
        for query in pair
        if query
    }
    assert links
    for query in links:
        assert {key for key, _ in parse_qsl(query)} <= known, query
