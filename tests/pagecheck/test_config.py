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

    def make(settings=""):
        (tmp_path / "pyproject.toml").write_text(PAGES + settings, encoding="utf-8")
        load_config.cache_clear()
        return load_config(tmp_path)

    return make


def test_settings_that_are_not_there_ask_for_nothing(load):
    config = load()
    assert (config.needs, config.definitions, config.terms) == ((), None, {})
    assert config.forbidden_terms == ()


def test_the_project_s_own_packages_are_those_of_its_src(load):
    assert load().own_packages == ("other", "single", "tiny")


def test_a_package_of_definitions_lies_in_src(load, tmp_path):
    config = load('definitions = "tiny"\n')
    assert config.definitions == tmp_path / "src" / "tiny"
    with pytest.raises(ConfigError, match="tinny, which does not exist"):
        load('definitions = "tinny"\n')


def test_terms_are_of_a_language_that_has_pages(load):
    config = load('[tool.pagecheck.terms.zh]\n"学习率" = ["学习速率"]\n')
    assert config.terms == {"zh": {"学习率": ("学习速率",)}}
    with pytest.raises(ConfigError, match="speaks of de, in which there are no pages"):
        load("[tool.pagecheck.terms.de]\n")


def test_only_the_named_section_of_a_page_quotes_forbidden_terms(load, tmp_path):
    config = load(
        '[tool.pagecheck.forbidden-terms]\nterms = ["x"]\nquoted-in = ["a/b.md#c"]\n'
    )
    assert config.forbidden_terms == ("x",)
    assert config.sections_quoting_on(tmp_path / "docs/zh/a/b.md") == ("c",)
    assert config.sections_quoting_on(tmp_path / "docs/en/a/b.md") == ("c",)
    assert config.sections_quoting_on(tmp_path / "docs/en/b.md") == ()
