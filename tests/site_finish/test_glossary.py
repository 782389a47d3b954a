"""Terms are marked where a page first has them, and nowhere else."""

import dataclasses
import json
import re

import pytest
from markdown import Markdown

from site_finish.glossary import GLOSSARY, Terms, module, read_glossary
from site_finish.settings import ROOT, SiteError, SitePage, read_language

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


def reader(page: str = PAGE, active: bool = True) -> Markdown:
    md = Markdown(extensions=["tables", "md_in_html"])
    md.treeprocessors.register(
        Terms(md, read_glossary(page), lambda: active), "glossary", 1
    )
    return md


def marked(text: str, page: str = PAGE, active: bool = True) -> list[str]:
    html = reader(page, active).convert(text)
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
    html = reader().convert(text)
    assert re.sub("</?glossary-term>", "", html) == Markdown().convert(text)


def test_chinese_needs_no_blanks_and_latin_letters_end_at_chinese():
    page = PAGE.replace(
        "| [gradient](../start/slopes.md#gradient) | 梯度 ", "| 梯度 | x "
    )
    page = page.replace("| mean ", "| sigmoid函数 ")
    assert marked("多层sigmoid的梯度；hardsigmoid没有", page) == ["sigmoid", "梯度"]


def test_a_page_that_is_not_marked_has_no_marks():
    assert marked("A gradient.", active=False) == []


def test_the_module_has_each_spelling_with_its_meaning(tmp_path):
    source = tmp_path / "notation.md"
    source.write_text(PAGE, "utf-8")
    site = read_language("en", tmp_path, None)
    pages = (
        SitePage(source, GLOSSARY, "reference/notation/", "Glossary", "Reference"),
        SitePage(ROOT, "start/slopes.md", "start/slopes/", "Slopes", "Start"),
        SitePage(ROOT, "further/bowl.md", "further/bowl/", "Bowl", "Further"),
    )
    text = module(dataclasses.replace(site, pages=pages), ["Gradients", "Hessians"])
    rows, spelt = (json.loads(one) for one in re.findall(r"= (.*);", text))
    gradient = ["gradient", "梯度", "What `w.grad` holds.", "start/slopes/#gradient"]
    assert rows[spelt["Gradients"]] == [*gradient, "Slopes"]
    assert rows[spelt["Hessians"]][0] == "Hessian matrix"


@pytest.mark.parametrize(
    "row",
    ["| gradient | 梯度 |", "| gradient | 梯度 | *Steep*. |", "| [a](b | c | d |"],
)
def test_a_row_that_cannot_be_shown_is_named(row: str):
    with pytest.raises(SiteError, match=re.escape(row)):
        read_glossary(PAGE + row + "\n")
