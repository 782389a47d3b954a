"""Tables and outputs as the build mends them."""

import pytest

from site_finish.tables import mended


def test_a_class_aligns_the_cells_of_a_table():
    html = '<th style="text-align: right;">a</th><td style="text-align: left;">b</td>'
    assert mended(html) == '<th class="right">a</th><td class="left">b</td>'


def test_a_corner_that_says_nothing_is_no_heading():
    html = '<th></th><th class="right"></th><th>a</th>'
    assert mended(html) == '<td></td><td class="right"></td><th>a</th>'


def test_a_heading_that_is_a_formula_has_a_name():
    html = '<th class="right"><math alttext="h_1"></math></th><th>a</th>'
    assert mended(html) == (
        '<th class="right"><span class="spoken">h_1</span>'
        '<math aria-hidden="true" alttext="h_1"></math></th><th>a</th>'
    )


def test_columns_of_words_and_of_sentences_are_told_by_their_longest_cell():
    few, some, many = "short", "<b>more than</b> two dozen letters", "损失一直不降" * 7
    html = mended(
        f"<table><tr><th>{many}</th><th></th></tr><tr><td>{few}</td><td>{some}</td></tr>"
        f'<tr><td>{few}</td><td class="left">{few}</td></tr></table>'
        f"<table><tr><td>{many}</td></tr></table>"
    )
    assert html == (
        f'<div class="table"><table class="cells"><tr><th>{many}</th><td></td></tr>'
        f'<tr><td>{few}</td><td class="words">{some}</td></tr>'
        f'<tr><td>{few}</td><td class="left words">{few}</td></tr></table></div>'
        f'<div class="table"><table class="cells"><tr><td class="sentences">{many}</td>'
        "</tr></table></div>"
    )


@pytest.mark.parametrize(
    ("printed", "columns"),
    [
        ("a   1  2\nbb  3  4\n", True),
        ("what  was\nnone\nmean    1.5\n", True),
        ("a   1  2\none line alone has gaps\n", False),
        (f"found:  none\nfix:    {'a long message ' * 9}\n", False),
        ("RuntimeError: a long message\n  and its second line\n", False),
    ],
)
def test_an_output_in_columns_is_not_wrapped(printed, columns):
    html = (
        '<div class="language-text highlight"><pre><span></span>'
        f"<code>{printed}</code></pre>"
    )
    marked = html.replace("highlight", "highlight columns") if columns else html
    assert mended(html) == marked
