"""Firefox and WebKit show each type of page as Chromium does, in both schemes.

Readers with a dark system read the English pages, those with a light one the Chinese;
each page is looked at wide in the scheme of its system, then narrow in the other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from .built import PREFIX, TYPES
from .engines import Reader, reading

WIDE, PHONE = 1280, 390
A4 = 672
"""The width of a sheet within the margins of site.css, in CSS's pixels."""
PAPER = {"default": (255, 255, 255), "slate": (30, 33, 41)}
PAGES = [*TYPES, "no-such-page/"]

pytestmark = [
    pytest.mark.browser,
    # Selenium's driver of WebKit calls Selenium as it was called before.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:selenium"),
]


@pytest.fixture(
    scope="module",
    params=[
        # One process has all tests in a browser, so that it is started only once.
        pytest.param(
            (engine, dark),
            marks=pytest.mark.xdist_group(engine),
            id=f"{engine}-{'en-dark' if dark else 'zh-light'}",
        )
        for engine in ("firefox", "webkit")
        for dark in (False, True)
    ],
)
def browsing(request: pytest.FixtureRequest, site: Path) -> Iterator[Reader]:
    engine, dark = request.param
    with reading(engine, site, dark) as reader:
        yield reader


@pytest.fixture
def reader(browsing: Reader) -> Iterator[Reader]:
    """A reader's browser; what a page complains about fails the test."""
    yield browsing
    assert browsing.complaints() == []


def prefix(reader: Reader) -> str:
    return PREFIX["en" if reader.dark else "zh"]


SCHEME = "return document.body.dataset.mdColorScheme"
FIGURE = """
const [which, done] = arguments
const figure = document.querySelectorAll("article .enlarge > img")[which]
if (!figure) return done(null)
figure.loading = "eager"
figure.scrollIntoView({block: "center"})
const file = fetch(figure.src).then(answer => answer.text())
Promise.all([file, figure.decode()]).then(([text]) => {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
  const {left, top, width} = figure.getBoundingClientRect()
  const scale = width / root.viewBox.baseVal.width
  const label = root.querySelector("text[fill='var(--ink)']:not([transform])")
  const [x, y, size] = ["x", "y", "font-size"].map(name => +label.getAttribute(name))
  done([x - size, y - size, x + size, y + size / 3].map((edge, at) =>
    scale * edge + (at % 2 ? top : left)))
}, error => done(String(error)))
"""
"""Where in the frame the first label of a figure is."""


