"""Names that no line cuts in two."""

import pytest
from whole_names import on_page_content

WHOLE = '<span class="whole">2-3-1</span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>The 2-3-1 network</p>", f"<p>The {WHOLE} network</p>"),
        ("<p>食谱4-4：张量。</p>", '<p>食谱<span class="whole">4-4</span>：张量。</p>'),
        ("<td>2-3-1</td><td>2-3-1</td>", f"<td>{WHOLE}</td><td>{WHOLE}</td>"),
        ("<p>Of 2-3-1.</p>", f"<p>Of {WHOLE}.</p>"),
        ("of 2-3-1", f"of {WHOLE}"),
        (
            "<pre>2-3-1</pre> 2-3-1 <pre>x</pre>",
            f"<pre>2-3-1</pre> {WHOLE} <pre>x</pre>",
        ),
    ],
)
def test_a_name_of_digits_and_hyphens_is_whole(html, expected):
    assert on_page_content(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="A 2-3-1 network" src="4-4.svg">',
        '<a href="../4-4/">x</a>',
        "<pre><code>2-3-1 sgd</code></pre>",
        '<math alttext="2-1"><mn>2-1</mn></math>',
        "<p>1999-07-01, x86-64, UTF-8, 2 - 1, a-2-3, 2.5-3.5, 4-4a</p>",
    ],
)
def test_anything_else_stays_as_it_is(html):
    assert on_page_content(html) == html
