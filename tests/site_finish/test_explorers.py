"""How the explorers' modules become one, and what the build refuses to join."""

import re

import pytest

from site_finish.explorers import joined, without_blanks
from site_finish.settings import ROOT, SiteError, read_language

STAGE = """export const paper = (text) => text + STYLE;
"""
ENGINE = """// doubles
export const twice = (x) => 2 * x;
"""
PLAY = """import { twice } from "./play-engine.js";
import { paper } from "./stage.js";

const WORDS = {
  title: ["Play", "游戏"],
};

export function play(host) {
  host(paper(`${WORDS.title}: ${twice(2)}`), WORDS.title);
}
"""


def sources(**changed: str) -> dict[str, str]:
    return {"play": PLAY, "play-engine": ENGINE, "stage": STAGE, **changed}


def test_modules_are_joined_after_what_they_import_and_words_are_put_in_place():
    assert joined(sources(), "zh", "p { margin: 0 }") == (
        "export const explorers = (() => {\n"
        'const STYLE = "p{margin:0}";\n'
        "// doubles\n"
        "const twice = (x) => 2 * x;\n"
        "const paper = (text) => text + STYLE;\n"
        "\n\nfunction play(host) {\n"
        '  host(paper(`游戏: ${twice(2)}`), "游戏");\n'
        "}\n"
        "return { play };\n})();\n"
    )


def test_a_module_has_the_words_of_its_language_alone():
    assert "游戏" not in joined(sources(), "en", "")
    assert "Play" not in joined(sources(), "zh", "")


def test_engines_are_exported_when_asked_for():
    assert "return { twice, play };" in joined(sources(), "en", "", engines=True)


@pytest.mark.parametrize(
    ("module", "code", "complaint"),
    [
        ("stage", STAGE + "const twice = 1;\n", "both have a twice"),
        ("play", PLAY.replace("${WORDS.title}", "${WORDS.other}"), "has no other"),
        ("play", PLAY.replace("WORDS.title", "1"), "nothing uses title"),
        ("play", PLAY.replace('"游戏"', "`游戏`"), "WORDS has no `word"),
        ("play", PLAY + "WORDS[1];\n", "cannot join `WORDS"),
        ("play", PLAY + 'import "./more.js";\n', "cannot join `import"),
        ("play", PLAY + "export default play;\n", "cannot join `export"),
    ],
)
def test_what_cannot_be_joined_is_named(module, code, complaint):
    with pytest.raises(SiteError, match=complaint):
        joined(sources(**{module: code}), "en", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_menu_marks_the_pages_that_have_an_explorer(language):
    for page in read_language(language, ROOT / "site", None).pages:
        has = bool(re.search(r'(?m)^<div class="explorer" data-', page.read.text))
        assert (page.meta.get("status") == "explorer") is has, page.uri


def test_nested_rules_lose_their_blanks():
    style = """
    /* why */
    .a {
      margin: 0.5rem 0;
      & :is(p, ul) > li:hover {
        color: var(--ink) !important;
      }
    }
    """
    assert without_blanks(style) == (
        ".a{margin:.5rem 0;& :is(p,ul) > li:hover{color:var(--ink)!important}}"
    )
