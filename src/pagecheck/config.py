"""The project's settings for pagecheck: ``[tool.pagecheck]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pagecheck.page import SUFFIXES


class ConfigError(ValueError):
    """The settings, or a file that they name, are missing or wrong."""


@dataclass(frozen=True)
class Config:
    """The settings of a project.

    Attributes:
        root: The folder of its ``pyproject.toml``; every path below is absolute.
        pages: The folder of each language's pages.
        code_language: The language of code, printed texts and drawn figures.
        figure_texts: What a figure's texts are called in each other language.
        needs: The packages that a page may import without saying that it needs them.
        definitions: The package, in ``src``, whose functions and classes the pages
            repeat; None where there is none.
        forbidden_terms: The terms that no page may use.
        quoted_in: The sections that may quote them, each as ``page.md#section``.
        terms: What to say in each language, and what never to say instead.
        names: The recipes, architectures, versions and years that pages name; None
            where that is not checked.
        run_bash: Whether bash blocks are run, in the project's folder.
    """

    root: Path
    pages: Mapping[str, Path]
    code_language: str
    figure_texts: Mapping[str, Mapping[str, str]]
    needs: tuple[str, ...] = ()
    definitions: Path | None = None
    forbidden_terms: tuple[str, ...] = ()
    quoted_in: tuple[str, ...] = ()
    terms: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    names: tuple[str, ...] | None = None
    run_bash: bool = False

    @property
    def own_packages(self) -> tuple[str, ...]:
        """The packages that the project itself has in its ``src``."""
        return tuple(
            sorted(
                each.stem
                for each in (self.root / "src").glob("*")
                if each.suffix == ".py" or (each / "__init__.py").is_file()
            )
        )

    def language_of(self, path: Path) -> str:
        """The language that a page is written in.

        Raises:
            ConfigError: When the page lies in no language's folder.
        """
        for language, folder in self.pages.items():
            if path.absolute().is_relative_to(folder):
                return language
        folders = ", ".join(str(self.relative(each)) for each in self.pages.values())
        raise ConfigError(f"{path} lies in none of the pages' folders: {folders}")

    def twins_of(self, path: Path) -> dict[str, Path]:
        """Where a page's twins lie, by their language."""
        language = self.language_of(path)
        inside = path.absolute().relative_to(self.pages[language])
        return {
            other: folder / inside
            for other, folder in self.pages.items()
            if other != language
        }

    def sections_quoting_on(self, path: Path) -> tuple[str, ...]:
        """The sections of a page that may quote the terms forbidden elsewhere."""
        folder = self.pages[self.language_of(path)]
        inside = path.absolute().relative_to(folder).as_posix()
        pairs = (each.partition("#") for each in self.quoted_in)
        return tuple(section for page, _, section in pairs if page == inside)

    @property
    def figure_tables(self) -> dict[str, Mapping[str, str] | None]:
        """What the texts of figures are called, by language; None where they stay."""
        return {
            language: None
            if language == self.code_language
            else self.figure_texts.get(language, {})
            for language in self.pages
        }

    def page_files(self) -> list[Path]:
        """Every page of every language, in a stable order."""
        return [file for language in self.pages for file in self.pages_in(language)]

    def pages_in(self, language: str) -> list[Path]:
        """Every page of a language, in a stable order; no editor's hidden copies."""
        folder = self.pages[language]
        return sorted(
            file
            for file in folder.rglob("*")
            if file.suffix in SUFFIXES
            and not any(part[0] == "." for part in file.relative_to(folder).parts)
        )

    def relative(self, path: Path) -> Path:
        """A path as messages show it: relative to the project where it lies in it."""
        absolute = path.absolute()
        if absolute.is_relative_to(self.root):
            return absolute.relative_to(self.root)
        return path


@cache
def load_config(start: Path) -> Config:
    """Load the settings of the project that a folder belongs to.

    Raises:
        ConfigError: When there are none, or when they are wrong.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            table = _load_toml(file).get("tool", {}).get("pagecheck")
            if table is not None:
                return _read_config(folder, table)
    raise ConfigError(
        f"no pyproject.toml with a table [tool.pagecheck] in {start} or above it; "
        'expected, for example: [tool.pagecheck]\npages = { en = "docs/en" }'
    )


def _read_config(root: Path, table: Mapping[str, Any]) -> Config:
    known = {
        "pages",
        "code-language",
        "needs",
        "figure-texts",
        "definitions",
        "forbidden-terms",
        "terms",
        "names",
        "run-bash",
    }
    if unknown := sorted(set(table) - known):
        raise ConfigError(
            f"{root / 'pyproject.toml'}: unknown settings {', '.join(unknown)} in "
            f"[tool.pagecheck]; known: {', '.join(sorted(known))}"
        )
    pages = table.get("pages")
    if not isinstance(pages, dict) or not pages:
        raise ConfigError(
            f"{root / 'pyproject.toml'}: [tool.pagecheck] needs pages, the folder of "
            'each language, for example pages = { en = "docs/en" }'
        )
    for folder in pages.values():
        if not (root / folder).is_dir():
            raise ConfigError(f"the pages' folder {folder} does not exist in {root}")
    definitions = table.get("definitions")
    if definitions is not None and not (root / "src" / definitions).is_dir():
        raise ConfigError(
            f"{root / 'pyproject.toml'}: definitions names the package {definitions}, "
            f"which does not exist in {root / 'src'}"
        )
    terms = table.get("terms", {})
    if unknown := sorted(set(terms) - set(pages)):
        raise ConfigError(
            f"{root / 'pyproject.toml'}: [tool.pagecheck.terms] speaks of "
            f"{', '.join(unknown)}, in which there are no pages"
        )
    texts = table.get("figure-texts")
    forbidden = table.get("forbidden-terms", {})
    names = table.get("names")
    run_bash = table.get("run-bash", False)
    if not isinstance(run_bash, bool):
        raise ConfigError(
            f"{root / 'pyproject.toml'}: run-bash is true or false, not {run_bash!r}"
        )
    return Config(
        root=root,
        run_bash=run_bash,
        names=tuple(map(str, names)) if isinstance(names, list) else None,
        pages={language: root / folder for language, folder in pages.items()},
        code_language=str(table.get("code-language", "en")),
        figure_texts=_load_toml(root / str(texts)) if texts else {},
        needs=tuple(table.get("needs", ())),
        definitions=root / "src" / definitions if definitions else None,
        forbidden_terms=tuple(forbidden.get("terms", ())),
        quoted_in=tuple(forbidden.get("quoted-in", ())),
        terms={
            language: {term: tuple(others) for term, others in each.items()}
            for language, each in terms.items()
        },
    )


def _load_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
