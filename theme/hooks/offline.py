"""MkDocs hook: with OFFLINE set, a site that opens from a folder, without a server.

A browser gives a page of a folder (`file://`) neither modules nor workers nor fetched
data. So links name their file, our modules become one classic script, the search index
becomes a script, and a frame does what the search worker does elsewhere
(assets/js/offline-worker.js).
"""

import os
import re
from pathlib import Path
from posixpath import dirname, join, normpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

OFFLINE = bool(os.environ.get("OFFLINE"))
BUNDLE = "assets/js/offline.js"
WORKER = "assets/js/offline-worker.js"

_MODULE_TAG = re.compile(
    r'<script src="(?P<root>[^"]*?)(?P<path>assets/js/[^"]+)" type="module"></script>'
)
# The whole index is there as a script; nothing is to be fetched on demand.
_ON_DEMAND = ("workers/on-demand.js?search.", "workers/search.")
_MATERIAL_TAG = re.compile(
    r'(?=<script src="(?P<root>[^"]*?)assets/javascripts/bundle)'
)
_IMPORT = re.compile(
    r"^import\s+(?:(?P<names>\{[^}]*\}|\* as \w+)\s+from\s+)?"
    r"[\"'](?P<path>[^\"']+)[\"'];?$",
    re.MULTILINE,
)
_DYNAMIC = re.compile(r"\bimport\(\s*(?=[^)])")
_EXPORT = re.compile(
    r"^export\s+(?P<kept>(?:async\s+)?(?:function\*?|class|const|let)\s+(?P<name>[\w$]+))",
    re.MULTILINE,
)
_EXPORT_LIST = re.compile(r"^export\s+\{(?P<names>[^}]*)\};?$", re.MULTILINE)
_LEFT_OVER = re.compile(
    r"^(?:import|export)\b.*$|\bimport\.meta\b(?!\.url)", re.MULTILINE
)
_LOADER = """\
"use strict";
// Our modules, as one classic script: see theme/hooks/offline.py.
(() => {
  const root = new URL("../../", document.currentScript.src);
  const made = new Map();
  const modules = {};
  function load(path) {
    if (!made.has(path)) {
      const exports = {};
      made.set(path, exports);
      const url = new URL(path, root).href;
      const resolve = (target) => new URL(target, url).href.slice(root.href.length);
      modules[path](exports, load, async (target) => load(resolve(target)), url);
    }
    return made.get(path);
  }
"""


def on_config(config: MkDocsConfig) -> None:
    """Let links name files, and leave out what needs a server."""
    if OFFLINE:
        config.site_url = ""
        config.use_directory_urls = False
        features = config.theme["features"]
        config.theme["features"] = [e for e in features if e != "navigation.instant"]


def on_post_build(config: MkDocsConfig) -> None:
    """Make scripts of the modules and of the search indexes of both languages."""
    if not OFFLINE or config.theme["language"] == "en":
        return  # the English site is built inside of the Chinese one, which does it
    for site in (Path(config.site_dir), Path(config.site_dir, "en")):
        index = (site / "search/pages.json").read_text(encoding="utf-8")
        script = site / "search/search_index.js"
        script.write_text(f"var __index = {index}", encoding="utf-8")
    for file in sorted(Path(config.site_dir).rglob("*.html")):
        _without_server(file, Path(config.site_dir))


def _without_server(file: Path, site: Path) -> None:
    """Let a page load scripts that a folder may have."""
    text = file.read_text(encoding="utf-8")
    tags = list(_MODULE_TAG.finditer(text))
    if not tags:
        raise PluginError(f"{file}: no module of ours is loaded; what loads them?")
    own = site / "en" if file.is_relative_to(site / "en") else site
    bundle = _bundle(own, [tag["path"] for tag in tags])
    (own / BUNDLE).write_text(bundle, encoding="utf-8")
    text = _MODULE_TAG.sub(_classic, text, count=1)
    text = _MODULE_TAG.sub("", text)
    text = _MATERIAL_TAG.sub(rf'<script src="\g<root>{WORKER}"></script>', text)
    file.write_text(text.replace(*_ON_DEMAND), encoding="utf-8")


def _classic(tag: re.Match[str]) -> str:
    return f'<script src="{tag["root"]}{BUNDLE}" defer></script>'


def _bundle(site: Path, entries: list[str]) -> str:
    """One script with all modules; those that pages load are run at its end."""
    paths = sorted(
        file.relative_to(site).as_posix()
        for file in (site / "assets/js").rglob("*.js")
        if file.relative_to(site).as_posix() not in (BUNDLE, WORKER)
    )
    parts = [_LOADER]
    for path in paths:
        code = _function_body((site / path).read_text(encoding="utf-8"), path)
        head = f'  modules["{path}"] = (exports, load, loadLater, url) => {{\n'
        parts.append(f"{head}{code}\n  }};\n")
    parts += [f'  load("{path}");\n' for path in entries]
    return "".join([*parts, "})();\n"])


def _function_body(code: str, path: str) -> str:
    """A module's code as the body of a function that fills its exports.

    Raises:
        PluginError: When it imports or exports in a way that is not known here.
    """
    exported: dict[str, str] = {}

    def one(match: re.Match[str]) -> str:
        exported[match["name"]] = match["name"]
        return match["kept"]

    def several(match: re.Match[str]) -> str:
        for item in filter(None, (each.strip() for each in match["names"].split(","))):
            name, _, outside = item.partition(" as ")
            exported[outside or name] = name
        return ""

    def imported(match: re.Match[str]) -> str:
        target = normpath(join(dirname(path), match["path"]))
        call = f'load("{target}");'
        names = match["names"]
        if names is None:
            return call
        if names.startswith("*"):
            return f"const {names[5:]} = {call}"
        return f"const {names.replace(' as ', ': ')} = {call}"

    code = _EXPORT_LIST.sub(several, _EXPORT.sub(one, _IMPORT.sub(imported, code)))
    code = _DYNAMIC.sub("loadLater(", code).replace("import.meta.url", "url")
    if left := _LEFT_OVER.search(re.sub(r"(?m)^\s*(?://|\*|/\*).*$", "", code)):
        raise PluginError(f"{path}: theme/hooks/offline.py does not know `{left[0]}`")
    # Functions are there before the code has run, as in a module.
    getters = "".join(
        f'Object.defineProperty(exports, "{outside}", {{ get: () => {name} }});\n'
        for outside, name in exported.items()
    )
    return getters + code
