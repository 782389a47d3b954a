"""What the build leaves out of a page, and what it must not."""

import json

import pytest

from site_finish.lean import without

PAGE = """<body>
    <nav>
      <a>one</a>
    </nav>
<article><pre><span></span><code><span class="n">x</span><span class="w"> </span>\
<span class="o">=</span> <span class="p">(</span><span class="mi">1</span>
    y</code></pre>

    </article>
    <footer>
    </footer>"""


def test_code_keeps_its_text_and_the_template_loses_its_indentation():
    assert without(PAGE) == (
        "<body>\n<nav>\n<a>one</a>\n</nav>\n<article><pre><code>x "
        '= (<span class="mi">1</span>\n    y</code></pre></article>'
        "\n<footer>\n</footer>"
    )


def test_marks_of_one_colour_that_touch_become_one():
    marks = (
        '<span class="sa">f</span><span class="s2">"a </span><span class="si">{</span>'
        '<span class="mi">1</span><span class="si">}</span><span class="s2"> b"</span>'
    )
    assert without(f"<article>{marks}</article>") == (
        '<article><span class="sa">f</span><span class="s2">"a {</span>'
        '<span class="mi">1</span><span class="si">} b"</span></article>'
    )


@pytest.mark.parametrize(
    ("lines", "classes"),
    [
        (["a" * 72, "a" * 72, "a" * 73], ""),
        (["a", "a" * 73], " wide"),
        (["\u4e00" * 36 + "<i>&lt;</i>"], " wide"),
        (["a"] * 27, " long"),
    ],
)
def test_a_block_is_told_by_its_shape(lines, classes):
    page = '<article><div class="language-{} highlight{}"><pre>{}</pre></div></article>'
    code = "\n".join(lines)
    assert without(page.format("python", "", code)) == page.format(
        "python", classes, code
    )
    output = classes.replace(" wide", "")
    assert without(page.format("text", "", code)) == page.format("text", output, code)


def test_the_settings_are_the_same_in_fewer_bytes():
    settings = {"copied": "已复制，“好”", "placeholder": "<\\é"}
    script = '<article></article><script type="application/json">{}</script>'
    page = without(script.format(json.dumps(settings)))
    shorter = page.partition('json">')[2].removesuffix("</script>")
    assert json.loads(shorter) == settings
    assert "已复制" in shorter


def test_attributes_that_html_does_not_know_there_are_left_out():
    page = (
        '<input data-md-toggle="drawer" type="checkbox" id="a" autocomplete="off">'
        '<input type="text" autocomplete="off"><label for="a" tabindex="">Open</label>'
        '<article tabindex="0"></article>'
    )
    assert without(page) == (
        '<input data-md-toggle="drawer" type="checkbox" id="a">'
        '<input type="text" autocomplete="off"><label for="a">Open</label>'
        '<article tabindex="0"></article>'
    )
