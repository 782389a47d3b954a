"""The settings of a project."""

import pytest

from pagecheck.config import ConfigError, load_config

PAGES = '[tool.pagecheck]\npages = { zh = "docs/zh", en = "docs/en" }\n'


@pytest.fixture
def load(tmp_path):
    for language in ("en", "zh"):
        (tmp_path / "docs" / language).mkdir(parents=True)
    for package in ("tiny", "other"):
        (tmp_path / "src" / package).mkdir(parents=True)
        (tmp_path / "src" / package / "__init__.py").touch()
    (tmp_path / "src" / "single.py").touch()
    (tmp_path / "src" / "tiny.egg-info").mkdir()

    def make(settings="", pages=PAGES):
        text = pages + settings
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        load_config.cache_clear()
        return load_config(tmp_path)

    return make


def test_settings_that_are_not_there_ask_for_nothing(load):
    config = load()
    assert (config.needs, config.definitions, config.terms) == ((), None, {})
    assert (config.never, config.off, config.run_bash) == ((), frozenset(), False)


def test_the_project_s_own_packages_are_those_of_its_source(load):
    assert load().own_packages == ("other", "single", "tiny")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('pagse = "docs"', r"unknown setting pagse in \[tool.pagecheck\]; known: "),
        (
            'never = { term = ["x"] }',
            r"unknown setting term in \[tool.pagecheck.never\]",
        ),
        ("needs = 3", "tool.pagecheck.needs must be a list, and is 3"),
        ('needs = "torch"', "needs must be a list, and is 'torch'"),
        (
            'needs = ["a", 2]',
            "item 2 of tool.pagecheck.needs must be a string, and is 2",
        ),
        ('run-bash = "yes"', "run-bash must be true or false, and is 'yes'"),
        ("run-bash = 1", "run-bash must be true or false, and is 1"),
        ("code-language = true", "code-language must be a string, and is True"),
        ("code-language = {}", "code-language must be a string"),
        ('terms = ["x"]', "tool.pagecheck.terms must be a table"),
        ('terms = { zh = { "a" = "b" } }', "terms.zh.a must be a list, and is 'b'"),
        ("terms = { de = {} }", "there are no pages in the language de"),
        ('definitions = "src/tinny"', "tinny, which is no folder"),
        ('definitions = "../.."', "outside of the project"),
        ('figure-texts = "none.toml"', "none.toml"),
    ],
)
def test_a_setting_that_is_unknown_or_of_the_wrong_type_is_refused(
    load, settings, said
):
    with pytest.raises(ConfigError, match=said):
        load(settings + "\n")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ("[tool]\npagecheck = 3\n", "tool.pagecheck must be a table, and is 3"),
        ("[tool.pagecheck]\n", "needs pages, the folder of each language"),
        ("[tool.pagecheck]\npages = 3\n", "tool.pagecheck.pages must be a table"),
        (
            "[tool.pagecheck.pages]\nen = 3\n",
            "tool.pagecheck.pages.en must be a string",
        ),
        ('[tool.pagecheck.pages]\nen = "dcos"\n', "dcos, which is no folder"),
        ('[tool.pagecheck.pages]\nen = "/"\n', "outside of the project"),
        ("[tool.pagecheck\n", "pyproject.toml: "),
        ("[project]\n", "no pyproject.toml with a table"),
    ],
)
def test_pages_are_needed_and_lie_in_the_project(load, pages, said):
    with pytest.raises(ConfigError, match=said):
        load(pages=pages)


def test_the_texts_of_figures_are_read_and_refused_like_settings(load, tmp_path):
    texts = tmp_path / "texts.toml"
    texts.write_text('[zh]\n"loss" = "损失"\n', encoding="utf-8")
    assert load('figure-texts = "texts.toml"\n').figure_tables == {
        "zh": {"loss": "损失"},
        "en": None,
    }
    texts.write_text('[zh]\n"loss" = 3\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"figure-texts\.zh\.loss must be"):
        load('figure-texts = "texts.toml"\n')


def test_only_the_named_section_of_a_page_quotes_forbidden_terms(load, tmp_path):
    config = load('never = { terms = ["x"], quoted-in = ["a/b.md#c"] }\n')
    assert config.never == ("x",)
    for page, sections in (
        ("zh/a/b.md", ("c",)),
        ("en/a/b.md", ("c",)),
        ("en/b.md", ()),
    ):
        assert config.sections_quoting_on(tmp_path / "docs" / page) == sections
