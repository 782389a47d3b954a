"""What Material's search reads of a page, and what it is shown of it."""

import pytest
from material.plugins.search.plugin import Parser

from site_finish.search import as_read

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
