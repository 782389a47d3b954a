"""With OFFLINE set, a site that opens from a folder, without a server.

A browser gives a page of a folder (`file://`) neither modules nor workers nor fetched
data. So links name their file, our modules become one classic script, the search index
becomes a script, and a frame does what the search worker does elsewhere
(assets/js/offline-worker.js).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, join, normpath

from site_finish.settings import Language, SiteError

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
// Our modules, as one classic script: see site_finish/offline.py.
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


def write_index(language: Language) -> None:
    """Make a script of the search index of a language."""
    index = (language.folder / "search/pages.json").read_text(encoding="utf-8")
    script = language.folder / "search/search_index.js"
    script.write_text(f"var __index = {index}", encoding="utf-8")


def write_script(language: Language) -> None:
    """Make one script of the modules of a language."""
    bundle = _bundle(language.folder, language.scripts)
    (language.folder / BUNDLE).write_text(bundle, encoding="utf-8")


def without_server(text: str, name: str) -> str:
    """Let a page load scripts that a folder may have."""
    if not _MODULE_TAG.search(text):
        raise SiteError(f"{name}: no module of ours is loaded; what loads them?")
    text = _MODULE_TAG.sub(_classic, text, count=1)
    text = _MODULE_TAG.sub("", text)
    text = _MATERIAL_TAG.sub(rf'<script src="\g<root>{WORKER}"></script>', text)
    return text.replace(*_ON_DEMAND)


def _classic(tag: re.Match[str]) -> str:
    return f'<script src="{tag["root"]}{BUNDLE}" defer></script>'


def _bundle(site: Path, entries: Iterable[str]) -> str:
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
        SiteError: When it imports or exports in a way that is not known here.
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
        raise SiteError(f"{path}: site_finish/offline.py does not know `{left[0]}`")
    # Functions are there before the code has run, as in a module.
    getters = "".join(
        f'Object.defineProperty(exports, "{outside}", {{ get: () => {name} }});\n'
        for outside, name in exported.items()
    )
    return getters + code
