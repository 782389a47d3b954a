"""Rule 5: what a figure shows is what its block draws."""

import pytest

from pagecheck.record import record_page, write_changes

from ..conftest import checked_page, problems_of

PAGE = """
# T {{ #t }}

```python
import matplotlib.pyplot as plt

fig, ax = plt.subplots(layout="constrained")
ax.plot([0, 1, 2], [1.0, {y}, 0.5])
ax.set_xlabel("{label}")
```

![A loss](figures/{name}.svg)
"""


def page(y=0.5, label="step", name="loss"):
    return PAGE.format(y=y, label=label, name=name)


@pytest.fixture
def recorded(project, tmp_path):
    """A project whose figure has been recorded in both languages."""
    project(page(), page().replace("# T", "# 题"))
    for language in ("en", "zh"):
        changes, problems = record_page(checked_page(tmp_path, language))
        assert problems == []
        write_changes(changes, tmp_path / "new")
    return tmp_path


def figures(checked):
    return [each for each in problems_of(checked) if " figures: " in each]


def test_a_recorded_figure_is_accepted_with_its_texts_in_the_page_s_language(recorded):
    for language, said, other in (("en", "step", "步"), ("zh", "步", "step")):
        assert figures(checked_page(recorded, language)) == []
        file = recorded / "docs" / language / "figures/loss.svg"
        svg = file.read_text(encoding="utf-8")
        assert said in svg
        assert other not in svg


def test_a_figure_of_other_data_or_texts_is_rejected_and_both_are_left(recorded):
    file = recorded / "docs/en/page.md"
    for change in ({"y": 0.52}, {"label": "loss"}):
        file.write_text(page(**change).lstrip(), encoding="utf-8")
        (found,) = figures(checked_page(recorded))
        assert "figures/loss.svg as the block draws it" in found
    sheet = recorded / found.rpartition("see both in ")[2]
    shown = recorded / "docs/en/figures/loss.svg"
    assert sheet.with_name("en-page-loss-shown.svg").read_text() == shown.read_text()
    assert "-drawn.svg" in sheet.read_text()


def test_a_corrupt_or_missing_figure_or_one_behind_a_link_is_rejected(recorded):
    file = recorded / "docs/en/figures/loss.svg"
    whole = file.read_bytes()
    for content in (b"", b"not an svg", b"\x00", whole[:-200]):
        file.write_bytes(content)
        assert figures(checked_page(recorded)), content
    file.unlink()
    (found,) = figures(checked_page(recorded))
    assert found == "11 figures: the file figures/loss.svg / no such file"
    (recorded / "loss.svg").write_bytes(whole)
    file.symlink_to(recorded / "loss.svg")
    (found,) = figures(checked_page(recorded))
    assert "a figure's file to be figures/NAME.svg" in found


def test_a_figure_anywhere_but_beside_its_page_is_neither_read_nor_written(
    project, tmp_path
):
    elsewhere = page(name="../../x")
    (found,) = figures(project(elsewhere, elsewhere))
    assert "a figure's file to be figures/NAME.svg" in found
    changes, problems = record_page(checked_page(tmp_path))
    assert [each.file for each in changes if each.file.suffix == ".svg"] == []
    assert problems


TWO = "import matplotlib.pyplot as plt\n\nplt.subplots()"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("![A loss](figures/loss.svg)", "", "a figure left open and no image"),
        ('ax.set_xlabel("step")', "plt.close(fig)", "leaves no figure open"),
        ("import matplotlib.pyplot as plt", TWO, "2 figures left open"),
    ],
)
def test_a_block_and_its_image_belong_together(project, old, new, told):
    text = page().replace(old, new)
    (found,) = figures(project(text, text))
    assert told in found


def test_an_untranslated_text_is_rejected_by_name(project, tmp_path):
    project(page(label="unheard of"), page(label="unheard of"))
    _, problems = record_page(checked_page(tmp_path, "zh"))
    assert "unheard of" in problems[0].found
