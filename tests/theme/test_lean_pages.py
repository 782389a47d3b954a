"""What the build leaves out of a page, and what it must not."""

from lean_pages import on_post_page

PAGE = """<body>
    <nav>
      <a>one</a>
    </nav>
<article><pre><span></span><code><span class="n">x</span><span class="w"> </span>\
<span class="o">=</span> <span class="p">(</span><span class="mi">1</span>
    y</code></pre></article>
    <footer>
    </footer>"""


def test_code_keeps_its_text_and_the_template_loses_its_indentation():
    assert on_post_page(PAGE) == (
        "<body>\n<nav>\n<a>one</a>\n</nav>\n<article><pre><code>x "
        '= (<span class="mi">1</span>\n    y</code></pre></article>'
        "\n<footer>\n</footer>"
    )
