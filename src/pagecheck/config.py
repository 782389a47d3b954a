"""The project's settings for pagecheck: ``[tool.pagecheck]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pagecheck.house import House, read_house

# A page is Markdown or a notebook.
SUFFIXES = (".md", ".ipynb")


class ConfigError(ValueError):
    """The settings, or a file that they name, are missing or wrong."""


@dataclass(frozen=True)
class Config:
    """The settings of a project.

    Attributes:
        root: The folder of its ``pyproject.toml``; every path below is absolute.
        pages: The folder of each language's pages.
        code_language: The language of code, printed texts and drawn figures.
        source: The folder of the project's own packages, which pages can import.
        needs: The packages that a page may import without saying that it needs them.
        run_bash: Whether bash blocks are run.
        definitions: The package whose functions and classes the pages repeat.
        names: The numbers that are names, as they are written: ``4-1``, ``(1999)``.
        products: The words after which a number is a version.
        numbered: The words after which a number counts things: Step, Exercise.
        claimed: The ids of sections whose list items each carry a claim or a number.
        off: The rules that are switched off.
        never: The terms that no page may use.
        quoted_in: The sections that may quote them, each as ``page.md#section``.
        terms: What to say in each language, and what never to say instead.
        figure_texts: What a figure's texts are called in each other language.
        figures: The palette, the fonts and the style of figures.
    """

    root: Path
    pages: Mapping[str, Path]
    code_language: str = "en"
    source: Path = Path()
    needs: tuple[str, ...] = ()
    run_bash: bool = False
    definitions: Path | None = None
    names: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()
    quoted_in: tuple[str, ...] = ()
    terms: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    figure_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    figures: House = field(default_factory=House)

    @property
    def own_packages(self) -> tuple[str, ...]:
        """The packages that the project itself has."""
        return tuple(
            sorted(
                each.stem
                for each in self.source.glob("*")
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

    def inside(self, path: Path) -> str:
        """Where a page lies in its language's folder: what its twins share."""
        folder = self.pages[self.language_of(path)]
        return path.absolute().relative_to(folder).as_posix()

    def twins_of(self, path: Path) -> dict[str, Path]:
        """Where a page's twins lie, by their language."""
        own, inside = self.language_of(path), self.inside(path)
        return {
            other: folder / inside
            for other, folder in self.pages.items()
            if other != own
        }

    def sections_quoting_on(self, path: Path) -> tuple[str, ...]:
        """The sections of a page that may quote the terms forbidden elsewhere."""
        pairs = (each.partition("#") for each in self.quoted_in)
        return tuple(s for page, _, s in pairs if page == self.inside(path))

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


# What a setting must be: a type; a list of what its items are; a table, by name or,
# with ``str`` for a name, whatever its names are.
_Shape = type | list[type] | Mapping[Any, Any]
_SETTINGS: Mapping[str, _Shape] = {
    "pages": {str: str},
    "code-language": str,
    "source": str,
    "needs": [str],
    "preload": [str],  # without effect since a page runs in a fresh interpreter
    "run-bash": bool,
    "definitions": str,
    "names": [str],
    "products": [str],
    "numbered": [str],
    "claimed": [str],
    "off": [str],
    "never": {"terms": [str], "quoted-in": [str]},
    "terms": {str: {str: [str]}},
    "figure-texts": str,
    "figures": dict,  # house.py reads it
}


@cache
def load_config(start: Path) -> Config:
    """Load the settings of the project that a folder belongs to.

    Raises:
        ConfigError: When there are none, or when they are wrong.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            tool = _load_toml(file).get("tool", {})
            if isinstance(tool, dict) and "pagecheck" in tool:
                _refuse_wrong(tool["pagecheck"], _SETTINGS, file, "tool.pagecheck")
                return _read_config(folder, tool["pagecheck"])
    raise ConfigError(
        f"no pyproject.toml with a table [tool.pagecheck] in {start} or above it; "
        'expected, for example: [tool.pagecheck]\npages = { en = "docs/en" }'
    )


def _refuse_wrong(value: object, shape: _Shape, file: Path, name: str) -> None:
    """Refuse, by its name, a setting that is unknown or of the wrong type."""
    if isinstance(shape, type):
        if type(value) is not shape:
            kind = {str: "a string", bool: "true or false", dict: "a table"}[shape]
            raise ConfigError(f"{file}: {name} must be {kind}, and is {value!r}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise ConfigError(f"{file}: {name} must be a list, and is {value!r}")
        for number, each in enumerate(value, 1):
            _refuse_wrong(each, shape[0], file, f"item {number} of {name}")
    else:
        if not isinstance(value, dict):
            raise ConfigError(f"{file}: {name} must be a table, and is {value!r}")
        for key, each in value.items():
            if key not in shape and str not in shape:
                known = ", ".join(sorted(shape))
                raise ConfigError(
                    f"{file}: unknown setting {key} in [{name}]; known: {known}"
                )
            _refuse_wrong(each, shape.get(key, shape.get(str)), file, f"{name}.{key}")


def _read_config(root: Path, table: Mapping[str, Any]) -> Config:
    file = root / "pyproject.toml"
    pages = {name: root / folder for name, folder in table.get("pages", {}).items()}
    if not pages:
        raise ConfigError(
            f"{file}: [tool.pagecheck] needs pages, the folder of each language, for "
            'example pages = { en = "docs/en" }'
        )
    definitions = root / table["definitions"] if "definitions" in table else None
    for name, folder in (*pages.items(), ("definitions", definitions)):
        if folder is not None and not folder.is_dir():
            raise ConfigError(f"{file}: {name} names {folder}, which is no folder")
        if folder is not None and not folder.resolve().is_relative_to(root.resolve()):
            raise ConfigError(f"{file}: {name} names {folder}, outside of the project")
    terms, never = table.get("terms", {}), table.get("never", {})
    try:
        figures = read_house(table.get("figures", {}))
    except ValueError as error:
        raise ConfigError(f"{file}: [tool.pagecheck] {error}") from None
    texts = _texts(root / table["figure-texts"]) if "figure-texts" in table else {}
    for language in (*terms, *texts):
        if language not in pages:
            raise ConfigError(f"{file}: there are no pages in the language {language}")
    return Config(
        root,
        pages,
        table.get("code-language", "en"),
        root / table.get("source", "src"),
        definitions=definitions,
        run_bash=table.get("run-bash", False),
        off=frozenset(table.get("off", ())),
        never=tuple(never.get("terms", ())),
        quoted_in=tuple(never.get("quoted-in", ())),
        terms={
            language: {term: tuple(others) for term, others in each.items()}
            for language, each in terms.items()
        },
        figure_texts=texts,
        figures=figures,
        **{
            name: tuple(table.get(name, ()))
            for name in ("needs", "names", "products", "numbered", "claimed")
        },
    )


def _texts(file: Path) -> dict[str, Any]:
    """What a figure's texts are called in other languages."""
    texts = _load_toml(file)
    _refuse_wrong(texts, {str: {str: str}}, file, "figure-texts")
    return texts


def _load_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
