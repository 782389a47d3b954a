"""Lint the Chinese of Markdown files: full-width punctuation, no spaces set by hand.

Usage: python .ci/chinese.py FILE…

AutoCorrect tells punctuation of the wrong width. In a list, no title ends with a mark
of its own. Between Chinese and Latin text stands no space: the site's style sheet sets
that gap (`text-autospace`). Code is not looked at, fenced or in a span.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import autocorrect_py

SPACES = ("word", "punctuation", "bracket", "dash", "backticks", "dollar")
RULES = {
    **{f"space-{name}": 0 for name in SPACES},
    **{"fullwidth": 1, "halfwidth-word": 1, "halfwidth-punctuation": 1},
    **{"no-space-fullwidth": 1, "no-space-fullwidth-quote": 1, "spellcheck": 0},
}
HAN = "[\u3400-\u9fff]"
LATIN = r"[A-Za-z0-9`$]"
GAP = re.compile(rf"{HAN} {LATIN}|(?<![0-9]-){LATIN} {HAN}")  # 4-1 激活函数
DOUBLE = re.compile(r"[？！]((?:\]\([^)]*\))?、)")  # 什么？、怎样
# What is no prose; the commas between a page's tags are those of YAML.
FENCE = re.compile(r"(?ms)^( *)(`{3,}).*?^\1\2`* *$|<!--.*?-->|^tags: [^\n]*")
SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)")


def problems(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, what stands there and what should, of each fault in a text."""
    prose = FENCE.sub(lambda code: "\n" * code[0].count("\n"), text)
    prose = SPAN.sub(lambda code: "`" + "x" * (len(code[0]) - 2) + "`", prose)
    for number, line in enumerate(prose.splitlines(), 1):
        for gap in GAP.finditer(line):
            yield number, gap[0], gap[0].replace(" ", "")
        for marks in DOUBLE.finditer(line):
            yield number, marks[0], marks[1]
    for found in autocorrect_py.lint_for(prose, "md").lines:
        yield found.line, found.old.strip(), found.new.strip()


def main() -> int:
    """Print what is wrong, a line each; 1 where anything is."""
    autocorrect_py.load_config(json.dumps({"rules": RULES}))
    found = 0
    for name in sys.argv[1:]:
        for line, old, new in problems(Path(name).read_text(encoding="utf-8")):
            print(f"{name}:{line}: write “{new}”, not “{old}”")
            found += 1
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
