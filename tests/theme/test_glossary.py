"""Terms are marked where a page first has them, and nowhere else."""

import json
import re

import pytest
from glossary import Terms, module, read_glossary
from markdown import Markdown
from mkdocs.exceptions import PluginError

PAGE = """\
# Words { #words }

## Glossary { #glossary }

| English | 中文 | Meaning |
| --- | --- | --- |
| [gradient](../start/slopes.md#gradient) | 梯度 | What `w.grad` holds. |
| [gradient descent](../start/slopes.md) | 梯度下降 | Steps against it. |
| [Hessian matrix](../further/bowl.md) | 黑塞矩阵 | The second derivatives. |
| mean | 均值 | A sum by its number. |
"""


def marked(text: str, page: str = PAGE, active: bool = True) -> list[str]:
    terms = Terms(read_glossary(page))
    terms.begin(active)
    html = Markdown(extensions=["tables", "md_in_html", terms]).convert(text)
    return re.findall("<glossary-term>(.*?)</glossary-term>", html)


def test_each_term_is_marked_once_and_the_longest_first():
    text = (
        "Gradient descent needs *gradients*: a gradient, the Hessian, gradient descent."
    )
    assert marked(text) == ["Gradient descent", "gradients", "Hessian"]


@pytest.mark.parametrize(
    "text",
    [
        "# The gradient",
        "[the gradient](x.md)",
        "`gradient`",
        "    gradient",
        "| gradient |\n| --- |\n| 1 |",
        "<details markdown>\n<summary>gradient</summary>\n</details>",
        "A gradientless gradient-free grad.",
        "I mean it.",
    ],
)
def test_what_is_no_prose_or_another_word_is_left_alone(text: str):
    assert marked(text) == []


def test_text_stays_as_it_was():
    text = "A gradient, **two gradients** and the Hessian of it."
    page = Terms(read_glossary(PAGE))
    html = Markdown(extensions=[page]).convert(text)
    assert re.sub("</?glossary-term>", "", html) == Markdown().convert(text)


def test_chinese_needs_no_blanks_and_latin_letters_end_at_chinese():
    page = PAGE.replace(
        "| [gradient](../start/slopes.md#gradient) | 梯度 ", "| 梯度 | x "
    )
    page = page.replace("| mean ", "| sigmoid函数 ")
    assert marked("多层sigmoid的梯度；hardsigmoid没有", page) == ["sigmoid", "梯度"]


def test_a_page_that_is_not_marked_has_no_marks():
    assert marked("A gradient.", active=False) == []


def test_the_module_has_each_spelling_with_its_meaning():
    terms = Terms(read_glossary(PAGE))
    terms.begin(True)
    Markdown(extensions=[terms]).convert("Gradients and Hessians.")
    text = module(terms.written, [("start/slopes/#gradient", "Slopes"), ("b/", "B")])
    rows, spelt = (json.loads(one) for one in re.findall(r"= (.*);", text))
    gradient = ["gradient", "梯度", "What `w.grad` holds.", "start/slopes/#gradient"]
    assert rows[spelt["Gradients"]] == [*gradient, "Slopes"]
    assert rows[spelt["Hessians"]][0] == "Hessian matrix"


@pytest.mark.parametrize(
    "row",
    ["| gradient | 梯度 |", "| gradient | 梯度 | *Steep*. |", "| [a](b | c | d |"],
)
def test_a_row_that_cannot_be_shown_is_named(row: str):
    with pytest.raises(PluginError, match=re.escape(row)):
        read_glossary(PAGE + row + "\n")
