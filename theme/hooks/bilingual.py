"""MkDocs hook: build the English site after the Chinese one, into its /en/."""

import logging
from pathlib import Path
from urllib.parse import urljoin

import jieba
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

jieba.setLogLevel(logging.WARNING)


def on_config(config: MkDocsConfig) -> None:
    """Leave out the edit links where the site does not know its repository."""
    if not config.repo_url:
        config.edit_uri = None


def on_post_build(config: MkDocsConfig) -> None:
    """Build mkdocs.en.yml as strictly as `config`, under its folder and address."""
    if config.theme["language"] == "en":
        return
    english = load_config(
        str(Path(config.config_file_path).with_name("mkdocs.en.yml")),
        site_dir=str(Path(config.site_dir, "en")),
        site_url=config.site_url and urljoin(config.site_url, "en/"),
        strict=config.strict,
    )
    english.plugins.on_startup(command="build", dirty=False)
    try:
        build(english)
    finally:
        english.plugins.on_shutdown()
