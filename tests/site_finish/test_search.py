"""What Material's search reads of a page, what it is shown of it, and its index."""

import json

import pytest
from material.plugins.search.plugin import Parser

from site_finish.search import INDEX, PAGES, as_read, names_of_blocks, set_aside

CODE = (
    '<div class="language-python highlight"><pre><span></span><code>'
    '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n\n'
    "</code></pre></div>"
)
INLINE = (
    '<math alttext="x"><semantics><mi>x</mi><annotation encoding="application/x-tex"'
    ' data-search-exclude="">x</annotation></semantics></math>'
)
HIDDEN = (
    '<math alttext="\\frac12" data-search-exclude=""><mfrac><mn>1</mn></mfrac></math>'
)
SHOWN = (
    '<div class="formula" role="group" tabindex="0" data-search-exclude="">'
    "<math><mi>y</mi></math></div>"
)
PAGE = f"""<h1 id="t">T {INLINE}</h1>
<p>A <span class="unbroken">{INLINE}.</span> of {HIDDEN}, then</p>
{SHOWN}
<h2 id="s">S<a class="headerlink" href="#s">¶</a></h2>
{CODE}
<ul><li><code>a</code> {INLINE}</li></ul><pre> </pre>
"""


def read(content: str) -> list[tuple[object, ...]]:
    parser = Parser()
    parser.feed(content)
    parser.close()
    return [(each.id, "".join(each.title), "".join(each.text)) for each in parser.data]


@pytest.mark.parametrize("content", [PAGE, INLINE, CODE * 2, "<p>a</p>", ""])
def test_the_search_finds_the_same_in_what_it_is_shown(content: str):
    assert read(as_read(content)) == read(content)


def test_it_is_shown_few_of_the_tags():
    assert as_read(PAGE).count("<") < 0.7 * PAGE.count("<")
    assert "frac" not in as_read(PAGE)
    assert 'class="n"' not in as_read(PAGE)
    fold = "<details><summary>{}</summary><p>a</p></details>"
    assert as_read(fold.format("Solution")) == "<details><p>a</p></details>"
    assert as_read(fold.format("What the errata say")) == fold.format(
        "What the errata say"
    )


def test_names_of_blocks_remain_that_the_words_around_them_lack():
    words = "<p>Call <code>torch.relu</code>.</p>"
    block = "<pre>torch.relu(x)\ntorch.relu_(x)\nx.sum(1) &lt; 12\n</pre>"
    names = " <code>torch.relu_</code> <code>x.sum</code>"
    known: set[str] = set()
    assert names_of_blocks(words + block, known) == words + names
    assert names_of_blocks(block, known) == " <code>torch.relu</code>", "once a page"


def test_an_error_message_remains_whole():
    block = "<pre>Traceback:\nValueError: 3 &lt; 4</pre>"
    assert names_of_blocks(block, set()) == " <code>ValueError: 3 &lt; 4</code>"


def test_what_a_page_is_looked_for_by_stands_with_the_page(tmp_path):
    docs = [{"location": place, "text": "", "tags": ["a"]} for place in ("x/", "x/#y")]
    (tmp_path / INDEX).parent.mkdir()
    (tmp_path / INDEX).write_text(json.dumps({"docs": docs}), "utf-8")
    set_aside(tmp_path)
    page, section = json.loads((tmp_path / PAGES).read_text("utf-8"))["docs"]
    assert page["tags"] == ["a"]
    assert "tags" not in section
    assert json.loads((tmp_path / INDEX).read_text("utf-8")) == {"docs": []}
