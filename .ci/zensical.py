"""Build the pages with Zensical, and judge what it made by what MkDocs makes.

Usage: python .ci/zensical.py

Zensical reads mkdocs.yml, but runs no hooks and no plugins but its own, and its
templates are not Jinja's. So a temporary copy of the project is built, without hooks,
overrides and the language switch. Judged are pages, titles, language and the number of
formulas, and not Zensical's exit code, which is 0 for an empty site too. Notebooks need
the plugin mkdocs-jupyter: they are counted, and not judged.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
ADDRESS = "http://localhost/"
ICON = "material/brightness-6"
# What Zensical cannot do with our settings, with the comment before it.
LEFT_OUT = re.compile(
    r"^  custom_dir: .*\n|^hooks: .*\n|^(?:  #.*\n)*  alternate: true\n", re.MULTILINE
)


@dataclass(frozen=True)
class BuiltPage:
    """What is judged of a page.

    Attributes:
        language: That of its <html>.
        heading: The text of its first heading.
        formulas: How many <math> it has.
    """

    language: str
    heading: str
    formulas: int


def read(file: Path) -> BuiltPage:
    """Read a page that was built."""
    text = file.read_text(encoding="utf-8")
    language = re.search(r"<html[^>]*\blang=\"?([\w-]+)", text)
    heading = re.search(r"(?s)<h1\b[^>]*>(.*?)(?:<a class=\"?headerlink|</h1>)", text)
    words = re.sub(r"<[^>]+>", "", heading[1]) if heading else ""
    return BuiltPage(
        language=language[1] if language else "",
        heading=" ".join(unescape(words).split()),
        formulas=len(re.findall(r"<math\b", text)),
    )


def faults(theirs: Path, ours: Path, language: str) -> list[str]:
    """What is missing or other than ours on the page that Zensical made."""
    if not theirs.is_file():
        return ["missing"]
    made, expected = read(theirs), read(ours)
    found = []
    if made.language != language:
        found.append(f"its language is {made.language!r}")
    if made.heading != expected.heading:
        found.append(f"headed {made.heading!r}, not {expected.heading!r}")
    if made.formulas != expected.formulas:
        found.append(f"{made.formulas} formulas, not {expected.formulas}")
    return found


def path_of(source: Path, docs: Path) -> Path:
    """Where a page is built."""
    path = source.relative_to(docs).with_suffix("")
    return (path.parent if path.name == "index" else path) / "index.html"


def build_both(folder: Path) -> None:
    """Build the copy with Zensical, and the project as it is with MkDocs."""
    environment = {**os.environ, "SITE_URL": ADDRESS, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", folder / "mkdocs"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    copy = folder / "copy"
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copytree(ROOT / "theme" / "assets", copy / "docs" / "zh" / "assets")
    shutil.copytree(ROOT / "theme" / "assets", copy / "docs" / "en" / "assets")
    for language, name in SETTINGS.items():
        settings = LEFT_OUT.sub("", (ROOT / name).read_text(encoding="utf-8"))
        # Our style sheet has the signs of these switches; Zensical wants an icon.
        settings = settings.replace("toggle: { ", f"toggle: {{ icon: {ICON}, ")
        (copy / name).write_text(settings, encoding="utf-8")
        # The exit code is not judged: what it left out shows in the pages.
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "-f", name],
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        if done.returncode:
            print(f"zensical, {language}: exit code {done.returncode}\n{done.stdout}")


def main() -> int:
    """Print the judgement; 1 where a page of Markdown is not as it should be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build_both(folder)
        print(f"Zensical {version('zensical')} against MkDocs {version('mkdocs')}")
        print("language  pages  right  formulas  notebooks")
        wrong: list[str] = []
        for language in SETTINGS:
            wrong += judge(language, folder)
    print(*wrong, sep="\n")
    return min(len(wrong), 1)


def judge(language: str, folder: Path) -> list[str]:
    """Print the row of a language, and return what is wrong in it."""
    docs = ROOT / "docs" / language
    site = "site" if language == "zh" else "site/en"
    ours = folder / "mkdocs" / ("" if language == "zh" else "en")
    theirs = folder / "copy" / site
    pages = sorted(path_of(source, docs) for source in docs.rglob("*.md"))
    notebooks = [path_of(source, docs) for source in docs.rglob("*.ipynb")]
    found = {page: faults(theirs / page, ours / page, language) for page in pages}
    right = [page for page, wrong in found.items() if not wrong]
    formulas = sum(read(theirs / page).formulas for page in right)
    there = sum((theirs / notebook).is_file() for notebook in notebooks)
    count = f"{there} of {len(notebooks)}"
    print(f"{language:>8} {len(pages):6} {len(right):6} {formulas:9} {count:>10}")
    return [
        f"{language}/{page.parent}: {what}"
        for page, wrong in found.items()
        for what in wrong
    ]


if __name__ == "__main__":
    sys.exit(main())