def illegible(reader: Reader, which: int = 0) -> list[str]:
    """What is wrong with a figure's first label in the scheme of the page."""
    place = reader.driver.execute_async_script(FIGURE, which)
    if place is None:
        return []
    if isinstance(place, str):
        return [f"its figure cannot be decoded: {place}"]
    label = reader.seen(place)
    paper = PAPER[reader.run(SCHEME)]
    found = []
    _, ground = max(label.getcolors())
    if ground != paper:
        found.append(f"the ground of its figure is {ground}, the page's {paper}")
    most = max(contrast(ground, pixel) for _, pixel in label.getcolors())
    if most < 4.5:
        found.append(f"a label of its figure has a contrast of {most:.1f}, not 4.5")
    return found


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """How two colours stand out from one another, by WCAG's measure."""
    light, dark = sorted(map(luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def press_colours(reader: Reader) -> None:
    """Press the button for the colours until the page has not those of its system."""
    before = reader.run(SCHEME)
    while reader.run(SCHEME) == before:
        reader.press(".palette button")


TOO_WIDE = "return document.documentElement.scrollWidth > innerWidth"
ACCENT = """
const accent = document.querySelector(
  "article mover[accent=true]:not(details:not([open]) *)")
if (!accent) return null
accent.scrollIntoView({block: "center", inline: "center"})
const {left, top, right, bottom} = accent.getBoundingClientRect()
return [left, top, right, bottom, parseFloat(getComputedStyle(accent).fontSize)]
"""


def floating(reader: Reader) -> list[str]:
    """What is wrong with the first hat or bar: it belongs close above its letter."""
    found = reader.run(ACCENT)
    if found is None:
        return []
    *place, size = found
    letter = reader.seen(place)
    paper = PAPER[reader.run(SCHEME)]
    rows = [
        max(contrast(paper, letter.getpixel((x, y))) for x in range(letter.width)) > 2
        for y in range(letter.height)
    ]
    inked = [y for y, ink in enumerate(rows) if ink]
    if len(inked) < size / 2:
        return [f"the letter of an accent is not seen at {place}"]
    gap = max(b - a - 1 for a, b in pairwise(inked))
    return [f"an accent floats {gap} px above its letter"] if gap > size / 4 else []


def test_a_page_of_each_type_is_shown(reader: Reader):
    wrong = []
    for path in PAGES:
        reader.open(prefix(reader) + path)
        for width, turned in ((WIDE, False), (PHONE, True)):
            reader.width(width)
            if turned:
                press_colours(reader)
            found = illegible(reader) + floating(reader)
            if reader.run(TOO_WIDE):
                found.append("it is wider than the screen")
            view = f"/{path}, {width} px, {reader.run(SCHEME)}"
            wrong += [f"{view}: {fault}" for fault in found]
    assert wrong == []


MARK = """
const {left, top, right, bottom} =
  document.querySelector(".md-sidebar--primary .md-status").getBoundingClientRect()
return [left, top, right, bottom]
"""


def test_the_menu_marks_explorers_in_both_languages(reader: Reader):
    """Also where a phone has been before: a mark that never came is not asked again."""
    lacking = []
    for language in ("en", "zh"):
        reader.open(f"{PREFIX[language]}installation/", PHONE)
        reader.open(f"{PREFIX[language]}xor/training/")
        mark = reader.seen(reader.run(MARK))
        _, ground = max(mark.getcolors())
        if max(contrast(ground, pixel) for _, pixel in mark.getcolors()) < 3:
            lacking.append(language)
    assert lacking == []


def test_a_figure_seen_again_has_the_scheme_of_its_page(reader: Reader):
    """WebKit kept what it had drawn of a figure before its scheme was told."""
    for path in ("recipes/activation-functions/", "installation/") * 2:
        reader.open(prefix(reader) + path)
        if path.startswith("recipes"):
            assert illegible(reader, 2) == []


ON_PAPER = """
const lay = rules => {
  for (const {media, cssRules} of rules) {
    if (/print/.test(media?.mediaText)) media.mediaText = "all"
    else if (/screen/.test(media?.mediaText)) media.mediaText = "not all"
    if (cssRules) lay(cssRules)
  }
}
for (const {cssRules} of document.styleSheets) lay(cssRules)
const article = document.querySelector("article")
const {left, right} = article.getBoundingClientRect()
return [...article.querySelectorAll("*")].filter(one => {
  const box = one.getBoundingClientRect()
  // A blank may hang at the end of a line.
  return box.width && (box.left < left - 1 || box.right > right + 5)
    && !one.closest(".spoken") && !one.matches(".table, .formula") // beside the text
}).map(one => one.outerHTML.slice(0, 200))
"""
"""What is wider than the text once the rules for paper hold on the screen."""


def test_on_paper_nothing_is_wider_than_the_text(reader: Reader):
    """Firefox's print itself is looked at in test_print.py."""
    for path in ("recipes/activation-functions/", "xor/walk-through/"):
        reader.open(prefix(reader) + path, A4)
        assert reader.run(ON_PAPER) == []


@pytest.mark.parametrize("button", ["copy", "copy-runnable"])
def test_a_block_is_copied(reader: Reader, button: str):
    """The text is pasted into the search, which makes one line of it."""
    reader.open(prefix(reader) + "recipes/basic-network/")
    code = reader.find("article .language-python pre > code").text
    reader.press(f"article .{button}")
    search = reader.find("input.md-search__input")
    search.send_keys(Keys.CONTROL, "v")
    pasted = reader.until("return document.activeElement.value")
    assert "".join(pasted.split()) == "".join(code.split())


def test_search_finds_and_leads_there(reader: Reader):
    reader.open(prefix(reader) + "installation/")
    reader.find("input.md-search__input").send_keys("sigmoid")
    reader.press(".md-search-result__list > li > a")
    reader.until("return !location.pathname.endsWith('/installation/')")


def test_the_switch_keeps_the_page(reader: Reader):
    reader.open(prefix(reader) + "xor/training/")
    reader.press(".language-switch")
    other = PREFIX["zh" if reader.dark else "en"]
    reader.until("return location.pathname === arguments[0]", f"/{other}xor/training/")


@pytest.mark.parametrize(
    ("path", "heading", "width"),
    [
        ("recipes/activation-shapes/", "how-it-works", WIDE),
        ("recipes/basic-network/", "optimisation", PHONE),
    ],
)
def test_what_is_below_an_explorer_stays_while_it_comes(
    reader: Reader, path: str, heading: str, width: int
):
    """It has more height than was reserved where it is narrow, and less where wide."""
    reader.open(f"{prefix(reader)}{path}#{heading}", width)
    reader.until("return document.querySelector('.explorer > *')")
    reader.until(
        "const {top} = document.getElementById(arguments[0]).getBoundingClientRect();"
        "const header = document.querySelector('.md-header').offsetHeight;"
        "return top >= header && top <= 2 * header",
        heading,
    )


def test_the_menu_of_a_phone_opens_and_leads_on(reader: Reader):
    reader.open(prefix(reader) + "installation/", PHONE)
    reader.press("button[for=__drawer]")
    reader.press(".md-sidebar--primary a[href$='xor/training/']")
    reader.until("return location.pathname.endsWith('/xor/training/')")


COMMA = """
const text = document.querySelector("article p")
const width = said => {
  text.innerHTML = `<span>${said}</span>`
  return text.firstChild.getBoundingClientRect().width
}
return width("\u5b57\uff0c\u5b57") / width("\u5b57\u5b57\u5b57")
"""
"""How wide a letter, a comma and a letter are, as a part of three letters."""


def test_a_chinese_comma_is_as_wide_as_a_letter(reader: Reader):
    reader.open("installation/")
    assert reader.run(COMMA) == pytest.approx(1, abs=0.01)


LINE = ("line", "style")


def test_a_term_is_explained(reader: Reader):
    reader.open(prefix(reader) + "xor/training/", PHONE)
    word = reader.find("glossary-term > [role=button]")
    drawn = [word.value_of_css_property(f"text-decoration-{it}") for it in LINE]
    assert drawn == ["underline", "dotted"]
    word.send_keys(Keys.ENTER)
    left, right, top, bottom = reader.until(
        "const tip = document.querySelector('glossary-term > [role=status]');"
        "if (!tip?.querySelector('a') || tip.style.visibility != 'visible') return;"
        "const {left, right, top, bottom} = tip.getBoundingClientRect();"
        "return [left, right, top, bottom]"
    )
    assert 0 <= left < right <= PHONE
    assert 0 <= top < bottom
    word.send_keys(Keys.ESCAPE)
    reader.until("return !document.querySelector('glossary-term > [role=status]')")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("recipes/activation-shapes/", "input[type=range]"),
        ("recipes/basic-network/", "input[type=range]"),
        ("recipes/tensor-differentiation/", "button"),
        ("xor/training/", "button"),
    ],
    ids=["activation", "descent", "autograd", "xor"],
)
def test_an_explorer_answers_the_keyboard(reader: Reader, path: str, change: str):
    reader.open(prefix(reader) + path)
    reader.run("document.querySelector('[data-explorer]').scrollIntoView()")
    control = reader.find(f"[data-explorer] {change}")
    before = reader.find("[data-explorer]").text
    control.send_keys(Keys.ENTER if change == "button" else Keys.ARROW_RIGHT)
    reader.until(
        "return document.querySelector('[data-explorer]').innerText !== arguments[0]",
        before,
    )
