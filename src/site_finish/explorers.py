"""The live explorers as they are served, one module for each language.

All four share most of their code, and what is sent shrinks best in one piece; so their
modules are joined, each word of `WORDS` is put where it is used, in the language of the
site, the style sheet comes along, and what only we read, comments and long names, does
not travel. The site that opens without a server gets the same module with its names; it
does not travel, and offline.py reads it.

A page that has one says so at its top, and in the menu.
"""

import json
import re

from site_finish.settings import Language, SiteError

LOADER = "assets/js/explorers.js"
MODULES = "assets/js/explorers"
STYLE = "assets/css/explorers.css"
BUNDLE = "all.js"

LINK = '<p class="to-explorer">{}<a href="#{}">{}</a></p>'
SAID = {"en": "On this page: ", "zh": "本页有"}

_PLACE = re.compile(r'^<div class="explorer" data-explorer=', re.MULTILINE)
_HEADING = re.compile(r'<h[23] id="([^"]+)">(.*?)<a class="headerlink"', re.DOTALL)
_IMPORT = re.compile(r'^import \{ [^}]*\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$|\bWORDS\b.*$", re.MULTILINE)
_WORDS = re.compile(r"^const WORDS = \{\n(.*?)^\};\n", re.MULTILINE | re.DOTALL)
_PAIR = re.compile(r'^  (\w+): \["([^"\\`$]+)", "([^"\\`$]+)"\],\n', re.MULTILINE)
_USE = re.compile(r"\$\{WORDS\.(\w+)\}|\bWORDS\.(\w+)")


def led_to(html: str, language: Language) -> str:
    """Lead to a page's explorer right after its first paragraph."""
    place = _PLACE.search(html)
    headings = _HEADING.findall(html, 0, place.start()) if place else []
    if not headings:
        return html
    link = LINK.format(SAID[language.code], *headings[-1])
    first, end, rest = html.partition("</p>")
    return f"{first}{end}\n{link}{rest}"


def join_modules(language: Language) -> None:
    """Join the explorers' modules, and remove what they were made of."""
    site = language.folder
    folder = site / MODULES
    if not (site / STYLE).is_file():
        return  # they were
    sources = {file.stem: file.read_text("utf-8") for file in folder.glob("*.js")}
    style = site / STYLE
    module = joined(sources, language.code, style.read_text("utf-8"))
    for file in (style, *folder.glob("*.js")):
        file.unlink()
    bundle, loader = folder / BUNDLE, site / LOADER
    bundle.write_text(module, "utf-8")
    for script in () if language.offline else (bundle, loader):
        script.write_text(shorter(script.read_text("utf-8")), "utf-8")


def shorter(script: str) -> str:
    """Return a script without what only its writers read."""
    return _minified("application/javascript", script)


def joined(
    sources: dict[str, str], language: str, style: str, engines: bool = False
) -> str:
    """Return one module of all, which exports the explorers, and the engines if asked.

    All stand in one function: what nobody outside can ask for may get a shorter name.
    """
    names: dict[str, str] = {"STYLE": "the style sheet"}
    exported: list[str] = []
    css = json.dumps(without_blanks(style), ensure_ascii=False)
    parts = [f"const STYLE = {css};\n"]
    for module in in_order(sources):
        code = in_language(_IMPORT.sub("", sources[module]), module, language)
        for name in _NAME.findall(code):
            if other := names.get(name):
                raise SiteError(f"{module}.js and {other}: both have a {name}")
            names[name] = f"{module}.js"
        if f"{module}-engine" in sources or (engines and module.endswith("-engine")):
            exported += _EXPORT.findall(code)
        code = _EXPORT.sub("", code)
        if left := _LEFT_OVER.search(re.sub(r"(?m)^\s*(//|/?\*).*$", "", code)):
            raise SiteError(
                f"{module}.js: site_finish/explorers.py cannot join `{left[0]}`"
            )
        parts.append(code)
    body = "".join(parts)
    return (
        "export const explorers = (() => {\n"
        f"{body}return {{ {', '.join(exported)} }};\n}})();\n"
    )


def without_blanks(style: str) -> str:
    """Return a style sheet without comments and blanks; nested rules have them left."""
    style = _minified("text/css", style)
    style = re.sub(r"\s*([{}])\s*|(;)\s+|(,)\s+", r"\1\2\3", style)
    return re.sub(r"([{;][a-z-]+:) ", r"\1", style).replace(";}", "}")


def _minified(kind: str, text: str) -> str:
    import minify  # it starts the runtime of Go, which a forked process would not have

    return str(minify.string(kind, text))


def in_order(sources: dict[str, str]) -> list[str]:
    """Return the modules' names, each after those that it imports."""
    order: list[str] = []

    def add(module: str) -> None:
        if module in order:
            return
        for other in _IMPORT.findall(sources[module]):
            add(other)
        order.append(module)

    for module in sorted(sources):
        add(module)
    return order


def in_language(code: str, module: str, language: str) -> str:
    """Return a module with each of its words where it is used, in one language."""
    table = _WORDS.search(code)
    if not table:
        return code
    rest = _PAIR.sub("", table[1])
    if rest.strip():
        raise SiteError(f'{module}.js: WORDS has no `word: ["…", "…"],` in {rest!r}')
    words = {
        word: english if language == "en" else chinese
        for word, english, chinese in _PAIR.findall(table[1])
    }
    unused = words.copy()

    def word(use: re.Match[str]) -> str:
        name = use[1] or use[2]
        if name not in words:
            raise SiteError(f"{module}.js: WORDS has no {name}")
        unused.pop(name, None)
        return words[name] if use[1] else f'"{words[name]}"'

    code = _USE.sub(word, code[: table.start()] + code[table.end() :])
    if unused:
        raise SiteError(f"{module}.js: nothing uses {', '.join(unused)} of WORDS")
    return code
