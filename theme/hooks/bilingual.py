"""MkDocs hook: build the English site along with the Chinese one, into its /en/.

Each language is a MkDocs project of its own; two processes build them side by side.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files

jieba.setLogLevel(logging.WARNING)

_english: list[subprocess.Popen[bytes]] = []


def on_config(config: MkDocsConfig) -> None:
    """Leave out the edit links where the site does not know its repository.

    The compressed sitemap carries a date, of which nobody asks: it is always the same,
    so that two builds are too.
    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # as in .ci/zip.py
    if not config.repo_url:
        config.edit_uri = None


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Start on mkdocs.en.yml once the Chinese build has emptied its folder."""
    if config.theme["language"] == "en":
        return
    settings = Path(config.config_file_path).with_name("mkdocs.en.yml")
    folder = Path(config.site_dir, "en")
    command = [sys.executable, "-m", _program(), "build", "-f", settings, "-d", folder]
    address = urljoin(config.site_url, "en/") if config.site_url else ""
    _english.append(
        subprocess.Popen(
            [*command, "--strict"] if config.strict else command,
            env={**os.environ, "SITE_URL": address},
        )
    )


def _program() -> str:
    """What builds the Chinese site builds the English one: MkDocs or ProperDocs."""
    called = Path(sys.argv[0])
    name = called.parent.name if called.stem == "__main__" else called.stem
    return "properdocs" if name == "properdocs" else "mkdocs"


def on_post_build(config: MkDocsConfig) -> None:
    """Wait for the English site; without it the build has failed."""
    if _english and _english.pop().wait() != 0:
        raise Abort("The English site could not be built.")


def on_build_error(error: Exception) -> None:
    """Let no English build outlive a Chinese one that failed."""
    for process in _english:
        process.kill()
        process.wait()
