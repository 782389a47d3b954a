"""The one MkDocs hook: it calls site_finish, which has all that is the site's own.

It gives notebooks as Markdown, builds the English site beside the Chinese one, and
refuses what may not be published before anything of it is read.
"""

import gc
import logging
import os
from pathlib import Path
from typing import Any, Literal

import jieba
import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from pagecheck.files import read_page
from site_finish import pages, policy, rendered, search, whole
from site_finish.edits import Compiled, Edits
from site_finish.published import figures_of, refuse, refuse_html
from site_finish.settings import FILES, PREFIX, ROOT, offline, read_language
from site_finish.twin import Twin

jieba.setLogLevel(logging.WARNING)

NOTEBOOK = ".ipynb"

_started: dict[str, Any] = {"command": "build", "dirty": False}
_twin: list[Twin] = []
_edits = Edits()
_compiled = Compiled()
_content: list[str] = []


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether the site is served while it is written.

    What has been imported stays: it is not searched for garbage again and again.
    """
    _started.update(command=command, dirty=dirty)
    gc.freeze()
    gc.set_threshold(50_000)


def on_config(config: MkDocsConfig) -> None:
    """Set what only MkDocs needs to be told.

    The compressed sitemap carries a date, of which nobody asks: it is always the same,
    so that two builds are too.
    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # as in .ci/zip.py
    if not config.repo_url:
        config.edit_uri = None
    if offline():  # links name files, and what needs a server is left out
        config.site_url = ""
        config.use_directory_urls = False
        features = config.theme["features"]
        config.theme["features"] = [e for e in features if e != "navigation.instant"]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Refuse what may not be published, and lay what notebooks draw beside them.

    The English build begins once the Chinese one has emptied its folder.
    """
    refuse(Path(config.docs_dir))
    for file in list(files):
        if file.src_uri.endswith(NOTEBOOK) and file.abs_src_path:
            figures = figures_of(Path(file.abs_src_path), file.src_uri)
            for target, svg in figures.items():
                uri = (Path(file.src_uri).parent / target).as_posix()
                files.append(File.generated(config, uri, content=svg))
    if config.theme["language"] != "en":
        _begin_english(config)
    if _started["dirty"]:
        _edits.leave_out(files, config)
    return files


def on_nav(nav: Navigation, **_: object) -> None:
    """Tell the menu what pages say of themselves that are not read again."""
    _edits.recall(nav)


def _begin_english(config: MkDocsConfig) -> None:
    docs = ROOT / "docs" / "en"
    if not _twin:
        _edits.forget(docs)
        program = "properdocs" if "properdocs" in type(config).__module__ else "mkdocs"
        settings = Path(config.config_file_path).with_name(FILES["en"])
        jieba.initialize()  # both languages have Chinese words: it is read once
        _twin.append(Twin(program, settings, **_started))
    if _started["dirty"] and not _edits.any(docs):
        return
    address = f"{config.site_url}{PREFIX['en']}" if config.site_url else ""
    _twin[0].build(Path(config.site_dir, PREFIX["en"]), address, bool(config.strict))


def on_pre_page(page: Page, **_: object) -> None:
    """Let MkDocs render a notebook that mkdocs-jupyter made a page of.

    The plugin would do it with nbconvert: 115 KB of CSS a page, formulas left to a
    script from elsewhere, links to other pages neither followed nor checked. No page is
    rendered that is as it was.
    """
    if page.file.src_uri.endswith(NOTEBOOK):
        del page.render
    rendered.keep(page)


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Give a notebook's Markdown, and refuse front matter that could do harm."""
    file = page.file
    source = Path(file.abs_src_path or os.devnull)
    if file.src_uri.endswith(NOTEBOOK):
        markdown, page.meta = get_data(read_page(source).text)
    refuse_html(source, file.src_uri, page.meta)
    return markdown


def on_env(env: jinja2.Environment, **_: object) -> None:
    """Let what templates hold be marked, before a page's words are there."""
    env.add_extension(policy.MarksOfTheTheme)
    env.bytecode_cache = _compiled


@event_priority(100)
def _before_the_search(_context: object, page: Page, **_: object) -> None:
    """Show Material's search no more of a page than it reads."""
    _content[:] = [page.content or ""]
    page.content = search.as_read(_content[0])


@event_priority(-100)
def _after_the_search(_context: object, page: Page, **_: object) -> None:
    """Give the page back what it shows."""
    page.content = _content.pop()


on_page_context = CombinedEvent(_before_the_search, _after_the_search)


def on_post_template(output: str, **_: object) -> str:
    """Remove the marks from a page that no Markdown is behind, such as 404.html."""
    return policy.unmarked(output)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Refuse what a page brings along by itself."""
    listed = {str(script) for script in config.extra_javascript}
    source = Path(page.file.abs_src_path or os.devnull)
    policy.refuse_unmarked(output, listed, source, page.file.src_uri)
    _edits.page_built(page)
    return policy.unmarked(output)


def on_post_build(config: MkDocsConfig) -> None:
    """Finish what was built: a language by itself, and then the whole site."""
    site = Path(config.site_dir)
    if config.theme["language"] == "en":
        address = (config.site_url or "").removesuffix(PREFIX["en"])
        pages.finish(read_language("en", site.parent, address), checked=True)
        _edits.done()
        return
    languages = [read_language(code, site, config.site_url) for code in FILES]
    pages.finish(languages[0], checked=True)
    if not _twin[0].wait():
        raise Abort("The English site could not be built.")
    whole.finish(site, languages, serving=_started["command"] == "serve")
    _edits.done()


def on_build_error(error: Exception) -> None:
    """Let no English build outlive a Chinese one that failed."""
    while _twin:
        _twin.pop().end()
