"""Rule 8: every image has an alternative text that says what it shows."""

import pytest

from pagecheck.page import parse_page
from pagecheck.rules.alternatives import check_alternatives

ENGLISH = "The loss falls quickly and then hardly at all"
CHINESE = "损失先急速下降，随后几乎不动"


def check(text, language="en"):
    problems = check_alternatives(parse_page(text), language)
    return [f"{problem.line} {problem.found}" for problem in problems]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"![{ENGLISH}](figures/loss.svg)", "en"),
        (f"![{CHINESE}](figures/loss.svg)", "zh"),
        ("![ReLU：零以左是水平线，以右是直线](figures/relu.svg)", "zh"),
        (f'See <img src="figures/loss.svg" alt="{ENGLISH}"> here.', "en"),
        (f'<img\nalt="{CHINESE}" src="figures/loss.svg">', "zh"),
        (f"- ![{ENGLISH}](a.svg)\n\n    ![The same points again](b.svg) here", "de"),
        ("`![](x.svg)` is how an image is written", "en"),
        ("```markdown\n![](x.svg)\n```", "en"),
        ("A loss of 3! [More](other.md)", "en"),
        (f"![{ENGLISH}](a.svg) and again ![{ENGLISH}](a.svg)", "en"),
        ("![The 5,000<!--= n--> steps of the loss](figures/loss.svg)", "en"),
    ],
)
def test_an_image_with_words_in_the_page_s_language_is_accepted(text, language):
    assert check(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("![](figures/loss.svg)", "en", "none"),
        ("![ ](figures/loss.svg)", "zh", "none"),
        ("![<!--= n-->](figures/loss.svg)", "en", "none"),
        ("![The loss](figures/loss.svg)", "en", "fewer than 4 words"),
        ("![A 1 b 2 c 3](figures/loss.svg)", "en", "fewer than 4 words"),
        ("![损失曲线](figures/loss.svg)", "zh", "fewer than 8 Chinese characters"),
        (f"![{ENGLISH}](figures/loss.svg)", "zh", "fewer than 8 Chinese characters"),
        (f"![{CHINESE}](figures/loss.svg)", "en", "mostly Chinese"),
        (
            "![Loss over all the steps](figures/loss-over-all-the-steps.svg)",
            "en",
            "the file's name",
        ),
        ("![loss-over-all.svg](figures/loss-over-all.svg)", "en", "the file's name"),
        ('<img src="a.svg">', "en", "none"),
        ('<img src="a.svg" alt="">', "en", "none"),
        (f'<div><img src="a.svg" alt="{ENGLISH}"></div>', "zh", "fewer than 8"),
        (f'![{ENGLISH}](a.svg "A title")', "en", "none"),
        (f"![{ENGLISH}][reference]", "en", "none"),
        ("![The row [0, 1] in the plane](a.svg)", "en", "none"),
    ],
)
def test_an_image_that_does_not_speak_is_rejected(text, language, found):
    (problem,) = check(text, language)
    assert found in problem


def test_two_images_with_one_text_are_rejected():
    text = f"# T {{ #t }}\n\n![{ENGLISH}](a.svg)\n\n![{ENGLISH}](b.svg)\n"
    assert check(text) == [f"5 the text of a.svg: {ENGLISH!r}"]


def test_the_line_of_an_image_in_a_paragraph_is_named():
    (problem,) = check(f"words\nand ![{ENGLISH}](a.svg)\nand ![](b.svg)\n")
    assert problem == "3 none"
