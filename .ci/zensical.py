"""Build the whole site with Zensical, and judge it by what MkDocs makes of it.

Usage: python .ci/zensical.py

Zensical reads mkdocs.yml and our templates, but runs no hooks, and no plugins but its
own. It builds a copy of the project in `.cache/zensical`, where notebooks are the
Markdown that theme/hook.py gives MkDocs, and `python -m site_finish` makes the rest, as
after any builder. Judged here are pages, titles, language and the number of formulas,
and not Zensical's exit code, which is 0 for an empty site too. `make zensical` lets
browsers look at the same site afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

from pagecheck.files import read_page

ROOT = Path(__file__).parents[1]
COPY = ROOT / ".cache" / "zensical"
SETTINGS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
ADDRESS = "http://recipes.localhost/"  # as in tests/site/built.py
ICON = "material/brightness-6"
# Links to notebooks, in pages and in the navigation.
NOTEBOOK = re.compile(r"(?<=[\w-])\.ipynb(?=[)#\n])")


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


def settings(file: Path) -> str:
    """The settings of a language as Zensical can take them.

    Those that they inherit are in them: Zensical would have both languages' menus.
    """
    with file.open(encoding="utf-8") as text:
        told = yaml_load(text)
    del told["hooks"]
    told["site_url"] = ADDRESS + told["site_dir"].removeprefix("site").lstrip("/")
    if not told["site_url"].endswith("/"):
        told["site_url"] += "/"
    # Its own looks are others than Material's, which it has too. Our style sheet has
    # the signs of the switches of colours; Zensical wants an icon for each.
    told["theme"]["variant"] = "classic"
    for switch in told["theme"]["palette"]:
        switch["toggle"]["icon"] = ICON
    written: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
    return NOTEBOOK.sub(".md", written)


def lay_down(copy: Path) -> None:
    """Copy the project, with the notebooks as Markdown and their figures as files."""
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("docs", "src", "theme"):
        shutil.copytree(ROOT / name, copy / name)
    (copy / "theme" / "hook.py").unlink()  # it would be published
    for name in SETTINGS.values():
        (copy / name).write_text(settings(ROOT / name), encoding="utf-8")
    for file in (copy / "docs").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(NOTEBOOK.sub(".md", text), encoding="utf-8")
    for file in (copy / "docs").rglob("*.ipynb"):
        page = read_page(file)
        file.with_suffix(".md").write_text(page.text, encoding="utf-8")
        for target, svg in page.figures.items():
            figure = file.parent / target
            figure.parent.mkdir(exist_ok=True)
            figure.write_text(svg, encoding="utf-8")
        file.unlink()


def build(copy: Path, ours: Path) -> None:
    """Build the copy with Zensical, finish it, and build the project with MkDocs."""
    environment = {**os.environ, "SITE_URL": ADDRESS, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", ours]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    for name in SETTINGS.values():
        command = [sys.executable, "-m", "zensical", "build", "-f", name]
        subprocess.run(command, check=True, cwd=copy, env=environment)
    command = [sys.executable, "-m", "site_finish", copy / "site"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


def main() -> int:
    """Print the judgement; 1 where a page is not as it should be."""
    lay_down(COPY)
    ours = COPY / "mkdocs"
    build(COPY, ours)
    print(f"Zensical {version('zensical')} against MkDocs {version('mkdocs')}")
    print("language  pages  right  formulas")
    wrong: list[str] = []
    for language in SETTINGS:
        wrong += judge(language, ours, COPY / "site")
    print(*wrong, sep="\n")
    return min(len(wrong), 1)


def judge(language: str, ours: Path, theirs: Path) -> list[str]:
    """Print the row of a language, and return what is wrong in it."""
    docs = ROOT / "docs" / language
    folder = "" if language == "zh" else "en"
    sources = [*docs.rglob("*.md"), *docs.rglob("*.ipynb")]
    pages = sorted(path_of(source, docs) for source in sources)
    found = {
        page: faults(theirs / folder / page, ours / folder / page, language)
        for page in pages
    }
    right = [page for page, wrong in found.items() if not wrong]
    formulas = sum(read(theirs / folder / page).formulas for page in right)
    print(f"{language:>8} {len(pages):6} {len(right):6} {formulas:9}")
    return [
        f"{language}/{page.parent}: {what}"
        for page, wrong in found.items()
        for what in wrong
    ]


if __name__ == "__main__":
    sys.exit(main())
