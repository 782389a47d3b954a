"""The settings of a project."""

import re

import pytest

from pagecheck.config import ConfigError, load_config

PAGES = '[tool.pagecheck]\npages = { zh = "docs/zh", en = "docs/en" }\n'
TWICE = '["#000000", "#ffffff"]'
REFUSED = [
    ('pagse = "docs"', r"unknown setting pagse in \[tool.pagecheck\]; known: "),
    ("figures = { inks = 3 }", r"unknown setting inks in \[tool.pagecheck.figures\]"),
    ('figures.fonts = "</style>"', "figures.fonts is no list as CSS has it"),
    ('figures.palette.ink = ["#000000", "#FFF"]', "expected ink, muted, grid, paper"),
    ('figures.palette.red = ["#000000", "#ffffff"]', "figures.palette.red is "),
    (f"figures.palette = {{ c0 = {TWICE}, c1 = {TWICE} }}", "a colour twice for light"),
    ("needs = 3", "tool.pagecheck.needs must be a list, and is 3"),
    ('needs = "torch"', "needs must be a list, and is 'torch'"),
    ('needs = ["a", 2]', "item 2 of tool.pagecheck.needs must be a string, and is 2"),
    ('run-bash = "yes"', "run-bash must be true or false, and is 'yes'"),
    ('figures = ["x"]', "tool.pagecheck.figures must be a table"),
    ("run-bash = 1", "run-bash must be true or false, and is 1"),
    ("code-language = true", "code-language must be a string, and is True"),
    ('figure-texts = "other.toml"', "there are no pages in the language de"),
    ('definitions = "src/tinny"', "tinny, which is no folder"),
    ('definitions = "../.."', "outside of the project"),
    ('figure-texts = "none.toml"', "none.toml"),
    ('figure-texts = "wrong.toml"', r"figure-texts\.zh\.loss must be a string"),
]
REFUSED_PAGES = [
    ("[tool]\npagecheck = 3\n", "tool.pagecheck must be a table, and is 3"),
    ("[tool.pagecheck]\n", "needs pages, the folder of each language"),
    ("[tool.pagecheck]\npages = 3\n", "tool.pagecheck.pages must be a table"),
    ("[tool.pagecheck.pages]\nen = 3\n", "tool.pagecheck.pages.en must be a string"),
    ('[tool.pagecheck.pages]\nen = "dcos"\n', "dcos, which is no folder"),
    ('[tool.pagecheck.pages]\nen = "/"\n', "outside of the project"),
    ("[tool.pagecheck\n", "pyproject.toml: "),
    ("[project]\n", "no pyproject.toml with a table"),
]


@pytest.fixture
def load(tmp_path):
    for folder in ("docs/en", "docs/zh", "src/tiny", "src/other", "src/tiny.egg-info"):
        (tmp_path / folder).mkdir(parents=True)
    for module in ("tiny/__init__.py", "other/__init__.py", "single.py"):
        (tmp_path / "src" / module).touch()
    (tmp_path / "wrong.toml").write_text('[zh]\n"loss" = 3\n')
    (tmp_path / "other.toml").write_text("[de]\n")
    (tmp_path / "texts.toml").write_text('[zh]\n"loss" = "损失"\n', encoding="utf-8")

    def make(text=PAGES):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        load_config.cache_clear()
        return load_config(tmp_path)

    return make


def test_settings_that_are_not_there_ask_for_nothing(load):
    config = load()
    assert (config.needs, config.definitions) == ((), None)
    assert (config.off, config.run_bash) == ((), False)
    assert config.own_packages == ("other", "single", "tiny")


def test_settings_are_read_by_their_names(load, tmp_path):
    config = load(PAGES + 'figure-texts = "texts.toml"\ndefinitions = "src/tiny"\n')
    assert config.figure_tables == {"zh": {"loss": "损失"}, "en": None}
    assert config.definitions == tmp_path / "src" / "tiny"


def test_a_setting_that_is_unknown_or_of_the_wrong_type_is_refused_by_its_name(load):
    accepted = []
    for text, said in [
        *((f"{PAGES}{s}\n", said) for s, said in REFUSED),
        *REFUSED_PAGES,
    ]:
        try:
            load(text)
        except ConfigError as error:
            if re.search(said, str(error)):
                continue
        accepted.append((text, said))
    assert accepted == []
