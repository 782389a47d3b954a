"""The search's index: what readers look for, once."""

import json

from site_finish.search import INDEX, PAGES, names_of_blocks, set_aside


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
