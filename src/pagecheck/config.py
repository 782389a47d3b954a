"""The project's settings for pagecheck: ``[tool.pagecheck]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pagecheck.house import House

# A page is Markdown or a notebook.
SUFFIXES = (".md", ".ipynb")


class ConfigError(ValueError):
    """The settings, or a file that they name, are missing or wrong."""


@dataclass(frozen=True)
class Config:
    """The settings of a project, each of the name and the type that it has in the file.

    Paths are absolute, and those of the folder ``root`` of its ``pyproject.toml``.
    """

    root: Path
    pages: Mapping[str, Path]  # the folder of each language's pages
    code_language: str = "en"  # of code, printed texts and drawn figures
    needs: tuple[str, ...] = ()  # the packages that a page imports without a word
    run_bash: bool = False
    definitions: Path | None = None  # the package that pages repeat
    names: tuple[str, ...] = ()  # the numbers that are names, as they are written
    off: tuple[str, ...] = ()  # the rules that are switched off
    figure_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    figures: House = field(default_factory=House)

    @property
    def own_packages(self) -> tuple[str, ...]:
        """The packages that the project itself has, in its folder src."""
        found = [f.parent.name for f in self.root.glob("src/*/__init__.py")]
        return tuple(sorted([*found, *(f.stem for f in self.root.glob("src/*.py"))]))

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
        return {k: each / inside for k, each in self.pages.items() if k != own}

    @property
    def figure_tables(self) -> dict[str, Mapping[str, str] | None]:
        """What the texts of figures are called, by language; None where they stay."""
        tables = {each: self.figure_texts.get(each, {}) for each in self.pages}
        return {k: t if k != self.code_language else None for k, t in tables.items()}

    def page_files(self) -> list[Path]:
        """Every page of every language, in a stable order."""
        return [file for language in self.pages for file in self.pages_in(language)]

    def pages_in(self, language: str) -> list[Path]:
        """Every page of a language, in a stable order; no editor's hidden copies."""
        folder = self.pages[language]
        files = sorted(f for f in folder.rglob("*") if f.suffix in SUFFIXES)
        return [f for f in files if "/." not in f"/{f.relative_to(folder).as_posix()}"]

    def relative(self, path: Path) -> Path:
        """A path as messages show it: relative to the project where it lies in it."""
        is_inside = path.absolute().is_relative_to(self.root)
        return path.absolute().relative_to(self.root) if is_inside else path


@cache
def load_config(start: Path) -> Config:
    """Load the settings of the project that a folder belongs to.

    Raises:
        ConfigError: When there are none, or when they are wrong.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        file = folder / "pyproject.toml"
        tool = _load_toml(file).get("tool", {}) if file.is_file() else {}
        if "pagecheck" in tool:
            try:
                return _read_config(folder, tool["pagecheck"])
            except ValueError as error:
                raise ConfigError(f"{file}: {error}") from None
    raise ConfigError(
        f"no pyproject.toml with a table [tool.pagecheck] in {start} or above it; "
        'expected, for example: [tool.pagecheck]\npages = { en = "docs/en" }'
    )


def _read_config(root: Path, settings: object) -> Config:
    name = "tool.pagecheck"
    table = {"pages": {}, **_of_type(dict, settings, name)}
    if "figure-texts" in table:
        texts = _of_type(str, table["figure-texts"], f"{name}.figure-texts")
        table["figure-texts"] = _load_toml(root / texts)
    config: Config = _read(Config, table, name, root)
    if not config.pages:
        raise ConfigError(
            f"[{name}] needs pages, the folder of each language, for example "
            'pages = { en = "docs/en" }'
        )
    if unknown := {*config.figure_texts} - {*config.pages}:
        raise ConfigError(
            f"there are no pages in the language {', '.join(sorted(unknown))}"
        )
    return config


def _read(hint: Any, value: object, name: str, root: Path) -> Any:  # noqa: ANN401
    """A setting as its type has it; of another type, or unknown, it is refused."""
    if isinstance(hint, types.UnionType):  # or None
        hint = get_args(hint)[0]
    if hint is object:
        return value
    if hint is Path:
        folder = root / _of_type(str, value, name)
        if not folder.is_dir():
            raise ConfigError(f"{name} names {folder}, which is no folder")
        if not folder.resolve().is_relative_to(root.resolve()):
            raise ConfigError(f"{name} names {folder}, outside of the project")
        return folder
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        known = {each.replace("_", "-"): each for each in hints}
        read = {"root": root} if known.pop("root", None) else {}
        for key, each in _of_type(dict, value, name).items():
            if key not in known:
                told = ", ".join(sorted(known))
                raise ConfigError(f"unknown setting {key} in [{name}]; known: {told}")
            read[known[key]] = _read(hints[known[key]], each, f"{name}.{key}", root)
        return hint(**read)  # type: ignore[operator]
    kind, inner = get_origin(hint), get_args(hint)
    if kind is tuple:
        items = enumerate(_of_type(list, value, name), 1)
        return tuple(_read(inner[0], v, f"item {n} of {name}", root) for n, v in items)
    if kind is Mapping:
        pairs = _of_type(dict, value, name).items()
        return {key: _read(inner[1], v, f"{name}.{key}", root) for key, v in pairs}
    return _of_type(hint, value, name)


def _of_type(kind: type, value: object, name: str) -> Any:  # noqa: ANN401
    if type(value) is not kind:
        wanted = {str: "a string", bool: "true or false", dict: "a table"}
        said = wanted.get(kind, "a list")
        raise ConfigError(f"{name} must be {said}, and is {value!r}")
    return value


def _load_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
